//! Writing the clinic and its locations.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::civil::Date;
use uuid::Uuid;

use crate::{
    changes::{self, Action, Actor, Change, EntityType},
    clinic::wire::{Hospital, PostalAddress},
    db::schema::{affiliated_hospitals, clinic, clinic_texts, highlights, locations, statistics},
    values::{Locale, Slug},
};

/// The clinic to be made.
#[derive(Debug)]
pub struct NewClinic {
    /// Name that patients know.
    pub name: String,
    /// Whether the content is a demonstration.
    pub is_demonstration: bool,
    /// Year of establishment.
    pub founded_year: Option<i32>,
    /// Web address of the clinic.
    pub website: Option<String>,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// Its own language.
    pub default_locale: Locale,
    /// Its words, one for each language.
    pub texts: Vec<NewClinicText>,
    /// Statements of why patients trust it, in its own language.
    pub highlights: Vec<NewHighlight>,
    /// Figures about it, in its own language.
    pub statistics: Vec<NewStatistic>,
    /// Hospitals that it works with.
    pub hospitals: Vec<Hospital>,
}

/// What the clinic says about itself in one language.
#[derive(Debug)]
pub struct NewClinicText {
    /// The language.
    pub locale: Locale,
    /// One line under the name.
    pub tagline: Option<String>,
    /// Heading over the description.
    pub about_heading: Option<String>,
    /// Description.
    pub about: Option<String>,
    /// What readers must know about the content.
    pub notice: Option<String>,
    /// Heading over the services.
    pub services_heading: Option<String>,
    /// Heading over the share links.
    pub share_heading: Option<String>,
    /// Heading over the testimonials.
    pub testimonials_heading: Option<String>,
}

/// A statement of why patients trust the clinic.
#[derive(Debug)]
pub struct NewHighlight {
    /// In a few words.
    pub title: String,
    /// In full.
    pub body: String,
}

/// A figure that the clinic states about itself.
#[derive(Debug)]
pub struct NewStatistic {
    /// What is counted.
    pub label: String,
    /// The number.
    pub value: i64,
    /// The number as the clinic words it.
    pub display_value: String,
    /// What the number counts.
    pub unit: String,
    /// The date on which it was true.
    pub as_of: Date,
    /// Name of its source.
    pub source_name: String,
    /// Web address of its source.
    pub source_url: Option<String>,
}

/// Makes the clinic; call it in a transaction.
pub async fn insert_clinic(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    new: &NewClinic,
) -> QueryResult<Uuid> {
    let id = Uuid::now_v7();
    let now = jiff_diesel::Timestamp::from(actor.now);
    diesel::insert_into(clinic::table)
        .values((
            clinic::id.eq(id),
            clinic::name.eq(&new.name),
            clinic::is_demonstration.eq(new.is_demonstration),
            clinic::founded_year.eq(new.founded_year),
            clinic::website.eq(&new.website),
            clinic::time_zone.eq(&new.time_zone),
            clinic::default_locale.eq(new.default_locale.as_str()),
            clinic::created_at.eq(now),
            clinic::updated_at.eq(now),
        ))
        .execute(connection)
        .await?;
    insert_parts(connection, new).await?;
    for text in &new.texts {
        insert_text(connection, actor, id, text).await?;
    }
    Ok(id)
}

async fn insert_text(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Uuid,
    text: &NewClinicText,
) -> QueryResult<()> {
    use clinic_texts as t;
    diesel::insert_into(t::table)
        .values((
            t::clinic_id.eq(id),
            t::locale.eq(text.locale.as_str()),
            t::tagline.eq(&text.tagline),
            t::about_heading.eq(&text.about_heading),
            t::about.eq(&text.about),
            t::notice.eq(&text.notice),
            t::services_heading.eq(&text.services_heading),
            t::share_heading.eq(&text.share_heading),
            t::testimonials_heading.eq(&text.testimonials_heading),
            t::status.eq("published"),
            t::updated_at.eq(jiff_diesel::Timestamp::from(actor.now)),
        ))
        .execute(connection)
        .await?;
    let change = Change {
        entity_type: EntityType::Clinic,
        entity_id: id,
        locale: Some(text.locale.as_str()),
        action: Action::Published,
        version: 1,
    };
    changes::record(connection, actor, change).await
}

async fn insert_parts(connection: &mut AsyncPgConnection, new: &NewClinic) -> QueryResult<()> {
    let locale = new.default_locale.as_str();
    let highlight = |(position, highlight): (i32, &NewHighlight)| {
        (
            highlights::id.eq(Uuid::now_v7()),
            highlights::locale.eq(locale.to_owned()),
            highlights::title.eq(highlight.title.clone()),
            highlights::body.eq(highlight.body.clone()),
            highlights::position.eq(position),
        )
    };
    diesel::insert_into(highlights::table)
        .values((1..).zip(&new.highlights).map(highlight).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    let statistic = |(position, figure): (i32, &NewStatistic)| {
        (
            statistics::id.eq(Uuid::now_v7()),
            statistics::locale.eq(locale.to_owned()),
            statistics::label.eq(figure.label.clone()),
            statistics::value.eq(figure.value),
            statistics::display_value.eq(figure.display_value.clone()),
            statistics::unit.eq(figure.unit.clone()),
            statistics::as_of.eq(jiff_diesel::Date::from(figure.as_of)),
            statistics::source_name.eq(figure.source_name.clone()),
            statistics::source_url.eq(figure.source_url.clone()),
            statistics::position.eq(position),
        )
    };
    diesel::insert_into(statistics::table)
        .values((1..).zip(&new.statistics).map(statistic).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    let hospital = |(position, hospital): (i32, &Hospital)| {
        (
            affiliated_hospitals::id.eq(Uuid::now_v7()),
            affiliated_hospitals::name.eq(hospital.name.clone()),
            affiliated_hospitals::url.eq(hospital.url.clone()),
            affiliated_hospitals::position.eq(position),
        )
    };
    diesel::insert_into(affiliated_hospitals::table)
        .values((1..).zip(&new.hospitals).map(hospital).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

/// A location to be made.
#[derive(Debug)]
pub struct NewLocation {
    /// Its slug.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: PostalAddress,
    /// Whether it is the main one.
    pub is_primary: bool,
    /// Order in lists.
    pub position: i32,
}

/// Makes a location; call it in a transaction.
pub async fn insert_location(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    new: &NewLocation,
) -> QueryResult<Uuid> {
    use locations as l;
    let id = Uuid::now_v7();
    let now = jiff_diesel::Timestamp::from(actor.now);
    diesel::insert_into(l::table)
        .values((
            l::id.eq(id),
            l::slug.eq(new.slug.as_str()),
            l::name.eq(&new.name),
            l::street_address.eq(&new.address.street_address),
            l::address_locality.eq(&new.address.address_locality),
            l::address_region.eq(&new.address.address_region),
            l::postal_code.eq(&new.address.postal_code),
            l::address_country.eq(&new.address.address_country),
            l::formatted_address.eq(&new.address.formatted),
            l::is_primary.eq(new.is_primary),
            l::position.eq(new.position),
            l::created_at.eq(now),
            l::updated_at.eq(now),
        ))
        .execute(connection)
        .await?;
    let change = Change {
        entity_type: EntityType::Location,
        entity_id: id,
        locale: None,
        action: Action::Created,
        version: 1,
    };
    changes::record(connection, actor, change).await?;
    Ok(id)
}
