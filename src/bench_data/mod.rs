//! Articles for measuring: as many as are asked for, of made-up words, the same for the same seed.
//!
//! They go where the public reads, and nowhere else: no editor wrote them, so they have no document,
//! no revision and no place in the history. All that is derived from an article is derived by the
//! functions that publish one. Every title begins with "Benchmark", and what names a work lies where
//! no real one can be: PMIDs beyond those that PubMed has given out, DOIs under the prefix for
//! examples. It must never touch a database in which somebody has written.

mod content;
mod random;
mod store;
mod words;

use clap::Args;

pub use self::{
    content::Corpus,
    store::{BenchDataError, fill},
};

/// How many articles are wanted, and which.
#[derive(Debug, Clone, Copy, Args)]
#[command(after_help = "\
The words are made up, from a fixed list: this is for measuring and for nothing a patient sees. The articles are \
published over twenty years and come with journals, authors, topics (some common, some rare) and services; the same \
number and seed give the same rows on any machine. It takes an empty database, or one with the demonstration clinic \
alone, and does all or nothing. Then it renews the epoch of the change log, as a restore does, so that a server \
beside it forgets what it kept.")]
pub struct Amount {
    /// How many articles.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    pub articles: u32,
    /// Which of the possible contents; the same number gives the same rows.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
}
