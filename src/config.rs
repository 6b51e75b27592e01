//! Typed settings from the environment, one line of help each.

use std::{
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use ipnet::IpNet;

/// Declares the settings: help, field, type, variable, default and what is allowed.
macro_rules! settings {
    ($($(#[doc = $help:literal])+ $field:ident: $kind:ty = $variable:literal, $default:expr, $allowed:literal;)+) => {
        /// Everything that an operator can set.
        #[derive(Debug, Clone)]
        pub struct Settings {
            $($(#[doc = $help])+ pub $field: $kind,)+
        }

        /// One setting as `--help` and the README list it.
        #[derive(Debug, Clone, Copy)]
        pub struct SettingHelp {
            /// The environment variable.
            pub variable: &'static str,
            /// The value where the variable is not set; empty where that means none.
            pub default: &'static str,
            /// What it does.
            pub help: &'static str,
            /// Which values it takes.
            pub allowed: &'static str,
        }

        impl Settings {
            /// Every setting, in the order of the help.
            pub const HELP: &[SettingHelp] = &[
                $(SettingHelp {
                    variable: $variable,
                    default: $default,
                    help: concat!($($help),+).trim_ascii(),
                    allowed: $allowed,
                },)+
            ];

            /// Reads the settings; every wrong value is reported at once.
            pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, SettingsError> {
                let mut wrong = Vec::new();
                $(let $field = setting::<$kind>(&variable, $variable, $default, $allowed, &mut wrong);)+
                match ($($field,)+) {
                    ($(Some($field),)+) => Ok(Self { $($field,)+ }),
                    _ => Err(SettingsError(wrong)),
                }
            }
        }
    };
}

settings! {
    /// PostgreSQL to use; without it a private one is started.
    database_url: Optional<String> = "DATABASE_URL", "", "a postgres:// address";
    /// Folder with the programs of the private PostgreSQL.
    pg_bin_dir: Optional<PathBuf> = "PG_BIN_DIR", "", "a folder that holds initdb and postgres";
    /// Folder with the data of the private PostgreSQL; by default the user's data folder.
    data_dir: Optional<PathBuf> = "VERTEBRA_DATA_DIR", "", "a folder";
    /// Address from which a private PostgreSQL is downloaded where none is installed.
    pg_download_url: Optional<String> = "VERTEBRA_PG_DOWNLOAD_URL", "", "the web address of a .tar.gz that has its .sha256 beside it";
    /// Address that the API listens on.
    bind: SocketAddr = "VERTEBRA_BIND", "127.0.0.1:8080", "an address and port such as 127.0.0.1:8080";
    /// Address that health and metrics listen on; never open it to the public.
    ops_bind: SocketAddr = "VERTEBRA_OPS_BIND", "127.0.0.1:8081", "an address and port such as 127.0.0.1:8081";
    /// Public web address of the clinic's site, on which share links are built.
    public_url: WebAddress = "VERTEBRA_PUBLIC_URL", "http://localhost:3000", "an http or https address without query, such as https://www.example.org";
    /// Origins whose web pages may read the API.
    cors_origins: Origins = "VERTEBRA_CORS_ORIGINS", "*", "* or origins separated by commas, such as https://www.example.org,https://app.example.org";
    /// Proxies before the server, whose word on a client's address is taken.
    trusted_proxies: Networks = "VERTEBRA_TRUSTED_PROXIES", "", "addresses and networks separated by commas, such as 10.0.0.0/8,fd00::/8,192.0.2.7";
    /// Attempts to reach the editors' side that one client address has without a key that is known to be good.
    key_attempts: Rate = "VERTEBRA_KEY_ATTEMPTS", "10,10/minute", "how many at once, and at which rate they come back, such as 10,10/minute (second, minute, hour or day)";
    /// Testimonials that one client address may submit, and as many that it may take back.
    submissions: Rate = "VERTEBRA_SUBMISSIONS", "5,10/hour", "how many at once, and at which rate they come back, such as 5,10/hour (second, minute, hour or day)";
    /// Months for which the consent holds that a patient gives with a testimonial.
    consent_months: Count<600> = "VERTEBRA_CONSENT_MONTHS", "24", "a whole number from 1 to 600";
    /// Web address of the rules by which the clinic publishes and rejects testimonials.
    review_policy_url: Optional<WebAddress> = "VERTEBRA_REVIEW_POLICY_URL", "", "an http or https address without query, such as https://www.example.org/reviews-policy";
    /// Load the demonstration clinic into an empty database at start.
    demo: Demo = "VERTEBRA_DEMO", "auto", "auto (only with the private PostgreSQL), always or never";
    /// Form of the log lines.
    log_format: LogFormat = "VERTEBRA_LOG_FORMAT", "text", "text or json";
    /// Threads that answer requests; those that talk to the database are as many again.
    workers: Count<512> = "VERTEBRA_WORKERS", "2", "a whole number from 1 to 512";
    /// Connections to PostgreSQL.
    pool_size: Count<1000> = "VERTEBRA_POOL_SIZE", "8", "a whole number from 1 to 1000";
    /// Longest wait for the database in a request before it is answered 503.
    database_timeout: Millis = "VERTEBRA_DATABASE_TIMEOUT_MS", "1000", "milliseconds, a whole number from 1 to 86400000";
    /// Requests answered at a time; more are refused with 503.
    max_in_flight: Count<1000000> = "VERTEBRA_MAX_IN_FLIGHT", "512", "a whole number from 1 to 1000000";
    /// Memory for rendered responses.
    cache_bytes: usize = "VERTEBRA_CACHE_BYTES", "16777216", "bytes, a whole number; 0 keeps none";
    /// Time for which rendered responses are still given while the database is away.
    stale_if_error: Millis = "VERTEBRA_STALE_IF_ERROR_MS", "86400000", "milliseconds, a whole number from 1 to 86400000";
    /// Time that a client has to send the head of a request.
    head_timeout: Millis = "VERTEBRA_HEAD_TIMEOUT_MS", "10000", "milliseconds, a whole number from 1 to 86400000";
    /// Time that a client has to send the body of a request.
    body_timeout: Millis = "VERTEBRA_BODY_TIMEOUT_MS", "30000", "milliseconds, a whole number from 1 to 86400000";
    /// Time after which a client that reads nothing of its answer is given up.
    write_timeout: Millis = "VERTEBRA_WRITE_TIMEOUT_MS", "30000", "milliseconds, a whole number from 1 to 86400000";
    /// Time that an idle connection is kept.
    keep_alive: Millis = "VERTEBRA_KEEP_ALIVE_MS", "75000", "milliseconds, a whole number from 1 to 86400000";
    /// Time between readiness going false and the listener closing when told to stop.
    drain: Millis = "VERTEBRA_DRAIN_MS", "1000", "milliseconds, a whole number from 1 to 86400000";
}

/// Settings that are wrong, one sentence each.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.join("\n"))]
pub struct SettingsError(Vec<String>);

fn setting<T: FromStr>(
    variable: &impl Fn(&str) -> Option<String>,
    name: &str,
    default: &str,
    allowed: &str,
    wrong: &mut Vec<String>,
) -> Option<T> {
    // An empty variable counts as not set, as compose files pass one where nothing is meant.
    let given = variable(name).filter(|value| !value.is_empty());
    let parsed = given.as_deref().unwrap_or(default).parse().ok();
    if parsed.is_none() {
        let value = given.unwrap_or_default();
        wrong.push(format!("{name} is \"{value}\", but it must be {allowed}"));
    }
    parsed
}

/// A setting that may be left out.
#[derive(Debug, Clone)]
pub struct Optional<T>(pub Option<T>);

impl<T: FromStr> FromStr for Optional<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" => Ok(Self(None)),
            text => text.parse().map(|value| Self(Some(value))),
        }
    }
}

/// A number of things, from one to the most.
#[derive(Debug, Clone, Copy)]
pub struct Count<const MOST: usize>(pub usize);

impl<const MOST: usize> FromStr for Count<MOST> {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let count = text.parse().map_err(|_| ())?;
        (1..=MOST).contains(&count).then_some(Self(count)).ok_or(())
    }
}

/// A span of time in whole milliseconds, from one to those of a day.
#[derive(Debug, Clone, Copy)]
pub struct Millis(pub Duration);

impl FromStr for Millis {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let Count(millis) = text.parse::<Count<86_400_000>>()?;
        u64::try_from(millis)
            .map(|millis| Self(Duration::from_millis(millis)))
            .map_err(|_| ())
    }
}

/// A web address that paths are appended to; it has no slash at its end.
#[derive(Debug, Clone)]
pub struct WebAddress(String);

impl WebAddress {
    /// The address of a path below this one; the path starts with a slash.
    pub fn join(&self, path: &str) -> String {
        format!("{}{path}", self.0)
    }
}

impl FromStr for WebAddress {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = url::Url::parse(text).map_err(|_| ())?;
        let plain = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.query().is_none()
            && url.fragment().is_none();
        plain
            .then(|| Self(url.as_str().trim_end_matches('/').to_owned()))
            .ok_or(())
    }
}

/// Which origins may read the API from a web page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origins {
    /// Every origin.
    Any,
    /// These.
    Listed(Vec<String>),
}

impl FromStr for Origins {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "*" {
            return Ok(Self::Any);
        }
        let origin = |given: &str| {
            let url = url::Url::parse(given.trim()).map_err(|_| ())?;
            let origin = url.origin();
            let exact = origin.is_tuple() && origin.ascii_serialization() == given.trim();
            exact.then(|| given.trim().to_owned()).ok_or(())
        };
        text.split(',').map(origin).collect::<Result<_, _>>().map(Self::Listed)
    }
}

/// Networks of addresses.
#[derive(Debug, Clone, Default)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Whether an address is in one of them.
    pub fn contain(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl FromStr for Networks {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let network = |given: &str| {
            let alone = || given.parse::<IpAddr>().ok().map(IpNet::from);
            given.parse().ok().or_else(alone).ok_or(())
        };
        let given = text.split(',').map(str::trim).filter(|_| !text.is_empty());
        given.map(network).collect::<Result<_, _>>().map(Self)
    }
}

/// How often something may be done: so many times at once, and again at a steady rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many times at once.
    pub burst: NonZeroU32,
    /// The time after which it may be done once more.
    pub every: Duration,
}

impl FromStr for Rate {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (burst, rate) = text.split_once(',').ok_or(())?;
        let (count, span) = rate.split_once('/').ok_or(())?;
        let seconds = match span.trim() {
            "second" => 1,
            "minute" => 60,
            "hour" => 3_600,
            "day" => 86_400,
            _ => return Err(()),
        };
        let Count(count) = count.trim().parse::<Count<1_000_000>>()?;
        let Count(burst) = burst.trim().parse::<Count<1_000_000>>()?;
        let number = |count| u32::try_from(count).ok().and_then(NonZeroU32::new).ok_or(());
        Ok(Self {
            burst: number(burst)?,
            every: Duration::from_secs(seconds) / number(count)?.get(),
        })
    }
}

/// When the demonstration clinic is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demo {
    /// Only into the private PostgreSQL.
    Auto,
    /// Into any database that is empty.
    Always,
    /// Not at start.
    Never,
}

impl FromStr for Demo {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err(()),
        }
    }
}

/// Form of the log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Lines for people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl FromStr for LogFormat {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Demo, Origins, Settings};

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, String> {
        let find = |name: &str| {
            let pair = pairs.iter().find(|(variable, _)| *variable == name);
            pair.map(|(_, value)| (*value).to_owned())
        };
        Settings::read(find).map_err(|error| error.to_string())
    }

    #[test]
    fn has_a_valid_default_for_everything() {
        let settings = read(&[("VERTEBRA_BIND", "")]).expect("defaults are valid");
        assert_eq!(settings.bind.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.demo, Demo::Auto);
        assert!(settings.database_url.0.is_none());
        assert_eq!(settings.public_url.join("/x"), "http://localhost:3000/x");
    }

    #[test]
    fn names_every_wrong_variable_its_value_and_what_is_allowed() {
        let wrong = [
            ("VERTEBRA_BIND", "8080"),
            ("VERTEBRA_PUBLIC_URL", "ftp://x"),
            ("VERTEBRA_CORS_ORIGINS", "https://a.example/path"),
            ("VERTEBRA_TRUSTED_PROXIES", "10.0.0.0/33"),
            ("VERTEBRA_KEY_ATTEMPTS", "10"),
            ("VERTEBRA_SUBMISSIONS", "0,5/hour"),
            ("VERTEBRA_DEMO", "yes"),
            ("VERTEBRA_WORKERS", "513"),
            ("VERTEBRA_DRAIN_MS", "-1"),
        ];
        let message = read(&wrong).expect_err("all are wrong");
        for (line, (variable, value)) in message.lines().zip(wrong) {
            assert!(
                line.starts_with(&format!("{variable} is \"{value}\", but it must be ")),
                "{line}"
            );
        }
        assert_eq!(message.lines().count(), wrong.len());
    }

    #[test]
    fn reads_lists_of_origins() {
        let settings = read(&[("VERTEBRA_CORS_ORIGINS", "https://a.example, http://localhost:3000")]);
        assert_eq!(
            settings.expect("origins are valid").cors_origins,
            Origins::Listed(vec!["https://a.example".to_owned(), "http://localhost:3000".to_owned()])
        );
    }

    #[test]
    fn reads_networks_and_rates() {
        let settings = read(&[
            ("VERTEBRA_TRUSTED_PROXIES", "10.0.0.0/8, 192.0.2.7,fd00::/8"),
            ("VERTEBRA_KEY_ATTEMPTS", "3, 30/minute"),
        ]);
        let settings = settings.expect("they are valid");
        let trusted = |address: &str| {
            settings
                .trusted_proxies
                .contain(address.parse().expect("it is an address"))
        };
        assert!(trusted("10.1.2.3") && trusted("192.0.2.7") && trusted("fd00::1"));
        assert!(!trusted("192.0.2.8") && !trusted("11.0.0.1") && !trusted("::1"));
        assert_eq!(settings.key_attempts.burst.get(), 3);
        assert_eq!(settings.key_attempts.every, Duration::from_secs(2));
    }
}
