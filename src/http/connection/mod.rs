//! A client's connection below actix-web: deadlines against slow clients, and problem documents
//! for the errors that the HTTP parser answers by itself.
//!
//! [`listen`] takes the place of `actix_web::HttpServer`. It puts a `stream::Connection` between
//! the socket and actix-http's dispatcher, and a thin service around the application, and both
//! share a `tracking::Tracker`: the service knows when a request is being answered, the
//! connection knows when bytes move. Nothing needs to be mounted in the application.
//!
//! Rules: an ordinary request costs no allocation and no timer here (a request with a body: one
//! allocation); an answer of the application is never changed; whoever is refused gets the same
//! kind of document, the same headers and a log line, and the connection is closed.
//! This module must never look into a request that parses: that is the application's part.

mod refusal;
mod stream;
mod tracking;

use std::net::TcpListener;
use std::rc::Rc;
use std::time::Duration;
use std::{fmt, io};

use actix_http::{HttpService, KeepAlive, Request};
use actix_server::ServerBuilder;
use actix_service::{
    IntoServiceFactory, Service, ServiceFactory, ServiceFactoryExt as _, apply_fn_factory, fn_service, map_config,
};
use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{AppConfig, Response};
use actix_web::error::PayloadError;
use tokio::net::TcpStream;

pub use self::refusal::Render;
use self::stream::Connection;
use self::tracking::Tracker;

/// How many connections may wait to be accepted.
const BACKLOG: i32 = 1024;

/// How long actix-http and this module read on after the last answer, so that it arrives.
const LINGER: Duration = Duration::from_secs(1);

/// How long a client may keep the server waiting.
#[derive(Debug, Clone, Copy)]
pub struct Deadlines {
    /// From a connection's start to its first byte, and from a head's first byte to its last.
    pub head: Duration,
    /// The sum of the times that the server waits for parts of one request's body.
    pub body: Duration,
    /// Without any progress in sending a response.
    pub write: Duration,
    /// Between a response and the next request; zero closes after each response.
    pub keep_alive: Duration,
}

/// Adds a listener that serves an application, with deadlines and problem documents, to a server.
pub fn listen<F, I, S, B>(
    server: ServerBuilder,
    listener: TcpListener,
    deadlines: Deadlines,
    render: Render,
    app_factory: F,
) -> io::Result<ServerBuilder>
where
    F: Fn() -> I + Send + Clone + 'static,
    I: IntoServiceFactory<S, Request>,
    S: ServiceFactory<Request, Config = AppConfig> + 'static,
    S::Error: Into<Error> + 'static,
    S::InitError: fmt::Debug,
    S::Response: Into<Response<B>> + 'static,
    S::Service: 'static,
    <S::Service as Service<Request>>::Future: 'static,
    B: MessageBody + 'static,
{
    let addr = listener.local_addr()?;
    // std listens with a backlog of 128; asking again only changes that number.
    socket2::SockRef::from(&listener).listen(BACKLOG)?;
    let stopping = server.graceful_shutdown_signal();

    server.listen(format!("http-{addr}"), listener, move || {
        let stopping = stopping.clone();
        let app = apply_fn_factory(app_factory(), move |req: Request, app: &S::Service| {
            tracking::answer(req, app, deadlines.body)
        });
        // `AppConfig` has no other constructor that takes the address.
        let app = map_config(app, move |()| AppConfig::__priv_test_new(false, addr.to_string(), addr));
        // The dispatcher's own timers stay off: they cost an allocation for each request, and
        // `Connection` watches the same spans.
        let http = HttpService::build()
            .keep_alive(match deadlines.keep_alive {
                Duration::ZERO => KeepAlive::Disabled,
                _ => KeepAlive::Os,
            })
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(LINGER)
            .local_addr(addr)
            .graceful_shutdown_signal(move || {
                let stopping = stopping.clone();
                async move { stopping.notified().await }
            })
            .on_connect_ext(|io: &Connection, data| {
                data.insert::<Rc<Tracker>>(io.tracker());
            })
            .h1(app.map_err(|err| err.into().error_response()));

        fn_service(move |io: TcpStream| async move {
            let client = io.peer_addr().ok();
            // A connection that cannot be configured is about to fail by itself.
            let _ = io.set_nodelay(true);
            Ok((Connection::new(io, deadlines, render), client))
        })
        .and_then(http)
    })
}

/// Whether a request's body could not be read because the client was too slow: answer 408.
pub fn is_body_timeout(err: &PayloadError) -> bool {
    matches!(err, PayloadError::Io(err) if err.kind() == io::ErrorKind::TimedOut)
}
