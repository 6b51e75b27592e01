//! `vertebra resanitise`: making what the public sees of rich texts anew, by the present rules.

use clap::Args;
use serde::Serialize;
use uuid::Uuid;

use super::{CommandError, Output, open, table::table};
use crate::{
    changes::Actor,
    clock::Clock,
    config::WebAddress,
    db::{Database, locales},
    editing::{
        Kind,
        rebuild::{Outcome, Viewpoint, Which, candidates, rebuild},
    },
    problem::{Code, Problem},
    values::html::SANITISER_VERSION,
};

/// Who the change log says has made a change.
const ACTOR: &str = "vertebra resanitise";

/// Which texts are made anew, and how it is told.
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
What editors write is kept as they wrote it. The HTML and the plain text that the public sees are made from \
it by rules that a new version of Vertebra may change; run this after an update whose notes ask for it. \
Drafts need nothing: theirs are made when they are published.

Where the public sees something else afterwards, the document gets a new version and the change log a row \
`updated`, so that caches and apps hear of it; an editor who has it open must read it again. What comes out \
as it was stays as it is.

Each document is done by itself: the server may run meanwhile, and a run that was interrupted can be started \
again. The exit code is 1 where a document could not be made anew.")]
pub struct Resanitise {
    /// Everything that is public, not only what other rules have made.
    #[arg(long)]
    all: bool,
    /// Write the result as JSON.
    #[arg(long)]
    json: bool,
}

/// What was done.
#[derive(Debug, Serialize)]
struct Report {
    /// The rules by which all is made now.
    sanitiser_version: i32,
    /// What became of each kind of content.
    kinds: Vec<Tally>,
    /// What could not be made anew.
    failures: Vec<Failure>,
}

/// What was done with the documents of a kind.
#[derive(Debug, Serialize)]
struct Tally {
    kind: &'static str,
    /// All that were looked at.
    looked_at: usize,
    /// Of them, those of which the public sees something else now.
    changed: usize,
    /// Those that came out as they were.
    unchanged: usize,
    /// Those that could not be made anew.
    failed: usize,
}

/// A document that could not be made anew.
#[derive(Debug, Serialize)]
struct Failure {
    kind: &'static str,
    id: Uuid,
    reason: String,
}

/// Does what is asked for, and says how many documents could not be made anew.
pub async fn run(
    wish: Resanitise,
    url: &str,
    clock: &Clock,
    kinds: &[Kind],
    site: &WebAddress,
) -> Result<(Output, usize), CommandError> {
    let database = open(url)?;
    let default_locale = database.read(async |c| locales::load(c).await).await?.default;
    let viewpoint = Viewpoint {
        default_locale: &default_locale,
        site,
    };
    let mut report = Report {
        sanitiser_version: SANITISER_VERSION,
        kinds: Vec::new(),
        failures: Vec::new(),
    };
    let which = if wish.all { Which::All } else { Which::Outdated };
    for kind in kinds {
        go_through(&database, clock, kind, which, &viewpoint, &mut report).await?;
    }
    Ok((report.output(wish.json), report.failures.len()))
}

async fn go_through(
    database: &Database,
    clock: &Clock,
    kind: &Kind,
    which: Which,
    viewpoint: &Viewpoint<'_>,
    report: &mut Report,
) -> Result<(), Problem> {
    let name = kind.names.entity_type.as_str();
    let mut tally = Tally {
        kind: name,
        looked_at: 0,
        changed: 0,
        unchanged: 0,
        failed: 0,
    };
    for id in candidates(database, kind, which).await? {
        let actor = Actor {
            name: ACTOR,
            request_id: None,
            now: clock.now(),
        };
        match rebuild(database, kind, &actor, id, viewpoint).await {
            Ok(Outcome::Changed) => tally.changed += 1,
            Ok(Outcome::Unchanged) => tally.unchanged += 1,
            Ok(Outcome::Gone) => continue,
            Err(problem) if problem.code() == Code::DatabaseUnavailable => return Err(problem),
            Err(problem) => {
                tally.failed += 1;
                let reason = problem.reason().to_owned();
                report.failures.push(Failure { kind: name, id, reason });
            }
        }
        tally.looked_at += 1;
    }
    report.kinds.push(tally);
    Ok(())
}

impl Report {
    fn output(&self, as_json: bool) -> Output {
        let failure = |Failure { kind, id, reason }: &Failure| format!("The {kind} {id} stays as it is: {reason}\n");
        let mut note: String = self.failures.iter().map(failure).collect();
        if self.kinds.iter().all(|tally| tally.looked_at == 0) {
            note.push_str("Nothing is to be made anew.\n");
        }
        let out = match as_json {
            true => super::json(self),
            false => self.table(),
        };
        Output { out, note }
    }

    fn table(&self) -> String {
        let rows = self.kinds.iter().map(|tally| {
            [
                tally.kind.to_owned(),
                tally.looked_at.to_string(),
                tally.changed.to_string(),
                tally.unchanged.to_string(),
                tally.failed.to_string(),
            ]
        });
        table(["KIND", "LOOKED AT", "CHANGED", "UNCHANGED", "FAILED"], rows)
    }
}
