//! Carrying out what was scheduled: within a second, once, by whichever instance comes first.
//!
//! A document whose moment has come is locked with `skip locked`, so that of several instances one
//! does it. What fell due while no instance ran is made up for at the first look.

use std::time::Duration;

use diesel_async::AsyncPgConnection;
use jiff::{SignedDuration, Timestamp};
use tokio::time::MissedTickBehavior;

use super::{
    kind::{Due, Kind},
    store::{self, DueLanguage},
};
use crate::{
    changes::Actor,
    clock::Clock,
    db::{Database, Transaction},
    http::write,
    problem::Problem,
};

/// How often it is looked for what has fallen due.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// How often answers that are no longer kept are removed.
const TIDY_EVERY: SignedDuration = SignedDuration::from_mins(10);

/// What the log calls whoever carries out a schedule.
const NAME: &str = "schedule";

/// Looks for what has fallen due until it is dropped.
pub async fn run(database: Database, clock: Clock, kinds: &'static [Kind]) {
    let mut look = tokio::time::interval(LOOK_EVERY);
    look.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut tidied = Timestamp::MIN;
    loop {
        look.tick().await;
        let now = clock.now();
        // Of a database that is away /readyz tells; a later look makes up for this one.
        if let Err(problem) = carry_out_all(&database, now, kinds).await {
            log::debug!("What is scheduled cannot be carried out now: {problem}");
        }
        if now.duration_since(tidied) > TIDY_EVERY && tidy(&database, now).await.is_ok() {
            tidied = now;
        }
    }
}

async fn tidy(database: &Database, now: Timestamp) -> Result<(), Problem> {
    let mut transaction = database.begin().await?;
    write::forget_answers(transaction.connection()?, now).await?;
    Ok(transaction.commit().await?)
}

async fn carry_out_all(database: &Database, now: Timestamp, kinds: &[Kind]) -> Result<(), Problem> {
    // What fails for no fault of its own waits for the next look, and holds up nothing else.
    let mut failed = Vec::new();
    loop {
        let mut transaction = database.begin().await?;
        let Some(due) = store::lock_next_due(transaction.connection()?, now, &failed).await? else {
            return Ok(transaction.undo().await?);
        };
        match carry_out_or_give_up(&mut transaction, now, kinds, &due).await {
            Ok(()) => transaction.commit().await?,
            Err(problem) => {
                log::error!(
                    "What is scheduled for the {} {} fails and is tried again: {problem} ({})",
                    due.entity_type,
                    due.id,
                    problem.cause().unwrap_or("no further cause"),
                );
                failed.push(due.id);
            }
        }
    }
}

/// Takes back what can never be carried out, while the schedule is still locked.
async fn carry_out_or_give_up(
    transaction: &mut Transaction,
    now: Timestamp,
    kinds: &[Kind],
    due: &DueLanguage,
) -> Result<(), Problem> {
    transaction.begin_part().await?;
    match carry_out(transaction.connection()?, now, kinds, due, due.what(now)).await {
        Ok(()) => Ok(transaction.keep_part().await?),
        Err(problem) if problem.is_refusal() => {
            transaction.undo_part().await?;
            log::error!(
                "What was scheduled for the {} {} cannot be carried out and is taken back: {problem}",
                due.entity_type,
                due.id,
            );
            carry_out(transaction.connection()?, now, kinds, due, Due::GiveUp).await
        }
        Err(problem) => Err(problem),
    }
}

async fn carry_out(
    connection: &mut AsyncPgConnection,
    now: Timestamp,
    kinds: &[Kind],
    due: &DueLanguage,
    what: Due,
) -> Result<(), Problem> {
    let kind = kinds
        .iter()
        .find(|kind| kind.names.entity_type.as_str() == due.entity_type);
    let kind = kind.ok_or_else(|| Problem::internal("something is scheduled that is of no known kind"))?;
    let actor = Actor {
        name: NAME,
        request_id: None,
        now,
    };
    (kind.carry_out)(connection, &actor, due.id, &due.locale, what).await
}
