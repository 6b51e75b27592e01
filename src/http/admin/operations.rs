//! What each operation of the editors' side asks for, read once from its document.

use actix_router::ResourceDef;
use actix_web::http::Method;
use utoipa::openapi::{OpenApi, path::Operation};

use super::SECURITY_SCHEME;
use crate::access::Scope;

/// The operations and the scopes that each asks for.
pub struct Operations(Vec<Known>);

struct Known {
    path: ResourceDef,
    method: Method,
    scopes: Vec<Scope>,
}

impl Operations {
    /// Reads them from a document.
    pub fn of(document: &OpenApi) -> Self {
        let mut paths: Vec<_> = document.paths.paths.iter().collect();
        // A path that is spelled out goes before one with a place for anything.
        paths.sort_by_key(|(path, _)| path.matches('{').count());
        let known = paths.into_iter().flat_map(|(path, item)| {
            let methods = [
                (Method::DELETE, &item.delete),
                (Method::GET, &item.get),
                (Method::PATCH, &item.patch),
                (Method::POST, &item.post),
                (Method::PUT, &item.put),
            ];
            methods.into_iter().filter_map(|(method, operation)| {
                Some(Known {
                    path: ResourceDef::new(path.as_str()),
                    method,
                    scopes: scopes_of(operation.as_ref()?),
                })
            })
        });
        Self(known.collect())
    }

    /// What an operation asks for: nothing where there is no such operation, and an empty list where
    /// its document says nothing that is understood, which opens to nobody.
    pub fn find(&self, path: &str, method: &Method) -> Option<&[Scope]> {
        let found = self
            .0
            .iter()
            .find(|known| known.method == *method && known.path.is_match(path));
        found.map(|known| known.scopes.as_slice())
    }
}

/// The scopes of the one requirement that an operation has.
fn scopes_of(operation: &Operation) -> Vec<Scope> {
    let security = serde_json::to_value(&operation.security).unwrap_or_default();
    let Some([requirement]) = security.as_array().map(Vec::as_slice) else {
        return Vec::new();
    };
    let names = requirement[SECURITY_SCHEME]
        .as_array()
        .map(Vec::as_slice)
        .unwrap_or_default();
    let scopes: Option<Vec<Scope>> = names.iter().map(|name| name.as_str()?.parse().ok()).collect();
    let is_alone = requirement.as_object().map(serde_json::Map::len) == Some(1);
    scopes.filter(|_| is_alone).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use serde_json::json;

    use super::Operations;
    use crate::access::Scope;

    fn operations() -> Operations {
        let security = |value: serde_json::Value| json!({"responses": {}, "security": value});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/v1/admin/{collection}/{id}": {
                    "get": security(json!([{"api_key": ["content:read"]}])),
                    "patch": security(json!([{"api_key": ["content:read", "content:write"]}])),
                },
                "/v1/admin/keys/{id}": {"get": security(json!([{"api_key": ["keys"]}]))},
                "/v1/admin/a": {"get": {"responses": {}}},
                "/v1/admin/b": {"get": security(json!([]))},
                "/v1/admin/c": {"get": security(json!([{"api_key": []}]))},
                "/v1/admin/d": {"get": security(json!([{"api_key": ["content:everything"]}]))},
                "/v1/admin/e": {"get": security(json!([{"other": ["keys"]}]))},
                "/v1/admin/f": {"get": security(json!([{"api_key": ["keys"]}, {}]))},
                "/v1/admin/g": {"get": security(json!([{"api_key": ["keys"], "other": []}]))},
            },
        });
        Operations::of(&serde_json::from_value(document).expect("it is a document"))
    }

    #[test]
    fn each_method_of_a_path_has_its_own_scopes() {
        let operations = operations();
        let find = |path: &str, method: Method| operations.find(path, &method).map(<[Scope]>::to_vec);
        assert_eq!(
            find("/v1/admin/articles/1", Method::GET),
            Some(vec![Scope::ContentRead])
        );
        let both = vec![Scope::ContentRead, Scope::ContentWrite];
        assert_eq!(find("/v1/admin/articles/1", Method::PATCH), Some(both));
        assert_eq!(find("/v1/admin/keys/1", Method::GET), Some(vec![Scope::Keys]));
        assert_eq!(find("/v1/admin/articles/1", Method::PUT), None);
        assert_eq!(find("/v1/admin/articles", Method::GET), None);
    }

    #[test]
    fn what_is_not_understood_is_open_to_nobody() {
        let operations = operations();
        for letter in ["a", "b", "c", "d", "e", "f", "g"] {
            let found = operations.find(&format!("/v1/admin/{letter}"), &Method::GET);
            assert_eq!(found, Some(&[][..]), "{letter}");
        }
    }
}
