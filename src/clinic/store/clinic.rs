//! The clinic itself.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{Timestamp, civil::Date};
use uuid::Uuid;

use super::locations::{Moment, primary_location};
use crate::{
    clinic::wire::{
        Clinic, Contact, Headings, Highlight, Hospital, Registrations, SocialLink, Statistic, StatisticSource,
    },
    db::views::{
        published_clinic, published_highlights, published_hospitals, published_social_links, published_statistics,
    },
    values::Locale,
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = published_clinic)]
struct ClinicRow {
    id: Uuid,
    locale: String,
    name: String,
    legal_name: Option<String>,
    is_demonstration: bool,
    founded_year: Option<i32>,
    phone: Option<String>,
    email: Option<String>,
    website: Option<String>,
    time_zone: String,
    default_locale: String,
    cqc_provider_id: Option<String>,
    companies_house_number: Option<String>,
    tagline: Option<String>,
    about_heading: Option<String>,
    about: Option<String>,
    notice: Option<String>,
    services_heading: Option<String>,
    share_heading: Option<String>,
    testimonials_heading: Option<String>,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    updated_at: Timestamp,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = published_statistics)]
struct StatisticRow {
    label: String,
    value: i64,
    display_value: String,
    unit: String,
    #[diesel(deserialize_as = jiff_diesel::Date)]
    as_of: Date,
    source_name: String,
    source_url: Option<String>,
}

/// What the clinic says about itself, and until when that holds without a write.
pub async fn get_clinic(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    now: Timestamp,
) -> QueryResult<Option<(Clinic, Option<Timestamp>)>> {
    let rows: Vec<ClinicRow> = published_clinic::table
        .order(published_clinic::locale)
        .select(ClinicRow::as_select())
        .load(connection)
        .await?;
    let locales = rows.iter().map(|row| Locale::stored(row.locale.clone())).collect();
    let Some(row) = rows.into_iter().find(|row| row.locale == locale.as_str()) else {
        return Ok(None);
    };
    let moment = Moment::in_zone(now, &row.time_zone)?;
    let primary_location = primary_location(connection, &moment).await?;
    let valid_until = moment.valid_until(&primary_location);
    let clinic = Clinic {
        locales,
        primary_location,
        statistics: statistics(connection, locale, &moment).await?,
        highlights: highlights(connection, locale).await?,
        social_links: social_links(connection).await?,
        affiliated_hospitals: hospitals(connection).await?,
        ..row.into_clinic()
    };
    Ok(Some((clinic, valid_until)))
}

async fn highlights(connection: &mut AsyncPgConnection, locale: &Locale) -> QueryResult<Vec<Highlight>> {
    use published_highlights as h;
    let rows: Vec<(String, String)> = h::table
        .filter(h::locale.eq(locale.as_str()))
        .order(h::position)
        .select((h::title, h::body))
        .load(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(title, body)| Highlight { title, body })
        .collect())
}

/// The figures that have not expired.
async fn statistics(
    connection: &mut AsyncPgConnection,
    locale: &Locale,
    moment: &Moment,
) -> QueryResult<Vec<Statistic>> {
    use published_statistics as s;
    let today = jiff_diesel::Date::from(moment.today());
    let rows: Vec<StatisticRow> = s::table
        .filter(s::locale.eq(locale.as_str()))
        .filter(s::expires_on.is_null().or(s::expires_on.gt(today)))
        .order(s::position)
        .select(StatisticRow::as_select())
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(Statistic::from).collect())
}

async fn social_links(connection: &mut AsyncPgConnection) -> QueryResult<Vec<SocialLink>> {
    use published_social_links as l;
    let rows: Vec<(String, String)> = l::table
        .order(l::position)
        .select((l::platform, l::url))
        .load(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|(platform, url)| SocialLink { platform, url })
        .collect())
}

async fn hospitals(connection: &mut AsyncPgConnection) -> QueryResult<Vec<Hospital>> {
    use published_hospitals as h;
    let rows: Vec<(String, Option<String>)> = h::table
        .order(h::position)
        .select((h::name, h::url))
        .load(connection)
        .await?;
    Ok(rows.into_iter().map(|(name, url)| Hospital { name, url }).collect())
}

impl From<StatisticRow> for Statistic {
    fn from(row: StatisticRow) -> Self {
        Self {
            label: row.label,
            value: row.value,
            display_value: row.display_value,
            unit: row.unit,
            as_of: row.as_of,
            source: StatisticSource {
                name: row.source_name,
                url: row.source_url,
            },
        }
    }
}

impl ClinicRow {
    /// The clinic without what stands in other tables.
    fn into_clinic(self) -> Clinic {
        Clinic {
            id: self.id,
            name: self.name,
            legal_name: self.legal_name,
            is_demonstration: self.is_demonstration,
            notice: self.notice,
            tagline: self.tagline,
            about: self.about,
            headings: Headings {
                about: self.about_heading,
                services: self.services_heading,
                share: self.share_heading,
                testimonials: self.testimonials_heading,
            },
            founded_year: self.founded_year,
            contact: Contact {
                phone: self.phone,
                email: self.email,
                website: self.website,
            },
            registrations: Registrations {
                cqc_provider_id: self.cqc_provider_id,
                companies_house_number: self.companies_house_number,
            },
            time_zone: self.time_zone,
            default_locale: Locale::stored(self.default_locale),
            locales: Vec::new(),
            primary_location: None,
            highlights: Vec::new(),
            statistics: Vec::new(),
            social_links: Vec::new(),
            affiliated_hospitals: Vec::new(),
            locale: Locale::stored(self.locale),
            updated_at: self.updated_at,
        }
    }
}
