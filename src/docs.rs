//! The documentation page and the addresses that help a newcomer: `/`, `/docs`, `/v1/openapi.json`.
//!
//! The page's files are inside the program, so that it works without the internet.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    routes,
    web::{Bytes, Data, Path, ServiceConfig},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa_swagger_ui::Config;

use crate::{
    http::public::matches,
    problem::{Code, Problem},
};

/// The paths of this module, which the API's document does not list.
pub const PATHS: &[&str] = &["/", "/v1", "/docs", "/docs/", "/docs/{file}", "/v1/openapi.json"];

/// What the page may load: its own files, and the styles and pictures that its scripts make.
const PAGE_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; frame-ancestors 'none'";

/// The API's document as it is served.
pub struct Document(pub Bytes);

/// Mounts the routes.
pub fn configure(config: &mut ServiceConfig, document: Data<Document>) {
    let page = Config::from("/v1/openapi.json")
        .validator_url("none")
        .display_request_duration(true)
        .deep_linking(true);
    config
        .app_data(document)
        .app_data(Data::new(page))
        .service(welcome)
        .service(openapi_document)
        .service(page_itself)
        .service(page_file);
}

#[routes]
#[get("/")]
#[get("/v1")]
async fn welcome(request: HttpRequest) -> HttpResponse {
    let body = json!({
        "name": "Vertebra",
        "description": "A clinic's content as a JSON REST API.",
        "version": env!("CARGO_PKG_VERSION"),
        "documentation": "/docs",
        "openapi": "/v1/openapi.json",
        "resources": {
            "clinic": "/v1/clinic",
            "locations": "/v1/locations",
            "services": "/v1/services",
            "articles": "/v1/articles",
            "topics": "/v1/topics",
            "journals": "/v1/journals",
            "testimonials": "/v1/testimonials",
        },
    });
    file(&request, "application/json", Bytes::from(body.to_string()))
}

#[get("/v1/openapi.json")]
async fn openapi_document(request: HttpRequest, document: Data<Document>) -> HttpResponse {
    file(&request, "application/json", document.0.clone())
}

#[routes]
#[get("/docs")]
#[get("/docs/")]
async fn page_itself(request: HttpRequest, page: Data<Config<'static>>) -> Result<HttpResponse, Problem> {
    let (content_type, bytes) = read("index.html", page)?;
    // The page names its files from where it stands, and it stands without a slash at its end.
    let html = String::from_utf8_lossy(&bytes)
        .replace("\"./", "\"/docs/")
        .replace("\"index.css\"", "\"/docs/index.css\"");
    Ok(file(&request, &content_type, Bytes::from(html)))
}

#[get("/docs/{file}")]
async fn page_file(
    request: HttpRequest,
    name: Path<String>,
    page: Data<Config<'static>>,
) -> Result<HttpResponse, Problem> {
    let (content_type, bytes) = read(&name, page)?;
    Ok(file(&request, &content_type, bytes))
}

fn read(name: &str, page: Data<Config<'static>>) -> Result<(String, Bytes), Problem> {
    let found = utoipa_swagger_ui::serve(name, Arc::clone(&page)).map_err(Problem::internal)?;
    let found = found.ok_or_else(|| Problem::new(Code::NotFound, "The documentation has no such file."))?;
    Ok((found.content_type, Bytes::from(found.bytes.into_owned())))
}

/// A file that a browser may keep for an hour and then ask about.
fn file(request: &HttpRequest, content_type: &str, bytes: Bytes) -> HttpResponse {
    let etag = format!("\"{}\"", URL_SAFE_NO_PAD.encode(&Sha256::digest(&bytes)[..12]));
    let given = request
        .headers()
        .get(header::IF_NONE_MATCH)
        .and_then(|value| value.to_str().ok());
    let mut response = match given.is_some_and(|given| matches(given, &etag)) {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    };
    response
        .insert_header((header::ETAG, etag))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .content_type(content_type)
        .body(bytes)
}
