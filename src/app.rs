//! The composition root: puts the application together, for the program and for the tests alike.

use std::{
    future::Future,
    net::{SocketAddr, TcpListener},
};

use actix_server::{Server, ServerHandle};
use actix_service::{ServiceFactory, apply_fn_factory};
use actix_web::{
    App, Error,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    middleware::from_fn,
    web::{self, Data, PathConfig, PayloadConfig},
};
use tokio::task::JoinHandle;
use utoipa::openapi::OpenApi;
use utoipa_actix_web::{AppExt, scope, service_config::ServiceConfig};

use crate::{
    articles, audit, changes, clinic,
    clock::Clock,
    config::Settings,
    db::{Database, DbError, LOOK, connect::Connector, task::AbortOnDrop},
    docs::{self, Site},
    editing::{self, Kind, public::Kinds},
    http::{
        admin::{self, ADMIN, Gate, Operations},
        connection::{self, Deadlines},
        cors::cors,
        deprecation::{Deprecations, WrongDeprecation},
        envelope::{Access, envelope, refused_by_parser},
        fallback::{KnownPaths, fallback},
        guard::guard,
        kept,
        metrics::Metrics,
        public::unknown_path,
        state::State,
    },
    keys, openapi, ops, services, testimonials, topics,
};

/// Time that requests in flight have to finish when the server stops, in seconds.
const SHUTDOWN_SECONDS: u64 = 15;

/// Most bytes of what an editor sends: the longest body of an article in several languages.
const MOST_BODY_BYTES: usize = 4 * 1024 * 1024;

/// What an application is made from.
pub struct Parts {
    /// What the operator set.
    pub settings: Settings,
    /// Address of the database.
    pub database_url: String,
    /// The source of now.
    pub clock: Clock,
    /// Further routes, which tests use to see how the shared layers treat a bad handler or one that will go.
    pub further_routes: FurtherRoutes,
}

/// Routes beside the resources' own; those that have a declaration are in the documents.
#[derive(Clone, Copy)]
pub struct FurtherRoutes {
    /// Open to all.
    pub public: fn(&mut ServiceConfig),
    /// Behind the guard of the editors' side.
    pub admin: fn(&mut ServiceConfig),
}

impl FurtherRoutes {
    /// None, as in the program.
    pub const NONE: Self = Self {
        public: |_| {},
        admin: |_| {},
    };
}

/// Why the application does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database's address cannot be used.
    #[error(transparent)]
    Address(#[from] crate::db::connect::AddressError),
    /// The pool cannot be made.
    #[error(transparent)]
    Database(#[from] DbError),
    /// A listener cannot be opened.
    #[error("cannot listen on {address}, which {variable} sets: {cause}")]
    Listen {
        /// The setting that names the address.
        variable: &'static str,
        /// The address.
        address: SocketAddr,
        /// What the system says.
        cause: std::io::Error,
    },
    /// A handler declares its end in a way that nobody understands.
    #[error(transparent)]
    Deprecation(#[from] WrongDeprecation),
    /// The server cannot be set up.
    #[error("cannot set up the server: {0}")]
    Server(#[from] std::io::Error),
    /// The metrics cannot be set up.
    #[error("cannot set up the metrics: {0}")]
    Metrics(#[from] prometheus::Error),
}

/// A running application.
pub struct Running {
    /// Where the API listens.
    pub address: SocketAddr,
    /// Where health and metrics listen.
    pub ops_address: SocketAddr,
    state: Data<State>,
    handle: ServerHandle,
    server: JoinHandle<std::io::Result<()>>,
    _tasks: [AbortOnDrop<()>; 3],
}

/// Everything that editors write.
pub const KINDS: &[Kind] = &[
    Kind::of::<articles::wire::ArticleIn>(),
    Kind::of::<clinic::wire::ClinicIn>(),
    Kind::of::<clinic::wire::LocationIn>(),
    Kind::of::<services::wire::ServiceIn>(),
    Kind::of::<topics::wire::TopicIn>(),
    Kind::of::<testimonials::wire::TestimonialIn>(),
];

/// Mounts every public route; the document is collected from the same calls.
fn public_routes(config: &mut ServiceConfig) {
    config
        .configure(clinic::configure)
        .configure(services::configure)
        .configure(articles::configure)
        .configure(topics::configure)
        .configure(testimonials::configure)
        .configure(editing::public::configure);
}

/// Mounts every route of the editors' side behind its guard; the document is collected from the same calls.
fn admin_routes(config: &mut ServiceConfig, further: fn(&mut ServiceConfig)) {
    let scope = scope::scope(ADMIN)
        .app_data(PayloadConfig::new(MOST_BODY_BYTES))
        .configure(editing::admin::configure)
        .configure(testimonials::configure_admin)
        .map(|scope| scope.configure(|config| editing::admin::mount_kinds(config, KINDS)))
        .configure(keys::configure)
        .configure(audit::configure)
        .configure(further)
        .wrap(from_fn(admin::guard));
    config.service(scope);
}

/// The public OpenAPI document.
pub fn public_document() -> OpenApi {
    public_document_with(FurtherRoutes::NONE)
}

fn public_document_with(further: FurtherRoutes) -> OpenApi {
    let app = App::new().into_utoipa_app().openapi(openapi::public::base());
    let (_, mut collected) = app.configure(public_routes).configure(further.public).split_for_parts();
    editing::document_previews(&mut collected, KINDS);
    openapi::public::complete(collected)
}

/// The OpenAPI document of the editors' side.
pub fn admin_document() -> OpenApi {
    admin_document_with(FurtherRoutes::NONE)
}

fn admin_document_with(further: FurtherRoutes) -> OpenApi {
    let app = App::new().into_utoipa_app().openapi(openapi::admin::base());
    let app = app.configure(|config| admin_routes(config, further.admin));
    let (_, mut collected) = app.split_for_parts();
    editing::document(&mut collected, KINDS);
    openapi::admin::complete(collected)
}

/// Starts the application; it serves until it is stopped.
pub async fn start(parts: Parts) -> Result<Running, StartError> {
    let settings = &parts.settings;
    let knowledge = Knowledge::new(settings, parts.further_routes)?;
    let connector = Connector::new(&parts.database_url, settings.database_timeout.0)?;
    let database = Database::new(connector, settings.pool_size.0, settings.database_timeout.0)?;
    // What follows the log must learn of a lost connection soon, however patient requests are.
    let listener = Connector::new(&parts.database_url, settings.database_timeout.0.min(LOOK))?;
    let follow = changes::follow(listener, database.clone());
    let schedule = editing::schedule::run(database.clone(), parts.clock.clone(), KINDS);
    let expiry = testimonials::store::expiry::run(database.clone(), parts.clock.clone());
    let api = bind("VERTEBRA_BIND", settings.bind)?;
    let ops = bind("VERTEBRA_OPS_BIND", settings.ops_bind)?;
    let state = State::new(settings.clone(), parts.clock, database, Metrics::new()?);
    let tasks = [
        AbortOnDrop(tokio::spawn(follow)),
        AbortOnDrop(tokio::spawn(schedule)),
        AbortOnDrop(tokio::spawn(expiry)),
    ];
    serve(Data::new(state), knowledge, api, ops, parts.further_routes, tasks)
}

fn bind(variable: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let bound = TcpListener::bind(address).and_then(|listener| {
        let address = listener.local_addr()?;
        Ok((listener, address))
    });
    bound.map_err(|cause| StartError::Listen {
        variable,
        address,
        cause,
    })
}

fn serve(
    state: Data<State>,
    knowledge: Knowledge,
    (api, address): (TcpListener, SocketAddr),
    (ops, ops_address): (TcpListener, SocketAddr),
    further_routes: FurtherRoutes,
    tasks: [AbortOnDrop<()>; 3],
) -> Result<Running, StartError> {
    let deadlines = deadlines(&state.settings);
    let server = Server::build()
        .workers(state.settings.workers.0)
        .shutdown_timeout(SHUTDOWN_SECONDS)
        .disable_signals();
    let for_api = state.clone();
    let server = connection::listen(server, api, deadlines, refused_by_parser, move || {
        let state = for_api.clone();
        let app = api_app(for_api.clone(), knowledge.clone(), further_routes);
        apply_fn_factory(app, move |request, app| kept::answer(&state, request, app))
    })?;
    let for_ops = state.clone();
    let known = Data::new(KnownPaths::new(&[], ops::PATHS, ops::HINT));
    let server = connection::listen(server, ops, deadlines, refused_by_parser, move || {
        ops_app(for_ops.clone(), known.clone())
    })?;
    let server = server.run();
    Ok(Running {
        address,
        ops_address,
        state,
        handle: server.handle(),
        server: tokio::spawn(server),
        _tasks: tasks,
    })
}

fn deadlines(settings: &Settings) -> Deadlines {
    Deadlines {
        head: settings.head_timeout.0,
        body: settings.body_timeout.0,
        write: settings.write_timeout.0,
        keep_alive: settings.keep_alive.0,
    }
}

/// What the application learns from its documents, the same for all workers.
#[derive(Clone)]
struct Knowledge {
    known: Data<KnownPaths>,
    gate: Data<Gate>,
    deprecations: Data<Deprecations>,
    site: Data<Site>,
}

impl Knowledge {
    fn new(settings: &Settings, further: FurtherRoutes) -> Result<Self, WrongDeprecation> {
        let (public, admin) = (public_document_with(further), admin_document_with(further));
        let listed = "the addresses are listed at /v1/openapi.json and /v1/admin/openapi.json";
        Ok(Self {
            deprecations: Data::new(Deprecations::of(&[&public, &admin])?),
            known: Data::new(KnownPaths::new(&[&public, &admin], docs::PATHS, listed)),
            gate: Data::new(Gate::new(Operations::of(&admin), settings.key_attempts)),
            site: Data::new(Site::new(&public, &admin, openapi::forms)),
        })
    }
}

/// The application that the public reaches.
fn api_app(
    state: Data<State>,
    knowledge: Knowledge,
    further: FurtherRoutes,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>,
> {
    let cors = cors(&state.settings.cors_origins);
    App::new()
        .app_data(state)
        .app_data(knowledge.known)
        .app_data(knowledge.gate)
        .app_data(knowledge.deprecations)
        .app_data(Data::new(Kinds(KINDS)))
        .app_data(PathConfig::default().error_handler(unknown_path))
        .into_utoipa_app()
        .configure(public_routes)
        // Before the editors' side, as its document is open.
        .map(|app| app.configure(|config| docs::configure(config, knowledge.site)))
        .configure(|config| admin_routes(config, further.admin))
        .configure(further.public)
        .map(|app| app.default_service(web::to(fallback)))
        .into_app()
        .wrap(from_fn(guard))
        .wrap(cors)
        .wrap(from_fn(|request, next| envelope(Access::Recorded, request, next)))
}

/// The application that the operator reaches.
fn ops_app(
    state: Data<State>,
    known: Data<KnownPaths>,
) -> App<
    impl ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<BoxBody>, Error = Error, InitError = ()>,
> {
    App::new()
        .app_data(state)
        .app_data(known)
        .configure(ops::configure)
        .default_service(web::to(fallback))
        .wrap(from_fn(|request, next| envelope(Access::Quiet, request, next)))
}

impl Running {
    /// Waits for the signal, then stops: first not ready, then no new requests, then the last ones end.
    pub async fn until(self, signal: impl Future<Output = ()>) -> std::io::Result<()> {
        let mut server = self.server;
        tokio::select! {
            ended = &mut server => return ended.unwrap_or(Ok(())),
            () = signal => {}
        }
        self.state.start_draining();
        tokio::time::sleep(self.state.settings.drain.0).await;
        self.handle.stop(true).await;
        server.await.unwrap_or(Ok(()))
    }
}
