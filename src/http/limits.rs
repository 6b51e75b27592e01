//! How often one client address may do something.
//!
//! The counts are kept by each instance for itself and are gone when it ends. Their number has an
//! end: beyond it all addresses share one count, so that a flood from many addresses neither fills
//! the memory nor lifts the limit. A client that was counted learns from [`RATE_LIMIT`] what it has left.

use std::{
    net::{IpAddr, Ipv4Addr},
    num::NonZeroU32,
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use actix_web::http::header::{HeaderName, HeaderValue, RETRY_AFTER};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};

use super::client_address::counted;
use crate::{
    config::Rate,
    problem::{Code, Problem},
};

/// Most addresses that are counted apart.
const MOST_ADDRESSES: usize = 50_000;

/// What is counted together once there are too many addresses; nobody calls from it.
const EVERYBODY: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// Uses between two looks for counts that are of no more use.
const SWEEP_EVERY: u64 = 1_000;

/// Says what an address has left of a limit (draft-ietf-httpapi-ratelimit-headers).
pub const RATE_LIMIT: HeaderName = HeaderName::from_static("ratelimit");

/// What an address has left of a limit, as [`RATE_LIMIT`] says it: among the extensions of a request that was
/// counted, from where its answer gets it.
#[derive(Debug, Clone)]
pub struct Left(pub HeaderValue);

type Counts = RateLimiter<IpAddr, DefaultKeyedStateStore<IpAddr>, DefaultClock, StateInformationMiddleware>;

/// A limit on what each client address may do.
pub struct Limiter {
    name: &'static str,
    burst: NonZeroU32,
    every: Duration,
    counts: Counts,
    clock: DefaultClock,
    room: usize,
    uses: AtomicU64,
}

impl Limiter {
    /// A limit that nobody has used yet; its name stands in [`RATE_LIMIT`].
    pub fn new(name: &'static str, rate: Rate) -> Self {
        Self::with_room(name, rate, MOST_ADDRESSES)
    }

    fn with_room(name: &'static str, Rate { burst, every }: Rate, room: usize) -> Self {
        let steady = Quota::with_period(every).unwrap_or(Quota::per_second(burst));
        Self {
            name,
            burst,
            every,
            counts: RateLimiter::keyed(steady.allow_burst(burst)).with_middleware(),
            clock: DefaultClock::default(),
            room,
            uses: AtomicU64::new(0),
        }
    }

    /// Counts one use by an address and says what it has left, or refuses it.
    pub fn check(&self, address: Option<IpAddr>) -> Result<Left, Problem> {
        if self.uses.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.counts.retain_recent();
        }
        let counted = address.filter(|_| self.counts.len() < self.room).map(counted);
        match self.counts.check_key(&counted.unwrap_or(EVERYBODY)) {
            Ok(state) => self.left(state.remaining_burst_capacity()),
            Err(refused) => {
                let problem = too_many(whole_seconds(refused.wait_time_from(self.clock.now())).max(1));
                Err(problem.with_header(RATE_LIMIT, self.left(0)?.0))
            }
        }
    }

    /// So many uses are left, and in so many seconds all of them are there again.
    fn left(&self, uses: u32) -> Result<Left, Problem> {
        let missing = self.burst.get().saturating_sub(uses);
        let seconds = whole_seconds(self.every * missing);
        let said = format!("\"{}\";r={uses};t={seconds}", self.name);
        HeaderValue::try_from(said).map(Left).map_err(Problem::internal)
    }
}

/// The seconds after which this time is over.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs() + u64::from(time.subsec_nanos() > 0)
}

fn too_many(seconds: u64) -> Problem {
    let detail = format!("Too many requests of this kind came from this address; please try again in {seconds} s.");
    Problem::new(Code::TooManyRequests, detail).with_header(RETRY_AFTER, HeaderValue::from(seconds))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::Limiter;

    fn limiter(room: usize) -> Limiter {
        Limiter::with_room("tries", "3,1/day".parse().expect("the rate is valid"), room)
    }

    fn address(last: u8) -> Option<IpAddr> {
        Some(Ipv4Addr::new(192, 0, 2, last).into())
    }

    /// Uses by an address that are let through.
    fn taken(limiter: &Limiter, address: Option<IpAddr>) -> usize {
        (0..10).filter(|_| limiter.check(address).is_ok()).count()
    }

    #[test]
    fn each_address_has_its_own_count() {
        let limiter = limiter(100);
        assert_eq!(taken(&limiter, address(1)), 3);
        assert_eq!(taken(&limiter, address(1)), 0);
        assert_eq!(taken(&limiter, address(2)), 3);
        let refused = limiter.check(address(2)).expect_err("its count is used up");
        let [(_, wait), (_, left)] = refused.headers() else {
            panic!("it says when to come again and what is left");
        };
        let wait: u64 = wait.to_str().expect("it is text").parse().expect("it is a number");
        assert!((80_000..=86_400).contains(&wait), "{wait}");
        assert_eq!(left, "\"tries\";r=0;t=259200");
        let left = limiter.check(address(3)).expect("it has two uses left");
        assert_eq!(left.0, "\"tries\";r=2;t=86400");
    }

    #[test]
    fn too_many_addresses_share_one_count() {
        let limiter = limiter(5);
        for last in 0..4 {
            assert_eq!(taken(&limiter, address(last)), 3, "{last}");
        }
        // The last one that is counted apart has its own count for its first use.
        let all: usize = (4..255).map(|last| taken(&limiter, address(last))).sum();
        assert_eq!(all, 1 + 3);
        assert!(limiter.counts.len() <= 6);
    }
}
