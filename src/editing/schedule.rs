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
    store::{self, DueLanguages},
};
use crate::{
    changes::Actor,
    clock::Clock,
    db::{Database, Ending},
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

async fn tidy(database: &Database, now: Timestamp) -> Result<usize, Problem> {
    database
        .write(async |c| Ok(Ending::Commit(write::forget_answers(c, now).await?)))
        .await
}

async fn carry_out_all(database: &Database, now: Timestamp, kinds: &[Kind]) -> Result<(), Problem> {
    // Without a transaction where there is nothing to do, which is nearly always.
    while database.read(async |c| store::is_anything_due(c, now).await).await? {
        let failed = carry_out_one(database, now, kinds).await?;
        let Some((due, problem)) = failed else { continue };
        log::error!(
            "What was scheduled for the {} {} cannot be carried out and is taken back: {problem}",
            due.entity_type,
            due.id,
        );
        database
            .write(async |c| {
                carry_out(c, now, kinds, &due, Due::GiveUp).await?;
                Ok::<_, Problem>(Ending::Commit(()))
            })
            .await?;
    }
    Ok(())
}

/// Does the next thing that is due; gives back what cannot be done, and why.
async fn carry_out_one(
    database: &Database,
    now: Timestamp,
    kinds: &[Kind],
) -> Result<Option<(DueLanguages, Problem)>, Problem> {
    database
        .write(async |connection| {
            let Some(due) = store::lock_next_due(connection, now).await? else {
                return Ok(Ending::Undo(None));
            };
            let what = due.what(now);
            match carry_out(connection, now, kinds, &due, what).await {
                Ok(()) => Ok(Ending::Commit(None)),
                Err(problem) if problem.is_refusal() => Ok(Ending::Undo(Some((due, problem)))),
                Err(problem) => Err(problem),
            }
        })
        .await
}

async fn carry_out(
    connection: &mut AsyncPgConnection,
    now: Timestamp,
    kinds: &[Kind],
    due: &DueLanguages,
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
    (kind.carry_out)(connection, &actor, due.id, std::slice::from_ref(&due.locale), what).await
}
