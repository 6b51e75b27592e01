//! How often one client address may do something.
//!
//! The counts are kept by each instance for itself and are gone when it ends. Their number has an
//! end: beyond it all addresses share one count, so that a flood from many addresses neither fills
//! the memory nor lifts the limit.

use std::{
    net::{IpAddr, Ipv4Addr},
    sync::atomic::{AtomicU64, Ordering},
};

use actix_web::http::header::{HeaderValue, RETRY_AFTER};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
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

/// A limit on what each client address may do.
pub struct Limiter {
    counts: DefaultKeyedRateLimiter<IpAddr>,
    clock: DefaultClock,
    room: usize,
    uses: AtomicU64,
}

impl Limiter {
    /// A limit that nobody has used yet.
    pub fn new(rate: Rate) -> Self {
        Self::with_room(rate, MOST_ADDRESSES)
    }

    fn with_room(rate: Rate, room: usize) -> Self {
        let steady = Quota::with_period(rate.every).unwrap_or(Quota::per_second(rate.burst));
        Self {
            counts: RateLimiter::keyed(steady.allow_burst(rate.burst)),
            clock: DefaultClock::default(),
            room,
            uses: AtomicU64::new(0),
        }
    }

    /// Counts one use by an address, or refuses it.
    pub fn check(&self, address: Option<IpAddr>) -> Result<(), Problem> {
        if self.uses.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.counts.retain_recent();
        }
        let counted = address.filter(|_| self.counts.len() < self.room).map(counted);
        self.counts
            .check_key(&counted.unwrap_or(EVERYBODY))
            .map_err(|refused| too_many(refused.wait_time_from(self.clock.now()).as_secs() + 1))
    }
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
        Limiter::with_room("3,1/day".parse().expect("the rate is valid"), room)
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
        let wait: u64 = refused.headers()[0]
            .1
            .to_str()
            .expect("it is text")
            .parse()
            .expect("it is a number");
        assert!((80_000..=86_400).contains(&wait), "{wait}");
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
