//! Requests that no handler takes: a known path with another method, or an unknown path.

use actix_router::ResourceDef;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        Method,
        header::{self, HeaderValue},
    },
    web::Data,
};
use utoipa::openapi::OpenApi;

use crate::problem::{Code, Problem};

/// The paths that there are and the methods that each takes.
pub struct KnownPaths {
    paths: Vec<(ResourceDef, String)>,
    hint: &'static str,
}

impl KnownPaths {
    /// Reads them from documents, with further paths that only read; the hint says where they are listed.
    pub fn new(documents: &[&OpenApi], further: &[&str], hint: &'static str) -> Self {
        let items = documents.iter().flat_map(|document| &document.paths.paths);
        let documented = items.map(|(path, item)| {
            let mut methods = Vec::new();
            for (name, operation) in [
                ("DELETE", &item.delete),
                ("GET", &item.get),
                ("PATCH", &item.patch),
                ("POST", &item.post),
                ("PUT", &item.put),
            ] {
                if operation.is_some() {
                    methods.push(name);
                }
            }
            (path.as_str(), methods)
        });
        let further = further.iter().map(|path| (*path, vec!["GET"]));
        let known = documented.chain(further).map(|(path, mut methods)| {
            if methods.contains(&"GET") {
                methods.push("HEAD");
            }
            methods.push("OPTIONS");
            (ResourceDef::new(path), methods.join(", "))
        });
        Self {
            paths: known.collect(),
            hint,
        }
    }

    fn methods(&self, path: &str) -> Option<&str> {
        let found = self.paths.iter().find(|(known, _)| known.is_match(path));
        found.map(|(_, methods)| methods.as_str())
    }

    /// Why no handler takes a request, where its path is known but not with its method.
    pub fn refuse_method(&self, request: &HttpRequest) -> Option<Problem> {
        let mut methods = self.methods(request.path())?.split(", ");
        let is_taken = methods.any(|method| method == request.method().as_str());
        (!is_taken).then(|| self.refuse(request.path()))
    }

    /// Why no handler takes a request for this path.
    pub fn refuse(&self, path: &str) -> Problem {
        let Some(methods) = self.methods(path) else {
            return Problem::new(Code::NotFound, format!("There is no such address; {}.", self.hint));
        };
        let problem = Problem::new(Code::MethodNotAllowed, format!("This address takes {methods}."));
        match HeaderValue::from_str(methods) {
            Ok(allow) => problem.with_header(header::ALLOW, allow),
            Err(_) => problem,
        }
    }
}

/// Answers what no handler takes.
pub async fn fallback(request: HttpRequest, known: Data<KnownPaths>) -> Result<HttpResponse, Problem> {
    match known.methods(request.path()) {
        Some(methods) if request.method() == Method::OPTIONS => Ok(HttpResponse::NoContent()
            .insert_header((header::ALLOW, methods))
            .finish()),
        _ => Err(known.refuse(request.path())),
    }
}
