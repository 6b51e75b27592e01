//! How people and places are reached.

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;
use validator::ValidateEmail;

/// A telephone number as E.164 writes it: a plus sign and 7 to 15 digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, max_length = 16, pattern = r"^\+[1-9][0-9]{6,14}$", example = "+442079460000")]
pub struct PhoneNumber(String);

/// An e-mail address with a domain that has a dot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(
    value_type = String,
    format = Email,
    max_length = 254,
    pattern = r"^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$",
    example = "reception@example.org"
)]
pub struct EmailAddress(String);

/// The whole address of something on the web, with `http` or `https`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(
    value_type = String,
    format = Uri,
    max_length = 2000,
    pattern = r"^https?://[A-Za-z0-9.:\[\]-]+([/?]([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?(#([A-Za-z0-9._~:/?@!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*)?$",
    example = "https://www.example.org/page"
)]
pub struct WebUrl(String);

super::checked_string!(PhoneNumber);
super::checked_string!(EmailAddress);
super::checked_string!(WebUrl);

impl PhoneNumber {
    fn check(text: &str) -> Result<String, String> {
        let is_number = text.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit()) && !digits.starts_with('0')
        });
        if is_number {
            Ok(text.to_owned())
        } else {
            Err("must be a telephone number in international form: a plus sign and 7 to 15 digits".to_owned())
        }
    }
}

/// What a part of the text before the `@` may hold beside letters and digits (RFC 5322, `atext`).
const ATOM: &[u8] = b"!#$%&'*+/=?^_`{|}~-";

impl EmailAddress {
    fn check(text: &str) -> Result<String, String> {
        let (local, host) = text.rsplit_once('@').unwrap_or_default();
        let is_local = local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.bytes().all(|b| b.is_ascii_alphanumeric() || ATOM.contains(&b)));
        // A last part of digits alone is an address of another kind.
        let last = host.rsplit_once('.').map(|(_, last)| last);
        let ends_in_name = last.is_some_and(|last| last.starts_with(|c: char| c.is_ascii_alphabetic()));
        // The validator's rule for the local part lets dots stand at its ends.
        let is_host = ends_in_name && host.is_ascii() && format!("a@{host}").validate_email();
        if text.len() <= 254 && local.len() <= 64 && is_local && is_host {
            Ok(text.to_owned())
        } else {
            Err("must be an e-mail address of at most 254 characters, such as name@example.org".to_owned())
        }
    }
}

impl WebUrl {
    fn check(text: &str) -> Result<String, String> {
        let starts = text.starts_with("http://") || text.starts_with("https://");
        let is_plain = text.len() <= 2000 && is_uri(text);
        let is_address =
            Url::parse(text).is_ok_and(|url| url.has_host() && url.username().is_empty() && url.password().is_none());
        // The parser passes over what stands between the slashes and the host.
        let has_host = !text.contains(":///") && !text.contains(":@") && !text.contains("//@");
        if starts && is_plain && is_address && has_host {
            Ok(text.to_owned())
        } else {
            Err(
                "must be a web address of at most 2000 characters that starts with http:// or https://; \
                letters beyond ASCII are encoded (xn-- or %)"
                    .to_owned(),
            )
        }
    }
}

/// Whether a text has only what may stand in a URI (RFC 3986), with brackets in the host alone.
fn is_uri(text: &str) -> bool {
    let host = text.find("://").map_or(0, |at| at + 3);
    let end = text[host..].find(['/', '?', '#']).map_or(text.len(), |at| host + at);
    let (host, rest) = text.split_at(end);
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#@!$&'()*+,;=%".contains(&b);
    let is_escape = |escape: &str| escape.len() >= 2 && escape.bytes().take(2).all(|b| b.is_ascii_hexdigit());
    host.bytes().all(|b| is_plain(b) || b"[]".contains(&b))
        && rest.bytes().all(is_plain)
        && rest.matches('#').count() <= 1
        && text.split('%').skip(1).all(is_escape)
}

#[cfg(test)]
mod tests {
    use super::{EmailAddress, PhoneNumber, WebUrl};
    use crate::values::agreement;

    #[test]
    fn takes_telephone_numbers() {
        let good = ["+442079460000", "+1234567", "+123456789012345"];
        let bad = [
            "",
            "+",
            "442079460000",
            "+0442079460000",
            "+44 20 7946 0000",
            "+123456",
            "+1234567890123456",
            "+44２０79460000",
        ];
        agreement::<PhoneNumber>(PhoneNumber::accept, &good, &bad);
    }

    #[test]
    fn takes_email_addresses() {
        let good = [
            "reception@example.org",
            "a.b+c@mail.example.co.uk",
            "x@xn--bcher-kva.example",
        ];
        let bad = [
            "",
            "a",
            "a@",
            "@example.org",
            "a@localhost",
            "a b@example.org",
            "a@example..org",
            "a@[127.0.0.1]",
            "a@127.0.0.1",
            "ä@example.org",
            "a@example.org\n",
            "a@-example.org",
            ".a@example.org",
            "a.@example.org",
            "a..b@example.org",
        ];
        agreement::<EmailAddress>(EmailAddress::accept, &good, &bad);
        let long = format!("a@{}example.org", "a.".repeat(130));
        assert!(EmailAddress::accept(&long).is_err());
        assert!(EmailAddress::accept(&format!("{}@example.org", "a".repeat(65))).is_err());
    }

    #[test]
    fn takes_web_addresses() {
        let good = [
            "https://example.org",
            "http://example.org:8080/a?b=c#d",
            "https://xn--bcher-kva.example/%C3%BC",
            "https://[::1]/a",
            "https://example.org/@name",
        ];
        let bad = [
            "",
            "example.org",
            "//example.org",
            "https://",
            "https:///a",
            "ftp://example.org",
            "javascript:alert(1)",
            "https://a b.example",
            "https://user:secret@example.org/",
            "https://@example.org/",
            "HTTPS://example.org",
            "https://example.org/\n",
            "https://bücher.example",
            "https://example.org/ü",
            "https://example.org/%C",
            "https://example.org/[a]",
            "https://example.org/#a#b",
        ];
        agreement::<WebUrl>(WebUrl::accept, &good, &bad);
    }
}
