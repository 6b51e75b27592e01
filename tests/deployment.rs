//! `docker-compose.yml` and `Dockerfile` know the settings that the program has, and their defaults.

use std::collections::BTreeMap;

use vertebra::config::{SettingHelp, Settings};

const COMPOSE: &str = include_str!("../docker-compose.yml");
const DOCKERFILE: &str = include_str!("../Dockerfile");

/// What the image decides, and what is for the private PostgreSQL that it does not have.
const NOT_OFFERED: [&str; 6] = [
    "DATABASE_URL",
    "PG_BIN_DIR",
    "VERTEBRA_DATA_DIR",
    "VERTEBRA_PG_DOWNLOAD_URL",
    "VERTEBRA_BIND",
    "VERTEBRA_OPS_BIND",
];

#[test]
fn compose_offers_every_setting_with_its_default() {
    let offered = offered(COMPOSE);
    let mut wanted: BTreeMap<&str, &str> = Settings::HELP
        .iter()
        .filter(|setting| !NOT_OFFERED.contains(&setting.variable))
        .map(|setting| (setting.variable, setting.default))
        .collect();
    wanted.insert("RUST_LOG", "info");
    assert_eq!(offered, wanted);
}

#[test]
fn the_image_listens_where_it_is_looked_for() {
    for (variable, port) in [("VERTEBRA_BIND", 8080), ("VERTEBRA_OPS_BIND", 8081)] {
        let is_setting = |setting: &SettingHelp| setting.variable == variable;
        assert!(Settings::HELP.iter().any(is_setting), "{variable}");
        assert!(DOCKERFILE.contains(&format!("{variable}=0.0.0.0:{port}")), "{variable}");
    }
    assert!(DOCKERFILE.contains("\nEXPOSE 8080\n") && DOCKERFILE.contains("/dev/tcp/127.0.0.1/8081"));
    assert!(!DOCKERFILE.contains("EXPOSE 8081") && COMPOSE.contains("- \"127.0.0.1:${OPS_PORT:-8081}:8081\""));
}

/// The variables that are passed on under their own name, with what they are where they are not set.
fn offered(compose: &str) -> BTreeMap<&str, &str> {
    let lines = compose.lines().map(str::trim);
    lines
        .filter_map(|line| {
            let (name, value) = line.split_once(": ${")?;
            let (from, default) = value.strip_suffix('}')?.split_once(":-")?;
            (name == from).then_some((name, default))
        })
        .collect()
}
