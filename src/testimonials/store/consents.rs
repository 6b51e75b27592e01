//! Patients' consents and how to reach them: apart from everything that the public can reach.

use std::collections::HashMap;

use diesel::{dsl::now, prelude::*, sql_types::Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    changes::Actor,
    db::schema::{testimonial_consents as c, testimonial_contacts as k, testimonials},
    testimonials::wire::{Channel, Consent, ConsentRecord, Contact, ContactIn},
};

/// A consent to be recorded.
#[derive(Debug, Clone)]
pub struct NewConsent<'a> {
    /// Where the testimonial may be shown.
    pub channels: &'a [Channel],
    /// Which version of the clinic's wording was agreed to.
    pub wording_version: &'a str,
    /// How it was given, or where the signed form lies.
    pub evidence: &'a str,
    /// When the patient gave it.
    pub given_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

impl NewConsent<'_> {
    /// Whether the public may see a testimonial on it.
    pub(super) fn lets_publish(&self, at: Timestamp) -> bool {
        let is_public = |channel: &Channel| matches!(channel, Channel::Website | Channel::App);
        self.channels.iter().any(is_public) && self.expires_at.is_none_or(|end| end > at)
    }
}

/// Where a testimonial may be shown, and until when.
pub(super) type Holding = (Vec<String>, Option<Timestamp>);

/// Records a consent in the place of those before it; what is public goes over to it.
pub(super) async fn insert(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    document_id: Uuid,
    new: &NewConsent<'_>,
) -> QueryResult<()> {
    let id = Uuid::now_v7();
    let mut channels = new.channels.to_vec();
    channels.sort_unstable();
    channels.dedup();
    let channels: Vec<&str> = channels.into_iter().map(Channel::as_str).collect();
    let at = jiff_diesel::Timestamp::from(actor.now);
    diesel::insert_into(c::table)
        .values((
            c::id.eq(id),
            c::document_id.eq(document_id),
            c::channels.eq(channels),
            c::wording_version.eq(new.wording_version),
            c::covers_health_data.eq(true),
            c::evidence.eq(new.evidence),
            c::recorded_by.eq(actor.name),
            c::recorded_at.eq(at),
            c::given_at.eq(jiff_diesel::Timestamp::from(new.given_at)),
            c::expires_at.eq(new.expires_at.map(jiff_diesel::Timestamp::from)),
        ))
        .execute(connection)
        .await?;
    diesel::update(testimonials::table.find(document_id))
        .set((testimonials::consent_id.eq(id), testimonials::updated_at.eq(at)))
        .execute(connection)
        .await?;
    diesel::update(c::table.filter(c::document_id.eq(document_id).and(c::id.ne(id))))
        .filter(c::replaced_at.is_null())
        .set(c::replaced_at.eq(at))
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes how the clinic reaches the patient.
pub(super) async fn save_contact(
    connection: &mut AsyncPgConnection,
    document_id: Uuid,
    contact: &ContactIn,
) -> QueryResult<()> {
    let columns = (
        k::name.eq(&contact.name),
        k::email.eq(&contact.email),
        k::phone.eq(&contact.phone),
    );
    diesel::insert_into(k::table)
        .values((k::document_id.eq(document_id), columns))
        .on_conflict(k::document_id)
        .do_update()
        .set(columns)
        .execute(connection)
        .await?;
    Ok(())
}

/// Ends the consent to a testimonial, which must not be public any more.
pub(super) async fn end(connection: &mut AsyncPgConnection, document_id: Uuid, at: Timestamp) -> QueryResult<()> {
    diesel::update(c::table.filter(c::document_id.eq(document_id)))
        .filter(c::withdrawn_at.is_null().and(c::replaced_at.is_null()))
        .set(c::withdrawn_at.eq(jiff_diesel::Timestamp::from(at)))
        .execute(connection)
        .await?;
    Ok(())
}

/// The newest consent to a testimonial, whether it holds or not.
pub(super) async fn newest(connection: &mut AsyncPgConnection, document_id: Uuid) -> QueryResult<Option<Uuid>> {
    c::table
        .filter(c::document_id.eq(document_id).and(c::replaced_at.is_null()))
        .order(c::id.desc())
        .select(c::id)
        .first(connection)
        .await
        .optional()
}

/// The consents of these testimonials that hold.
pub(super) async fn holding(connection: &mut AsyncPgConnection, ids: &[Uuid]) -> QueryResult<HashMap<Uuid, Holding>> {
    let rows: Vec<(Uuid, Vec<String>, jiff_diesel::NullableTimestamp)> = c::table
        .filter(c::document_id.eq_any(ids))
        .filter(c::covers_health_data)
        .filter(c::withdrawn_at.is_null().and(c::replaced_at.is_null()))
        .filter(
            c::expires_at
                .is_null()
                .or(c::expires_at.gt(now.into_sql::<Timestamptz>().nullable())),
        )
        .select((c::document_id, c::channels, c::expires_at))
        .load(connection)
        .await?;
    let holding = |(id, channels, expires_at): (Uuid, Vec<String>, jiff_diesel::NullableTimestamp)| {
        (id, (channels, expires_at.into()))
    };
    Ok(rows.into_iter().map(holding).collect())
}

/// Public testimonials whose consent has come to its end; the index is testimonial_consents_expires_at_idx.
pub(super) async fn expired(connection: &mut AsyncPgConnection, at: Timestamp) -> QueryResult<Vec<Uuid>> {
    testimonials::table
        .inner_join(c::table.on(c::id.eq(testimonials::consent_id)))
        .filter(c::expires_at.le(jiff_diesel::Timestamp::from(at)))
        .order(c::expires_at)
        .limit(AT_ONCE)
        .select(testimonials::id)
        .load(connection)
        .await
}

/// Most testimonials that are looked at together when their consent has ended.
const AT_ONCE: i64 = 100;

#[derive(Queryable, Selectable)]
#[diesel(table_name = c)]
struct ConsentRow {
    id: Uuid,
    channels: Vec<String>,
    wording_version: String,
    covers_health_data: bool,
    evidence: String,
    recorded_by: String,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    recorded_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    given_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    expires_at: Option<Timestamp>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    withdrawn_at: Option<Timestamp>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    replaced_at: Option<Timestamp>,
}

impl From<ConsentRow> for Consent {
    fn from(row: ConsentRow) -> Self {
        Self {
            id: row.id,
            channels: row.channels,
            wording_version: row.wording_version,
            covers_health_data: row.covers_health_data,
            evidence: row.evidence,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
            given_at: row.given_at,
            expires_at: row.expires_at,
            withdrawn_at: row.withdrawn_at,
            replaced_at: row.replaced_at,
        }
    }
}

/// What is known of the consent to a testimonial, the newest first, and of how to reach the patient.
pub async fn find_consents(connection: &mut AsyncPgConnection, document_id: Uuid) -> QueryResult<ConsentRecord> {
    let consents: Vec<ConsentRow> = c::table
        .filter(c::document_id.eq(document_id))
        .order(c::id.desc())
        .limit(MOST_CONSENTS)
        .select(ConsentRow::as_select())
        .load(connection)
        .await?;
    let contact: Option<(String, Option<String>, Option<String>)> = k::table
        .find(document_id)
        .select((k::name, k::email, k::phone))
        .first(connection)
        .await
        .optional()?;
    Ok(ConsentRecord {
        consents: consents.into_iter().map(Consent::from).collect(),
        contact: contact.map(|(name, email, phone)| Contact { name, email, phone }),
    })
}

/// Most consents to one testimonial that are shown.
const MOST_CONSENTS: i64 = 1_000;
