//! The text of a key: `vtb_`, a public part, an underscore, the secret part, a checksum.
//!
//! The public part finds the key's row; the secret part has 256 random bits; the checksum tells a
//! mistyped key from an unknown one without the database, and lets scanners recognise a leaked one.

use std::{fmt, str::FromStr};

use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// What every key begins with.
pub const PREFIX: &str = "vtb_";

/// Length of a whole key.
pub const LENGTH: usize = PREFIX.len() + LOOKUP_LENGTH + 1 + SECRET_LENGTH + CHECKSUM_LENGTH;

const ALPHABET: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const LOOKUP_LENGTH: usize = 10;
/// 43 letters out of 62 are 256 bits.
const SECRET_LENGTH: usize = 43;
/// 6 letters out of 62 hold 32 bits.
const CHECKSUM_LENGTH: usize = 6;

/// A key as its holder has it. It is shown once and never written down here.
#[derive(Clone)]
pub struct Secret(String);

/// A text that is no key: mistyped, cut off, or something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the text is no key of ours")]
pub struct MalformedKey;

/// The system gives no random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system gives no random numbers")]
pub struct NoRandomness;

impl Secret {
    /// Makes a new key out of the system's random numbers.
    pub fn generate() -> Result<Self, NoRandomness> {
        let letters = random_letters(LOOKUP_LENGTH + SECRET_LENGTH)?;
        let (lookup, secret) = letters.split_at(LOOKUP_LENGTH);
        let body = format!("{PREFIX}{lookup}_{secret}");
        let checksum = checksum(&body);
        Ok(Self(body + &checksum))
    }

    /// The whole text, to be shown to its holder once.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The public part, by which the key is found.
    pub fn lookup(&self) -> &str {
        self.0
            .get(PREFIX.len()..PREFIX.len() + LOOKUP_LENGTH)
            .unwrap_or_default()
    }

    /// What is kept of the key.
    pub fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.0.as_bytes()).into()
    }

    /// Whether this is the key that was kept, in a time that does not tell how far they agree.
    pub fn is_kept_as(&self, hash: &[u8]) -> bool {
        self.hash().ct_eq(hash).into()
    }
}

impl FromStr for Secret {
    type Err = MalformedKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let rest = text.strip_prefix(PREFIX).ok_or(MalformedKey)?;
        let is_formed = text.len() == LENGTH
            && rest.bytes().enumerate().all(|(at, byte)| match at {
                LOOKUP_LENGTH => byte == b'_',
                _ => ALPHABET.contains(&byte),
            });
        let body = text.get(..LENGTH - CHECKSUM_LENGTH).filter(|_| is_formed);
        match body {
            Some(body) if text.ends_with(&checksum(body)) => Ok(Self(text.to_owned())),
            _ => Err(MalformedKey),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Secret({PREFIX}{}_…)", self.lookup())
    }
}

/// Letters of the alphabet, all equally likely.
fn random_letters(count: usize) -> Result<String, NoRandomness> {
    // The greatest multiple of 62 that a byte can hold: what is above it would favour some letters.
    const FAIR: u8 = 248;
    let random = SystemRandom::new();
    let mut letters = String::with_capacity(count);
    let mut bytes = [0; 64];
    while letters.len() < count {
        random.fill(&mut bytes).map_err(|_| NoRandomness)?;
        let fair = bytes.iter().filter(|byte| **byte < FAIR);
        let left = count - letters.len();
        letters.extend(fair.take(left).map(|byte| letter(u32::from(*byte))));
    }
    Ok(letters)
}

/// CRC-32 in letters of the alphabet.
fn checksum(body: &str) -> String {
    let crc = crc32fast::hash(body.as_bytes());
    let digits = (0..CHECKSUM_LENGTH as u32).rev();
    digits.map(|place| letter(crc / 62_u32.pow(place))).collect()
}

fn letter(number: u32) -> char {
    char::from(ALPHABET[number as usize % ALPHABET.len()])
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{LENGTH, Secret};

    #[test]
    fn a_key_is_read_back_and_known_by_its_hash_alone() {
        let key = Secret::generate().expect("the system has random numbers");
        let read: Secret = key.reveal().parse().expect("it is a key");
        assert_eq!(key.reveal().len(), LENGTH);
        assert_eq!(read.lookup(), &key.reveal()[4..14]);
        assert!(read.is_kept_as(&key.hash()));
        let other = Secret::generate().expect("the system has random numbers");
        assert!(!other.is_kept_as(&key.hash()) && !read.is_kept_as(&key.hash()[..31]) && !read.is_kept_as(b""));
    }

    #[test]
    fn every_single_mistake_is_noticed() {
        let key = Secret::generate().expect("the system has random numbers");
        for at in 0..LENGTH {
            let mut letters: Vec<char> = key.reveal().chars().collect();
            letters[at] = if letters[at] == 'x' { 'y' } else { 'x' };
            let mistyped: String = letters.iter().collect();
            assert!(mistyped.parse::<Secret>().is_err(), "{at}");
            letters.remove(at);
            assert!(letters.iter().collect::<String>().parse::<Secret>().is_err(), "{at}");
        }
        for bad in [
            "",
            "vtb_",
            "vtb_é",
            " ",
            &format!("{} ", key.reveal()),
            &"v".repeat(LENGTH),
        ] {
            assert!(bad.parse::<Secret>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_known_key_stays_one() {
        let known = "vtb_0123456789_0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg19MVD3";
        assert_eq!(
            known.parse::<Secret>().map(|key| key.lookup().to_owned()).as_deref(),
            Ok("0123456789")
        );
    }

    #[test]
    fn no_letter_is_favoured_and_no_key_comes_twice() {
        let keys: Vec<Secret> = (0..500).filter_map(|_| Secret::generate().ok()).collect();
        let distinct: HashSet<&str> = keys.iter().map(Secret::lookup).collect();
        assert_eq!(distinct.len(), 500);
        let mut counts = [0_u32; 128];
        for byte in keys.iter().flat_map(|key| key.reveal()[15..58].bytes()) {
            counts[usize::from(byte)] += 1;
        }
        let letters = counts.iter().filter(|count| **count > 0);
        // 347 of each on average; a spread of six deviations.
        assert!(letters.clone().all(|count| (235..=460).contains(count)), "{counts:?}");
        assert_eq!(letters.count(), 62);
    }

    #[test]
    fn debugging_does_not_show_it() {
        let key = Secret::generate().expect("the system has random numbers");
        let shown = format!("{key:?}");
        assert_eq!(shown, format!("Secret(vtb_{}_…)", key.lookup()));
    }
}
