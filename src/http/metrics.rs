//! Counts for the operator, in Prometheus' text format.

use std::time::Duration;

use prometheus::{HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, Opts, Registry, TextEncoder};

use super::state::State;
use crate::problem::Code;

const BUCKETS: [f64; 12] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5,
];

/// The counts of requests; what else there is to tell is read when it is asked for.
pub struct Metrics {
    registry: Registry,
    requests: IntCounterVec,
    duration: HistogramVec,
    key_failures: IntCounterVec,
    stale: IntCounter,
}

impl Metrics {
    /// Counts that start at nothing.
    pub fn new() -> Result<Self, prometheus::Error> {
        let registry = Registry::new();
        let requests = IntCounterVec::new(
            Opts::new("vertebra_requests_total", "Requests answered, by operation and status."),
            &["operation", "status"],
        )?;
        let duration = HistogramVec::new(
            HistogramOpts::new(
                "vertebra_request_duration_seconds",
                "Time to answer a request, by operation.",
            )
            .buckets(BUCKETS.to_vec()),
            &["operation"],
        )?;
        let key_failures = IntCounterVec::new(
            Opts::new(
                "vertebra_key_failures_total",
                "Requests to the editors' side refused for their key, by the problem's code.",
            ),
            &["reason"],
        )?;
        let stale = IntCounter::new(
            "vertebra_stale_answers_total",
            "Kept answers given while the change log could not be read.",
        )?;
        registry.register(Box::new(stale.clone()))?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(key_failures.clone()))?;
        registry.register(Box::new(duration.clone()))?;
        Ok(Self {
            registry,
            requests,
            duration,
            key_failures,
            stale,
        })
    }

    /// Counts one answer.
    pub fn answered(&self, operation: &str, status: u16, took: Duration) {
        let status = status.to_string();
        self.requests.with_label_values(&[operation, &status]).inc();
        self.duration
            .with_label_values(&[operation])
            .observe(took.as_secs_f64());
    }

    /// Counts a kept answer that was given while the change log could not be read.
    pub fn answered_stale(&self) {
        self.stale.inc();
    }

    /// Counts a request that the guard of the editors' side refused for its key.
    pub fn key_refused(&self, code: Code) {
        let is_of_the_key = matches!(
            code,
            Code::KeyRequired
                | Code::KeyInvalid
                | Code::KeyRevoked
                | Code::KeyExpired
                | Code::MissingScope
                | Code::TooManyRequests
        );
        if is_of_the_key {
            self.key_failures.with_label_values(&[code.as_str()]).inc();
        }
    }
}

/// Everything that can be told at this moment, as text.
pub fn render(state: &State) -> Result<String, prometheus::Error> {
    let moment = Registry::new();
    let (connections, idle) = state.database.connections();
    let (hits, misses, bytes) = state.cache.statistics();
    let position = state.database.position();
    let seq = position.head().map_or(0, |head| head.seq);
    for (name, help, value) in [
        (
            "vertebra_requests_in_flight",
            "Requests being answered.",
            state.in_flight() as i64,
        ),
        (
            "vertebra_database_connections",
            "Open connections of the pool.",
            connections as i64,
        ),
        (
            "vertebra_database_connections_idle",
            "Idle connections of the pool.",
            idle as i64,
        ),
        ("vertebra_cache_bytes", "Weight of the kept answers.", bytes as i64),
        (
            "vertebra_change_log_position",
            "Number of the newest change that is known.",
            seq,
        ),
        (
            "vertebra_change_log_unseen_seconds",
            "Seconds since the change log was last read.",
            position.unseen_for().as_secs() as i64,
        ),
    ] {
        gauge(&moment, name, help, value)?;
    }
    counter(&moment, "vertebra_cache_hits_total", "Answers that were kept.", hits)?;
    counter(
        &moment,
        "vertebra_cache_misses_total",
        "Answers that had to be made.",
        misses,
    )?;
    let mut families = state.metrics.registry.gather();
    families.extend(moment.gather());
    TextEncoder::new().encode_to_string(&families)
}

fn gauge(to: &Registry, name: &str, help: &str, value: i64) -> Result<(), prometheus::Error> {
    let gauge = IntGauge::new(name, help)?;
    gauge.set(value);
    to.register(Box::new(gauge))
}

fn counter(to: &Registry, name: &str, help: &str, value: u64) -> Result<(), prometheus::Error> {
    let counter = IntCounter::new(name, help)?;
    counter.inc_by(value);
    to.register(Box::new(counter))
}
