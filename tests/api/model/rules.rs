//! What readers may see of the states that there have been.

use std::{
    collections::HashMap,
    io::Read,
    time::{Duration, Instant},
};

use proptest::test_runner::TestCaseError;

use super::steps::{At, Reading, Target};
use crate::support::{client::Answer, proxy::Part};

/// How long a write may go unseen elsewhere while the database can be reached.
const UNSEEN: Duration = Duration::from_secs(5);

/// What was checked, or what is wrong with it.
pub(super) type Checked<T> = Result<T, TestCaseError>;

/// What a reader reads: in which language decides what is true.
type Question = (Target, &'static str);

/// What an answer shows, whatever its encoding; of a problem nothing but that it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shown {
    status: u16,
    location: String,
    body: Vec<u8>,
}

impl Shown {
    /// What an answer without an encoding shows.
    pub(super) fn of(answer: &Answer) -> Self {
        Self {
            status: answer.status,
            location: answer.header("location").to_owned(),
            body: match answer.status {
                200 => plain(answer),
                _ => Vec::new(),
            },
        }
    }
}

/// The bytes of an answer before they were encoded.
fn plain(answer: &Answer) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = match answer.header("content-encoding") {
        "gzip" => flate2::read::GzDecoder::new(&*answer.body).read_to_end(&mut bytes),
        "br" => brotli::Decompressor::new(&*answer.body, 4096).read_to_end(&mut bytes),
        "zstd" => zstd::Decoder::new(&*answer.body).and_then(|mut decoder| decoder.read_to_end(&mut bytes)),
        _ => (&*answer.body).read_to_end(&mut bytes),
    };
    read.expect("the body is in its encoding");
    bytes
}

/// What readers see, since a moment.
pub(super) struct State {
    shown: HashMap<Question, Shown>,
    since: Instant,
}

impl State {
    /// What is true from now on.
    pub(super) fn new(shown: HashMap<Question, Shown>) -> Self {
        Self {
            shown,
            since: Instant::now(),
        }
    }
}

/// What has been, and what is known of what each reader has seen.
#[derive(Default)]
pub(super) struct Rules {
    states: Vec<State>,
    /// The state after the last write that an instance has acknowledged.
    acknowledged: HashMap<At, usize>,
    /// The state after the clock was last set.
    clock_set: usize,
    /// What each entity tag stands for: the encoding, the bytes before it and after it.
    tags: HashMap<String, (String, Vec<u8>, Vec<u8>)>,
    /// The tag of bytes in an encoding.
    tag_of: HashMap<(String, Vec<u8>), String>,
    /// The tag that was last seen by such readers.
    last_tags: HashMap<(At, Target, &'static str, &'static str), String>,
    /// Whether the second instance cannot reach the database, or could not before in this case.
    is_away: bool,
    was_away: bool,
}

impl Rules {
    pub(super) fn became_true(&mut self, state: State) {
        self.states.push(state);
    }

    pub(super) fn was_acknowledged(&mut self, at: At) {
        self.acknowledged.insert(at, self.states.len() - 1);
    }

    pub(super) fn clock_was_set(&mut self) {
        self.clock_set = self.states.len() - 1;
    }

    pub(super) fn way_failed(&mut self, part: Part) {
        self.is_away = part == Part::All;
        self.was_away |= self.is_away;
    }

    pub(super) fn way_was_mended(&mut self) {
        self.is_away = false;
    }

    /// What is true now of what is read.
    pub(super) fn newest(&self, reading: &Reading) -> Option<&Shown> {
        self.states.last()?.shown.get(&(reading.target, reading.language))
    }

    /// The tag that a reader has of an earlier such answer, where it sends one.
    pub(super) fn known_tag(&self, reading: &Reading) -> Option<&str> {
        let known = self.last_tags.get(&tag_key(reading)).filter(|_| reading.is_conditional);
        known.map(String::as_str)
    }

    /// The oldest state that a reader who asks now may see.
    ///
    /// Nobody sees what was before a write that the same instance has acknowledged, or, of what the clock changes,
    /// before the clock was set. While the database can be reached and could be all the time, nobody sees for longer
    /// than [`UNSEEN`] what was before another's write.
    pub(super) fn oldest_allowed(&self, reading: &Reading, now: Instant) -> usize {
        let acknowledged = self.acknowledged.get(&reading.at).copied().unwrap_or_default();
        let by_clock = match reading.target {
            Target::Place => self.clock_set,
            _ => 0,
        };
        let is_known = |state: &State| now.duration_since(state.since) >= UNSEEN;
        let told = match reading.at == At::Other && self.was_away {
            true => 0,
            false => self.states.iter().rposition(is_known).unwrap_or_default(),
        };
        acknowledged.max(by_clock).max(told)
    }

    /// Holds an answer to what may be seen from that state on; gives what it shows, or nothing where the database
    /// was away.
    pub(super) fn check(&mut self, reading: &Reading, oldest: usize, answer: &Answer) -> Checked<Option<Shown>> {
        let fault = |what: &str| {
            let (status, tag, age) = (answer.status, answer.header("etag"), answer.header("age"));
            let body = String::from_utf8_lossy(&plain(answer)).into_owned();
            TestCaseError::fail(format!(
                "{what}: {reading:?} got {status}, tag {tag}, age {age}: {body:.400}"
            ))
        };
        let shown = match answer.status {
            503 if reading.at == At::Other && self.was_away => return Ok(None),
            304 => self
                .known(answer)
                .ok_or_else(|| fault("it got a tag that nobody was given"))?,
            _ => Shown::of(answer),
        };
        if matches!(answer.status, 200 | 304) {
            self.check_tag(reading, answer).map_err(fault)?;
            self.check_age(reading, answer).map_err(fault)?;
        }
        let question = (reading.target, reading.language);
        let shows = |state: &State| state.shown.get(&question) == Some(&shown);
        match self.states.iter().rposition(shows) {
            None => Err(fault("that was never true")),
            Some(state) if state < oldest => Err(fault(&format!("it is of state {state}, older than {oldest}"))),
            Some(_) => Ok(Some(shown)),
        }
    }

    /// What a 304 says that the reader has.
    fn known(&self, answer: &Answer) -> Option<Shown> {
        let (_, plain, _) = self.tags.get(answer.header("etag"))?;
        Some(Shown {
            status: 200,
            location: String::new(),
            body: plain.clone(),
        })
    }

    /// Tags are equal exactly where the bytes in an encoding are.
    fn check_tag(&mut self, reading: &Reading, answer: &Answer) -> Result<(), &'static str> {
        let tag = answer.header("etag").to_owned();
        let was_known = self.known_tag(reading).is_some_and(|known| known == tag);
        self.last_tags.insert(tag_key(reading), tag.clone());
        if answer.status == 304 {
            return if was_known {
                Ok(())
            } else {
                Err("it got 304 for another tag")
            };
        }
        let encoding = answer.header("content-encoding").to_owned();
        let (plain, wire) = (plain(answer), answer.body.clone());
        let stands_for = (encoding.clone(), plain.clone(), wire);
        if *self.tags.entry(tag.clone()).or_insert_with(|| stands_for.clone()) != stands_for {
            return Err("one tag stands for two bodies");
        }
        if *self.tag_of.entry((encoding, plain)).or_insert_with(|| tag.clone()) != tag {
            return Err("one body has two tags");
        }
        Ok(())
    }

    /// Nothing is old while the database can be reached.
    fn check_age(&self, reading: &Reading, answer: &Answer) -> Result<(), &'static str> {
        let age: u64 = answer.header("age").parse().map_err(|_| "its age is no number")?;
        let may_be_old = reading.at == At::Other && self.was_away;
        match age < UNSEEN.as_secs() || may_be_old {
            true => Ok(()),
            false => Err("it is too old"),
        }
    }
}

fn tag_key(reading: &Reading) -> (At, Target, &'static str, &'static str) {
    (reading.at, reading.target, reading.language, reading.encoding)
}
