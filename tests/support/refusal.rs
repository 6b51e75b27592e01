//! What every refusal has in common, whichever layer it comes from.

use serde_json::Value;

use super::{app::TestApp, client::Answer, log};

/// Words that only the inside knows; none of them may reach a client.
const INTERNALS: [&str; 14] = [
    "::",
    ".rs",
    "/src",
    "select ",
    "from \"",
    "panic",
    "secret",
    "diesel",
    "serde",
    "variant",
    "string \"",
    "u8",
    "i64",
    "digit found",
];

/// Checks everything about a refusal, and gives its document: `path` is that of the request, and
/// `pointers` lead to the parts at fault.
#[track_caller]
pub(crate) fn check(answer: &Answer, path: Option<&str>, expected: (u16, &str), pointers: &[&str]) -> Value {
    let (status, code) = expected;
    let problem = answer.problem(status, code);
    assert_eq!(problem["type"], format!("/docs/errors#{code}"));
    assert_eq!(problem["instance"], Value::from(path), "{problem}");
    let errors = problem["errors"].as_array().expect("there is a list of errors");
    let found: Vec<&str> = errors.iter().filter_map(|error| error["pointer"].as_str()).collect();
    assert_eq!(found, pointers, "{problem}");
    check_words(&problem);
    check_log(&problem, status);
    problem
}

/// Gets a path and checks that it is refused as expected: 404 or 400, as the code says.
#[track_caller]
pub(crate) fn refused(app: &TestApp, path: &str, code: &str, pointers: &[&str]) -> Value {
    let status = if code == "not_found" { 404 } else { 400 };
    check(&app.get(path), path.split('?').next(), (status, code), pointers)
}

/// Checks that a parameter is refused, and gives the words that say why.
#[track_caller]
pub(crate) fn refused_parameter(app: &TestApp, path: &str, code: &str, parameter: &str) -> String {
    let problem = refused(app, path, code, &[&format!("/query/{parameter}")]);
    let why = problem["errors"][0]["detail"].as_str().expect("it is said why");
    assert_eq!(problem["detail"], format!("The parameter `{parameter}`: {why}."));
    assert_eq!(problem["errors"][0]["code"], code);
    why.to_owned()
}

/// The texts are sentences for a client, without a word of the inside.
#[track_caller]
fn check_words(problem: &Value) {
    let texts = [&problem["title"], &problem["detail"], &problem["errors"]];
    for text in texts {
        let text = text.to_string().to_lowercase();
        assert_ne!(text, "\"\"");
        let internal = INTERNALS.iter().find(|word| text.contains(**word));
        assert_eq!(internal, None, "{problem}");
    }
}

/// The log has the request under the id that the client got, and says how it was answered.
#[track_caller]
fn check_log(problem: &Value, status: u16) {
    let id = problem["request_id"].as_str().expect("there is an id");
    let lines = log::lines_of(id);
    let says_status = |line: &String| line.contains(&format!(" {status} "));
    assert_eq!(lines.iter().filter(|line| says_status(line)).count(), 1, "{lines:?}");
}
