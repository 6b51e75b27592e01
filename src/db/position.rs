//! Where the change log stands, as far as this process knows, and how lately it was told.
//!
//! What is kept of the database belongs to a *generation*: a number of this process alone that grows with
//! every step of the log, and never comes back. Whoever has been told of a write, by the commit of its own
//! transaction or by another's, is in a later generation than all that was kept before.

use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use diesel::{QueryDsl, QueryResult};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

use super::schema::change_head;

/// How long it is taken for true what was last seen of the log, or that it could not be seen: less than the
/// five seconds after which nobody may get what a write has made stale.
const TRUSTED: Duration = Duration::from_secs(4);

/// Where the log stands: a number that means something within one epoch only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Renewed when the database is restored from a backup.
    pub epoch: Uuid,
    /// Number of the newest change.
    pub seq: i64,
}

/// Reads where the log stands.
pub(super) async fn load(connection: &mut AsyncPgConnection) -> QueryResult<Head> {
    let row = change_head::table.select((change_head::epoch, change_head::seq));
    let (epoch, seq) = diesel_async::RunQueryDsl::first(row, connection).await?;
    Ok(Head { epoch, seq })
}

/// A moment of this process, in microseconds since it began to ask; none is 0 but the beginning itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(u64);

/// What may be given of what is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// The generation of which it must be.
    pub generation: u64,
    /// Whole seconds since this was last seen to be the newest generation: the `Age` of what is kept.
    pub age: u64,
    /// Whether it is given only because the database is away.
    pub is_stale: bool,
}

/// What is known of the log.
#[derive(Debug)]
pub struct Position {
    beginning: Instant,
    /// The newest head, and when it had come in.
    known: Mutex<Option<(Head, Moment)>>,
    generation: AtomicU64,
    /// When the newest look at the log began that told where it stands.
    seen: AtomicU64,
    /// When the newest look at the log began that failed.
    missed: AtomicU64,
}

impl Position {
    /// Nothing is known.
    pub(super) fn unknown() -> Self {
        Self {
            beginning: Instant::now(),
            known: Mutex::new(None),
            generation: AtomicU64::new(0),
            seen: AtomicU64::new(0),
            missed: AtomicU64::new(0),
        }
    }

    /// The present moment: take it before asking where the log stands.
    pub fn now(&self) -> Moment {
        let micros = self.beginning.elapsed().as_micros();
        Moment(u64::try_from(micros).unwrap_or(u64::MAX).max(1))
    }

    /// The newest head that is known.
    pub fn head(&self) -> Option<Head> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.map(|(head, _)| head)
    }

    /// Time since the last look that told where the log stands, or since the beginning.
    pub fn unseen_for(&self) -> Duration {
        self.since(self.seen.load(Ordering::Acquire))
    }

    /// Takes in a head that somebody began to ask for at this moment.
    ///
    /// Several ask at a time, so an older head may come in after a newer one: it counts for nothing. A lower
    /// number that was asked for later is a log that was put back, as another epoch is.
    pub fn saw(&self, asked: Moment, head: Head) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let has_moved = known.is_none_or(|(old, came)| {
            head.epoch != old.epoch || head.seq > old.seq || (head.seq < old.seq && asked > came)
        });
        if has_moved {
            *known = Some((head, self.now()));
            self.generation.fetch_add(1, Ordering::AcqRel);
        }
        drop(known);
        self.seen.fetch_max(asked.0, Ordering::AcqRel);
    }

    /// Takes in that the log could not be seen by who began to ask at this moment.
    pub fn missed(&self, asked: Moment) {
        self.missed.fetch_max(asked.0, Ordering::AcqRel);
    }

    /// Puts what is kept out of reach after a write of which it is unknown how far it has moved the log.
    pub(super) fn moved(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
    }

    /// What may be given of what is kept; nothing where it is unknown how the log stands.
    ///
    /// While every look fails, the database is away: what is kept may be given as long as this says.
    pub fn freshness(&self, while_away: Duration) -> Option<Freshness> {
        // The generation comes after the moment at which it was seen, as an older one must not pass for it.
        let seen = self.seen.load(Ordering::Acquire);
        let missed = self.missed.load(Ordering::Acquire);
        let unseen = self.since(seen);
        let is_followed = seen > 0 && unseen <= TRUSTED;
        let is_away = 0 < seen && seen < missed && self.since(missed) <= TRUSTED && unseen <= while_away;
        (is_followed || is_away).then(|| Freshness {
            generation: self.generation.load(Ordering::Acquire),
            age: unseen.as_secs(),
            is_stale: !is_followed,
        })
    }

    fn since(&self, moment: u64) -> Duration {
        Duration::from_micros(self.now().0.saturating_sub(moment))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use uuid::Uuid;

    use super::{Head, Moment, Position};

    const DAY: Duration = Duration::from_secs(86_400);

    /// A process that began so many seconds ago.
    fn begun(seconds: u64) -> Position {
        Position {
            beginning: Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap(),
            ..Position::unknown()
        }
    }

    fn head(epoch: u128, seq: i64) -> Head {
        Head {
            epoch: Uuid::from_u128(epoch),
            seq,
        }
    }

    /// What is kept now, and where the log stands.
    fn state(position: &Position) -> (u64, Option<Head>) {
        (position.freshness(DAY).unwrap().generation, position.head())
    }

    #[test]
    fn an_older_head_that_comes_late_counts_for_nothing() {
        let position = begun(1);
        let asked_first = position.now();
        position.saw(position.now(), head(1, 7));
        let known = state(&position);
        position.saw(asked_first, head(1, 6));
        position.saw(position.now(), head(1, 7));
        assert_eq!(state(&position), known);
        assert_eq!(known.1, Some(head(1, 7)));
    }

    #[test]
    fn every_step_and_every_restore_begins_a_generation_that_never_comes_back() {
        let position = begun(1);
        let mut before = 0;
        for (epoch, seq) in [(1, 5), (1, 6), (2, 6), (2, 7), (1, 7), (2, 7), (2, 3)] {
            // A moment later than the last head came in.
            while position.now() == Moment(position.known.lock().unwrap().map_or(0, |(_, came)| came.0)) {}
            position.saw(position.now(), head(epoch, seq));
            let (generation, known) = state(&position);
            assert_eq!(known, Some(head(epoch, seq)));
            assert!(generation > before, "{epoch} {seq}");
            before = generation;
        }
        position.moved();
        assert_eq!(state(&position), (before + 1, Some(head(2, 3))));
    }

    #[test]
    fn what_was_seen_is_trusted_for_a_while_and_longer_only_while_every_look_fails() {
        let unknown = begun(100);
        unknown.missed(unknown.now());
        assert_eq!(unknown.freshness(DAY), None);

        let position = begun(100);
        position.saw(Moment(1), head(1, 1));
        assert_eq!(position.freshness(DAY), None);
        position.missed(Moment(2));
        assert_eq!(position.freshness(DAY), None, "that is too long ago");

        position.missed(position.now());
        let given = position.freshness(DAY).unwrap();
        assert!(given.is_stale && given.generation == 1 && given.age >= 99);
        assert_eq!(position.freshness(Duration::from_secs(60)), None);

        position.saw(position.now(), head(1, 1));
        assert!(!position.freshness(DAY).unwrap().is_stale);
    }
}
