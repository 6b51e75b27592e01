//! The report of which declared answers the tests have seen: each operation, its statuses and its media types.
//!
//! It reads what the tests' client has written down (tests/support/contract), so it comes after a whole run:
//! ```sh
//! export VERTEBRA_TEST_ANSWERS=$(mktemp -d)
//! cargo test
//! cargo test --test openapi -- --ignored --nocapture coverage
//! ```

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    io::Write as _,
};

use serde_json::Value;

use super::{documents, object, operations, resolved, text};

/// The folder with what was seen.
const FOLDER: &str = "VERTEBRA_TEST_ANSWERS";

/// A status that an operation declares, or `default`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Answer {
    operation: String,
    status: String,
}

/// What a document declares, or what was seen of it: answers with their media types.
type Answers = BTreeMap<Answer, BTreeSet<String>>;

/// What the tests have seen of one document.
#[derive(Default)]
struct Seen {
    answers: Answers,
    /// The real statuses of what was answered under `default`.
    by_default: BTreeMap<String, BTreeSet<String>>,
}

fn read_seen(document: &str) -> Seen {
    let folder =
        std::env::var(FOLDER).unwrap_or_else(|_| panic!("{FOLDER} must name the folder of a run of the tests"));
    let files = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{folder} cannot be read: {error}"));
    let mut seen = Seen::default();
    for file in files {
        let path = file.expect("the folder can be read").path();
        let lines = fs::read_to_string(path).expect("the file can be read");
        for line in lines.lines() {
            let parts: Vec<&str> = line.split('\t').collect();
            let [of, operation, status, media_type, real] = parts[..] else {
                panic!("{line:?} is no answer");
            };
            if of == document {
                seen.add(operation, status, media_type, real);
            }
        }
    }
    seen
}

impl Seen {
    fn add(&mut self, operation: &str, status: &str, media_type: &str, real: &str) {
        let (operation, status) = (operation.to_owned(), status.to_owned());
        if status == "default" {
            self.by_default
                .entry(real.to_owned())
                .or_default()
                .insert(operation.clone());
        }
        let answer = Answer { operation, status };
        self.answers.entry(answer).or_default().insert(media_type.to_owned());
    }
}

fn declared(document: &Value) -> Answers {
    let mut declared = Answers::new();
    for (_, operation) in operations(document) {
        for (status, response) in object(&operation["responses"]) {
            let answer = Answer {
                operation: text(operation, "operationId").to_owned(),
                status: status.clone(),
            };
            let content = resolved(document, response)["content"].as_object();
            let media_types: BTreeSet<String> = content
                .into_iter()
                .flat_map(|content| content.keys().cloned())
                .collect();
            declared.insert(answer, media_types);
        }
    }
    declared
}

/// The table of a document: a row for each operation, a column for each status.
fn table(document: &Value, declared: &Answers, seen: &Answers) -> String {
    let statuses: BTreeSet<&str> = declared.keys().map(|answer| answer.status.as_str()).collect();
    let mut table = format!("{:30}", "");
    statuses.iter().for_each(|status| table += &format!(" {status:>5.5}"));
    for (_, operation) in operations(document) {
        let operation = text(operation, "operationId");
        write!(table, "\n{operation:30}").expect("it is a text");
        for status in &statuses {
            let answer = Answer {
                operation: operation.to_owned(),
                status: (*status).to_owned(),
            };
            let cell = match (declared.contains_key(&answer), seen.contains_key(&answer)) {
                (false, false) => "",
                (true, true) => "seen",
                (true, false) => "NEVER",
                (false, true) => "UNDECLARED",
            };
            write!(table, " {cell:>5}").expect("it is a text");
        }
    }
    table
}

/// What is declared and was never seen, and what was seen and is not declared.
fn faults(declared: &Answers, seen: &Answers) -> Vec<String> {
    let mut faults = Vec::new();
    for (answer, media_types) in declared {
        let Answer { operation, status } = answer;
        let Some(found) = seen.get(answer) else {
            faults.push(format!("{operation} {status} was never seen"));
            continue;
        };
        for media_type in media_types.difference(found) {
            faults.push(format!("{operation} {status} was never seen as {media_type}"));
        }
    }
    for (answer, found) in seen {
        let Answer { operation, status } = answer;
        let Some(known) = declared.get(answer) else {
            faults.push(format!("{operation} {status} is not declared"));
            continue;
        };
        for media_type in found
            .difference(known)
            .filter(|found| *found != "-" || !known.is_empty())
        {
            faults.push(format!("{operation} {status} is not declared as {media_type}"));
        }
    }
    faults
}

#[test]
#[ignore = "it reports on a whole run of the other tests, so it comes after them"]
fn every_declared_answer_was_seen() {
    let mut all_faults = Vec::new();
    let mut report = String::new();
    for (name, document) in ["public", "admin"].into_iter().zip(documents()) {
        let (declared, seen) = (declared(&document), read_seen(name));
        let faults = faults(&declared, &seen.answers);
        let by_default: Vec<String> = seen
            .by_default
            .iter()
            .map(|(status, operations)| format!("{status} of {} operations", operations.len()))
            .collect();
        let count = declared
            .keys()
            .filter(|answer| seen.answers.contains_key(answer))
            .count();
        let _ = write!(
            report,
            "\n{}\n\nThe {name} document: {count} of {} declared answers of {} operations were seen; under `default`: {}.\n",
            table(&document, &declared, &seen.answers),
            declared.len(),
            operations(&document).count(),
            by_default.join(", "),
        );
        all_faults.extend(faults.into_iter().map(|fault| format!("{name}: {fault}")));
    }
    std::io::stdout().write_all(report.as_bytes()).expect("it can be told");
    assert!(all_faults.is_empty(), "{}\n{}", all_faults.len(), all_faults.join("\n"));
}
