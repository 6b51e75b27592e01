//! What the handlers of one process share.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tokio::sync::{Mutex, RwLock};

use super::{kept::Understandings, limits::Limiter, metrics::Metrics};
use crate::{
    cache::Cache,
    clock::Clock,
    config::Settings,
    db::{
        Database, DbError,
        locales::{self, Locales},
        position::Freshness,
    },
    problem::Problem,
};

/// What the handlers of one process share.
pub struct State {
    /// What the operator set.
    pub settings: Settings,
    /// The source of now.
    pub clock: Clock,
    /// The database.
    pub database: Database,
    /// Rendered answers.
    pub cache: Cache,
    /// What requests were understood to mean.
    pub understandings: Understandings,
    /// Counts for the operator.
    pub metrics: Metrics,
    /// What patients may send.
    pub submissions: Limiter,
    /// What patients may take back.
    pub withdrawals: Limiter,
    looking: Mutex<()>,
    locales: RwLock<Option<(u64, Arc<Locales>)>>,
    in_flight: AtomicUsize,
    is_draining: AtomicBool,
}

impl State {
    /// Puts the parts together.
    pub fn new(settings: Settings, clock: Clock, database: Database, metrics: Metrics) -> Self {
        Self {
            cache: Cache::new(settings.cache_bytes / 16 * 15),
            understandings: Understandings::new(settings.cache_bytes / 16),
            metrics,
            submissions: Limiter::new("submissions", settings.submissions),
            withdrawals: Limiter::new("withdrawals", settings.submissions),
            settings,
            clock,
            database,
            looking: Mutex::new(()),
            locales: RwLock::new(None),
            in_flight: AtomicUsize::new(0),
            is_draining: AtomicBool::new(false),
        }
    }

    /// What may be given of what is kept; nothing where it is unknown how the change log stands.
    pub fn freshness(&self) -> Option<Freshness> {
        self.database.position().freshness(self.settings.stale_if_error.0)
    }

    /// What may be given of what is kept, after a look at the change log where that is unknown.
    ///
    /// One looks for all who wait. Where the database is away, and has been for too long, that is the answer.
    pub async fn fresh(&self) -> Result<Freshness, DbError> {
        if let Some(fresh) = self.freshness() {
            return Ok(fresh);
        }
        let deadline = self.settings.database_timeout.0;
        let turn = tokio::time::timeout(deadline, self.looking.lock()).await;
        let _turn = turn.map_err(|_| DbError::TimedOut)?;
        if let Some(fresh) = self.freshness() {
            return Ok(fresh);
        }
        let looked = self.database.look().await;
        self.freshness()
            .ok_or_else(|| looked.err().unwrap_or(DbError::TimedOut))
    }

    /// Counts a kept answer that is given, and says how old it is.
    pub fn given_kept(&self, freshness: Freshness) -> u64 {
        if freshness.is_stale {
            self.metrics.answered_stale();
        }
        freshness.age
    }

    /// The languages that are published, read anew after every change.
    pub async fn locales(&self) -> Result<Arc<Locales>, Problem> {
        let Freshness { generation, .. } = self.fresh().await?;
        if let Some((of, known)) = &*self.locales.read().await
            && *of == generation
        {
            return Ok(known.clone());
        }
        let loaded = self.database.read(async |c| locales::load(c).await).await?;
        let loaded = Arc::new(loaded);
        let mut known = self.locales.write().await;
        // Who was slow must not put away what belongs to a later generation.
        if known.as_ref().is_none_or(|(of, _)| *of <= generation) {
            *known = Some((generation, loaded.clone()));
        }
        Ok(loaded)
    }

    /// Admits a request unless as many as allowed are being answered.
    pub fn admit(self: &Arc<Self>) -> Option<Admission> {
        let most = self.settings.max_in_flight.0;
        let before = self.in_flight.fetch_add(1, Ordering::AcqRel);
        let admission = Admission(self.clone());
        (before < most).then_some(admission)
    }

    /// Requests being answered.
    pub fn in_flight(&self) -> usize {
        self.in_flight.load(Ordering::Acquire)
    }

    /// From now on the process is going away and must get no new requests.
    pub fn start_draining(&self) {
        self.is_draining.store(true, Ordering::Release);
    }

    /// Whether the process is going away.
    pub fn is_draining(&self) -> bool {
        self.is_draining.load(Ordering::Acquire)
    }
}

/// A request that is being answered, counted until it is dropped.
pub struct Admission(Arc<State>);

impl Drop for Admission {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::AcqRel);
    }
}
