//! `vertebra key`: making, listing, replacing and revoking the keys to the editors' side.

use clap::{
    Args, Subcommand,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{
    CommandError, Output, json, open,
    span::{Moment, read_moment, read_span},
    table::table,
};
use crate::{
    access::{
        Key, Scope, Secret,
        store::{self, KeyError, LONGEST_OVERLAP, NewKey, Standing},
    },
    changes::Actor,
    clock::Clock,
    db::{Database, DbError, Ending},
    keys::wire::{ApiKey, IssuedApiKey},
    values::{self, Line, faults},
};

/// Who the change log says has made a change.
const ACTOR: &str = "vertebra key";

/// Keys that are read at a time.
const BATCH: i64 = 100;

/// What can be done with keys.
#[derive(Debug, Clone, Subcommand)]
pub enum KeyCommand {
    /// Make a key and show it, this once.
    Create(Create),
    /// List the keys that are in use.
    List(List),
    /// Revoke a key for good; it opens nothing from then on.
    Revoke(Revoke),
    /// Replace a key by a new one; both work for a while.
    Rotate(Rotate),
}

/// What a new key is to be.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "Example:\n  vertebra key create --name \"Website CMS\" --scope content:read --scope content:write --expires 90d\n\n\
    The key is written to standard output and kept nowhere: take it from there to where it is used."
)]
pub struct Create {
    /// Whose key it is; the audit trail names it.
    #[arg(long, value_parser = read_name)]
    name: String,
    /// What it may do; repeat it for several, or separate them by commas.
    #[arg(long, required = true, value_delimiter = ',', value_parser = scopes())]
    scope: Vec<Scope>,
    /// When it ends by itself, such as 90d or 2027-01-31; never where it is left out.
    #[arg(long, value_parser = read_moment)]
    expires: Option<Moment>,
    /// Write the key and its properties as JSON.
    #[arg(long)]
    json: bool,
}

/// Which keys are listed, and how.
#[derive(Debug, Clone, Args)]
pub struct List {
    /// Also those that are revoked or have expired.
    #[arg(long)]
    all: bool,
    /// Write them as JSON.
    #[arg(long)]
    json: bool,
}

/// Which key is revoked.
#[derive(Debug, Clone, Args)]
pub struct Revoke {
    /// Its id, or its name: then every key of that name.
    #[arg(value_name = "ID|NAME")]
    key: String,
    /// Write the revoked keys as JSON.
    #[arg(long)]
    json: bool,
}

/// Which key is replaced.
#[derive(Debug, Clone, Args)]
#[command(
    after_help = "The new key is written to standard output and kept nowhere. It has the name and the scopes of the old \
    one, and lasts as long as that was made for."
)]
pub struct Rotate {
    /// Its id or its name.
    #[arg(value_name = "ID|NAME")]
    key: String,
    /// How long the old key still works, such as 30m, 24h or 7d; at most 30d.
    #[arg(long, default_value = "24h", value_parser = read_overlap)]
    overlap: SignedDuration,
    /// Write the key and its properties as JSON.
    #[arg(long)]
    json: bool,
}

fn scopes() -> impl TypedValueParser<Value = Scope> {
    let known = Scope::ALL
        .iter()
        .map(|scope| PossibleValue::new(scope.as_str()).help(scope.help()));
    PossibleValuesParser::new(known).try_map(|name| name.parse::<Scope>())
}

fn read_name(text: &str) -> Result<String, String> {
    match Line::<100>::accept(text) {
        Ok(()) => Ok(text.to_owned()),
        Err(fault) => Err(faults::detail(&fault)),
    }
}

fn read_overlap(text: &str) -> Result<SignedDuration, String> {
    let overlap = read_span(text)?;
    match overlap <= LONGEST_OVERLAP {
        true => Ok(overlap),
        false => Err("must be at most 30d".to_owned()),
    }
}

/// Does what is asked for.
pub async fn run(command: KeyCommand, url: &str, clock: &Clock) -> Result<Output, CommandError> {
    let (database, now) = (open(url)?, clock.now());
    match command {
        KeyCommand::Create(wish) => create(&database, now, wish).await,
        KeyCommand::List(wish) => list(&database, now, wish).await,
        KeyCommand::Revoke(wish) => revoke(&database, now, wish).await,
        KeyCommand::Rotate(wish) => rotate(&database, now, wish).await,
    }
}

fn actor(now: Timestamp) -> Actor<'static> {
    Actor {
        name: ACTOR,
        request_id: None,
        now,
    }
}

async fn create(database: &Database, now: Timestamp, mut wish: Create) -> Result<Output, CommandError> {
    let expires_at = wish.expires.map(|moment| moment.from(now));
    if expires_at.is_some_and(|end| end.is_none_or(|end| end <= now || !values::is_storable(end))) {
        return Err(CommandError::Usage("--expires must be in the future".to_owned()));
    }
    wish.scope.sort_unstable();
    wish.scope.dedup();
    let new = NewKey {
        name: wish.name,
        scopes: wish.scope,
        expires_at: expires_at.flatten(),
    };
    let secret = Secret::generate()?;
    let key = database
        .write(async |c| Ok::<_, CommandError>(Ending::Commit(store::insert_key(c, &actor(now), &new, &secret).await?)))
        .await?;
    issued(key, &secret, now, wish.json, "")
}

/// The words on a new key.
fn issued(key: Key, secret: &Secret, now: Timestamp, as_json: bool, further: &str) -> Result<Output, CommandError> {
    let note = format!(
        "Made the key \"{}\" ({}) with {}; it expires {}.{further}\n\
         It is shown this once: keep it where secrets are kept.\n",
        key.name,
        key.id,
        names(&key),
        moment(key.expires_at),
    );
    let out = match as_json {
        true => json(&IssuedApiKey::new(key, Some(secret), now)),
        false => format!("{}\n", secret.reveal()),
    };
    Ok(Output { out, note })
}

async fn list(database: &Database, now: Timestamp, wish: List) -> Result<Output, CommandError> {
    let mut keys = all_keys(database).await?;
    keys.retain(|key| wish.all || key.standing(now) == Standing::Valid);
    if wish.json {
        let keys: Vec<ApiKey> = keys.into_iter().map(|key| ApiKey::new(key, now)).collect();
        return Ok(Output {
            out: json(&keys),
            note: String::new(),
        });
    }
    let note = match (keys.is_empty(), wish.all) {
        (false, _) => "",
        (true, true) => "There are no keys yet; vertebra key create makes one.\n",
        (true, false) => "No key is in use; vertebra key create makes one, and --all lists the others.\n",
    };
    let rows = keys.iter().map(|key| {
        [
            key.name.clone(),
            key.id.to_string(),
            status(key, now),
            names(key),
            moment(key.expires_at),
            moment(key.last_used_at),
        ]
    });
    let out = match keys.is_empty() {
        true => String::new(),
        false => table(["NAME", "ID", "STATUS", "SCOPES", "EXPIRES", "LAST USED"], rows),
    };
    Ok(Output {
        out,
        note: note.to_owned(),
    })
}

async fn all_keys(database: &Database) -> Result<Vec<Key>, DbError> {
    let mut keys: Vec<Key> = Vec::new();
    loop {
        let after = keys.last().map(|key| (key.created_at, key.id));
        let batch = database.read(async |c| store::list_keys(c, after, BATCH).await).await?;
        if batch.is_empty() {
            return Ok(keys);
        }
        keys.extend(batch);
    }
}

async fn revoke(database: &Database, now: Timestamp, wish: Revoke) -> Result<Output, CommandError> {
    let ids: Vec<Uuid> = named(database, &wish.key).await?.iter().map(|key| key.id).collect();
    let revoked = database
        .write(async |c| {
            let mut revoked = Vec::new();
            for id in ids {
                let key = store::lock_key(c, id).await?;
                revoked.push(store::revoke_key(c, &actor(now), key).await.map_err(DbError::from)?);
            }
            Ok::<_, CommandError>(Ending::Commit(revoked))
        })
        .await?;
    let out = match wish.json {
        true => json(&revoked.into_iter().map(|key| ApiKey::new(key, now)).collect::<Vec<_>>()),
        false => revoked
            .iter()
            .map(|key| format!("Revoked the key \"{}\" ({})\n", key.name, key.id))
            .collect(),
    };
    Ok(Output {
        out,
        note: String::new(),
    })
}

async fn rotate(database: &Database, now: Timestamp, wish: Rotate) -> Result<Output, CommandError> {
    let found = named(database, &wish.key).await?;
    // The newest of a name is the one in use; the others are on their way out.
    let id = found.first().ok_or(KeyError::NotFound)?.id;
    let secret = Secret::generate()?;
    let (old, new) = database
        .write(async |c| {
            let key = store::lock_key(c, id).await?;
            let new = store::rotate_key(c, &actor(now), key, wish.overlap, &secret).await?;
            let old = store::lock_key(c, id).await?;
            Ok::<_, CommandError>(Ending::Commit((old, new)))
        })
        .await?;
    let further = format!("\nThe old key ({}) works until {}.", old.id, moment(old.expires_at));
    issued(new, &secret, now, wish.json, &further)
}

/// The key with this id, or those with this name that are not revoked, the newest first.
async fn named(database: &Database, text: &str) -> Result<Vec<Key>, CommandError> {
    let found = match text.parse::<Uuid>() {
        Ok(id) => database
            .read(async |c| store::find_key(c, id).await)
            .await?
            .into_iter()
            .collect(),
        Err(_) => database.read(async |c| store::find_keys_by_name(c, text).await).await?,
    };
    match found.is_empty() {
        true => Err(KeyError::NotFound.into()),
        false => Ok(found),
    }
}

fn names(key: &Key) -> String {
    let names: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    names.join(", ")
}

fn status(key: &Key, now: Timestamp) -> String {
    match (key.standing(now), key.rotated_to) {
        (Standing::Valid, Some(_)) => "valid, replaced".to_owned(),
        (standing, _) => standing.as_str().to_owned(),
    }
}

/// A moment to the minute, as people read it.
fn moment(at: Option<Timestamp>) -> String {
    at.map_or_else(
        || "never".to_owned(),
        |at| at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
    )
}
