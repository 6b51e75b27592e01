//! Testimonials as documents: their checks, and their public rows.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use uuid::Uuid;

use super::{
    TestimonialRow, cases, consents,
    excerpt::{excerpt, headline},
    services_of,
};
use crate::{
    access::Scope,
    changes::{Action, EntityType},
    db::{
        lookup::Languages,
        schema::{revisions, testimonial_cases, testimonials as t},
        views::published_testimonials,
    },
    editing::{Content, Names, Projection, PublishedLocale, Reading, ReferenceTo, TextFacts, TextSlug},
    problem::FieldError,
    testimonials::wire::{CaseSource, Testimonial, TestimonialIn},
    values::{Locale, Slug},
};

/// Slugs that would hide a testimonial behind another address of the public API.
const RESERVED: [&str; 2] = ["summary", "withdrawals"];

impl Content for TestimonialIn {
    const NAMES: Names = Names {
        entity_type: EntityType::Testimonial,
        singular: "Testimonial",
        plural: "Testimonials",
        path: "testimonials",
        tag: "testimonials",
        is_single: false,
        // A testimonial is approved instead, which looks at the consent, and now, not at a later moment.
        omits: &["publish_document", "schedule_document"],
        when_made: "A slug that is left out is random, so that it says nothing of the patient; one that is taken is refused \
                    (409).",
        read: Scope::TestimonialsModerate,
        write: Scope::TestimonialsModerate,
        publish: Scope::TestimonialsModerate,
    };

    type Public = Testimonial;

    fn faults(&self) -> Vec<FieldError> {
        let name = self.attribution.fault_of(self.attribution_name.as_deref());
        let slug = self.slug.as_deref().filter(|slug| RESERVED.contains(slug));
        let name = name.map(|fault| FieldError::invalid_content("/attribution_name", fault));
        let slug = slug.map(|_| FieldError::invalid_content("/slug", "must be another word: this one is an address"));
        name.into_iter().chain(slug).collect()
    }

    fn texts(&self) -> Vec<TextFacts> {
        vec![TextFacts {
            locale: self.locale.clone(),
            pointer: String::new(),
            title: self.shown_headline(),
            slug: self.slug.clone().map_or(TextSlug::Random, TextSlug::Given),
            next_review_due_on: None,
        }]
    }

    fn set_slug(&mut self, _: &str, slug: Slug) {
        self.slug = Some(slug.into());
    }

    fn references(&self) -> Vec<ReferenceTo> {
        let named = [("/service_id", self.service_id), ("/condition_id", self.condition_id)];
        let reference = |(pointer, id): (&str, Option<Uuid>)| {
            Some(ReferenceTo {
                pointer: pointer.to_owned(),
                entity_type: EntityType::Service,
                id: id?,
            })
        };
        named.into_iter().filter_map(reference).collect()
    }

    async fn project(&self, connection: &mut AsyncPgConnection, projection: &Projection<'_>) -> QueryResult<()> {
        cases::touch(connection, projection.id, projection.now).await?;
        let published = projection.published.iter().find(|text| text.locale == self.locale);
        match published {
            Some(published) => self.show(connection, projection, published).await,
            None => Ok(()),
        }
    }

    async fn withdraw(connection: &mut AsyncPgConnection, id: Uuid, locales: &[String]) -> QueryResult<()> {
        diesel::delete(t::table.find(id))
            .filter(t::locale.eq_any(locales))
            .execute(connection)
            .await?;
        Ok(())
    }

    fn on_constraint(name: &str) -> Option<(&'static str, &'static str)> {
        match name {
            "testimonials_consent_check" => Some(("", "has no consent of the patient for the website or the app")),
            _ => None,
        }
    }

    async fn get_public(connection: &mut AsyncPgConnection, reading: &Reading<'_>) -> QueryResult<Option<Testimonial>> {
        let row: Option<TestimonialRow> = published_testimonials::table
            .filter(published_testimonials::id.eq(reading.id))
            .select(TestimonialRow::as_select())
            .first(connection)
            .await
            .optional()?;
        let Some(row) = row else { return Ok(None) };
        let languages = Languages {
            wanted: Locale::stored(row.locale.clone()),
            default: reading.locale.clone(),
        };
        let services = services_of(connection, &languages, std::slice::from_ref(&row)).await?;
        Ok(Some(row.into_testimonial(&services)))
    }
}

impl TestimonialIn {
    /// The headline that the public sees.
    pub(super) fn shown_headline(&self) -> String {
        self.headline.clone().unwrap_or_else(|| headline(&self.quote))
    }

    /// The month of the treatment as its first day.
    fn treated_month(&self) -> Option<Date> {
        format!("{}-01", self.treated_month.as_deref()?).parse().ok()
    }

    /// Brings it to the public; the database refuses it without consent.
    async fn show(
        &self,
        connection: &mut AsyncPgConnection,
        projection: &Projection<'_>,
        published: &PublishedLocale,
    ) -> QueryResult<()> {
        let consent = consents::newest(connection, projection.id).await?;
        let edited_on = self.edited_on(connection, projection).await?;
        let day = |day: Option<Date>| day.map(jiff_diesel::Date::from);
        let now = jiff_diesel::Timestamp::from(projection.now);
        let columns = (
            (
                t::slug.eq(self.slug.as_deref().unwrap_or_default()),
                t::locale.eq(&self.locale),
                t::headline.eq(self.shown_headline()),
                t::quote.eq(&self.quote),
                t::excerpt.eq(excerpt(&self.quote)),
                t::is_incomplete.eq(self.is_incomplete),
                t::attribution.eq(self.attribution.as_str()),
                t::attribution_name.eq(&self.attribution_name),
                t::rating.eq(self.rating),
            ),
            (
                t::service_id.eq(self.service_id),
                t::condition_id.eq(self.condition_id),
                t::treated_month.eq(day(self.treated_month())),
                t::received_on.eq(day(self.received_on.map(|day| day.date()))),
            ),
            (
                t::edited_on.eq(day(edited_on)),
                t::incentive.eq(&self.incentive),
                t::reply.eq(self.reply.as_ref().map(|reply| &reply.text)),
                t::replied_on.eq(day(self.reply.as_ref().map(|reply| reply.replied_on.date()))),
            ),
            (
                t::consent_id.eq(consent.unwrap_or_default()),
                t::status.eq("published"),
                t::published_at.eq(jiff_diesel::Timestamp::from(published.published_at)),
                t::updated_at.eq(now),
            ),
        );
        diesel::insert_into(t::table)
            .values((t::id.eq(projection.id), t::created_at.eq(now), columns.clone()))
            .on_conflict(t::id)
            .do_update()
            .set(columns)
            .execute(connection)
            .await?;
        Ok(())
    }

    /// When the clinic changed what the patient wrote; none where it is as it came.
    async fn edited_on(
        &self,
        connection: &mut AsyncPgConnection,
        projection: &Projection<'_>,
    ) -> QueryResult<Option<Date>> {
        let source: String = testimonial_cases::table
            .find(projection.id)
            .select(testimonial_cases::source)
            .first(connection)
            .await?;
        let versions: Vec<Version> = revisions::table
            .filter(revisions::document_id.eq(projection.id))
            .order(revisions::version)
            .select((
                revisions::action,
                revisions::created_at,
                (
                    revisions::content.retrieve_as_text("quote").nullable(),
                    revisions::content.retrieve_as_text("headline").nullable(),
                    revisions::content.retrieve_as_text("rating").nullable(),
                ),
            ))
            .load(connection)
            .await?;
        // What staff wrote down is theirs to correct until the public has seen it.
        let is_original =
            |version: &Version| source == CaseSource::Patient.as_str() || version.action == Action::Published.as_str();
        let own = (
            Some(self.quote.clone()),
            self.headline.clone(),
            self.rating.map(|stars| stars.to_string()),
        );
        let mut since = versions.iter().skip_while(|version| !is_original(version));
        if since.next().is_none_or(|original| original.words == own) {
            return Ok(None);
        }
        let changed = since.find(|version| version.words == own);
        let changed = changed.map_or(projection.now, |version| version.created_at);
        Ok(Some(changed.to_zoned(TimeZone::UTC).date()))
    }
}

/// What can be edited of the patient's own: the quote, the headline, the stars.
type Words = (Option<String>, Option<String>, Option<String>);

/// The patient's own in one version of a testimonial.
#[derive(Queryable)]
struct Version {
    action: String,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    created_at: Timestamp,
    words: Words,
}
