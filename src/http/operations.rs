//! A table of what the documents say of each operation, found again by the path and method of a request.

use actix_router::ResourceDef;
use actix_web::http::Method;
use utoipa::openapi::{OpenApi, path::Operation};

/// What is known of each operation.
pub struct Operations<T>(Vec<Known<T>>);

struct Known<T> {
    path: ResourceDef,
    method: Method,
    what: T,
}

impl<T> Operations<T> {
    /// Reads it from documents.
    pub fn of<E>(documents: &[&OpenApi], read: impl Fn(&Operation) -> Result<T, E>) -> Result<Self, E> {
        let mut paths: Vec<_> = documents.iter().flat_map(|document| &document.paths.paths).collect();
        // A path that is spelled out goes before one with a place for anything.
        paths.sort_by_key(|(path, _)| path.matches('{').count());
        let mut known = Vec::new();
        for (path, item) in paths {
            for (method, operation) in [
                (Method::DELETE, &item.delete),
                (Method::GET, &item.get),
                (Method::PATCH, &item.patch),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
            ] {
                if let Some(operation) = operation {
                    let (path, what) = (ResourceDef::new(path.as_str()), read(operation)?);
                    known.push(Known { path, method, what });
                }
            }
        }
        Ok(Self(known))
    }

    /// What is known of the operation that a request asks for; nothing where there is no such operation.
    pub fn find(&self, path: &str, method: &Method) -> Option<&T> {
        let found = self
            .0
            .iter()
            .find(|known| known.method == *method && known.path.is_match(path));
        found.map(|known| &known.what)
    }

    /// What is known of all.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|known| &known.what)
    }
}
