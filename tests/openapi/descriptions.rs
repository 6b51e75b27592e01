//! What descriptions say agrees with what is declared.

use super::{documents, operations, text};

/// A description that promises a refusal, such as "(409)" or "(409, `consent_missing`)", speaks of one that is declared.
#[test]
fn what_a_description_refuses_is_declared() {
    let mut promised = 0;
    for document in documents() {
        for (place, operation) in operations(&document) {
            let words = text(operation, "description").split('(').skip(1);
            let statuses = words.filter_map(|words| words.split([')', ',']).next()?.parse::<u16>().ok());
            for status in statuses {
                assert!(
                    operation["responses"].get(status.to_string()).is_some(),
                    "{place} speaks of {status}, which it does not declare"
                );
                promised += 1;
            }
        }
    }
    assert!(promised > 50, "only {promised} refusals are described");
}

/// What is written once for all kinds says nothing of what a kind does not have.
#[test]
fn a_description_speaks_of_what_the_kind_has() {
    let [_, admin] = documents();
    for (kind, words) in [
        ("Clinic", ["slug", "archived"]),
        ("Testimonial", ["scheduled", "made from the"]),
    ] {
        for (place, operation) in operations(&admin) {
            let description = text(operation, "description");
            let spoken = words.iter().find(|word| description.contains(**word));
            let is_of_kind = text(operation, "operationId").contains(kind);
            assert!(
                !is_of_kind || spoken.is_none(),
                "{place} speaks of {spoken:?}: {description}"
            );
        }
    }
}
