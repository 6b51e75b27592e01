//! Consents that end by themselves: within a second the public sees the testimonial no more.
//!
//! What ended while no instance ran is made up for at the first look. Every instance looks; the lock on
//! the testimonial sees to it that one of them does it.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::MissedTickBehavior;
use uuid::Uuid;

use super::consents;
use crate::{
    changes::{Action, Actor},
    clock::Clock,
    db::Database,
    editing,
    problem::Problem,
    testimonials::wire::TestimonialIn,
};

/// How often it is looked for consents that have ended.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// What the log calls whoever takes testimonials out of the public whose consent has ended.
const NAME: &str = "consent";

/// Looks for consents that have ended until it is dropped.
pub async fn run(database: Database, clock: Clock) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        look.tick().await;
        // Of a database that is away /readyz tells; a later look makes up for this one.
        if let Err(problem) = carry_out(&database, clock.now()).await {
            log::debug!("Consents that have ended cannot be carried out now: {problem}");
        }
    }
}

async fn carry_out(database: &Database, now: Timestamp) -> Result<(), Problem> {
    let mut transaction = database.begin().await?;
    let expired = consents::expired(transaction.connection()?, now).await?;
    transaction.undo().await?;
    for id in expired {
        if let Err(problem) = take_out(database, now, id).await {
            log::error!("The testimonial {id} stays public although its consent has ended: {problem}");
        }
    }
    Ok(())
}

async fn take_out(database: &Database, now: Timestamp, id: Uuid) -> Result<(), Problem> {
    let mut transaction = database.begin().await?;
    let connection = transaction.connection()?;
    let mut opened = editing::open::<TestimonialIn>(connection, Some(id)).await?;
    // Another instance, or a new consent, may have been first.
    if !consents::expired(connection, now).await?.contains(&id) {
        return Ok(transaction.undo().await?);
    }
    let actor = Actor {
        name: NAME,
        request_id: None,
        now,
    };
    opened
        .leave_public(connection, &actor, Action::Unpublished, &[])
        .await?;
    Ok(transaction.commit().await?)
}
