//! What the handlers of one process share.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use tokio::sync::{RwLock, watch};

use super::{kept::Understandings, limits::Limiter, metrics::Metrics};
use crate::{
    cache::{Cache, Moment},
    changes::Head,
    clock::Clock,
    config::Settings,
    db::{
        Database,
        locales::{self, Locales},
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
    head: watch::Receiver<Option<Head>>,
    locales: RwLock<Option<(Option<Head>, Arc<Locales>)>>,
    in_flight: AtomicUsize,
    is_draining: AtomicBool,
}

impl State {
    /// Puts the parts together.
    pub fn new(
        settings: Settings,
        clock: Clock,
        database: Database,
        head: watch::Receiver<Option<Head>>,
        metrics: Metrics,
    ) -> Self {
        Self {
            cache: Cache::new(settings.cache_bytes / 16 * 15),
            understandings: Understandings::new(settings.cache_bytes / 16),
            metrics,
            submissions: Limiter::new("submissions", settings.submissions),
            withdrawals: Limiter::new("withdrawals", settings.submissions),
            settings,
            clock,
            database,
            head,
            locales: RwLock::new(None),
            in_flight: AtomicUsize::new(0),
            is_draining: AtomicBool::new(false),
        }
    }

    /// Where the change log stands, as far as we have heard.
    pub fn head(&self) -> Option<Head> {
        *self.head.borrow()
    }

    /// The moment at which a kept answer must be true; none while it is not known where the log stands.
    pub fn moment(&self) -> Option<Moment> {
        let now = self.clock.now();
        self.head().map(|head| Moment { head, now })
    }

    /// The languages that are published, read anew after every change.
    pub async fn locales(&self) -> Result<Arc<Locales>, Problem> {
        let head = self.head();
        if let Some((at, known)) = &*self.locales.read().await
            && *at == head
        {
            return Ok(known.clone());
        }
        let loaded = self.database.read(async |c| locales::load(c).await).await?;
        let loaded = Arc::new(loaded);
        *self.locales.write().await = Some((head, loaded.clone()));
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
