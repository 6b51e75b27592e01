//! The committed OpenAPI documents against older ones: whether a client of those still works.
//!
//! `tests/compatibility/run` chooses the older documents and runs this; CONTRIBUTING.md has the rules.

#![expect(clippy::expect_used, reason = "a test fails by panicking, and so do its helpers")]
#![expect(
    clippy::print_stdout,
    reason = "what changed is shown to whoever writes the changelog"
)]

mod compare;
mod mutations;
mod policy;
mod small;

use std::{fs, path::Path};

use jiff::Zoned;
use serde_json::Value;

use compare::{Weight, compare};
use policy::{Announcements, line};

/// Both documents.
const DOCUMENTS: [&str; 2] = ["public.json", "admin.json"];

/// A file of this repository.
fn own(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("the file can be read")
}

/// A committed document.
fn committed(name: &str) -> Value {
    serde_json::from_str(&own(&format!("openapi/{name}"))).expect("it is JSON")
}

#[test]
#[ignore = "needs older documents, which tests/compatibility/run chooses"]
fn no_client_breaks_without_notice() {
    let folder =
        std::env::var("VERTEBRA_OPENAPI_BASE").expect("VERTEBRA_OPENAPI_BASE names the folder of the older documents");
    let changelog = own("CHANGELOG.md");
    let mut faults = Vec::new();
    for name in DOCUMENTS {
        let Ok(old) = fs::read_to_string(Path::new(&folder).join(name)) else {
            println!("openapi/{name} is new.");
            continue;
        };
        let old: Value = serde_json::from_str(&old).expect("it is JSON");
        let findings = compare(&old, &committed(name), Zoned::now().date());
        for (weight, heading) in [(Weight::Breaking, "Breaking"), (Weight::Additive, "Added")] {
            let lines: Vec<String> = findings
                .iter()
                .filter(|(finding, _)| finding.weight == weight)
                .map(|(finding, operations)| line(finding, operations))
                .collect();
            if !lines.is_empty() {
                println!(
                    "openapi/{name}, for the changelog:\n\n### {heading}\n\n{}\n",
                    lines.join("\n")
                );
            }
        }
        let version = old["info"]["version"].as_str().unwrap_or_default();
        faults.extend(Announcements::since(version, &changelog).faults(&findings));
    }
    assert!(faults.is_empty(), "clients would break:\n{}", faults.join("\n"));
}
