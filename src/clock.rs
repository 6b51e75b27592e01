//! The only source of now for everything that an answer or a row depends on.

use std::sync::Arc;

use jiff::Timestamp;

/// Tells the time; tests give it a fixed one.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self::reading(Timestamp::now)
    }

    /// A clock that stands still.
    pub fn fixed(at: Timestamp) -> Self {
        Self::reading(move || at)
    }

    /// A clock that asks `source` each time.
    pub fn reading(source: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(source))
    }

    /// The present moment, to the microsecond: the database keeps no more, and what was answered must be
    /// what is read later.
    pub fn now(&self) -> Timestamp {
        let now = (self.0)();
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}
