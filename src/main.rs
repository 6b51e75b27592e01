//! The command line.

use std::{io::Write, path::PathBuf, pin::pin, process::ExitCode, time::Duration};

use clap::{Parser, Subcommand};
use log::LevelFilter;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};
use vertebra::{
    app::{self, FurtherRoutes, Parts},
    bench_data,
    clock::Clock,
    commands::{self, CommandError, Output, erase::Erase, key::KeyCommand, resanitise::Resanitise},
    config::{Demo, Settings},
    db::{
        embedded::{EmbeddedPostgres, EmbeddedSettings, running},
        migrations,
    },
    demo, logging, openapi,
};

/// A content backend for a clinic's patient-facing apps: a JSON REST API over PostgreSQL.
///
/// Without any setting it starts a private PostgreSQL of its own, loads a demonstration clinic and
/// serves on http://127.0.0.1:8080, with documentation at /docs.
#[derive(Debug, Parser)]
#[command(version, after_help = settings_help())]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Clone, Subcommand)]
enum Command {
    /// Serve the API (what happens without a command).
    Serve,
    /// Bring the database up to date and end.
    Migrate,
    /// Load the demonstration clinic into an empty database and end.
    Demo,
    /// Fill an empty database with made-up articles, for measuring, and end.
    BenchData(bench_data::Amount),
    /// Make, list, revoke and rotate the keys to the editors' side.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Erase a testimonial for good, or carry erasures over to a restored backup.
    Erase(Erase),
    /// Make what the public sees of rich texts anew, by the present rules.
    Resanitise(Resanitise),
    /// Write the OpenAPI documents and end.
    Openapi {
        /// Folder to write them to.
        #[arg(long, default_value = "openapi")]
        out: PathBuf,
    },
}

/// How often it is looked whether the private PostgreSQL still runs.
const LOOK_AFTER_DATABASE: Duration = Duration::from_millis(500);

/// What ends the program with a message for the operator.
type Failure = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    // Before anything reads the environment; no other thread runs yet.
    let dotenv = dotenvy::dotenv();
    let cli = Cli::parse();
    let outcome = match dotenv {
        Err(error) if !error.not_found() => Err(format!("the file .env cannot be read: {error}").into()),
        _ => run(cli.command.unwrap_or(Command::Serve)),
    };
    logging::finish();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("vertebra: {failure}");
            let of_command = failure.downcast_ref::<CommandError>();
            ExitCode::from(of_command.map_or(1, CommandError::exit_code))
        }
    }
}

fn run(command: Command) -> Result<(), Failure> {
    if let Command::Openapi { out } = command {
        return write_documents(&out);
    }
    let settings = Settings::read(|name| std::env::var(name).ok())?;
    logging::init(
        settings.log_format,
        match command {
            // Its answer is for whoever typed it; what went well on the way is none of it.
            Command::Key(_) | Command::Erase(_) | Command::Resanitise(_) => LevelFilter::Warn,
            _ => LevelFilter::Info,
        },
    )?;
    allow_many_connections();
    // On the main thread: on Linux the private server ends when the thread that started it does.
    let (url, mut private) = database(&settings, &command)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(settings.workers.0)
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(async {
        match command {
            Command::Migrate => migrate(&url).await,
            Command::Demo => load_demo(&url).await,
            Command::BenchData(amount) => fill(amount, &url).await,
            Command::Key(command) => look_after_keys(command, &url).await,
            Command::Erase(wish) => erase(wish, &url).await,
            Command::Resanitise(wish) => resanitise(wish, &url, &settings).await,
            Command::Serve | Command::Openapi { .. } => serve(settings, url, private.as_mut()).await,
        }
    });
    runtime.shutdown_background();
    if let Some(private) = private {
        private.stop()?;
    }
    outcome
}

/// Takes as many file descriptors as the system lets us have: the usual soft limit of 1024 is what a
/// few phones with idle connections use up.
fn allow_many_connections() {
    let raised =
        getrlimit(Resource::RLIMIT_NOFILE).and_then(|(_, most)| setrlimit(Resource::RLIMIT_NOFILE, most, most));
    if let Err(error) = raised {
        log::warn!("The limit of open files stays as it is: {error}");
    }
}

/// Settings that are valid and still hardly meant.
fn warn_of_likely_mistakes(settings: &Settings) {
    let is_known = |name: &str| Settings::HELP.iter().any(|setting| setting.variable == name);
    for (name, _) in std::env::vars_os() {
        let name = name.to_string_lossy();
        if name.starts_with("VERTEBRA_") && !is_known(&name) {
            log::warn!("{name} is set, but there is no such setting; vertebra --help lists them");
        }
    }
    let is_set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if settings.database_url.0.is_some() && !is_set("VERTEBRA_PUBLIC_URL") {
        log::warn!(
            "VERTEBRA_PUBLIC_URL is not set: share links point to {}",
            settings.public_url.join("")
        );
    }
}

/// The address of the database: the one that is set, that of a private server which another process
/// runs and a command may use beside it, or that of one started now.
fn database(settings: &Settings, command: &Command) -> Result<(String, Option<EmbeddedPostgres>), Failure> {
    if let Some(url) = &settings.database_url.0 {
        return Ok((url.clone(), None));
    }
    if !matches!(command, Command::Serve)
        && let Some(url) = running::find(settings.data_dir.0.as_deref())?
    {
        return Ok((url, None));
    }
    let private = EmbeddedPostgres::start(&EmbeddedSettings {
        data_dir: settings.data_dir.0.clone(),
        bin_dir: settings.pg_bin_dir.0.clone(),
        download_url: settings.pg_download_url.0.clone(),
    })?;
    Ok((private.url().to_owned(), Some(private)))
}

async fn migrate(url: &str) -> Result<(), Failure> {
    let done = migrations::run(url).await?;
    log::info!("The database is up to date (migrations run: {done})");
    Ok(())
}

async fn load_demo(url: &str) -> Result<(), Failure> {
    migrate(url).await?;
    demo::load(url, &Clock::system()).await?;
    log::info!("The demonstration clinic is loaded");
    Ok(())
}

async fn fill(amount: bench_data::Amount, url: &str) -> Result<(), Failure> {
    migrate(url).await?;
    bench_data::fill(url, amount).await?;
    log::info!(
        "{} benchmark articles are there (seed {})",
        amount.articles,
        amount.seed
    );
    Ok(())
}

async fn look_after_keys(command: KeyCommand, url: &str) -> Result<(), Failure> {
    migrations::run(url).await?;
    say(&commands::key::run(command, url, &Clock::system()).await?)
}

async fn erase(wish: Erase, url: &str) -> Result<(), Failure> {
    migrations::run(url).await?;
    say(&commands::erase::run(wish, url, &Clock::system()).await?)
}

async fn resanitise(wish: Resanitise, url: &str, settings: &Settings) -> Result<(), Failure> {
    migrations::run(url).await?;
    let site = &settings.public_url;
    let (output, failed) = commands::resanitise::run(wish, url, &Clock::system(), app::KINDS, site).await?;
    say(&output)?;
    match failed {
        0 => Ok(()),
        _ => Err(CommandError::Incomplete(failed).into()),
    }
}

fn say(Output { out, note }: &Output) -> Result<(), Failure> {
    std::io::stdout().write_all(out.as_bytes())?;
    eprint!("{note}");
    Ok(())
}

async fn serve(settings: Settings, url: String, mut private: Option<&mut EmbeddedPostgres>) -> Result<(), Failure> {
    let stop = stop_signal()?;
    migrate(&url).await?;
    warn_of_likely_mistakes(&settings);
    let clock = Clock::system();
    let wants_demo = match settings.demo {
        Demo::Always => true,
        Demo::Auto => private.is_some(),
        Demo::Never => false,
    };
    if wants_demo && demo::load_if_empty(&url, &clock).await? {
        log::info!("The database was empty: the demonstration clinic is loaded");
    }
    let running = app::start(Parts {
        settings,
        database_url: url.clone(),
        clock,
        further_routes: FurtherRoutes::NONE,
    })
    .await?;
    let data = match &private {
        Some(private) => format!("private PostgreSQL in {}", private.data_dir().display()),
        None => "the PostgreSQL that DATABASE_URL names".to_owned(),
    };
    log::info!("API            http://{}/v1", running.address);
    log::info!("Documentation  http://{}/docs", running.address);
    log::info!("Health         http://{}/readyz", running.ops_address);
    log::info!("Data           {data}");
    let mut ended = pin!(running.until(stop));
    loop {
        tokio::select! {
            outcome = &mut ended => break outcome?,
            () = tokio::time::sleep(LOOK_AFTER_DATABASE) => {
                if let Some(private) = private.as_deref_mut() {
                    look_after(private, &url)?;
                }
            }
        }
    }
    log::info!("Stopped");
    Ok(())
}

/// Starts the private server again where it has ended; it blocks this thread, which answers nobody.
fn look_after(private: &mut EmbeddedPostgres, url: &str) -> Result<(), Failure> {
    if !private.revive()? {
        return Ok(());
    }
    if private.url() != url {
        return Err("the private PostgreSQL ended and has another address now; please start again".into());
    }
    log::warn!("The private PostgreSQL had ended and was started again");
    Ok(())
}

/// Completes when the process is asked to stop.
fn stop_signal() -> std::io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        log::info!("Asked to stop: finishing what is in flight");
    })
}

fn write_documents(out: &std::path::Path) -> Result<(), Failure> {
    for (name, document) in [("public", app::public_document()), ("admin", app::admin_document())] {
        for (form, document) in ["", "-3.0"].into_iter().zip(openapi::forms(&document)) {
            let path = out.join(format!("{name}{form}.json"));
            let text = serde_json::to_string_pretty(&document)?;
            std::fs::create_dir_all(out)
                .and_then(|()| std::fs::write(&path, text + "\n"))
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
            eprintln!("Wrote {}", path.display());
        }
    }
    Ok(())
}

/// The settings, one after the other, for the end of `--help`.
fn settings_help() -> String {
    let mut help = String::from(
        "Settings are read from the environment, and from a file .env in the folder or above it.\n\
         RUST_LOG says what is logged, such as info or vertebra=debug (default: info).\n",
    );
    for setting in Settings::HELP {
        let default = match setting.default {
            "" => "none",
            default => default,
        };
        help.push_str(&format!(
            "\n{}\n    {}\n    Takes {}; default: {default}\n",
            setting.variable, setting.help, setting.allowed
        ));
    }
    help
}
