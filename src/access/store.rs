//! All SQL of keys.

use diesel::{
    prelude::*,
    result::{DatabaseErrorKind, Error},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Caller, Scope, Secret};
use crate::{
    changes::{self, Action, Actor, Change, EntityType},
    db::schema::api_keys,
};

/// How exactly the last use of a key is known: a write for each request would cost more than it tells.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A key to be made.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// Whose key it is.
    pub name: String,
    /// What it may do; at least one.
    pub scopes: Vec<Scope>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

/// A key as it is kept, without what would prove it.
#[derive(Debug, Clone)]
pub struct Key {
    /// Its id.
    pub id: Uuid,
    /// Grows by one with each change.
    pub version: i64,
    /// Whose key it is.
    pub name: String,
    /// The public part of its text.
    pub lookup: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created_at: Timestamp,
    /// Who made it.
    pub created_by: String,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute.
    pub last_used_at: Option<Timestamp>,
    /// The key that takes its place.
    pub rotated_to: Option<Uuid>,
}

/// How a key stands at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It opens.
    Valid,
    /// It was revoked.
    Revoked,
    /// Its time is over.
    Expired,
}

impl Standing {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
        }
    }
}

/// How long an old key works beside its successor, where nothing else is said.
pub const USUAL_OVERLAP: SignedDuration = SignedDuration::from_hours(24);

/// How long it may work at most.
pub const LONGEST_OVERLAP: SignedDuration = SignedDuration::from_hours(24 * 30);

impl Key {
    /// How the key stands at a moment.
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.expires_at {
            _ if self.revoked_at.is_some() => Standing::Revoked,
            Some(end) if end <= now => Standing::Expired,
            _ => Standing::Valid,
        }
    }

    /// Whether the moment of its last use is to be written anew.
    pub fn needs_touch(&self, now: Timestamp) -> bool {
        self.last_used_at
            .is_none_or(|last| now.duration_since(last) >= TOUCH_EVERY)
    }

    /// The strong entity tag of the key as it stands.
    pub fn etag(&self) -> String {
        format!("\"{}.{}\"", self.id.simple(), self.version)
    }

    /// Who calls with this key.
    pub fn caller(self) -> Caller {
        Caller {
            key_id: self.id,
            name: self.name,
            scopes: self.scopes,
        }
    }
}

/// Why a key is not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// A key in use has the name.
    #[error("another key that is not revoked has this name; revoke it, rotate it, or choose another name")]
    NameTaken,
    /// The log calls one of ours so.
    #[error("the change log calls the program's own work so; choose another name")]
    NameReserved,
    /// There is no such key.
    #[error("there is no such key")]
    NotFound,
    /// The key opens no more, so it can have no successor.
    #[error("the key has been revoked, has expired or has a successor already; make a new one")]
    OutOfUse,
    /// A query failed.
    #[error(transparent)]
    Database(Error),
}

impl From<Error> for KeyError {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(DatabaseErrorKind::UniqueViolation, information)
                if information.constraint_name() == Some("api_keys_name_key") =>
            {
                Self::NameTaken
            }
            _ => Self::Database(error),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_keys)]
struct KeyRow {
    id: Uuid,
    version: i64,
    name: String,
    lookup: String,
    scopes: Vec<String>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    created_at: Timestamp,
    created_by: String,
    expires_at: Option<jiff_diesel::Timestamp>,
    revoked_at: Option<jiff_diesel::Timestamp>,
    last_used_at: Option<jiff_diesel::Timestamp>,
    rotated_to: Option<Uuid>,
}

impl From<KeyRow> for Key {
    fn from(row: KeyRow) -> Self {
        Self {
            id: row.id,
            version: row.version,
            name: row.name,
            lookup: row.lookup,
            // A scope that this program does not know is none that it could grant.
            scopes: row.scopes.iter().filter_map(|scope| scope.parse().ok()).collect(),
            created_at: row.created_at,
            created_by: row.created_by,
            expires_at: row.expires_at.map(Timestamp::from),
            revoked_at: row.revoked_at.map(Timestamp::from),
            last_used_at: row.last_used_at.map(Timestamp::from),
            rotated_to: row.rotated_to,
        }
    }
}

/// The key that a text proves to hold, however it stands.
pub async fn find_by_secret(connection: &mut AsyncPgConnection, secret: &Secret) -> QueryResult<Option<Key>> {
    let found: Option<(KeyRow, Vec<u8>)> = api_keys::table
        .filter(api_keys::lookup.eq(secret.lookup()))
        .select((KeyRow::as_select(), api_keys::secret_hash))
        .first(connection)
        .await
        .optional()?;
    let proven = found.filter(|(_, hash)| secret.is_kept_as(hash));
    Ok(proven.map(|(row, _)| row.into()))
}

/// One key.
pub async fn find_key(connection: &mut AsyncPgConnection, id: Uuid) -> QueryResult<Option<Key>> {
    let row = api_keys::table.find(id).select(KeyRow::as_select()).first(connection);
    Ok(row.await.optional()?.map(Key::from))
}

/// The keys of a name that were not revoked, the newest first.
pub async fn find_keys_by_name(connection: &mut AsyncPgConnection, name: &str) -> QueryResult<Vec<Key>> {
    let rows: Vec<KeyRow> = api_keys::table
        .filter(api_keys::name.eq(name))
        .filter(api_keys::revoked_at.is_null())
        .order((api_keys::created_at.desc(), api_keys::id.desc()))
        .select(KeyRow::as_select())
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(Key::from).collect())
}

/// At most so many keys, the newest first, after the one made at a moment; the index is api_keys_created_at_idx.
pub async fn list_keys(
    connection: &mut AsyncPgConnection,
    after: Option<(Timestamp, Uuid)>,
    limit: i64,
) -> QueryResult<Vec<Key>> {
    let mut query = api_keys::table.into_boxed();
    if let Some((at, id)) = after {
        let at = jiff_diesel::Timestamp::from(at);
        query = query.filter(
            api_keys::created_at
                .le(at)
                .and(api_keys::created_at.lt(at).or(api_keys::id.lt(id))),
        );
    }
    let rows: Vec<KeyRow> = query
        .order((api_keys::created_at.desc(), api_keys::id.desc()))
        .limit(limit)
        .select(KeyRow::as_select())
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(Key::from).collect())
}

/// The number of keys, revoked ones too.
pub async fn count_keys(connection: &mut AsyncPgConnection) -> QueryResult<i64> {
    api_keys::table.count().get_result(connection).await
}

/// Makes a key; call it in a transaction.
pub async fn insert_key(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    new: &NewKey,
    secret: &Secret,
) -> Result<Key, KeyError> {
    if is_reserved(&new.name) {
        return Err(KeyError::NameReserved);
    }
    insert_with_id(connection, actor, Uuid::now_v7(), new, secret).await
}

/// Whether the change log has this name for what no key did.
fn is_reserved(name: &str) -> bool {
    ["consent", "patient", "public", "schedule"].contains(&name) || name.starts_with("vertebra")
}

async fn insert_with_id(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Uuid,
    new: &NewKey,
    secret: &Secret,
) -> Result<Key, KeyError> {
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    let row = diesel::insert_into(api_keys::table)
        .values((
            api_keys::id.eq(id),
            api_keys::version.eq(1),
            api_keys::name.eq(&new.name),
            api_keys::lookup.eq(secret.lookup()),
            api_keys::secret_hash.eq(secret.hash().to_vec()),
            api_keys::scopes.eq(scopes),
            api_keys::created_at.eq(jiff_diesel::Timestamp::from(actor.now)),
            api_keys::created_by.eq(actor.name),
            api_keys::expires_at.eq(new.expires_at.map(jiff_diesel::Timestamp::from)),
        ))
        .returning(KeyRow::as_returning())
        .get_result(connection)
        .await?;
    Ok(record(connection, actor, Action::Created, row.into()).await?)
}

/// Revokes a locked key for good, from this transaction's commit on; one that was revoked before stays as it is.
pub async fn revoke_key(connection: &mut AsyncPgConnection, actor: &Actor<'_>, key: Key) -> QueryResult<Key> {
    if key.revoked_at.is_some() {
        return Ok(key);
    }
    let row = diesel::update(api_keys::table.find(key.id))
        .set((
            api_keys::revoked_at.eq(jiff_diesel::Timestamp::from(actor.now)),
            api_keys::version.eq(api_keys::version + 1),
        ))
        .returning(KeyRow::as_returning())
        .get_result(connection)
        .await?;
    record(connection, actor, Action::Revoked, row.into()).await
}

/// Makes a successor of a locked key with the same name and scopes; the old key ends after the overlap at the latest.
///
/// The successor lasts as long as the old key was made for.
pub async fn rotate_key(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    old: Key,
    overlap: SignedDuration,
    secret: &Secret,
) -> Result<Key, KeyError> {
    if old.standing(actor.now) != Standing::Valid || old.rotated_to.is_some() {
        return Err(KeyError::OutOfUse);
    }
    let end = actor.now.saturating_add(overlap).unwrap_or(Timestamp::MAX);
    let end = old.expires_at.map_or(end, |earlier| earlier.min(end));
    let new_id = Uuid::now_v7();
    let row: KeyRow = diesel::update(api_keys::table.find(old.id))
        .set((
            api_keys::rotated_to.eq(new_id),
            api_keys::expires_at.eq(jiff_diesel::Timestamp::from(end)),
            api_keys::version.eq(api_keys::version + 1),
        ))
        .returning(KeyRow::as_returning())
        .get_result(connection)
        .await?;
    record(connection, actor, Action::Rotated, row.into()).await?;
    let lifetime = old.expires_at.map(|end| end.duration_since(old.created_at));
    let new = NewKey {
        name: old.name,
        scopes: old.scopes,
        expires_at: lifetime.and_then(|lifetime| actor.now.saturating_add(lifetime).ok()),
    };
    insert_with_id(connection, actor, new_id, &new, secret).await
}

async fn record(connection: &mut AsyncPgConnection, actor: &Actor<'_>, action: Action, key: Key) -> QueryResult<Key> {
    let change = Change {
        entity_type: EntityType::ApiKey,
        entity_id: key.id,
        locale: None,
        action,
        version: key.version,
    };
    changes::record(connection, actor, change).await?;
    Ok(key)
}

/// Takes a key for this transaction, so that two changes of it come one after the other.
pub async fn lock_key(connection: &mut AsyncPgConnection, id: Uuid) -> Result<Key, KeyError> {
    let row = api_keys::table
        .find(id)
        .select(KeyRow::as_select())
        .for_update()
        .first(connection)
        .await
        .optional()?;
    row.map(Key::from).ok_or(KeyError::NotFound)
}

/// Writes down that a key was used; it does no harm to do so twice.
pub async fn touch_key(connection: &mut AsyncPgConnection, id: Uuid, at: Timestamp) -> QueryResult<()> {
    diesel::update(api_keys::table.find(id))
        .set(api_keys::last_used_at.eq(jiff_diesel::Timestamp::from(at)))
        .execute(connection)
        .await?;
    Ok(())
}
