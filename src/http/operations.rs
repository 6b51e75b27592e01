//! A table of what the documents say of each operation, found again by the path and method of a request.

use actix_router::ResourceDef;
use actix_web::http::Method;
use utoipa::openapi::{OpenApi, path::Operation};

/// What is known of each operation.
pub struct Operations<T>(Vec<Known<T>>);

struct Known<T> {
    path: ResourceDef,
    methods: Vec<(Method, T)>,
}

impl<T> Operations<T> {
    /// Reads it from documents.
    pub fn of<E>(documents: &[&OpenApi], read: impl Fn(&Operation) -> Result<T, E>) -> Result<Self, E> {
        let mut paths: Vec<_> = documents.iter().flat_map(|document| &document.paths.paths).collect();
        // A path that is spelled out goes before one with a place for anything.
        paths.sort_by_key(|(path, _)| path.matches('{').count());
        let known = paths.into_iter().map(|(path, item)| {
            let methods = [
                (Method::DELETE, &item.delete),
                (Method::GET, &item.get),
                (Method::PATCH, &item.patch),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
            ];
            let methods = methods
                .into_iter()
                .filter_map(|(method, operation)| Some((method, operation.as_ref()?)));
            let methods = methods.map(|(method, operation)| Ok((method, read(operation)?)));
            Ok(Known {
                path: ResourceDef::new(path.as_str()),
                methods: methods.collect::<Result<_, E>>()?,
            })
        });
        known.collect::<Result<_, E>>().map(Self)
    }

    /// What is known of the operation that a request asks for; nothing where there is no such operation.
    pub fn find(&self, path: &str, method: &Method) -> Option<&T> {
        // The path alone decides, so that `/queue` is never taken for an id by a method that it has not.
        let known = self.0.iter().find(|known| known.path.is_match(path))?;
        let found = known.methods.iter().find(|(known, _)| known == method);
        found.map(|(_, what)| what)
    }

    /// What is known of all.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter().flat_map(|known| &known.methods).map(|(_, what)| what)
    }
}
