//! Rendered responses, kept in memory as long as they are true.
//!
//! An entry belongs to the generation in which its load began: a write moves the change log and so
//! begins another, and with it every entry is out of use at once. One load runs for all who wait.
//! The memory is bounded by bytes.

mod encoded;

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use actix_web::web::Bytes;
use jiff::Timestamp;
use quick_cache::{Weighter, sync::Cache as QuickCache};

pub use self::encoded::{Encoded, Encoding, Form};
use crate::values::Locale;

/// What an answer is kept under.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// Path of the request.
    pub path: String,
    /// The query as its parameters were understood, in one order.
    pub query: String,
    /// Language asked for.
    pub locale: Locale,
}

/// The moment at which an answer must be true.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// The generation that what is kept must be of.
    pub generation: u64,
    /// What the clock says.
    pub now: Timestamp,
}

/// A rendered answer.
#[derive(Debug)]
pub struct Rendered {
    /// The media type.
    pub content_type: &'static str,
    /// Language of the content.
    pub locale: Locale,
    /// Value of the `Link` header.
    pub link: Option<String>,
    /// Value of the `Content-Disposition` header.
    pub disposition: Option<String>,
    /// When the answer stops being true by the passing of time alone.
    pub valid_until: Option<Timestamp>,
    /// The body.
    pub body: Encoded,
}

impl Rendered {
    /// Takes a body, hashing it once.
    pub fn new(content_type: &'static str, locale: Locale, body: Vec<u8>) -> Self {
        Self {
            content_type,
            locale,
            link: None,
            disposition: None,
            valid_until: None,
            body: Encoded::new(Bytes::from(body)),
        }
    }
}

/// What a load came to; all of it is true as long as the log does not move.
#[derive(Debug)]
pub enum Outcome {
    /// An answer.
    Rendered(Box<Rendered>),
    /// The thing has another address.
    MovedTo(String),
    /// There is no such thing, in words for the client.
    Missing(String),
}

impl Outcome {
    fn bytes(&self) -> usize {
        match self {
            Self::Rendered(rendered) => rendered.body.most_bytes(),
            Self::MovedTo(text) | Self::Missing(text) => text.len(),
        }
    }
}

/// An outcome, and the generation in which its load began.
#[derive(Clone)]
struct Kept {
    generation: u64,
    outcome: Arc<Outcome>,
}

impl Kept {
    /// Whether neither a write nor the passing of time has made it untrue.
    fn is_true(&self, moment: Moment) -> bool {
        let has_passed = match &*self.outcome {
            Outcome::Rendered(rendered) => rendered.valid_until.is_some_and(|until| until <= moment.now),
            Outcome::MovedTo(_) | Outcome::Missing(_) => false,
        };
        self.generation >= moment.generation && !has_passed
    }
}

/// Weighs an entry by its bytes, with room for its compressed forms.
#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Kept> for ByBytes {
    fn weight(&self, key: &Key, kept: &Kept) -> u64 {
        let fixed = 512 + key.path.len() + key.query.len();
        (fixed + kept.outcome.bytes()) as u64
    }
}

/// The kept answers.
pub struct Cache {
    entries: QuickCache<Key, Kept, ByBytes>,
    hits: AtomicU64,
    misses: AtomicU64,
}

impl Cache {
    /// A cache of at most so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self {
            entries: QuickCache::with_weighter(bytes / 8192, bytes as u64, ByBytes),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// The kept answer, where it is true.
    pub fn get(&self, key: &Key, moment: Moment) -> Option<Arc<Outcome>> {
        let kept = self.entries.get(key).filter(|kept| kept.is_true(moment))?;
        self.hits.fetch_add(1, Ordering::Relaxed);
        Some(kept.outcome)
    }

    /// The kept answer, or the one that `load` makes while all who ask for it wait.
    pub async fn get_or_load<E>(
        &self,
        key: &Key,
        moment: Moment,
        load: impl Future<Output = Result<Outcome, E>>,
    ) -> Result<Arc<Outcome>, E> {
        loop {
            match self.entries.get_value_or_guard_async(key).await {
                Ok(kept) if kept.is_true(moment) => {
                    self.hits.fetch_add(1, Ordering::Relaxed);
                    return Ok(kept.outcome);
                }
                Ok(untrue) => {
                    self.entries
                        .remove_if(key, |kept| Arc::ptr_eq(&kept.outcome, &untrue.outcome));
                }
                Err(place) => {
                    self.misses.fetch_add(1, Ordering::Relaxed);
                    let outcome = Arc::new(load.await?);
                    // Where the place is gone, the answer is too large to be kept.
                    let _ = place.insert(Kept {
                        generation: moment.generation,
                        outcome: outcome.clone(),
                    });
                    return Ok(outcome);
                }
            }
        }
    }

    /// Hits, misses and bytes, for the metrics.
    pub fn statistics(&self) -> (u64, u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.hits), count(&self.misses), self.entries.weight())
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use futures_util::FutureExt;
    use jiff::Timestamp;

    use super::{Cache, Key, Moment, Outcome, Rendered};
    use crate::values::Locale;

    const BYTES: usize = 1 << 20;

    const MOMENT: Moment = Moment {
        generation: 1,
        now: Timestamp::UNIX_EPOCH,
    };

    fn key(query: &str) -> Key {
        Key {
            path: "/v1/articles".to_owned(),
            query: query.to_owned(),
            locale: Locale::stored("en-GB".to_owned()),
        }
    }

    /// Asks for an answer and says whether it had to be made.
    fn is_made(cache: &Cache, query: &str, moment: Moment) -> bool {
        let mut made = false;
        let load = async {
            made = true;
            let rendered = Rendered::new("application/json", key(query).locale, vec![b'a'; 2_000]);
            Ok::<_, Infallible>(Outcome::Rendered(Box::new(rendered)))
        };
        let outcome = cache.get_or_load(&key(query), moment, load).now_or_never();
        assert!(outcome.is_some_and(|outcome| outcome.is_ok()));
        made
    }

    #[test]
    fn a_flood_neither_grows_the_memory_nor_pushes_out_what_is_asked_for() {
        let cache = Cache::new(BYTES);
        assert!(is_made(&cache, "hot", MOMENT));
        for number in 0..20_000 {
            assert!(is_made(&cache, &format!("author={number}"), MOMENT));
            if number % 20 == 0 {
                assert!(!is_made(&cache, "hot", MOMENT), "pushed out by {number}");
            }
        }
        let (.., bytes) = cache.statistics();
        assert!(bytes <= BYTES as u64, "{bytes}");
        // Asked for no more, it stays a while.
        for number in 0..2_000 {
            is_made(&cache, &format!("topic={number}"), MOMENT);
        }
        assert!(!is_made(&cache, "hot", MOMENT));
    }

    #[test]
    fn an_answer_is_out_of_use_in_a_later_generation_and_stays_in_its_own() {
        let cache = Cache::new(BYTES);
        let later = Moment {
            generation: 2,
            ..MOMENT
        };
        assert!(is_made(&cache, "", MOMENT));
        assert!(cache.get(&key(""), MOMENT).is_some());
        assert!(cache.get(&key(""), later).is_none());
        assert!(is_made(&cache, "", later));
        assert!(!is_made(&cache, "", later));
        // Who asked before the write may as well have what came after it.
        assert!(!is_made(&cache, "", MOMENT));
    }
}
