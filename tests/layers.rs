//! The layers hold: reads the paths in every file of `src` and compares them with the list in `src/lib.rs`.
//!
//! What stands in `#[cfg(test)] mod … { }` is free, and so is the command line, which is not part of the library.

#![expect(clippy::expect_used, reason = "a test fails by panicking, and so do its helpers")]

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Which files may name a crate: those below a folder (`db/`), a file (`app.rs`), or that file or folder anywhere
/// (`*/store.rs`, `*/store/`).
const PLACES: &[(&str, &[&str])] = &[
    (
        "diesel",
        &["db/", "changes/", "editing/", "http/write/", "*/store.rs", "*/store/"],
    ),
    (
        "diesel_async",
        &["db/", "changes/", "editing/", "http/write/", "*/store.rs", "*/store/"],
    ),
    ("diesel_migrations", &["db/migrations.rs"]),
    ("tokio_postgres", &["db/", "changes/"]),
    (
        "actix_web",
        &[
            "http/",
            "*/public.rs",
            "*/admin.rs",
            "*/admin/",
            "app.rs",
            "docs/",
            "ops.rs",
            // The status that goes with a code.
            "problem.rs",
            // A failure of the database becomes an answer.
            "db/error.rs",
            // Bodies are kept in the type in which they are sent.
            "cache/",
        ],
    ),
    ("actix_http", &["http/connection/", "http/kept.rs"]),
];

/// A file of the library without its comments and its tests.
struct Source {
    /// Below `src`.
    path: String,
    text: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.to_owned(),
            text: without_tests(&without_comments(text)),
        }
    }

    /// How many modules deep it stands, from 1: `http/mod.rs` and `app.rs` are 1, `http/page.rs` is 2.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        parts - usize::from(self.path.ends_with("/mod.rs"))
    }

    /// The module of `lib.rs` that it belongs to.
    fn module(&self) -> &str {
        let first = self.path.split('/').next().unwrap_or_default();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// The modules of `lib.rs` that it names.
    fn uses(&self) -> Vec<String> {
        let climb = "super::".repeat(self.depth());
        ["crate::", &climb]
            .iter()
            .flat_map(|root| {
                let found = self.text.match_indices(root);
                found.flat_map(|(at, root)| first_names(&self.text[at + root.len()..]))
            })
            .collect()
    }

    fn names_crate(&self, name: &str) -> bool {
        let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
        self.text.match_indices(name).any(|(at, name)| {
            let (before, after) = (&self.text[..at], &self.text[at + name.len()..]);
            !before.ends_with(is_word) && !after.starts_with(is_word)
        })
    }
}

#[test]
fn modules_use_only_the_layers_above() {
    let sources = sources();
    let wrong = breaches(&layers(&read(&source_folder().join("lib.rs"))), &sources);
    assert!(sources.len() > 50, "{}", sources.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_are_named_only_where_they_belong() {
    let mut wrong = Vec::new();
    for (name, places) in PLACES {
        let naming: Vec<Source> = sources()
            .into_iter()
            .filter(|source| source.names_crate(name))
            .collect();
        assert!(
            !naming.is_empty(),
            "nothing names {name}, so there is no need for a rule"
        );
        let stray = naming
            .iter()
            .filter(|source| !places.iter().any(|place| is_in(&source.path, place)));
        wrong.extend(stray.map(|source| format!("{} names {name}", source.path)));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_breach_is_found() {
    let layers = layers("//! Notes.\n\npub mod a;\npub mod b;\n\npub mod c;\n");
    assert_eq!(layers, [vec!["a", "b"], vec!["c"]]);
    let found = |path: &str, text: &str| breaches(&layers, &[Source::new(path, text)]);
    let breach = |path: &str, module: &str| vec![format!("{path} uses {module}, which is not in a layer above it")];

    assert_eq!(found("c.rs", "use crate::{a::{c, d}, b};"), [""; 0]);
    assert_eq!(found("b/mod.rs", "use crate::b::x;"), [""; 0]);
    assert_eq!(found("b/x.rs", "use super::c;\n// use crate::c;"), [""; 0]);
    let in_tests = "#[cfg(test)]\nmod tests {\n    use crate::c;\n}\n";
    assert_eq!(found("a.rs", in_tests), [""; 0]);

    assert_eq!(found("a.rs", "use crate::{\n    b::{c, d},\n};"), breach("a.rs", "b"));
    assert_eq!(found("a/mod.rs", "fn f() { crate::c::g() }"), breach("a/mod.rs", "c"));
    assert_eq!(
        found("a/x/y.rs", "use super::super::super::c;"),
        breach("a/x/y.rs", "c")
    );
    assert_eq!(found("b.rs", "use super::c;"), breach("b.rs", "c"));
    assert_eq!(found("b.rs", &format!("{in_tests}use crate::c;")), breach("b.rs", "c"));
    assert_eq!(found("b.rs", "mod x {\n    use super::y;\n}"), [""; 0]);
    assert_eq!(found("gone.rs", ""), ["gone.rs is in no layer"]);
}

#[test]
fn a_crate_is_found_by_its_whole_name() {
    let source = Source::new(
        "a/store/b.rs",
        "use diesel_async::X;\n/// diesel\nfn f() { y::diesel(1) }",
    );
    assert!(source.names_crate("diesel") && source.names_crate("diesel_async") && !source.names_crate("async"));
    assert!(!Source::new("a.rs", "use diesel_async::X; // diesel").names_crate("diesel"));
    assert!(is_in("a/store/b.rs", "*/store/") && is_in("a/store.rs", "*/store.rs") && is_in("db/a.rs", "db/"));
    assert!(!is_in("a/db/a.rs", "db/") && !is_in("a/restore.rs", "*/store.rs") && !is_in("http/app.rs", "app.rs"));
}

/// The layers that a list of modules stands in.
fn layers(library: &str) -> Vec<Vec<String>> {
    let modules = |paragraph: &str| -> Vec<String> {
        let lines = paragraph.lines();
        lines
            .filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'))
            .map(str::to_owned)
            .collect()
    };
    library
        .split("\n\n")
        .map(modules)
        .filter(|layer| !layer.is_empty())
        .collect()
}

/// What the files use and must not.
fn breaches(layers: &[Vec<String>], sources: &[Source]) -> Vec<String> {
    let layer_of = |module: &str| layers.iter().position(|layer| layer.iter().any(|name| name == module));
    let mut wrong = Vec::new();
    for source in sources {
        let Some(own) = layer_of(source.module()) else {
            wrong.push(format!("{} is in no layer", source.path));
            continue;
        };
        for used in source.uses() {
            // Any other name was reached from a module inside of the file, or is a macro.
            let is_below = layer_of(&used).is_some_and(|layer| layer >= own);
            if is_below && used != source.module() {
                wrong.push(format!("{} uses {used}, which is not in a layer above it", source.path));
            }
        }
    }
    wrong
}

/// The first name of a path, or of each path of a group in braces.
fn first_names(text: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        let text = text.trim_start();
        text.chars()
            .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
            .collect()
    };
    let Some(group) = text.strip_prefix('{') else {
        return vec![name(text)];
    };
    let mut depth = 0_usize;
    let mut names = vec![name(group)];
    for (at, letter) in group.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => names.push(name(&group[at + 1..])),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// Whether a file stands where a rule says.
fn is_in(path: &str, place: &str) -> bool {
    match (place.strip_prefix("*/"), place.ends_with('/')) {
        (Some(folder), true) => path.contains(&format!("/{folder}")),
        (Some(file), false) => path.ends_with(&format!("/{file}")),
        (None, true) => path.starts_with(place),
        (None, false) => path == place,
    }
}

fn without_comments(text: &str) -> String {
    let lines = text.lines().map(|line| {
        // Two slashes after a colon belong to an address in a string.
        let line = line.replace("://", ":");
        line.split("//").next().unwrap_or_default().to_owned() + "\n"
    });
    lines.collect()
}

/// Leaves out each `#[cfg(test)] mod … { }` at the edge of a file.
fn without_tests(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("#[cfg(test)]\nmod ") {
        kept.push_str(before);
        let opens = after.lines().next().is_some_and(|line| line.ends_with('{'));
        rest = match after.split_once("\n}\n") {
            Some((_, after)) if opens => after,
            _ => after,
        };
    }
    kept + rest
}

fn sources() -> Vec<Source> {
    let mut paths = Vec::new();
    collect(&source_folder(), &mut paths);
    let mut sources: Vec<Source> = paths
        .iter()
        .map(|path| {
            let below = path.strip_prefix(source_folder()).expect("it stands below");
            Source::new(&below.display().to_string(), &read(path))
        })
        .filter(|source| !matches!(source.path.as_str(), "lib.rs" | "main.rs"))
        .collect();
    sources.sort_by(|one, other| one.path.cmp(&other.path));
    sources
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the entry can be read").path();
        if path.is_dir() {
            collect(&path, paths);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            paths.push(path);
        }
    }
}

fn source_folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).expect("the file can be read")
}
