//! Operations that will go away: what a handler declares of it, and what all of its answers say.
//!
//! The declaration is one annotation, `extensions(("x-deprecated" = json!({..})))`. The document is
//! completed from it in [`crate::openapi`], and [`super::envelope`] puts the headers on every answer,
//! errors and kept ones too. One that cannot be understood keeps the program from starting.

use std::sync::Arc;

use actix_web::http::{
    Method,
    header::{HeaderName, HeaderValue, LINK},
};
use jiff::{civil::Date, tz::TimeZone};
use serde::Deserialize;
use utoipa::openapi::{OpenApi, path::Operation};

use super::operations::Operations;

/// The annotation of a handler.
pub const ANNOTATION: &str = "x-deprecated";

/// Since when an operation should not be used (RFC 9745).
pub const DEPRECATION: HeaderName = HeaderName::from_static("deprecation");

/// From when an operation may be gone (RFC 8594).
pub const SUNSET: HeaderName = HeaderName::from_static("sunset");

/// What a handler declares of its end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deprecation {
    /// The first day on which it should not be used any more.
    pub since: Date,
    /// The first day on which it may be gone.
    pub sunset: Date,
    /// Address of what clients should read, a path or with its host.
    pub link: String,
    /// Address of what to use instead, where there is something.
    pub successor: Option<String>,
}

/// A declaration that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("the declaration of {operation} has a wrong x-deprecated: {fault}")]
pub struct WrongDeprecation {
    operation: String,
    fault: String,
}

/// The headers that say that an operation will go.
pub type Notice = Arc<[(HeaderName, HeaderValue)]>;

/// What the answers of each operation say; nothing at all where no operation will go.
pub struct Deprecations(Option<Operations<Option<Notice>>>);

impl Deprecation {
    /// What an operation declares; nothing where it stays.
    pub fn of(operation: &Operation) -> Result<Option<Self>, WrongDeprecation> {
        let wrong = |fault: String| WrongDeprecation {
            operation: operation.operation_id.clone().unwrap_or_default(),
            fault,
        };
        let extensions = operation.extensions.as_ref();
        let Some(declared) = extensions.and_then(|extensions| extensions.get(ANNOTATION)) else {
            return Ok(None);
        };
        let declared = Self::deserialize(declared).map_err(|error| wrong(error.to_string()))?;
        match declared.fault() {
            Some(fault) => Err(wrong(fault)),
            None => Ok(Some(declared)),
        }
    }

    fn fault(&self) -> Option<String> {
        let Self { since, sunset, .. } = self;
        if sunset <= since {
            return Some(format!("the sunset on {sunset} is not after {since}"));
        }
        let wrong = [Some(&self.link), self.successor.as_ref()];
        let wrong = wrong.into_iter().flatten().find(|address| !is_address(address))?;
        Some(format!("{wrong:?} is no path and no https address"))
    }

    /// The value of `Deprecation`: a date of structured fields, seconds since 1970.
    pub fn deprecation(&self) -> String {
        format!("@{}", seconds(self.since))
    }

    /// The value of `Sunset`: a date of HTTP.
    pub fn sunset(&self) -> String {
        self.sunset.strftime("%a, %d %b %Y 00:00:00 GMT").to_string()
    }

    /// The values of `Link`.
    pub fn links(&self) -> impl Iterator<Item = String> {
        let successor = self.successor.iter().map(|address| (address, "successor-version"));
        let links = [(&self.link, "deprecation")].into_iter().chain(successor);
        links.map(|(address, relation)| format!("<{address}>; rel=\"{relation}\""))
    }

    fn notice(&self) -> Notice {
        let dates = [(DEPRECATION, self.deprecation()), (SUNSET, self.sunset())];
        let all = dates.into_iter().chain(self.links().map(|link| (LINK, link)));
        all.filter_map(|(name, value)| Some((name, HeaderValue::try_from(value).ok()?)))
            .collect()
    }
}

impl Deprecations {
    /// Reads them from the documents.
    pub fn of(documents: &[&OpenApi]) -> Result<Self, WrongDeprecation> {
        let notices = Operations::of(documents, |operation| {
            Ok(Deprecation::of(operation)?.map(|declared| declared.notice()))
        })?;
        let is_any = notices.iter().any(Option::is_some);
        Ok(Self(is_any.then_some(notices)))
    }

    /// What the answer to a request says.
    pub(super) fn notice(&self, path: &str, method: &Method) -> Option<Notice> {
        let notices = self.0.as_ref()?;
        // What is read is declared once, for GET.
        let method = if method == Method::HEAD { &Method::GET } else { method };
        notices.find(path, method)?.clone()
    }
}

/// Whether an address can stand between the angle brackets of a link.
fn is_address(text: &str) -> bool {
    let is_in_place = text.starts_with("https://") || (text.starts_with('/') && !text.starts_with("//"));
    is_in_place
        && text
            .chars()
            .all(|letter| letter.is_ascii_graphic() && !"<>\"".contains(letter))
}

/// The first second of a day, everywhere in UTC.
fn seconds(day: Date) -> i64 {
    let midnight = day.to_zoned(TimeZone::UTC);
    midnight.map_or(0, |midnight| midnight.timestamp().as_second())
}

#[cfg(test)]
mod tests {
    use actix_web::http::Method;
    use serde_json::{Value, json};
    use utoipa::openapi::OpenApi;

    use super::{Deprecation, Deprecations};

    fn declared() -> Value {
        json!({"since": "2023-06-30", "sunset": "2027-05-01", "link": "/docs/old", "successor": "/v2/a"})
    }

    fn document(deprecated: Value) -> OpenApi {
        let operation = json!({"operationId": "getA", "responses": {}, "x-deprecated": deprecated});
        let document = json!({
            "openapi": "3.1.0",
            "info": {"title": "t", "version": "1"},
            "paths": {
                "/v1/a/{id}": {"get": operation, "patch": {"responses": {}}},
                "/v1/a/all": {"get": {"responses": {}}},
            },
        });
        serde_json::from_value(document).expect("it is a document")
    }

    #[test]
    fn the_headers_are_as_their_rfcs_want_them() {
        let declared: Deprecation = serde_json::from_value(declared()).expect("it is right");
        // RFC 9745 gives @1688169599 for the last second of the day.
        assert_eq!(declared.deprecation(), "@1688083200");
        assert_eq!(declared.sunset(), "Sat, 01 May 2027 00:00:00 GMT");
        let links = ["</docs/old>; rel=\"deprecation\"", "</v2/a>; rel=\"successor-version\""];
        assert!(declared.links().eq(links));
    }

    #[test]
    fn the_operation_is_found_by_path_and_method() {
        let deprecations = Deprecations::of(&[&document(declared())]).expect("it is right");
        let is_noticed = |path: &str, method: Method| deprecations.notice(path, &method).is_some();
        assert!(is_noticed("/v1/a/1", Method::GET) && is_noticed("/v1/a/1", Method::HEAD));
        for (path, method) in [
            ("/v1/a/1", Method::PATCH),
            ("/v1/a/1", Method::OPTIONS),
            ("/v1/a/all", Method::GET),
            ("/v1/a", Method::GET),
        ] {
            assert!(!is_noticed(path, method.clone()), "{method} {path}");
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (field, value, fault) in [
            ("since", json!("2026-02-30"), "`2026-02` is invalid"),
            ("since", json!("soon"), "year"),
            (
                "sunset",
                json!("2023-06-30"),
                "the sunset on 2023-06-30 is not after 2023-06-30",
            ),
            (
                "sunset",
                json!("2023-06-29"),
                "the sunset on 2023-06-29 is not after 2023-06-30",
            ),
            ("sunset", Value::Null, "invalid type: null"),
            ("link", json!("docs"), "\"docs\" is no path and no https address"),
            ("link", json!("/a b"), "\"/a b\" is no path and no https address"),
            ("successor", json!("//evil.example"), "is no path and no https address"),
            ("until", json!("2027-05-01"), "unknown field `until`"),
        ] {
            let mut wrong = declared();
            wrong[field] = value;
            let told = Deprecations::of(&[&document(wrong)])
                .err()
                .map(|error| error.to_string());
            let told = told.unwrap_or_else(|| panic!("{fault} is let through"));
            assert!(
                told.starts_with("the declaration of getA has a wrong x-deprecated: "),
                "{told}"
            );
            assert!(told.contains(fault), "{told}");
        }
        assert!(Deprecations::of(&[&document(json!({"since": "2026-01-01"}))]).is_err());
    }
}
