//! Keys to the editors' side: what they look like, what they may do, and how they are kept.
//!
//! A key is shown once, when it is made. Only its hash is kept, so nobody can read a key out of the
//! database, a backup or the log. What a key may do is the list of its [`Scope`]s and nothing else.

mod scope;
pub mod secret;
pub mod store;

use uuid::Uuid;

pub use self::{
    scope::Scope,
    secret::Secret,
    store::{Key, Standing},
};

/// Who calls: the key that a request came with, as it stood when the request arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The key.
    pub key_id: Uuid,
    /// Its name, which the change log gives as the actor.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
}

impl Caller {
    /// Whether the key may do what asks for this scope.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope)
    }

    /// The first of these scopes that the key does not have itself and so must not hand on.
    pub fn lacks(&self, scopes: &[Scope]) -> Option<Scope> {
        scopes.iter().copied().find(|scope| !self.may(*scope))
    }
}
