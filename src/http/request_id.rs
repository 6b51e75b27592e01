//! The name of a request in its answer and in the log.

use actix_web::http::header::{HeaderMap, HeaderName};
use uuid::Uuid;

/// The header that carries it both ways.
pub const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

tokio::task_local! {
    static CURRENT: String;
}

/// The client's own id where it is sane, else a new one.
pub fn of(headers: &HeaderMap) -> String {
    let given = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok());
    given
        .filter(|id| is_sane(id))
        .map_or_else(|| Uuid::now_v7().to_string(), str::to_owned)
}

fn is_sane(id: &str) -> bool {
    (1..=128).contains(&id.len())
        && id
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b':'))
}

/// Runs a request's work so that every log line in it carries the id.
pub async fn scope<F: Future>(id: String, work: F) -> F::Output {
    CURRENT.scope(id, work).await
}

/// Does work for a request that has no future of its own, its log lines with the id as well.
pub fn sync_scope<T>(id: String, work: impl FnOnce() -> T) -> T {
    CURRENT.sync_scope(id, work)
}

/// The id of the request that this code runs for.
pub fn current() -> Option<String> {
    CURRENT.try_with(|id| id.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::is_sane;

    #[test]
    fn takes_ids_that_are_safe_in_a_log_line() {
        assert!(is_sane("0193576b-5d3c-7c3c-8a5e-0d2b8a7c1f10") && is_sane("web:42_a.b"));
        assert!(!is_sane("") && !is_sane("a b") && !is_sane("a\"b") && !is_sane(&"x".repeat(129)));
    }
}
