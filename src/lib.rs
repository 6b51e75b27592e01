//! Vertebra: a content backend for a clinic's patient-facing apps.
//!
//! A JSON REST API over PostgreSQL. The modules stand in layers, which the empty lines below part:
//! a module uses only those of the layers above its own, so the resources never use each other.
//! A test reads this list and holds it.

pub mod clock;
pub mod config;
pub mod problem;

pub mod values;

pub mod db;

pub mod changes;

pub mod access;

pub mod cache;

pub mod http;

pub mod editing;

pub mod articles;
pub mod audit;
pub mod clinic;
pub mod keys;
pub mod services;
pub mod testimonials;
pub mod topics;

pub mod bench_data;
pub mod commands;
pub mod demo;
pub mod docs;
pub mod logging;
pub mod openapi;
pub mod ops;

pub mod app;
