//! The documentation page and the addresses that help a newcomer: `/`, `/docs`, and the two documents.
//!
//! The page's files are inside the program, so that it works without the internet.

use std::sync::Arc;

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    routes,
    web::{self, Bytes, Data, Path, ServiceConfig, resource},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa_swagger_ui::{Config, Url};

use crate::{
    http::{fallback::fallback, public::matches},
    problem::{Code, Problem},
};

/// The paths of this module, which the API's documents do not list.
pub const PATHS: &[&str] = &[
    "/",
    "/v1",
    "/docs",
    "/docs/",
    "/docs/{file}",
    "/v1/openapi.json",
    "/v1/admin/openapi.json",
];

/// What the page may load: its own files, and the styles and pictures that its scripts make.
const PAGE_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; frame-ancestors 'none'";

/// The API's documents as they are served; neither needs a key.
pub struct Documents {
    /// What the public API is.
    pub public: Bytes,
    /// What the editors' side is.
    pub admin: Bytes,
}

/// Mounts the routes.
pub fn configure(config: &mut ServiceConfig, documents: Data<Documents>) {
    let listed = [
        Url::new("Public API", "/v1/openapi.json"),
        Url::new("Editors' side", "/v1/admin/openapi.json"),
    ];
    let page = Config::new(listed)
        .validator_url("none")
        .display_request_duration(true)
        .deep_linking(true);
    config
        .app_data(documents)
        .app_data(Data::new(page))
        .service(welcome)
        .service(public_document)
        .service(
            // It stands before the guard of the editors' side, and takes every method to itself.
            resource("/v1/admin/openapi.json")
                .name("admin_document")
                .route(web::get().to(admin_document))
                .default_service(web::to(fallback)),
        )
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
        "openapi_for_editors": "/v1/admin/openapi.json",
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
async fn public_document(request: HttpRequest, documents: Data<Documents>) -> HttpResponse {
    file(&request, "application/json", documents.public.clone())
}

async fn admin_document(request: HttpRequest, documents: Data<Documents>) -> HttpResponse {
    file(&request, "application/json", documents.admin.clone())
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
