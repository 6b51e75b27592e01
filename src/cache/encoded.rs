//! A body in the encodings of the wire.

use std::{io::Write, sync::OnceLock};

use actix_web::web::Bytes;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// Bodies below this size are not worth compressing.
const COMPRESS_FROM: usize = 860;

/// How a body is encoded for the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstandard,
    /// Brotli.
    Brotli,
}

impl Encoding {
    /// The value of `Content-Encoding`, where there is one.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Zstandard => Some("zstd"),
            Self::Brotli => Some("br"),
        }
    }
}

/// A body as it goes over the wire.
#[derive(Debug)]
pub struct Form {
    /// The bytes.
    pub bytes: Bytes,
    /// The strong entity tag of these bytes.
    pub etag: String,
}

/// A body in every encoding, each made at its first use.
#[derive(Debug)]
pub struct Encoded {
    plain: Form,
    gzip: OnceLock<Form>,
    zstandard: OnceLock<Form>,
    brotli: OnceLock<Form>,
}

impl Encoded {
    /// Takes the bytes, hashing them once.
    pub fn new(plain: Bytes) -> Self {
        let tag = URL_SAFE_NO_PAD.encode(&Sha256::digest(&plain)[..12]);
        Self {
            plain: Form {
                bytes: plain,
                etag: format!("\"{tag}\""),
            },
            gzip: OnceLock::new(),
            zstandard: OnceLock::new(),
            brotli: OnceLock::new(),
        }
    }

    /// The encoding that is really used where this one is acceptable.
    pub fn encoding_for(&self, accepted: Encoding) -> Encoding {
        match self.plain.bytes.len() {
            0..COMPRESS_FROM => Encoding::Identity,
            _ => accepted,
        }
    }

    /// The body in this encoding.
    pub fn form(&self, encoding: Encoding) -> &Form {
        match encoding {
            Encoding::Identity => &self.plain,
            Encoding::Gzip => self.gzip.get_or_init(|| self.compressed("gz", gzip)),
            Encoding::Zstandard => self.zstandard.get_or_init(|| self.compressed("zst", zstandard)),
            Encoding::Brotli => self.brotli.get_or_init(|| self.compressed("br", brotli)),
        }
    }

    /// The most bytes that all its forms take: what is worth compressing shrinks to a third or less.
    pub fn most_bytes(&self) -> usize {
        self.plain.bytes.len() * 2
    }

    fn compressed(&self, suffix: &str, compress: fn(&[u8]) -> Vec<u8>) -> Form {
        let tag = self.plain.etag.trim_matches('"');
        Form {
            bytes: compress(&self.plain.bytes).into(),
            etag: format!("\"{tag}-{suffix}\""),
        }
    }
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    // Writing to memory does not fail.
    drop(encoder.write_all(body));
    encoder.finish().unwrap_or_default()
}

fn zstandard(body: &[u8]) -> Vec<u8> {
    zstd::bulk::compress(body, 6).unwrap_or_default()
}

fn brotli(body: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    let mut encoder = brotli::CompressorWriter::new(&mut encoded, 4096, 5, 20);
    drop(encoder.write_all(body));
    drop(encoder);
    encoded
}
