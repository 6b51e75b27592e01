//! What each operation of the editors' side asks for, read once from its document.

use std::convert::Infallible;

use actix_web::http::Method;
use utoipa::openapi::{OpenApi, path::Operation};

use super::REQUIRED_SCOPES;
use crate::{access::Scope, http::operations::Operations as Table};

/// The operations and the scopes that each asks for.
pub struct Operations(Table<Vec<Scope>>);

impl Operations {
    /// Reads them from a document.
    pub fn of(document: &OpenApi) -> Self {
        let Ok(scopes) = Table::of(&[document], |operation| Ok::<_, Infallible>(scopes_of(operation)));
        Self(scopes)
    }

    /// What an operation asks for: nothing where there is no such operation, and an empty list where
    /// its document says nothing that is understood, which opens to nobody.
    pub fn find(&self, path: &str, method: &Method) -> Option<&[Scope]> {
        self.0.find(path, method).map(Vec::as_slice)
    }
}

/// The scopes that an operation names; one that is unknown makes all of them worth nothing.
fn scopes_of(operation: &Operation) -> Vec<Scope> {
    let names = operation
        .extensions
        .as_ref()
        .and_then(|extensions| extensions.get(REQUIRED_SCOPES)?.as_array());
    let names = names.map(Vec::as_slice).unwrap_or_default();
    let scopes: Option<Vec<Scope>> = names.iter().map(|name| name.as_str()?.parse().ok()).collect();
    scopes.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use serde_json::json;

    use super::Operations;
    use crate::access::Scope;

    fn operations() -> Operations {
        let asks = |scopes: serde_json::Value| json!({"responses": {}, "x-required-scopes": scopes});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/v1/admin/{collection}/{id}": {
                    "get": asks(json!(["content:read"])),
                    "patch": asks(json!(["content:read", "content:write"])),
                },
                "/v1/admin/keys/{id}": {"get": asks(json!(["keys"]))},
                "/v1/admin/a": {"get": {"responses": {}}},
                "/v1/admin/b": {"get": asks(json!([]))},
                "/v1/admin/c": {"get": {"responses": {}, "security": [{"api_key": ["keys"]}]}},
                "/v1/admin/d": {"get": asks(json!(["content:everything"]))},
                "/v1/admin/e": {"get": asks(json!(["keys", "content:everything"]))},
                "/v1/admin/f": {"get": asks(json!("keys"))},
                "/v1/admin/g": {"get": asks(json!([["keys"]]))},
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
        assert_eq!(find("/v1/admin/keys/1", Method::PATCH), None);
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
