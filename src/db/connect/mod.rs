//! Opening connections, with TLS as the address asks for it.
//!
//! `sslmode` means what it means to libpq: `disable`, `prefer` (the default) and `require` encrypt
//! or not without looking at the certificate; `verify-full` checks it and the host name against
//! `sslrootcert`, or against the system's roots. `verify-ca` is treated as `verify-full`.

mod tls;

use std::{sync::Arc, time::Duration};

use diesel::{ConnectionError, ConnectionResult};
use diesel_async::AsyncPgConnection;
use tokio_postgres::{Client, Config, Connection, Socket, config::SslMode, tls::MakeTlsConnect};
use tokio_postgres_rustls::MakeRustlsConnect;

/// A connection as the driver makes it, together with what moves its bytes.
pub type RawConnection = (
    Client,
    Connection<Socket, <MakeRustlsConnect as MakeTlsConnect<Socket>>::Stream>,
);

/// Why an address of a database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// It is not an address that the driver understands.
    #[error("DATABASE_URL is not a valid PostgreSQL address, such as postgres://user:password@host/database: {0}")]
    Malformed(String),
    /// TLS cannot be set up as asked.
    #[error("DATABASE_URL asks for TLS that cannot be set up: {0}")]
    Tls(String),
}

/// Why a connection cannot be opened or followed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The driver or the server says why.
    #[error("{}", full_message(.0))]
    Failed(#[from] tokio_postgres::Error),
    /// The server says nothing.
    #[error("the server did not answer in time")]
    Silent,
}

/// Opens connections to one database.
#[derive(Clone)]
pub struct Connector {
    config: Arc<Config>,
    deadline: Duration,
    tls: MakeRustlsConnect,
    session: Arc<str>,
}

impl Connector {
    /// Reads an address; nothing is opened yet.
    pub fn new(url: &str, deadline: Duration) -> Result<Self, AddressError> {
        let (url, mode, root) = take_tls_parameters(url);
        let mut config: Config = url
            .parse()
            .map_err(|error: tokio_postgres::Error| AddressError::Malformed(full_message(&error)))?;
        let verified = match mode.as_deref() {
            None => false,
            Some("disable") => {
                config.ssl_mode(SslMode::Disable);
                false
            }
            Some("allow" | "prefer") => false,
            Some("require") => {
                config.ssl_mode(SslMode::Require);
                false
            }
            Some("verify-ca" | "verify-full") => {
                config.ssl_mode(SslMode::Require);
                true
            }
            Some(other) => {
                return Err(AddressError::Malformed(format!(
                    "sslmode is {other}, but it must be disable, allow, prefer, require, verify-ca or verify-full"
                )));
            }
        };
        let tls = tls::client_config(verified, root.as_deref()).map_err(AddressError::Tls)?;
        config.connect_timeout(deadline);
        config.application_name("vertebra");
        // Twice the deadline: the server must end what nobody waits for any more.
        let statement = deadline.as_millis() * 2;
        Ok(Self {
            config: Arc::new(config),
            deadline,
            tls: MakeRustlsConnect::new(tls),
            session: format!(
                "set statement_timeout = {statement}; set lock_timeout = {statement}; \
                 set idle_in_transaction_session_timeout = 10000; \
                 set default_transaction_read_only = on; set time zone 'UTC'"
            )
            .into(),
        })
    }

    /// Opens a connection for reads, with the timeouts of a request.
    pub async fn open(&self) -> ConnectionResult<AsyncPgConnection> {
        let connection = self.open_unlimited().await?;
        let mut session = &connection;
        diesel_async::SimpleAsyncConnection::batch_execute(&mut session, &self.session)
            .await
            .map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok(connection)
    }

    /// Opens a connection whose statements may take their time, for migrations and loading.
    pub async fn open_unlimited(&self) -> ConnectionResult<AsyncPgConnection> {
        let (client, connection) = self.open_raw().await?;
        AsyncPgConnection::try_from_client_and_connection(client, connection).await
    }

    /// Opens a connection of the driver's own kind, for listening.
    pub async fn open_raw(&self) -> Result<RawConnection, OpenError> {
        self.in_time(self.config.connect(self.tls.clone())).await
    }

    /// Waits for the server no longer than the deadline: a host that is lost closes nothing.
    pub async fn in_time<T>(
        &self,
        answer: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, OpenError> {
        match tokio::time::timeout(self.deadline, answer).await {
            Ok(answered) => Ok(answered?),
            Err(_) => Err(OpenError::Silent),
        }
    }
}

impl From<OpenError> for ConnectionError {
    fn from(error: OpenError) -> Self {
        Self::BadConnection(error.to_string())
    }
}

/// The driver's message with its causes, which it leaves out of its own words.
fn full_message(error: &dyn std::error::Error) -> String {
    let mut message = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        message = format!("{message}: {inner}");
        cause = inner.source();
    }
    message
}

/// Parts `sslmode` and `sslrootcert` from an address, as the driver does not know all of them.
fn take_tls_parameters(url: &str) -> (String, Option<String>, Option<String>) {
    let Some((base, query)) = url.split_once('?') else {
        return (url.to_owned(), None, None);
    };
    let (mut mode, mut root, mut rest) = (None, None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let value = |text: &str| {
            url::form_urlencoded::parse(format!("v={text}").as_bytes())
                .next()
                .map(|(_, value)| value.into_owned())
        };
        match pair.split_once('=') {
            Some(("sslmode", given)) => mode = value(given),
            Some(("sslrootcert", given)) => root = value(given),
            _ => rest.push(pair),
        }
    }
    let url = match rest.is_empty() {
        true => base.to_owned(),
        false => format!("{base}?{}", rest.join("&")),
    };
    (url, mode, root)
}

#[cfg(test)]
mod tests {
    use super::{Connector, take_tls_parameters};
    use std::time::Duration;

    #[test]
    fn parts_tls_parameters_from_the_address() {
        let (url, mode, root) =
            take_tls_parameters("postgres://u@h/db?sslmode=verify-full&application_name=x&sslrootcert=%2Fetc%2Fca.pem");
        assert_eq!(url, "postgres://u@h/db?application_name=x");
        assert_eq!(mode.as_deref(), Some("verify-full"));
        assert_eq!(root.as_deref(), Some("/etc/ca.pem"));
    }

    #[test]
    fn says_what_is_wrong_with_an_address() {
        let message = |url: &str| match Connector::new(url, Duration::from_secs(1)) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        };
        assert!(message("postgres://h/db?sslmode=on").contains("sslmode is on"));
        assert!(message("mysql://h/db").starts_with("DATABASE_URL is not a valid"));
        assert!(message("postgres://h/db?sslmode=verify-full&sslrootcert=/nowhere").contains("/nowhere"));
    }
}
