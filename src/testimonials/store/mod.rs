//! All SQL of testimonials: what the public reads here, what is written in the files below.

mod cases;
mod consents;
mod document;
mod erasure;
mod excerpt;
pub mod expiry;
mod moderation;
mod submission;

use std::collections::HashMap;

use diesel::{pg::Pg, prelude::*};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

pub use self::{
    cases::{Standing, count_cases, find_standing, list_cases},
    consents::{NewConsent, find_consents},
    erasure::{all_erasures, count_erasures, erase, erase_known, list_erasures},
    moderation::{approve, record_consent, reject, seed, withdraw},
    submission::{submit, withdraw_with_token},
};
use super::wire::{
    PublicChannel, RatingCount, Reply, Testimonial, TestimonialCounts, TestimonialQuery, TestimonialSummary,
};
use crate::{
    db::{
        lookup::{self, Found, Languages, PublishedText},
        views::{published_services, published_testimonials, testimonial_counts},
    },
    http::page::{After, PageQuery},
    values::{IdOrSlug, Locale, Reference, Slug},
};

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
    #[diesel(deserialize_as = jiff_diesel::NullableDate)]
    edited_on: Option<Date>,
    incentive: Option<String>,
    reply: Option<String>,
    #[diesel(deserialize_as = jiff_diesel::NullableDate)]
    replied_on: Option<Date>,
}

impl PublishedText for TestimonialRow {
    fn locale(&self) -> &str {
        &self.locale
    }

    fn slug(&self) -> &str {
        &self.slug
    }
}

/// Those that the patients let be shown there: in both places where none is named.
fn shown_on<'a>(channel: Option<PublicChannel>) -> published_testimonials::BoxedQuery<'a, Pg> {
    use published_testimonials as t;
    let query = t::table.into_boxed();
    match channel {
        Some(PublicChannel::Website) => query.filter(t::on_website),
        Some(PublicChannel::App) => query.filter(t::on_app),
        None => query.filter(t::on_website.and(t::on_app)),
    }
}

fn filtered<'a>(filter: &TestimonialQuery) -> published_testimonials::BoxedQuery<'a, Pg> {
    use published_testimonials as t;
    let mut query = shown_on(filter.channel);
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
    channel: Option<PublicChannel>,
    languages: &Languages,
) -> QueryResult<Found<Testimonial>> {
    let texts_of = async |c: &mut AsyncPgConnection, wanted: &IdOrSlug| texts_of(c, wanted, channel).await;
    let found = lookup::find(connection, "testimonial", wanted, languages, texts_of).await?;
    found
        .complete(async |row| {
            let services = services_of(connection, languages, std::slice::from_ref(&row)).await?;
            Ok(row.into_testimonial(&services))
        })
        .await
}

async fn texts_of(
    connection: &mut AsyncPgConnection,
    wanted: &IdOrSlug,
    channel: Option<PublicChannel>,
) -> QueryResult<Vec<TestimonialRow>> {
    let query = shown_on(channel);
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
            is_edited: self.edited_on.is_some(),
            incentive: self.incentive,
            has_reply: self.reply.is_some(),
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
            is_edited: self.edited_on.is_some(),
            edited_on: self.edited_on,
            incentive: self.incentive,
            reply: self
                .reply
                .zip(self.replied_on)
                .map(|(text, replied_on)| Reply { text, replied_on }),
            locale: Locale::stored(self.locale),
            published_at: self.published_at,
            updated_at: self.updated_at,
        }
    }
}

/// How many testimonials came, and what became of them.
pub async fn count_all(connection: &mut AsyncPgConnection, policy_url: Option<&str>) -> QueryResult<TestimonialCounts> {
    use testimonial_counts as c;
    let rows: Vec<(i16, i64, i64, i64)> = c::table
        .select((c::rating, c::received, c::published, c::rejected))
        .load(connection)
        .await?;
    let of_rating = |stars: i16| {
        let row = rows.iter().find(|row| row.0 == stars);
        let (_, received, published, rejected) = row.copied().unwrap_or_default();
        RatingCount {
            rating: (stars > 0).then_some(stars),
            received,
            published,
            rejected,
        }
    };
    let by_rating: Vec<RatingCount> = (0..=5).map(of_rating).collect();
    Ok(TestimonialCounts {
        policy_url: policy_url.map(str::to_owned),
        received: by_rating.iter().map(|count| count.received).sum(),
        published: by_rating.iter().map(|count| count.published).sum(),
        rejected: by_rating.iter().map(|count| count.rejected).sum(),
        by_rating,
    })
}
