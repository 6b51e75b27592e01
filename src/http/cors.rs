//! Which web pages may use the API.

use actix_cors::Cors;
use actix_web::http::{
    Method,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

use super::{
    deprecation::{DEPRECATION, SUNSET},
    limits::RATE_LIMIT,
    request_id::REQUEST_ID,
    write::REPLAYED,
};
use crate::config::Origins;

/// The rules for browsers: anyone may read what is public, or only the origins that are listed.
pub fn cors(origins: &Origins) -> Cors {
    let rules = Cors::default()
        .allowed_methods([
            Method::GET,
            Method::HEAD,
            Method::OPTIONS,
            Method::POST,
            Method::PATCH,
            Method::DELETE,
        ])
        // A key is sent by the page itself and by no browser of its own accord, so any page may try.
        .allowed_headers([
            header::ACCEPT_LANGUAGE,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            header::IF_MATCH,
            header::IF_NONE_MATCH,
            HeaderName::from_static("idempotency-key"),
            REQUEST_ID,
        ])
        // All that the documents declare and that browsers do not show to every page anyway.
        .expose_headers([
            header::ACCEPT_ENCODING,
            header::AGE,
            header::CONTENT_DISPOSITION,
            header::ETAG,
            header::LINK,
            header::LOCATION,
            header::RETRY_AFTER,
            header::VARY,
            header::WWW_AUTHENTICATE,
            DEPRECATION,
            RATE_LIMIT,
            REPLAYED,
            REQUEST_ID,
            SUNSET,
        ])
        .block_on_origin_mismatch(false)
        .max_age(86_400);
    match origins {
        // Every answer carries the same `*`, so caches need not keep one for each origin.
        Origins::Any => rules.allow_any_origin().send_wildcard().disable_vary_header(),
        Origins::Listed(origins) => origins.iter().fold(rules, |rules, origin| rules.allowed_origin(origin)),
    }
}

/// The origin that may read the answer, also where the rules above saw neither request nor answer:
/// a cache may keep an answer to an app and give it to a web page.
pub fn allowed_origin(origins: &Origins, request: &HeaderMap) -> Option<HeaderValue> {
    match origins {
        Origins::Any => Some(HeaderValue::from_static("*")),
        Origins::Listed(listed) => {
            let origin = request.get(header::ORIGIN)?;
            listed
                .iter()
                .any(|allowed| origin == allowed.as_str())
                .then(|| origin.clone())
        }
    }
}
