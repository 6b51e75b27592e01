//! The audit trail: the change log as people read it.
//!
//! `GET /v1/admin/changes` pages through it, the newest change first. It only reads: nothing here or
//! anywhere else changes what was once logged.

mod admin;
mod store;
pub mod wire;

pub use self::admin::configure;
