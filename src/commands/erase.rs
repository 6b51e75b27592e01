//! `vertebra erase`: erasing a testimonial, and carrying erasures over to a restored backup.

use std::{fs, path::PathBuf};

use clap::{
    Args,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::{CommandError, Output, open};
use crate::{
    clock::Clock,
    db::{Database, DbError, Ending},
    testimonials::{
        store,
        wire::{Erasure, ErasureReason},
    },
    values,
};

/// Who the ledger and the change log say has erased something.
const ACTOR: &str = "vertebra erase";

/// What is to be erased, or done with the ledger of what was.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Examples:\n  vertebra erase 01a2097f-113f-7022-8120-ac2fa19b5141 --reason requested\n  \
    vertebra erase --export erasures.jsonl\n  vertebra erase --replay erasures.jsonl\n\n\
    Erasing removes the words, the history, the consent, the contact and kept answers. What stays is the id, the \
    time, the reason and who did it. A backup still has what was erased after it was made: keep the exported ledger \
    apart from the backups, and replay it after one is restored."
)]
pub struct Erase {
    /// Id of the testimonial to erase.
    #[arg(value_name = "ID", required_unless_present_any = ["export", "replay"], requires = "reason")]
    id: Option<Uuid>,
    /// Why it is erased.
    #[arg(long, value_parser = reasons(), requires = "id")]
    reason: Option<ErasureReason>,
    /// Write the ledger of what was erased to this file, one line of JSON for each; - is standard output.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["id", "replay"])]
    export: Option<PathBuf>,
    /// Erase again what this exported ledger names; what is gone already stays so.
    #[arg(long, value_name = "FILE", conflicts_with = "id")]
    replay: Option<PathBuf>,
    /// Write what was done as JSON.
    #[arg(long)]
    json: bool,
}

/// What a replay has done.
#[derive(Debug, Serialize)]
struct Replayed {
    /// Entries of the ledger.
    entries: usize,
    /// Testimonials that were there and were erased.
    erased: Vec<Uuid>,
}

fn reasons() -> impl TypedValueParser<Value = ErasureReason> {
    let known = ErasureReason::ALL.map(|reason| PossibleValue::new(reason.as_str()).help(reason.help()));
    PossibleValuesParser::new(known).try_map(|name| {
        let found = ErasureReason::ALL.into_iter().find(|reason| reason.as_str() == name);
        found.ok_or("is no reason")
    })
}

/// Does what is asked for.
pub async fn run(command: Erase, url: &str, clock: &Clock) -> Result<Output, CommandError> {
    let database = open(url)?;
    match (command.id.zip(command.reason), command.export, command.replay) {
        (Some((id, reason)), ..) => erase(&database, clock.now(), id, reason, command.json).await,
        (None, Some(file), _) => export(&database, &file).await,
        (None, None, Some(file)) => replay(&database, &file, command.json).await,
        (None, None, None) => Err(CommandError::Usage("say what is to be erased, and why".to_owned())),
    }
}

async fn erase(
    database: &Database,
    now: Timestamp,
    id: Uuid,
    reason: ErasureReason,
    as_json: bool,
) -> Result<Output, CommandError> {
    let erasure = Erasure {
        id,
        erased_at: now,
        reason: reason.as_str().to_owned(),
        actor: ACTOR.to_owned(),
    };
    if !carry_out(database, &erasure, false).await? {
        return Err(CommandError::Missing(format!("no testimonial has the id {id}")));
    }
    let out = match as_json {
        true => json(&erasure),
        false => format!("Erased the testimonial {id}\n"),
    };
    Ok(Output {
        out,
        note: String::new(),
    })
}

/// Erases what an entry names; where it is not there, nothing stays unless the entry is to be kept.
async fn carry_out(database: &Database, erasure: &Erasure, keeps_entry: bool) -> Result<bool, CommandError> {
    database
        .write(async |c| {
            let was_there = store::erase(c, erasure, None).await.map_err(DbError::from)?;
            Ok(match was_there || keeps_entry {
                true => Ending::Commit(was_there),
                false => Ending::Undo(was_there),
            })
        })
        .await
}

async fn export(database: &Database, file: &PathBuf) -> Result<Output, CommandError> {
    let ledger = database.read(async |c| store::all_erasures(c).await).await?;
    let lines: String = ledger.iter().map(|erasure| line(erasure) + "\n").collect();
    if file.as_os_str() == "-" {
        return Ok(Output {
            out: lines,
            note: String::new(),
        });
    }
    fs::write(file, lines).map_err(|error| CommandError::File(file.display().to_string(), error))?;
    Ok(Output {
        out: String::new(),
        note: format!("Wrote {} entries to {}\n", ledger.len(), file.display()),
    })
}

async fn replay(database: &Database, file: &PathBuf, as_json: bool) -> Result<Output, CommandError> {
    let text = fs::read_to_string(file).map_err(|error| CommandError::File(file.display().to_string(), error))?;
    let ledger = read_ledger(&text).map_err(CommandError::Usage)?;
    let mut erased = Vec::new();
    for erasure in &ledger {
        if carry_out(database, erasure, true).await? {
            erased.push(erasure.id);
        }
    }
    let replayed = Replayed {
        entries: ledger.len(),
        erased,
    };
    let out = match as_json {
        true => json(&replayed),
        false => format!(
            "Erased {} testimonials; of {} entries the others were gone already\n",
            replayed.erased.len(),
            replayed.entries
        ),
    };
    Ok(Output {
        out,
        note: String::new(),
    })
}

/// The entries of an exported ledger, all of them or none.
fn read_ledger(text: &str) -> Result<Vec<Erasure>, String> {
    let entry = |(number, line): (usize, &str)| {
        let wrong = || format!("line {number} of the ledger is no entry that --export has written");
        let erasure: Erasure = serde_json::from_str(line).map_err(|_| wrong())?;
        let is_known = ErasureReason::ALL
            .iter()
            .any(|reason| reason.as_str() == erasure.reason);
        (is_known && values::is_storable(erasure.erased_at))
            .then_some(erasure)
            .ok_or_else(wrong)
    };
    (1..).zip(text.lines()).map(entry).collect()
}

fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string_pretty(value).unwrap_or_default() + "\n"
}

#[cfg(test)]
mod tests {
    use super::read_ledger;

    const ENTRY: &str = r#"{"id":"01a2097f-113f-7022-8120-ac2fa19b5141","erased_at":"2026-11-23T12:00:00Z","reason":"requested","actor":"vertebra erase"}"#;

    #[test]
    fn a_ledger_is_read_whole_or_not_at_all() {
        let two = format!("{ENTRY}\n{ENTRY}\n");
        assert_eq!(read_ledger(&two).map(|entries| entries.len()), Ok(2));
        for wrong in [
            "{}".to_owned(),
            "x".to_owned(),
            ENTRY.replace("requested", "whatever"),
            ENTRY.replace("2026", "-002026"),
        ] {
            let why = read_ledger(&format!("{ENTRY}\n{wrong}\n")).err().unwrap_or_default();
            assert!(why.starts_with("line 2 "), "{why}");
        }
    }
}
