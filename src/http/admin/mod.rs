//! The editors' side.

pub mod read;
