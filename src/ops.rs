//! Health and metrics, for the operator alone: they stand on a listener of their own.

use actix_web::{
    HttpResponse, get,
    http::header,
    web::{Data, ServiceConfig},
};
use serde_json::{Value, json};

use crate::{
    db::migrations,
    http::{metrics, state::State},
    problem::Problem,
};

/// The paths of this module.
pub const PATHS: &[&str] = &["/livez", "/readyz", "/metrics"];

/// Where what is not among them may be.
pub const HINT: &str = "here are /livez, /readyz and /metrics, and the API is on its own listener";

/// Mounts the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(livez).service(readyz).service(metrics_text);
}

/// The process runs; a supervisor restarts it where this does not answer.
#[get("/livez")]
async fn livez() -> HttpResponse {
    answer(true, json!({"status": "ok"}))
}

/// The process can answer requests; a load balancer sends none where this says no.
#[get("/readyz")]
async fn readyz(state: Data<State>) -> HttpResponse {
    let database = state.database.read(async |c| migrations::are_current(c).await).await;
    let (is_reachable, is_current) = match database {
        Ok(current) => (true, current),
        Err(error) => {
            log::warn!("Not ready: {error}");
            (false, false)
        }
    };
    let is_draining = state.is_draining();
    let is_ready = is_reachable && is_current && !is_draining;
    let status = if is_ready { "ok" } else { "not ready" };
    answer(
        is_ready,
        json!({
            "status": status,
            "database_reachable": is_reachable,
            "migrations_current": is_current,
            "draining": is_draining,
        }),
    )
}

/// Counts in Prometheus' text format.
#[get("/metrics")]
async fn metrics_text(state: Data<State>) -> Result<HttpResponse, Problem> {
    let text = metrics::render(&state).map_err(Problem::internal)?;
    Ok(HttpResponse::Ok()
        .content_type("text/plain; version=0.0.4; charset=utf-8")
        .body(text))
}

fn answer(is_well: bool, body: Value) -> HttpResponse {
    let mut response = match is_well {
        true => HttpResponse::Ok(),
        false => HttpResponse::ServiceUnavailable(),
    };
    response.insert_header((header::CACHE_CONTROL, "no-store")).json(body)
}
