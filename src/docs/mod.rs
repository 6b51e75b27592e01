//! The documentation: a start page, the guide, the references in which every operation can be tried,
//! and the OpenAPI documents themselves. `/` and `/v1` point a newcomer to it.
//!
//! All of it is made when the program starts, out of files that are inside the program: it needs neither
//! the internet nor the database, and it is in the program's own version.

mod assets;
pub mod errors;
mod markdown;
mod pages;

use std::collections::BTreeMap;

use actix_web::{
    HttpRequest, HttpResponse,
    http::header,
    web::{self, Bytes, Data, ServiceConfig, resource},
};
use serde_json::{Value, json};
use utoipa::openapi::OpenApi;

use crate::{
    cache::Encoded,
    http::{fallback::fallback, negotiate, public::matches},
    problem::{Code, Problem},
};

/// The paths of this module, which the API's documents do not list.
pub const PATHS: &[&str] = &[
    "/",
    "/v1",
    "/docs",
    "/docs/",
    "/docs/{page}",
    "/docs/assets/{file}",
    PUBLIC_DOCUMENT,
    ADMIN_DOCUMENT,
    PUBLIC_DOCUMENT_3_0,
    ADMIN_DOCUMENT_3_0,
];

/// Where the public OpenAPI document is.
pub const PUBLIC_DOCUMENT: &str = "/v1/openapi.json";

/// Where the editors' OpenAPI document is; it needs no key.
pub const ADMIN_DOCUMENT: &str = "/v1/admin/openapi.json";

/// Where the public document is in OpenAPI 3.0.
const PUBLIC_DOCUMENT_3_0: &str = "/v1/openapi-3.0.json";

/// Where the editors' document is in OpenAPI 3.0.
const ADMIN_DOCUMENT_3_0: &str = "/v1/admin/openapi-3.0.json";

/// What a page may load: files of this server and nothing else.
const PAGE_POLICY: &str = "default-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What a reference may load besides: the styles and pictures that its script makes.
const REFERENCE_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     base-uri 'none'; frame-ancestors 'none'";

const JSON: &str = "application/json";
const HTML: &str = "text/html; charset=utf-8";

/// Everything that is served here, by its path.
pub struct Site(BTreeMap<String, File>);

struct File {
    content_type: &'static str,
    policy: &'static str,
    body: Encoded,
}

impl File {
    fn new(content_type: &'static str, body: impl Into<Bytes>) -> Self {
        Self {
            content_type,
            policy: PAGE_POLICY,
            body: Encoded::new(body.into()),
        }
    }
}

impl Site {
    /// Makes the pages and takes up the API's documents: `forms` renders each in OpenAPI 3.1 and 3.0.
    pub fn new(public: &OpenApi, admin: &OpenApi, forms: fn(&OpenApi) -> [Value; 2]) -> Self {
        let mut files = BTreeMap::new();
        for path in ["/", "/v1"] {
            files.insert(path.to_owned(), File::new(JSON, welcome()));
        }
        for (document, paths) in [
            (public, [PUBLIC_DOCUMENT, PUBLIC_DOCUMENT_3_0]),
            (admin, [ADMIN_DOCUMENT, ADMIN_DOCUMENT_3_0]),
        ] {
            for (path, form) in paths.into_iter().zip(forms(document)) {
                files.insert(path.to_owned(), File::new(JSON, form.to_string()));
            }
        }
        files.extend(assets::files());
        files.extend(pages::guide());
        files.extend(pages::references(public, admin));
        Self(files)
    }
}

/// Mounts the routes, before those of the editors' side, as the document of that side is open.
pub fn configure(config: &mut ServiceConfig, site: Data<Site>) {
    config.app_data(site);
    for path in PATHS {
        let file = resource(*path).route(web::get().to(file));
        config.service(file.default_service(web::to(fallback)));
    }
}

fn welcome() -> String {
    json!({
        "name": "Vertebra",
        "description": "A clinic's content as a JSON REST API.",
        "version": env!("CARGO_PKG_VERSION"),
        "documentation": "/docs",
        "openapi": PUBLIC_DOCUMENT,
        "openapi_for_editors": ADMIN_DOCUMENT,
        "openapi_3_0": PUBLIC_DOCUMENT_3_0,
        "openapi_3_0_for_editors": ADMIN_DOCUMENT_3_0,
        "resources": {
            "clinic": "/v1/clinic",
            "locations": "/v1/locations",
            "services": "/v1/services",
            "articles": "/v1/articles",
            "topics": "/v1/topics",
            "journals": "/v1/journals",
            "testimonials": "/v1/testimonials",
        },
    })
    .to_string()
}

/// A file that a browser may keep for an hour and then ask about.
async fn file(request: HttpRequest, site: Data<Site>) -> Result<HttpResponse, Problem> {
    let found = site.0.get(request.path());
    let file = found.ok_or_else(|| Problem::new(Code::NotFound, "The documentation has no such page."))?;
    let given = |name| request.headers().get(name).and_then(|value| value.to_str().ok());
    let encoding = file
        .body
        .encoding_for(negotiate::encoding(given(header::ACCEPT_ENCODING)));
    let form = file.body.form(encoding);
    let unchanged = given(header::IF_NONE_MATCH).is_some_and(|given| matches(given, &form.etag));
    let mut response = match unchanged {
        true => HttpResponse::NotModified(),
        false => HttpResponse::Ok(),
    };
    response
        .insert_header((header::ETAG, form.etag.as_str()))
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .insert_header((header::VARY, "Accept-Encoding"))
        .insert_header((header::CONTENT_SECURITY_POLICY, file.policy));
    if unchanged {
        return Ok(response.finish());
    }
    if let Some(name) = encoding.name() {
        response.insert_header((header::CONTENT_ENCODING, name));
    }
    Ok(response.content_type(file.content_type).body(form.bytes.clone()))
}
