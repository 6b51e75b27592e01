//! Two instances on one database, driven at random and held to what their readers may see.
//!
//! Steps are made up at random: writes and reads on either instance, faults of the second one's way to the database,
//! steps of the clock. A third instance, which keeps nothing, tells after each step what is true. Of an answer it is
//! then known which of the states that there have been it shows, to the byte, and whether the reader may still see
//! that state: see [`rules::Rules::oldest_allowed`]. A state is what one reader at rest sees, so a mixture of two is none,
//! and neither is a draft.
//!
//! `PROPTEST_CASES` makes more cases, and `PROPTEST_RNG_SEED` the same ones again. A failure ends with the fewest steps
//! that still fail.

mod rules;
mod run;
mod steps;
mod world;

use std::cell::Cell;

use proptest::{
    collection::vec,
    test_runner::{Config, TestRunner},
};

use self::{
    rules::Checked,
    run::Run,
    steps::{Step, step},
    world::World,
};

/// Cases where the environment does not say how many.
const CASES: u32 = 12;

/// How often fewer steps are tried before they count as harmless, as much hangs on who is faster.
const TRIES: u32 = 4;

/// Most steps of a case.
const STEPS: usize = 24;

fn attempt(world: &World, steps: &[Step]) -> Checked<()> {
    let mut run = Run::begin(world);
    let done = steps.iter().try_for_each(|step| run.take(step));
    let done = done.and_then(|()| run.converge());
    run.end();
    done
}

fn drive(cache_bytes: &str) {
    let world = World::start(cache_bytes);
    let config = Config {
        cases: std::env::var("PROPTEST_CASES").map_or(CASES, |_| Config::default().cases),
        max_shrink_iters: 1_000,
        max_shrink_time: 120_000,
        failure_persistence: None,
        ..Config::default()
    };
    let tries = Cell::new(1);
    let outcome = TestRunner::new(config).run(&vec(step(), 1..STEPS), |steps| {
        let outcome = (0..tries.get()).try_for_each(|_| attempt(&world, &steps));
        if outcome.is_err() {
            tries.set(TRIES);
        }
        outcome
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn readers_see_only_what_they_may() {
    drive("16777216");
}

#[test]
fn readers_see_only_what_they_may_where_next_to_nothing_is_kept() {
    drive("20000");
}

#[test]
fn readers_see_only_what_they_may_where_nothing_is_kept() {
    drive("0");
}
