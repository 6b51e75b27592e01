//! README.md and the program agree on what can be set.

use vertebra::config::{SettingHelp, Settings};

const README: &str = include_str!("../README.md");

/// The row that a setting has in the README's table: the words of `--help`.
fn row(setting: &SettingHelp) -> String {
    let default = match setting.default {
        "" => "none".to_owned(),
        default => format!("`{default}`"),
    };
    let SettingHelp {
        variable,
        help,
        allowed,
        ..
    } = setting;
    format!("| `{variable}` | {default} | {help} | {allowed} |")
}

#[test]
fn the_readme_lists_every_setting_as_the_help_does() {
    let missing: Vec<String> = Settings::HELP
        .iter()
        .map(row)
        .filter(|row| !README.lines().any(|line| line == row))
        .collect();
    assert!(
        missing.is_empty(),
        "README.md lacks these rows:\n{}",
        missing.join("\n")
    );
}

#[test]
fn the_readme_names_no_setting_that_does_not_exist() {
    let is_part_of_a_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let unknown: Vec<&str> = README
        .split(|c| !is_part_of_a_name(c))
        .filter(|word| word.starts_with("VERTEBRA_"))
        .filter(|word| Settings::HELP.iter().all(|setting| setting.variable != *word))
        .collect();
    assert!(unknown.is_empty(), "no such settings: {}", unknown.join(", "));
}
