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

use proptest::{
    collection::vec,
    test_runner::{Config, TestRunner},
};

use self::{run::Run, steps::step, world::World};

/// Cases where the environment does not say how many.
const CASES: u32 = 12;

/// Most steps of a case.
const STEPS: usize = 24;

fn drive(cache_bytes: &str) {
    let world = World::start(cache_bytes);
    let config = Config {
        cases: std::env::var("PROPTEST_CASES").map_or(CASES, |_| Config::default().cases),
        max_shrink_iters: 300,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&vec(step(), 1..STEPS), |steps| {
        let mut run = Run::begin(&world);
        let done = steps.iter().try_for_each(|step| run.take(step));
        let done = done.and_then(|()| run.converge());
        run.end();
        done
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
