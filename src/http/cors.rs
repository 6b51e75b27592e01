//! Which web pages may use the API.

use actix_cors::Cors;
use actix_web::http::{
    Method,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};

use super::request_id::REQUEST_ID;
use crate::config::Origins;

/// Headers of answers that web pages may read, beside those that browsers show to all: whatever the documents declare.
const EXPOSED: &str = "accept-encoding, age, content-disposition, deprecation, etag, idempotency-replayed, link, \
     location, ratelimit, retry-after, sunset, vary, www-authenticate, x-request-id";

/// The rules for what browsers ask beforehand: anyone may read what is public, or only the origins that are listed.
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
        .block_on_origin_mismatch(false)
        // What answers say, they say by `Allowance`, also where these rules saw neither request nor answer.
        .disable_vary_header()
        .max_age(86_400);
    match origins {
        Origins::Any => rules.allow_any_origin().send_wildcard(),
        Origins::Listed(origins) => origins.iter().fold(rules, |rules, origin| rules.allowed_origin(origin)),
    }
}

/// What an answer says to browsers of who may read it.
#[derive(Debug)]
pub struct Allowance {
    origin: Option<HeaderValue>,
    depends_on_origin: bool,
}

impl Allowance {
    /// The allowance for whoever sends such a request.
    pub fn of(origins: &Origins, request: &HeaderMap) -> Self {
        match origins {
            // Every answer carries the same `*`, so caches need not keep one for each origin.
            Origins::Any => Self {
                origin: Some(HeaderValue::from_static("*")),
                depends_on_origin: false,
            },
            Origins::Listed(listed) => {
                let given = request.get(header::ORIGIN);
                let allowed = given.filter(|origin| listed.iter().any(|allowed| *origin == allowed.as_str()));
                Self {
                    origin: allowed.cloned(),
                    depends_on_origin: true,
                }
            }
        }
    }

    /// Says it on every answer: a cache may keep one to an app and give it to a web page.
    pub fn say(&self, answer: &mut HeaderMap) {
        if self.depends_on_origin {
            let others = answer.get(header::VARY).and_then(|vary| vary.to_str().ok());
            let vary = others.map_or_else(|| "Origin".to_owned(), |others| format!("{others}, Origin"));
            if let Ok(vary) = HeaderValue::try_from(vary) {
                answer.insert(header::VARY, vary);
            }
        }
        if let Some(origin) = &self.origin {
            answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
            answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(EXPOSED));
        }
    }
}
