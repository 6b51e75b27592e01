//! Keys to the editors' side.

mod scope;

pub use self::scope::Scope;
