//! Keys as they are looked after over HTTP, by keys that have the scope `keys`.
//!
//! `/v1/admin/keys` lists and makes them, `/v1/admin/keys/{id}` shows one, `…/revoke` and `…/rotate` end
//! one. A key hands on no scope that it does not have itself, so nobody rises by making or rotating keys.

mod admin;
pub mod wire;

pub use self::admin::configure;
