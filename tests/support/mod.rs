//! What the tests share: a database for each test, the application on it, and a client that holds
//! every answer against the API's document.

pub(crate) mod app;
pub(crate) mod client;
pub(crate) mod cluster;
pub(crate) mod content;
pub(crate) mod contract;
pub(crate) mod database;
pub(crate) mod editor;
pub(crate) mod gate;
pub(crate) mod list;
pub(crate) mod log;
pub(crate) mod patient;
pub(crate) mod place;
pub(crate) mod poll;
pub(crate) mod proxy;
pub(crate) mod raw;
pub(crate) mod refusal;
