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
    fs,
    io::Write,
};

use serde_json::Value;

use super::{documents, object, operations, resolved, text};

/// The folder with what was seen.
const FOLDER: &str = "VERTEBRA_TEST_ANSWERS";

/// Answers as an operation, a status or `default`, and a media type, which is `-` where there is no body.
type Answers = BTreeSet<[String; 3]>;

/// What the tests have seen of one document.
#[derive(Default)]
struct Seen {
    answers: Answers,
    /// The operations that each status was seen of under `default`.
    by_default: BTreeMap<String, BTreeSet<String>>,
}

impl Seen {
    fn of(document: &str) -> Self {
        let folder = std::env::var(FOLDER).unwrap_or_default();
        let files = fs::read_dir(&folder)
            .unwrap_or_else(|error| panic!("{FOLDER} must name the folder that the tests wrote to: {error}"));
        let mut seen = Self::default();
        for file in files {
            let path = file.expect("the folder can be read").path();
            let lines = fs::read_to_string(path).expect("the file can be read");
            lines.lines().for_each(|line| seen.add(document, line));
        }
        seen
    }

    fn add(&mut self, document: &str, line: &str) {
        let parts: Vec<String> = line.split('\t').map(str::to_owned).collect();
        let Ok([of, operation, status, media_type, real]) = <[String; 5]>::try_from(parts) else {
            panic!("{line:?} is no answer");
        };
        if of != document {
            return;
        }
        if status == "default" {
            self.by_default.entry(real).or_default().insert(operation.clone());
        }
        self.answers.insert([operation, status, media_type]);
    }

    /// How often each status was seen that no operation declares by itself.
    fn defaults(&self) -> String {
        let count = |(status, operations): (&String, &BTreeSet<String>)| format!("{status} of {}", operations.len());
        self.by_default.iter().map(count).collect::<Vec<_>>().join(", ")
    }
}

fn declared(document: &Value) -> Answers {
    let mut declared = Answers::new();
    for (_, operation) in operations(document) {
        for (status, response) in object(&operation["responses"]) {
            let content = resolved(document, response)["content"].as_object();
            let content = content.filter(|content| !content.is_empty());
            let media_types = content.map_or(vec!["-"], |content| content.keys().map(String::as_str).collect());
            let answer = |media_type| [text(operation, "operationId"), status, media_type].map(str::to_owned);
            declared.extend(media_types.into_iter().map(answer));
        }
    }
    declared
}

/// A row for each operation, a column for each status; `3/5` where not all media types were seen.
fn table(document: &Value, declared: &Answers, seen: &Answers) -> String {
    let statuses: BTreeSet<&str> = declared.iter().map(|[_, status, _]| status.as_str()).collect();
    let cell = |operation: &str, status: &str| {
        let of = |answers: &Answers| {
            let is_here = |answer: &&[String; 3]| answer[0] == operation && answer[1] == status;
            answers.iter().filter(is_here).count()
        };
        match (of(seen), of(declared)) {
            (0, 0) => String::new(),
            (0, _) => "NEVER".to_owned(),
            (found, known) if found == known => "seen".to_owned(),
            (found, known) => format!("{found}/{known}"),
        }
    };
    let row = |name: &str, cells: &mut dyn Iterator<Item = String>| {
        let cells: Vec<String> = cells.map(|cell| format!("{cell:>7}")).collect();
        format!("{name:30} {}\n", cells.concat())
    };
    let head = row("", &mut statuses.iter().map(|status| (*status).to_owned()));
    let rows = operations(document).map(|(_, operation)| {
        let operation = text(operation, "operationId");
        row(operation, &mut statuses.iter().map(|status| cell(operation, status)))
    });
    head + &rows.collect::<String>()
}

#[test]
#[ignore = "it reports on a whole run of the other tests, so it comes after them"]
fn every_declared_answer_was_seen() {
    let mut faults = Vec::new();
    for (name, document) in ["public", "admin"].into_iter().zip(documents()) {
        let (declared, seen) = (declared(&document), Seen::of(name));
        let report = format!(
            "\n{}\nThe {name} document: {} of {} declared answers were seen; under `default` {} operations.\n",
            table(&document, &declared, &seen.answers),
            declared.intersection(&seen.answers).count(),
            declared.len(),
            seen.defaults(),
        );
        std::io::stdout()
            .write_all(report.as_bytes())
            .expect("the report can be written");
        let told = |answers: BTreeSet<&[String; 3]>, what: &str| -> Vec<String> {
            let line = |answer: &[String; 3]| format!("{name} document: {} {what}", answer.join(" "));
            answers.into_iter().map(line).collect()
        };
        faults.extend(told(declared.difference(&seen.answers).collect(), "was never seen"));
        faults.extend(told(seen.answers.difference(&declared).collect(), "is not declared"));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
