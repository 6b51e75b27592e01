//! Work that must not outlive whoever waits for it.

use tokio::task::JoinHandle;

/// A task that ends with the value.
pub(crate) struct AbortOnDrop<T>(pub(crate) JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
