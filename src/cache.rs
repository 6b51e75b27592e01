//! Rendered responses, kept in memory as long as they are true.
//!
//! An entry belongs to the generation in which its load began: a write moves the change log and so begins
//! another, and with it every entry is out of reach at once. One load runs for all who wait.
//! The memory is bounded by bytes.

use std::{
    future::Future,
    io::Write,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU64, Ordering},
    },
};

use actix_web::web::Bytes;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use quick_cache::{Weighter, sync::Cache as QuickCache};
use sha2::{Digest, Sha256};

use crate::values::Locale;

/// Bodies below this size are not worth compressing.
const COMPRESS_FROM: usize = 860;

/// How a body is encoded for the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// gzip.
    Gzip,
    /// Brotli.
    Brotli,
}

impl Encoding {
    /// The value of `Content-Encoding`, where there is one.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Brotli => Some("br"),
        }
    }
}

/// What an answer is kept under.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// The generation in which the load began.
    pub generation: u64,
    /// Path of the request.
    pub path: String,
    /// The query as its parameters were understood, in one order.
    pub query: String,
    /// Language asked for.
    pub locale: Locale,
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
            body: Encoded::new(body.into()),
        }
    }
}

/// A body in every encoding, each made at its first use.
#[derive(Debug)]
pub struct Encoded {
    plain: Bytes,
    tag: String,
    gzip: OnceLock<Bytes>,
    brotli: OnceLock<Bytes>,
}

impl Encoded {
    /// Takes the bytes, hashing them once.
    pub fn new(plain: Bytes) -> Self {
        Self {
            tag: URL_SAFE_NO_PAD.encode(&Sha256::digest(&plain)[..12]),
            plain,
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
        }
    }

    /// The encoding that is really used where this one is acceptable.
    pub fn encoding_for(&self, accepted: Encoding) -> Encoding {
        match self.plain.len() {
            0..COMPRESS_FROM => Encoding::Identity,
            _ => accepted,
        }
    }

    /// The strong entity tag of the body in this encoding.
    pub fn etag(&self, encoding: Encoding) -> String {
        let tag = &self.tag;
        match encoding {
            Encoding::Identity => format!("\"{tag}\""),
            Encoding::Gzip => format!("\"{tag}-gz\""),
            Encoding::Brotli => format!("\"{tag}-br\""),
        }
    }

    /// The bytes in this encoding.
    pub fn bytes(&self, encoding: Encoding) -> Bytes {
        match encoding {
            Encoding::Identity => self.plain.clone(),
            Encoding::Gzip => self.gzip.get_or_init(|| gzip(&self.plain)).clone(),
            Encoding::Brotli => self.brotli.get_or_init(|| brotli(&self.plain)).clone(),
        }
    }
}

fn gzip(body: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    // Writing to memory does not fail.
    drop(encoder.write_all(body));
    encoder.finish().unwrap_or_default().into()
}

fn brotli(body: &[u8]) -> Bytes {
    let mut encoded = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut encoded, 4096, 5, 20);
    drop(encoder.write_all(body));
    drop(encoder);
    encoded.into()
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
            Self::Rendered(rendered) => rendered.body.plain.len() + rendered.body.plain.len() / 2,
            Self::MovedTo(text) | Self::Missing(text) => text.len(),
        }
    }

    /// Whether the passing of time alone has made it untrue.
    fn has_passed(&self, now: Timestamp) -> bool {
        match self {
            Self::Rendered(rendered) => rendered.valid_until.is_some_and(|until| until <= now),
            Self::MovedTo(_) | Self::Missing(_) => false,
        }
    }
}

/// Weighs an entry by its bytes, with room for its compressed forms.
#[derive(Clone)]
struct ByBytes;

impl Weighter<Key, Arc<Outcome>> for ByBytes {
    fn weight(&self, key: &Key, value: &Arc<Outcome>) -> u64 {
        let fixed = 512 + key.path.len() + key.query.len();
        (fixed + value.bytes()) as u64
    }
}

/// The kept answers.
pub struct Cache {
    entries: QuickCache<Key, Arc<Outcome>, ByBytes>,
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

    /// The kept answer, or the one that `load` makes while all who ask for it wait.
    pub async fn get_or_load<E>(
        &self,
        key: &Key,
        now: Timestamp,
        load: impl Future<Output = Result<Outcome, E>>,
    ) -> Result<Arc<Outcome>, E> {
        if self.entries.peek(key).is_some_and(|kept| kept.has_passed(now)) {
            self.entries.remove_if(key, |kept| kept.has_passed(now));
        }
        let mut loaded = false;
        let result = self
            .entries
            .get_or_insert_async(key, async {
                loaded = true;
                load.await.map(Arc::new)
            })
            .await;
        let counter = if loaded { &self.misses } else { &self.hits };
        counter.fetch_add(1, Ordering::Relaxed);
        result
    }

    /// Hits, misses and bytes, for the metrics.
    pub fn statistics(&self) -> (u64, u64, u64) {
        let count = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        (count(&self.hits), count(&self.misses), self.entries.weight())
    }
}
