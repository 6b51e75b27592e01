//! What may change: whether the changelog announces a difference that breaks clients, and whether it may be at all.

use std::collections::BTreeSet;

use super::compare::{Finding, Findings, Standing, Weight};

/// What the changelog announces since the older documents.
pub(crate) struct Announcements {
    names: BTreeSet<String>,
    /// Whether the older documents were released: then clients rely on them.
    pub(crate) after_release: bool,
}

impl Announcements {
    /// Reads what stands in the changelog above the section of the older documents' version.
    pub(crate) fn since(version: &str, changelog: &str) -> Self {
        let heading = format!("\n## [{version}]");
        let (recent, after_release) = match changelog.split_once(&heading) {
            Some((recent, _)) => (recent, true),
            None => (changelog, false),
        };
        let sections = recent
            .split("\n### ")
            .filter(|section| section.starts_with("Breaking\n"));
        let section_end = |section: &'_ str| section.split("\n## ").next().map(str::to_owned);
        let names = sections
            .filter_map(section_end)
            .flat_map(|section| quoted(&section))
            .collect();
        Self { names, after_release }
    }

    /// Whether a difference is named: by its schema or operation, or by all paths that it is seen in.
    fn announce(&self, finding: &Finding, operations: &BTreeSet<String>) -> bool {
        let is_named = |operation: &String| {
            let path = operation.split(' ').next_back().unwrap_or_default();
            let is_below = |name: &String| name.strip_suffix('*').is_some_and(|start| path.starts_with(start));
            [operation, path].iter().any(|name| self.names.contains(*name)) || self.names.iter().any(is_below)
        };
        self.names.contains(&finding.about) || (!operations.is_empty() && operations.iter().all(is_named))
    }

    /// Why these differences may not be; nothing where they may.
    pub(crate) fn faults(&self, findings: &Findings) -> Vec<String> {
        let breaking = findings
            .iter()
            .filter(|(finding, _)| finding.weight == Weight::Breaking);
        let faults = breaking.filter_map(|(finding, operations)| {
            let why = if self.after_release && finding.standing == Standing::Present {
                "clients use it: leave it as it is and add a path of a new version"
            } else if !self.announce(finding, operations) {
                "CHANGELOG.md does not announce it under \"### Breaking\""
            } else {
                return None;
            };
            Some(format!("{} ({why})", line(finding, operations)))
        });
        faults.collect()
    }
}

/// A difference as a line of the changelog.
pub(crate) fn line(finding: &Finding, operations: &BTreeSet<String>) -> String {
    let Finding { about, text, .. } = finding;
    let is_in_text = |operation: &String| text.contains(operation.as_str());
    let seen = match operations.first() {
        Some(first) if !is_in_text(first) => match operations.len() {
            1 => format!(" (`{first}`)"),
            many => format!(" (`{first}` and {} more)", many - 1),
        },
        _ => String::new(),
    };
    format!("- `{about}`: {text}{seen}.")
}

/// What stands between backticks.
fn quoted(text: &str) -> Vec<String> {
    text.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n### Breaking\n\n- `Topic`: `name` is gone;\n  \
        `GET /v1/a` and `/v1/admin/*` too.\n\n### Added\n\n- `Other`.\n\n## [0.2.0] - 2026-12-01\n\n### Breaking\n\n\
        - `/v1/b`.\n\n## [0.1.0] - 2026-11-01\n\n### Breaking\n\n- `Old`.\n";

    fn finding(standing: Standing, about: &str) -> Finding {
        let (weight, about, text) = (Weight::Breaking, about.to_owned(), "`x` is gone".to_owned());
        Finding {
            weight,
            standing,
            about,
            text,
        }
    }

    fn faults(version: &str, standing: Standing, about: &str, operations: &[&str]) -> Vec<String> {
        let operations = operations.iter().map(|name| (*name).to_owned()).collect();
        let findings = Findings::from([(finding(standing, about), operations)]);
        Announcements::since(version, CHANGELOG).faults(&findings)
    }

    #[test]
    fn before_a_release_what_breaks_must_be_announced() {
        let unreleased = |about: &str, operations: &[&str]| faults("0.0.1", Standing::Present, about, operations);
        for (about, operations) in [
            ("Topic", &["GET /v1/topics"][..]),
            ("Old", &["GET /v1/topics"]),
            ("getA", &["GET /v1/a"]),
            ("Any", &["GET /v1/admin/a", "POST /v1/admin/b/{id}", "GET /v1/b"]),
        ] {
            assert_eq!(unreleased(about, operations), [""; 0], "{about}");
        }
        for (about, operations) in [
            ("Other", &["GET /v1/topics"][..]),
            ("postA", &["POST /v1/a"]),
            ("Any", &["GET /v1/admin/a", "GET /v1/c"]),
            ("servers", &[]),
        ] {
            assert_eq!(unreleased(about, operations).len(), 1, "{about}");
        }
    }

    #[test]
    fn after_a_release_only_new_versions_and_sunsets_break_and_are_announced() {
        let released = |standing, about: &str| faults("0.1.0", standing, about, &["GET /v2/topics"]);
        assert!(released(Standing::Present, "Topic")[0].contains("add a path of a new version"));
        for standing in [Standing::NewVersion, Standing::AfterSunset] {
            assert_eq!(released(standing, "Topic"), [""; 0]);
            let fault =
                "- `Old`: `x` is gone (`GET /v2/topics`). (CHANGELOG.md does not announce it under \"### Breaking\")";
            assert_eq!(released(standing, "Old"), [fault]);
        }
    }

    #[test]
    fn what_adds_needs_nothing() {
        let mut added = finding(Standing::Present, "Topic");
        added.weight = Weight::Additive;
        let findings = Findings::from([(added, BTreeSet::new())]);
        assert_eq!(Announcements::since("0.1.0", "").faults(&findings), [""; 0]);
    }
}
