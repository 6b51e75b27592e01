//! What each code means and what a client does about it: the table in `docs/guide/errors.md`.
//!
//! Codes, statuses and titles are those of [`crate::problem`]; here is what the guide says of them
//! besides. A test holds the file to [`table`].

use std::fmt::Write as _;

use crate::problem::Code;

/// The table of all codes in Markdown; each code is an anchor of its own.
pub fn table() -> String {
    let mut table = String::from("| Code | Status | What it means | What to do |\n| --- | --- | --- | --- |\n");
    for code in Code::ALL {
        let (name, status, title) = (code.as_str(), code.status().as_u16(), code.title());
        let (meaning, advice) = guidance(*code);
        // Writing to memory does not fail.
        let _ = writeln!(
            table,
            "| <a id=\"{name}\" href=\"#{name}\">`{name}`</a> | {status} | **{title}.** {meaning} | {advice} |"
        );
    }
    table
}

/// What a code means beyond its title, and what a client does about it.
fn guidance(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::BadRequest => (
            "It did not arrive as a whole, or it is no HTTP that can be read.",
            "Mend the request; the same again fails again.",
        ),
        Code::InvalidParameter => (
            "A parameter of the query or the path is out of range, malformed, empty, or given twice. `errors` points to it.",
            "Mend what `errors` names. Nothing is clamped or guessed.",
        ),
        Code::UnknownParameter => (
            "The operation has no parameter of this name. `errors` points to it.",
            "Leave it out, or mend its spelling.",
        ),
        Code::InvalidCursor => (
            "It was cut or changed, or it belongs to another list, other filters, another order or another language.",
            "Begin again at the first page, without `cursor`.",
        ),
        Code::InvalidText => (
            "Path or query hold control characters or bytes that are not UTF-8.",
            "Percent-encode UTF-8 text.",
        ),
        Code::InvalidBody => (
            "It is not JSON, or a property is missing, unknown or of another type. `errors` lists every fault with a pointer.",
            "Mend what `errors` names; generate the client from the document.",
        ),
        Code::InvalidHeader => (
            "`If-Match` or `Idempotency-Key` cannot be read, or a header is longer than it may be.",
            "Send `If-Match` as you got it in `ETag`, with its quotation marks; see [Writing](writing.md).",
        ),
        Code::KeyRequired => (
            "The editors' side was asked without a key.",
            "Send `Authorization: Bearer` and the key; see [Keys](keys.md).",
        ),
        Code::KeyInvalid => (
            "It is no key of this server, or a character of it is wrong.",
            "Look at the key; do not repeat the request with it.",
        ),
        Code::KeyRevoked => ("Somebody took it back.", "Ask whoever gave you the key for another."),
        Code::KeyExpired => (
            "Its time is over.",
            "Ask whoever gave you the key for another, or rotate it in time.",
        ),
        Code::MissingScope => (
            "It lacks a scope that this operation needs; `detail` names the scope.",
            "Use a key that has it; see [Keys](keys.md).",
        ),
        Code::NotFound => (
            "No such address, no such thing, or one that is not public: a draft looks exactly the same.",
            "Show that it is not there; in a cache of your own, drop it.",
        ),
        Code::MethodNotAllowed => (
            "The address is right, the method is not; `Allow` lists those that it takes.",
            "Use one of those.",
        ),
        Code::RequestTimeout => (
            "Head or body came too slowly.",
            "Send it again, on a better connection.",
        ),
        Code::Conflict => (
            "Such as a change to what is archived, or a name that is not free; `detail` says which.",
            "Read it anew, settle what `detail` names, then try again.",
        ),
        Code::SlugTaken => (
            "Another text of the same kind and language has it, or had it in public.",
            "Choose another, or leave it out: one is made from the title.",
        ),
        Code::ConsentMissing => (
            "A testimonial is public only while a consent for it holds.",
            "Record a consent first, or unpublish.",
        ),
        Code::RequestInProgress => (
            "A request with the same `Idempotency-Key` has not ended yet.",
            "Wait a moment, and send the same request with the same key.",
        ),
        Code::PreconditionFailed => (
            "Somebody else wrote since. `ETag` in the answer is that of the present version.",
            "Read it anew, bring the two together, and send the new `ETag` in `If-Match`.",
        ),
        Code::PayloadTooLarge => (
            "It is beyond what the operation takes.",
            "Send less; the schema has the most that each property takes.",
        ),
        Code::UriTooLong => ("Path and query are beyond 8 KiB.", "Use fewer filters in one request."),
        Code::UnsupportedMediaType => (
            "A body is JSON, uncompressed.",
            "Send `Content-Type: application/json` and no `Content-Encoding`.",
        ),
        Code::InvalidContent => (
            "The form is right, but some values are not allowed. `errors` lists all of them at once.",
            "Show each `detail` at the field that its `pointer` names.",
        ),
        Code::IdempotencyKeyReused => (
            "Within 24 hours it was sent with another body, or to another address.",
            "Make a new key for each write, and repeat only the very same one.",
        ),
        Code::PreconditionRequired => ("`If-Match` is missing.", "Read it, and send its `ETag` in `If-Match`."),
        Code::TooManyRequests => (
            "Too many keys that are not good, or too many testimonials.",
            "Wait as many seconds as `Retry-After` says.",
        ),
        Code::HeadersTooLarge => (
            "They are beyond 32 KiB together.",
            "Send fewer; large cookies are the usual cause, and none is needed.",
        ),
        Code::Internal => (
            "The fault is in the log, under `request_id`.",
            "Try again later, and report the `request_id`. Repeat a POST with its `Idempotency-Key` only.",
        ),
        Code::DatabaseUnavailable => (
            "It is away or slow to answer.",
            "Show what you have kept, and ask again after `Retry-After`.",
        ),
        Code::Overloaded => (
            "The server takes no more at this moment.",
            "Show what you have kept, and ask again after `Retry-After`.",
        ),
    }
}
