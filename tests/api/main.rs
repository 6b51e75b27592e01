//! The API over real HTTP and a real PostgreSQL.

#![expect(clippy::expect_used, reason = "a test fails by panicking, and so do its helpers")]

#[path = "../support/mod.rs"]
mod support;

mod source_page;
