//! The API over real HTTP and a real PostgreSQL.

#![expect(clippy::expect_used, reason = "a test fails by panicking, and so do its helpers")]

#[path = "../support/mod.rs"]
mod support;

mod cors;
mod cursors;
mod database_away;
mod database_silent;
mod envelope;
mod errors;
mod operation;
mod overload;
mod refusals;
mod source_page;
