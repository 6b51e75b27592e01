//! How each language of a document stands.

use diesel::{dsl::exists, prelude::*, select};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use crate::{
    changes::EntityType,
    db::schema::{document_languages as l, retired_slugs as r},
    editing::content::TextFacts,
};

/// One language of a document as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = l)]
pub(in crate::editing) struct LanguageRow {
    pub(in crate::editing) document_id: Uuid,
    pub(in crate::editing) locale: String,
    pub(in crate::editing) title: String,
    pub(in crate::editing) slug: Option<String>,
    pub(in crate::editing) published_slug: Option<String>,
    pub(in crate::editing) published_version: Option<i64>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    pub(in crate::editing) published_at: Option<Timestamp>,
    pub(in crate::editing) scheduled_version: Option<i64>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    pub(in crate::editing) publish_at: Option<Timestamp>,
    #[diesel(deserialize_as = jiff_diesel::NullableTimestamp)]
    pub(in crate::editing) unpublish_at: Option<Timestamp>,
    #[diesel(deserialize_as = jiff_diesel::NullableDate)]
    pub(in crate::editing) next_review_due_on: Option<Date>,
}

/// The languages of these documents, in the order of their tags.
pub(in crate::editing) async fn languages_of(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
) -> QueryResult<Vec<LanguageRow>> {
    l::table
        .filter(l::document_id.eq_any(ids))
        .order((l::document_id, l::locale))
        .select(LanguageRow::as_select())
        .load(connection)
        .await
}

/// Brings the languages to those of the newest content; one that it no longer has claims nothing any more.
pub(in crate::editing) async fn save_languages(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    id: Uuid,
    texts: &[TextFacts],
) -> QueryResult<()> {
    let locales: Vec<&str> = texts.iter().map(|text| text.locale.as_str()).collect();
    diesel::update(l::table.filter(l::document_id.eq(id)))
        .filter(l::locale.ne_all(locales))
        .set((
            l::slug.eq(None::<String>),
            l::next_review_due_on.eq(None::<jiff_diesel::Date>),
        ))
        .execute(connection)
        .await?;
    for text in texts {
        let words = (
            l::title.eq(&text.title),
            l::slug.eq(text.given_slug()),
            l::next_review_due_on.eq(text.next_review_due_on.map(jiff_diesel::Date::from)),
        );
        diesel::insert_into(l::table)
            .values((
                l::document_id.eq(id),
                l::entity_type.eq(entity_type.as_str()),
                l::locale.eq(&text.locale),
                words,
            ))
            .on_conflict((l::document_id, l::locale))
            .do_update()
            .set(words)
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// Removes the languages that neither the newest content has, nor the public, nor a schedule; their addresses
/// stay this document's.
pub(in crate::editing) async fn forget_languages(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    id: Uuid,
    texts: &[TextFacts],
    now: Timestamp,
) -> QueryResult<()> {
    let locales: Vec<&str> = texts.iter().map(|text| text.locale.as_str()).collect();
    let forgotten: Vec<(String, Option<String>)> = diesel::delete(l::table.filter(l::document_id.eq(id)))
        .filter(l::locale.ne_all(locales))
        .filter(l::published_version.is_null())
        .filter(l::publish_at.is_null())
        .returning((l::locale, l::published_slug))
        .get_results(connection)
        .await?;
    for (locale, slug) in forgotten {
        if let Some(slug) = slug {
            insert_retired(connection, entity_type, id, (&locale, &slug), now).await?;
        }
    }
    Ok(())
}

/// Whether no other document has this slug, had it in public, or may still be asked for under it.
pub(in crate::editing) async fn slug_is_free(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    locale: &str,
    slug: &str,
    own: Uuid,
) -> QueryResult<bool> {
    let claimed = l::table
        .filter(l::entity_type.eq(entity_type.as_str()))
        .filter(l::locale.eq(locale))
        .filter(l::slug.eq(slug).or(l::published_slug.eq(slug)))
        .filter(l::document_id.ne(own));
    let retired = r::table
        .filter(r::entity_type.eq(entity_type.as_str()))
        .filter(r::locale.eq(locale))
        .filter(r::slug.eq(slug))
        .filter(r::entity_id.ne(own));
    let (is_claimed, is_retired): (bool, bool) = select((exists(claimed), exists(retired)))
        .get_result(connection)
        .await?;
    Ok(!is_claimed && !is_retired)
}

/// Notes that a version of a language is public.
pub(in crate::editing) async fn set_published(
    connection: &mut AsyncPgConnection,
    row: &LanguageRow,
    version: i64,
    slug: Option<&str>,
    published_at: Timestamp,
) -> QueryResult<()> {
    diesel::update(l::table.find((row.document_id, &row.locale)))
        .set((
            l::published_version.eq(version),
            l::published_slug.eq(slug),
            l::published_at.eq(jiff_diesel::Timestamp::from(published_at)),
            l::scheduled_version.eq(None::<i64>),
            l::publish_at.eq(None::<jiff_diesel::Timestamp>),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Notes that languages are no longer public.
pub(in crate::editing) async fn set_unpublished(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    locales: &[String],
) -> QueryResult<()> {
    diesel::update(l::table.filter(l::document_id.eq(id).and(l::locale.eq_any(locales))))
        .set((
            l::published_version.eq(None::<i64>),
            l::unpublish_at.eq(None::<jiff_diesel::Timestamp>),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Says when a version of these languages becomes public and when it leaves the public.
pub(in crate::editing) async fn set_schedule(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    locales: &[String],
    publish: Option<(i64, Timestamp)>,
    unpublish_at: Option<Timestamp>,
) -> QueryResult<()> {
    diesel::update(l::table.filter(l::document_id.eq(id).and(l::locale.eq_any(locales))))
        .set((
            l::scheduled_version.eq(publish.map(|(version, _)| version)),
            l::publish_at.eq(publish.map(|(_, at)| jiff_diesel::Timestamp::from(at))),
            l::unpublish_at.eq(unpublish_at.map(jiff_diesel::Timestamp::from)),
        ))
        .execute(connection)
        .await?;
    Ok(())
}

/// Keeps the address that a language had in public, and takes up its new one where it had it before.
pub(in crate::editing) async fn retire_slug(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    row: &LanguageRow,
    slug: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::delete(r::table.find((entity_type.as_str(), &row.locale, slug)))
        .execute(connection)
        .await?;
    let Some(old) = row.published_slug.as_deref().filter(|old| *old != slug) else {
        return Ok(());
    };
    insert_retired(connection, entity_type, row.document_id, (&row.locale, old), now).await
}

async fn insert_retired(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    id: Uuid,
    (locale, slug): (&str, &str),
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(r::table)
        .values((
            r::entity_type.eq(entity_type.as_str()),
            r::locale.eq(locale),
            r::slug.eq(slug),
            r::entity_id.eq(id),
            r::retired_at.eq(jiff_diesel::Timestamp::from(now)),
        ))
        .on_conflict_do_nothing()
        .execute(connection)
        .await?;
    Ok(())
}
