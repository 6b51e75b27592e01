//! The API over real HTTP and a real PostgreSQL.

#![expect(clippy::expect_used, reason = "a test fails by panicking, and so do its helpers")]

#[path = "../support/mod.rs"]
mod support;

mod answers;
mod article_documents;
mod article_filters;
mod article_works;
mod articles;
mod audit;
mod bench_data;
mod caching;
mod change_log;
mod citations;
mod clinic;
mod clinic_documents;
mod consent_gate;
mod cors;
mod cursors;
mod database_away;
mod database_silent;
mod demo;
mod deprecation;
mod documentation;
mod drafts;
mod envelope;
mod erasure;
mod errors;
mod examples;
mod guard;
mod kept;
mod keys;
mod languages;
mod lifecycle;
mod model;
mod moderation;
mod opening_hours;
mod operation;
mod overload;
mod paging;
mod rebuilding;
mod redirects;
mod refusals;
mod service_documents;
mod services;
mod source_page;
mod staleness;
mod submissions;
mod testimonials;
mod topics_journals;
