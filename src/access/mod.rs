//! Keys to the editors' side.

mod scope;

pub use self::scope::Scope;

use uuid::Uuid;

/// Whoever sent a valid key.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The key.
    pub key_id: Uuid,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
}
