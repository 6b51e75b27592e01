//! Which web pages may read the API.

use actix_cors::Cors;
use actix_web::http::{Method, header};

use super::request_id::REQUEST_ID;
use crate::config::Origins;

/// The rules for browsers: anyone may read what is public, or only the origins that are listed.
pub fn cors(origins: &Origins) -> Cors {
    let rules = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD, Method::OPTIONS])
        .allowed_headers([header::ACCEPT_LANGUAGE, header::IF_NONE_MATCH, REQUEST_ID])
        .expose_headers([
            header::ETAG,
            header::LINK,
            header::CONTENT_LANGUAGE,
            header::RETRY_AFTER,
            REQUEST_ID,
        ])
        .block_on_origin_mismatch(false)
        .max_age(86_400);
    match origins {
        // The answer is the same for everyone, so shared caches need not keep one per origin.
        Origins::Any => rules.allow_any_origin().send_wildcard().disable_vary_header(),
        Origins::Listed(origins) => origins.iter().fold(rules, |rules, origin| rules.allowed_origin(origin)),
    }
}
