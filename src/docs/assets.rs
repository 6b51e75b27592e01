//! The files that the pages load: our own, and of Swagger UI those that it needs.

use std::{borrow::Cow, sync::Arc};

use actix_web::web::Bytes;
use utoipa_swagger_ui::Config;

use super::File;

const CSS: &str = "text/css; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

const OWN: [(&str, &str, &str); 4] = [
    ("style.css", CSS, include_str!("assets/style.css")),
    ("reference.css", CSS, include_str!("assets/reference.css")),
    ("reference.js", SCRIPT, include_str!("assets/reference.js")),
    ("icon.svg", "image/svg+xml", include_str!("assets/icon.svg")),
];

const SWAGGER_UI: [(&str, &str); 2] = [("swagger-ui.css", CSS), ("swagger-ui-bundle.js", SCRIPT)];

/// All of them with their paths.
pub(super) fn files() -> impl Iterator<Item = (String, File)> {
    let own = OWN.map(|(name, content_type, text)| (name, content_type, Bytes::from_static(text.as_bytes())));
    let swagger_ui = SWAGGER_UI.map(|(name, content_type)| (name, content_type, swagger_ui(name)));
    let all = own.into_iter().chain(swagger_ui);
    all.map(|(name, content_type, bytes)| (format!("/docs/assets/{name}"), File::new(content_type, bytes)))
}

/// A file of Swagger UI; that there is one, a test sees.
fn swagger_ui(name: &str) -> Bytes {
    let found = utoipa_swagger_ui::serve(name, Arc::new(Config::from("")));
    match found.ok().flatten().map(|file| file.bytes) {
        Some(Cow::Borrowed(bytes)) => Bytes::from_static(bytes),
        Some(Cow::Owned(bytes)) => bytes.into(),
        None => Bytes::new(),
    }
}
