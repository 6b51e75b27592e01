//! A place where requests wait until a test lets them go on.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
    time::Duration,
};

use tokio::sync::Semaphore;

/// Far more than any request takes to arrive: only a test that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

static GATES: LazyLock<Mutex<HashMap<String, Arc<Gate>>>> = LazyLock::new(Mutex::default);

/// A gate, known by its name to the test and to the handler at `/test/wait/{gate}`.
pub(crate) struct Gate {
    arrived: Semaphore,
    open: Semaphore,
}

impl Gate {
    /// The gate of this name.
    pub(crate) fn named(name: &str) -> Arc<Self> {
        let mut gates = GATES.lock().expect("no test panics while it holds this");
        let made = gates.entry(name.to_owned()).or_insert_with(|| {
            Arc::new(Self {
                arrived: Semaphore::new(0),
                open: Semaphore::new(0),
            })
        });
        made.clone()
    }

    /// Waits at the gate.
    pub(crate) async fn pass(&self) {
        self.arrived.add_permits(1);
        self.open.acquire().await.expect("nobody closes it").forget();
    }

    /// Waits until a request has come to the gate.
    pub(crate) async fn arrival(&self) {
        let arrived = tokio::time::timeout(PATIENCE, self.arrived.acquire()).await;
        arrived
            .expect("a request comes to the gate")
            .expect("nobody closes it")
            .forget();
    }

    /// Lets one request go on.
    pub(crate) fn let_one_pass(&self) {
        self.open.add_permits(1);
    }
}
