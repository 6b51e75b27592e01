//! The examples in the OpenAPI documents: they are what the server answers.
//!
//! A reader walks through the demonstration clinic, an editor enters its content into an empty one, and patients send
//! testimonials there. What went over the wire is held against `openapi/examples/`, out of which the documents take
//! their examples; with `RECORD_EXAMPLES` set it is written there.

mod documents;
mod office;
mod readers;
mod record;
mod refusals;
mod stand_ins;
mod testimonials;
mod walk;

use walk::Walk;

#[test]
fn the_examples_are_what_the_server_answers() {
    let mut walk = Walk::begin();
    readers::walk(&mut walk);
    documents::walk(&mut walk);
    testimonials::walk(&mut walk);
    let [reading, revoked] = office::walk(&mut walk);
    refusals::walk(&mut walk, &reading, &revoked);
    walk.end();
}
