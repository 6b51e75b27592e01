//! The guide in `docs/guide/` agrees with the program.

use std::{fs, path::Path};

use vertebra::docs::errors;

const BEGIN: &str = "<!-- codes -->\n";
const END: &str = "<!-- /codes -->\n";

/// Writes the file where it is out of date, and fails then: what is left to do is to commit it.
#[test]
fn the_guide_has_the_table_of_all_codes() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/errors.md");
    let found = fs::read_to_string(&path).expect("it can be read");
    let (before, rest) = found.split_once(BEGIN).expect("the table has a beginning");
    let (_, after) = rest.split_once(END).expect("the table has an end");
    let wanted = format!("{before}{BEGIN}{}{END}{after}", errors::table());
    if found != wanted {
        fs::write(&path, wanted).expect("it can be written");
        panic!("docs/guide/errors.md was out of date and has been written anew: commit it");
    }
}
