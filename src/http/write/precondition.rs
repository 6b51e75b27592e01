//! `If-Match`: a write says which version it changes.

use actix_web::http::header::{self, HeaderMap, HeaderValue};

use crate::problem::{Code, Problem};

/// The versions that a client takes for the present one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(String);

impl IfMatch {
    /// Reads the header, which may be absent.
    pub(super) fn read(headers: &HeaderMap) -> Result<Option<Self>, Problem> {
        let values = headers.get_all(header::IF_MATCH).map(HeaderValue::to_str);
        let values = values.collect::<Result<Vec<_>, _>>().map_err(|_| malformed())?;
        match values.is_empty() {
            true => Ok(None),
            false => Self::parse(&values.join(", ")).map(Some),
        }
    }

    fn parse(text: &str) -> Result<Self, Problem> {
        match text.trim() == "*" || tags(text).is_some() {
            true => Ok(Self(text.to_owned())),
            false => Err(malformed()),
        }
    }

    /// The header as it was given.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Refuses the write where the present version is none of these; the comparison is the strong one.
    pub fn check(&self, etag: &str) -> Result<(), Problem> {
        if self.0.trim() == "*" || tags(&self.0).is_some_and(|given| given.contains(&etag)) {
            return Ok(());
        }
        let problem = Problem::new(
            Code::PreconditionFailed,
            "It has changed since you read it: read it again, and send the ETag that you get then.",
        );
        Err(match HeaderValue::from_str(etag) {
            Ok(present) => problem.with_header(header::ETAG, present),
            Err(_) => problem,
        })
    }
}

/// The entity tags of a list, each of which may have a comma within its quotation marks.
fn tags(text: &str) -> Option<Vec<&str>> {
    let mut tags = Vec::new();
    let mut rest = text.trim();
    loop {
        let quoted = rest.strip_prefix("W/").unwrap_or(rest).strip_prefix('"')?;
        let end = rest.len() - quoted.len() + quoted.find('"')? + 1;
        let (tag, further) = rest.split_at(end);
        if !tag.bytes().all(|byte| byte.is_ascii_graphic()) {
            return None;
        }
        tags.push(tag);
        rest = match further.trim_start() {
            "" => return Some(tags),
            further => further.strip_prefix(',')?.trim_start(),
        };
    }
}

fn malformed() -> Problem {
    Problem::header("If-Match", "must be the ETag of what you read, in its quotation marks")
}

#[cfg(test)]
mod tests {
    use super::IfMatch;

    #[test]
    fn compares_strongly() {
        for given in ["\"a.1\"", "*", "\"b\", \"a.1\"", "W/\"b,\",\"a.1\""] {
            let parsed = IfMatch::parse(given).expect("it is well formed");
            assert!(parsed.check("\"a.1\"").is_ok(), "{given}");
        }
        for given in ["\"a.2\"", "W/\"a.1\"", "\"\""] {
            let parsed = IfMatch::parse(given).expect("it is well formed");
            assert!(parsed.check("\"a.1\"").is_err(), "{given}");
        }
    }

    #[test]
    fn refuses_what_is_no_entity_tag() {
        for given in [
            "",
            "a.1",
            "\"",
            "\"a\", b",
            "\"a b\"",
            "\"a\"b\"",
            "\"a\" \"b\"",
            "\"a\",",
        ] {
            assert!(IfMatch::parse(given).is_err(), "{given}");
        }
    }
}
