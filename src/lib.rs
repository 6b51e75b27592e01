//! Vertebra: a content backend for a clinic's patient-facing apps.
//!
//! A JSON REST API over PostgreSQL. The modules stand in layers, and each uses only those above it
//! in this list; the resources never use each other.

pub mod cache;
pub mod changes;
pub mod clock;
pub mod config;
pub mod db;
pub mod http;
pub mod problem;
pub mod values;

pub mod articles;
pub mod clinic;
pub mod services;
pub mod testimonials;
pub mod topics;

pub mod app;
pub mod demo;
pub mod docs;
pub mod logging;
pub mod openapi;
pub mod ops;
