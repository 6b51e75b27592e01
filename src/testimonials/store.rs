//! All SQL of testimonials.

use std::collections::HashMap;

use diesel::{pg::Pg, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::wire::{Testimonial, TestimonialQuery, TestimonialSummary};
use crate::{
    changes::{self, Action, Actor, Change, EntityType},
    db::{
        lookup::{self, Found, Languages, PublishedText},
        schema::testimonials,
        views::{published_services, published_testimonials},
    },
    http::page::{After, PageQuery},
    values::{IdOrSlug, Locale, Reference, Slug},
};

/// Longest excerpt that is cut from a quote, in characters.
const EXCERPT: usize = 120;

#[derive(Queryable, Selectable)]
#[diesel(table_name = published_testimonials)]
struct TestimonialRow {
    id: Uuid,
    slug: String,
    locale: String,
    headline: String,
    quote: String,
    excerpt: String,
    is_incomplete: bool,
    attribution: String,
    attribution_name: Option<String>,
    rating: Option<i16>,
    service_id: Option<Uuid>,
    condition_id: Option<Uuid>,
    #[diesel(deserialize_as = jiff_diesel::NullableDate)]
    treated_month: Option<Date>,
    #[diesel(deserialize_as = jiff_diesel::NullableDate)]
    received_on: Option<Date>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    published_at: Timestamp,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    updated_at: Timestamp,
}

impl PublishedText for TestimonialRow {
    fn locale(&self) -> &str {
        &self.locale
    }

    fn slug(&self) -> &str {
        &self.slug
    }
}

fn filtered<'a>(filter: &TestimonialQuery) -> published_testimonials::BoxedQuery<'a, Pg> {
    use published_testimonials as t;
    let mut query = t::table.into_boxed();
    if !filter.locale.is_empty() {
        let locales: Vec<String> = filter.locale.iter().map(Locale::to_string).collect();
        query = query.filter(t::locale.eq_any(locales));
    }
    if let Some(stars) = filter.rating_min {
        query = query.filter(t::rating.ge(stars.get()));
    }
    // A slug names the same service in whatever language it is written.
    let ids_of = |wanted: &[IdOrSlug]| {
        let (ids, slugs) = IdOrSlug::part(wanted);
        published_services::table
            .filter(
                published_services::id
                    .eq_any(ids)
                    .or(published_services::slug.eq_any(slugs)),
            )
            .select(published_services::id.nullable())
    };
    if !filter.service.is_empty() {
        query = query.filter(t::service_id.eq_any(ids_of(&filter.service)));
    }
    if !filter.condition.is_empty() {
        query = query.filter(t::condition_id.eq_any(ids_of(&filter.condition)));
    }
    query
}

/// A page of testimonials, the newest first, and one row more; the index is
/// testimonials_published_at_idx.
pub async fn list_testimonials(
    connection: &mut AsyncPgConnection,
    languages: &Languages,
    filter: &TestimonialQuery,
    page: &PageQuery,
    after: Option<&After<Timestamp>>,
) -> QueryResult<Vec<TestimonialSummary>> {
    use published_testimonials as t;
    let mut query = filtered(filter);
    if let Some(After { key, id }) = after {
        let key = jiff_diesel::Timestamp::from(*key);
        query = query.filter(t::published_at.le(key).and(t::published_at.lt(key).or(t::id.lt(*id))));
    }
    let rows: Vec<TestimonialRow> = query
        .order((t::published_at.desc(), t::id.desc()))
        .limit(page.rows())
        .select(TestimonialRow::as_select())
        .load(connection)
        .await?;
    let services = services_of(connection, languages, &rows).await?;
    Ok(rows.into_iter().map(|row| row.into_summary(&services)).collect())
}

/// The number of testimonials that the filter lets through.
pub async fn count_testimonials(connection: &mut AsyncPgConnection, filter: &TestimonialQuery) -> QueryResult<i64> {
    filtered(filter).count().get_result(connection).await
}

/// The testimonial that a client names.
pub async fn get_testimonial(
    connection: &mut AsyncPgConnection,
    wanted: &IdOrSlug,
    languages: &Languages,
) -> QueryResult<Found<Testimonial>> {
    let found = lookup::find(connection, "testimonial", wanted, languages, texts_of).await?;
    found
        .complete(async |row| {
            let services = services_of(connection, languages, std::slice::from_ref(&row)).await?;
            Ok(row.into_testimonial(&services))
        })
        .await
}

async fn texts_of(connection: &mut AsyncPgConnection, wanted: &IdOrSlug) -> QueryResult<Vec<TestimonialRow>> {
    let query = published_testimonials::table.into_boxed();
    let query = match wanted {
        IdOrSlug::Id(id) => query.filter(published_testimonials::id.eq(*id)),
        IdOrSlug::Slug(slug) => query.filter(published_testimonials::slug.eq(slug.as_str())),
    };
    query.select(TestimonialRow::as_select()).load(connection).await
}

/// What the testimonials are about, named in the reader's language where it is published in it.
async fn services_of(
    connection: &mut AsyncPgConnection,
    languages: &Languages,
    rows: &[TestimonialRow],
) -> QueryResult<HashMap<Uuid, Reference>> {
    use published_services as s;
    let ids: Vec<Uuid> = rows
        .iter()
        .flat_map(|row| [row.service_id, row.condition_id])
        .flatten()
        .collect();
    let texts: Vec<(String, (Uuid, String, String))> = s::table
        .filter(s::id.eq_any(ids))
        .filter(s::locale.eq_any([languages.wanted.as_str(), languages.default.as_str()]))
        .select((s::locale, (s::id, s::slug, s::name)))
        .load(connection)
        .await?;
    let (wanted, others): (Vec<_>, Vec<_>) = texts
        .into_iter()
        .partition(|(locale, _)| locale == languages.wanted.as_str());
    // The wanted language comes last, so that it stands where a name is there in both.
    let names = others.into_iter().chain(wanted);
    Ok(names.map(|(_, row)| (row.0, Reference::stored(row))).collect())
}

/// The service or condition with this id, where it is published.
fn named(services: &HashMap<Uuid, Reference>, id: Option<Uuid>) -> Option<Reference> {
    services.get(&id?).cloned()
}

impl TestimonialRow {
    fn into_summary(self, services: &HashMap<Uuid, Reference>) -> TestimonialSummary {
        TestimonialSummary {
            id: self.id,
            slug: Slug::stored(self.slug),
            headline: self.headline,
            has_more: self.excerpt != self.quote,
            excerpt: self.excerpt,
            attribution: self.attribution,
            attribution_name: self.attribution_name,
            rating: self.rating,
            service: named(services, self.service_id),
            condition: named(services, self.condition_id),
            locale: Locale::stored(self.locale),
            published_at: self.published_at,
        }
    }

    fn into_testimonial(self, services: &HashMap<Uuid, Reference>) -> Testimonial {
        Testimonial {
            id: self.id,
            slug: Slug::stored(self.slug),
            headline: self.headline,
            quote: self.quote,
            is_incomplete: self.is_incomplete,
            attribution: self.attribution,
            attribution_name: self.attribution_name,
            rating: self.rating,
            service: named(services, self.service_id),
            condition: named(services, self.condition_id),
            treated_month: self.treated_month.map(|month| month.strftime("%Y-%m").to_string()),
            received_on: self.received_on,
            locale: Locale::stored(self.locale),
            published_at: self.published_at,
            updated_at: self.updated_at,
        }
    }
}

/// A testimonial to be made.
#[derive(Debug)]
pub struct NewTestimonial {
    /// Its slug.
    pub slug: Slug,
    /// The language that it is written in.
    pub locale: Locale,
    /// A few words over the quote.
    pub headline: String,
    /// The patient's words.
    pub quote: String,
    /// Whether the source of the quote breaks off.
    pub is_incomplete: bool,
    /// How the patient is named.
    pub attribution: String,
    /// The condition that was treated.
    pub condition_id: Option<Uuid>,
    /// When it was published.
    pub published_at: Timestamp,
}

/// Makes a published testimonial; call it in a transaction.
pub async fn insert_testimonial(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    new: &NewTestimonial,
) -> QueryResult<Uuid> {
    use testimonials as t;
    let id = Uuid::now_v7();
    let now = jiff_diesel::Timestamp::from(actor.now);
    diesel::insert_into(t::table)
        .values((
            t::id.eq(id),
            t::slug.eq(new.slug.as_str()),
            t::locale.eq(new.locale.as_str()),
            t::headline.eq(&new.headline),
            t::quote.eq(&new.quote),
            t::excerpt.eq(excerpt(&new.quote)),
            t::is_incomplete.eq(new.is_incomplete),
            t::attribution.eq(&new.attribution),
            t::condition_id.eq(new.condition_id),
            t::status.eq("published"),
            t::published_at.eq(jiff_diesel::Timestamp::from(new.published_at)),
            t::created_at.eq(now),
            t::updated_at.eq(now),
        ))
        .execute(connection)
        .await?;
    let change = Change {
        entity_type: EntityType::Testimonial,
        entity_id: id,
        locale: Some(new.locale.as_str()),
        action: Action::Published,
        version: 1,
    };
    changes::record(connection, actor, change).await?;
    Ok(id)
}

/// The beginning of a quote, cut after a whole word; a short quote is its own excerpt.
fn excerpt(quote: &str) -> String {
    let Some((end, _)) = quote.char_indices().nth(EXCERPT) else {
        return quote.to_owned();
    };
    let cut = quote[..end]
        .rsplit_once(char::is_whitespace)
        .map_or(&quote[..end], |(words, _)| words);
    format!("{}…", cut.trim_end_matches(|c: char| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_excerpt_ends_after_a_whole_word() {
        assert_eq!(excerpt("Short."), "Short.");
        let long = "word ".repeat(60);
        let cut = excerpt(&long);
        assert!(cut.ends_with("word…") && cut.chars().count() <= 121, "{cut}");
    }
}
