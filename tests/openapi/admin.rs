//! The editors' document: who may do what, and what every operation answers.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use vertebra::{
    access::Scope,
    app::{admin_document, public_document},
};

use super::{json_of, object, operations, resolved, text};

/// Whether an operation takes a parameter.
fn takes(document: &Value, operation: &Value, name: &str) -> bool {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    parameters
        .map(|parameter| resolved(document, parameter))
        .any(|parameter| parameter["name"] == name)
}

#[test]
fn every_operation_says_which_scopes_it_asks_for() {
    let document = json_of(&admin_document());
    let scheme = &document["components"]["securitySchemes"]["api_key"];
    assert_eq!((text(scheme, "type"), text(scheme, "scheme")), ("http", "bearer"));
    for scope in Scope::ALL {
        let line = format!("- `{scope}`: {}", scope.help());
        assert!(text(scheme, "description").lines().any(|said| said == line), "{line}");
    }
    assert_eq!(object(&document["components"]["securitySchemes"]).len(), 1);
    for (name, operation) in operations(&document) {
        let scopes = operation["x-required-scopes"].as_array();
        let scopes = scopes.unwrap_or_else(|| panic!("{name} asks for no scope"));
        assert!(!scopes.is_empty(), "{name} asks for no scope");
        for scope in scopes {
            let known = scope.as_str().and_then(|scope| scope.parse::<Scope>().ok());
            assert!(known.is_some(), "{name} asks for {scope}");
            let said = format!("`{}`", scope.as_str().unwrap_or_default());
            assert!(
                text(operation, "description").contains(&said),
                "{name} does not tell of {scope}"
            );
        }
        // OpenAPI knows scopes of OAuth alone.
        assert_eq!(operation["security"], json!([{"api_key": []}]), "{name}");
    }
}

#[test]
fn the_two_documents_share_no_path_and_the_public_one_knows_no_key() {
    let (public, admin) = (json_of(&public_document()), json_of(&admin_document()));
    let paths = object(&admin["paths"]);
    assert!(paths.keys().all(|path| path.starts_with("/v1/admin/")));
    assert!(
        object(&public["paths"])
            .keys()
            .all(|path| !path.starts_with("/v1/admin"))
    );
    for word in ["securitySchemes", "api_key", "ApiKey", "WWW-Authenticate", "If-Match\""] {
        assert!(!public.to_string().contains(word), "{word}");
    }
}

#[test]
fn every_operation_declares_the_answers_of_its_kind() {
    let document = json_of(&admin_document());
    for (name, operation) in operations(&document) {
        let mut needed = BTreeSet::from(["400", "401", "403", "429", "500", "503", "default"]);
        let id = text(operation, "operationId");
        let is_of_clinic = name.contains("/clinic") && !id.starts_with("create");
        if name.contains('{') || is_of_clinic {
            needed.insert("404");
        }
        if operation.get("requestBody").is_some() {
            needed.extend(["413", "415", "422"]);
        }
        if takes(&document, operation, "If-Match") {
            needed.extend(["412", "428"]);
        }
        if takes(&document, operation, "Idempotency-Key") {
            needed.extend(["409", "422"]);
        }
        // What is archived takes no change, and the clinic is never archived.
        if id.starts_with("update") && !is_of_clinic {
            needed.insert("409");
        }
        let responses = object(&operation["responses"]);
        let (successes, errors): (Vec<_>, Vec<_>) = responses.iter().partition(|(status, _)| status.starts_with('2'));
        let declared: BTreeSet<&str> = errors.iter().map(|(status, _)| status.as_str()).collect();
        assert_eq!(declared, needed, "{name}");
        let successes: Vec<&str> = successes.iter().map(|(status, _)| status.as_str()).collect();
        match successes.contains(&"201") {
            true => assert_eq!(successes, ["200", "201"], "{name}: a dry run makes nothing"),
            false => assert_eq!(successes.len(), 1, "{name}"),
        }
        for header in ["ETag", "Location"].into_iter().filter(|_| successes.len() == 2) {
            assert!(responses["200"]["headers"][header].is_null(), "{name}: {header}");
        }
        for (status, response) in &responses.iter().collect::<Vec<_>>() {
            let headers = &resolved(&document, response)["headers"];
            let mut expected = vec!["Cache-Control", "X-Request-Id"];
            match status.as_str() {
                "401" | "403" => expected.push("WWW-Authenticate"),
                "429" | "503" => expected.push("Retry-After"),
                "201" if text(operation, "operationId").starts_with("create") => expected.push("Location"),
                _ => {}
            }
            for header in expected {
                let header = resolved(&document, &headers[header]);
                assert_ne!(text(header, "description"), "", "{name} {status}");
            }
        }
    }
}

#[test]
fn every_write_says_how_it_is_made_safe() {
    let document = json_of(&admin_document());
    for (name, operation) in operations(&document) {
        let method = name.split(' ').next().unwrap_or_default();
        let is_write = method != "get";
        assert_eq!(takes(&document, operation, "dry_run"), is_write, "{name}");
        assert_eq!(
            takes(&document, operation, "Idempotency-Key"),
            method == "post",
            "{name}"
        );
        if ["patch", "put"].contains(&method) {
            assert!(takes(&document, operation, "If-Match"), "{name}");
        }
    }
}
