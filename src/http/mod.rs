//! What every handler shares: reading a request, answering it, and guarding the server.
//!
//! Handlers stay a few lines long because everything that holds for all of them stands here. The
//! order of the layers round a handler, from the outside: [`connection`], [`kept`], [`envelope`],
//! [`cors`], [`guard`], then routing and the handler or [`fallback`].

pub mod admin;
pub mod body;
pub mod client_address;
pub mod connection;
pub mod cors;
pub mod deprecation;
pub mod envelope;
pub mod fallback;
pub mod guard;
pub mod kept;
pub mod limits;
pub mod metrics;
pub mod negotiate;
pub mod operations;
pub mod page;
pub mod public;
pub mod query;
pub mod request_id;
pub mod state;
pub mod write;
