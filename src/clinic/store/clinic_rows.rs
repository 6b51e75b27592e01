//! Writing the clinic's public rows.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::Timestamp;
use uuid::Uuid;

use crate::{
    clinic::wire::{ClinicIn, ClinicTextIn, HighlightIn, HospitalIn, SocialLinkIn, StatisticIn},
    db::schema::{affiliated_hospitals, clinic, clinic_texts, highlights, social_links, statistics},
};

/// Brings the facts to these, with the links and the hospitals.
pub(super) async fn save_facts(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    content: &ClinicIn,
    now: Timestamp,
) -> QueryResult<()> {
    let now = jiff_diesel::Timestamp::from(now);
    let facts = (
        clinic::name.eq(&content.name),
        clinic::legal_name.eq(&content.legal_name),
        clinic::is_demonstration.eq(content.is_demonstration),
        clinic::founded_year.eq(content.founded_year),
        clinic::phone.eq(&content.phone),
        clinic::email.eq(&content.email),
        clinic::website.eq(&content.website),
        clinic::time_zone.eq(&content.time_zone),
        clinic::default_locale.eq(&content.default_locale),
        clinic::cqc_provider_id.eq(&content.cqc_provider_id),
        clinic::companies_house_number.eq(&content.companies_house_number),
        clinic::updated_at.eq(now),
    );
    diesel::insert_into(clinic::table)
        .values((clinic::id.eq(id), clinic::created_at.eq(now), facts))
        .on_conflict(clinic::id)
        .do_update()
        .set(facts)
        .execute(connection)
        .await?;
    replace_links(connection, &content.social_links).await?;
    replace_hospitals(connection, &content.affiliated_hospitals).await
}

async fn replace_links(connection: &mut AsyncPgConnection, links: &[SocialLinkIn]) -> QueryResult<()> {
    use social_links as l;
    let row = |(position, link): (i32, &SocialLinkIn)| {
        (
            l::id.eq(Uuid::now_v7()),
            l::platform.eq(link.platform.as_str()),
            l::url.eq(link.url.clone()),
            l::position.eq(position),
        )
    };
    diesel::delete(l::table).execute(connection).await?;
    diesel::insert_into(l::table)
        .values((1..).zip(links).map(row).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

async fn replace_hospitals(connection: &mut AsyncPgConnection, hospitals: &[HospitalIn]) -> QueryResult<()> {
    use affiliated_hospitals as h;
    let row = |(position, hospital): (i32, &HospitalIn)| {
        (
            h::id.eq(Uuid::now_v7()),
            h::name.eq(hospital.name.clone()),
            h::url.eq(hospital.url.clone()),
            h::position.eq(position),
        )
    };
    diesel::delete(h::table).execute(connection).await?;
    diesel::insert_into(h::table)
        .values((1..).zip(hospitals).map(row).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

/// Brings the words in a language to these, with the highlights and the figures.
pub(super) async fn save_text(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    locale: &str,
    text: &ClinicTextIn,
    now: Timestamp,
) -> QueryResult<()> {
    let words = (
        clinic_texts::tagline.eq(&text.tagline),
        clinic_texts::about_heading.eq(&text.headings.about),
        clinic_texts::about.eq(&text.about),
        clinic_texts::notice.eq(&text.notice),
        clinic_texts::services_heading.eq(&text.headings.services),
        clinic_texts::share_heading.eq(&text.headings.share),
        clinic_texts::testimonials_heading.eq(&text.headings.testimonials),
        clinic_texts::status.eq("published"),
        clinic_texts::updated_at.eq(jiff_diesel::Timestamp::from(now)),
    );
    diesel::insert_into(clinic_texts::table)
        .values((clinic_texts::clinic_id.eq(id), clinic_texts::locale.eq(locale), words))
        .on_conflict((clinic_texts::clinic_id, clinic_texts::locale))
        .do_update()
        .set(words)
        .execute(connection)
        .await?;
    replace_highlights(connection, locale, &text.highlights).await?;
    replace_statistics(connection, locale, &text.statistics).await
}

async fn replace_highlights(connection: &mut AsyncPgConnection, locale: &str, list: &[HighlightIn]) -> QueryResult<()> {
    use highlights as h;
    let row = |(position, highlight): (i32, &HighlightIn)| {
        (
            h::id.eq(Uuid::now_v7()),
            h::locale.eq(locale.to_owned()),
            h::title.eq(highlight.title.clone()),
            h::body.eq(highlight.body.clone()),
            h::position.eq(position),
        )
    };
    diesel::delete(h::table.filter(h::locale.eq(locale)))
        .execute(connection)
        .await?;
    diesel::insert_into(h::table)
        .values((1..).zip(list).map(row).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

async fn replace_statistics(connection: &mut AsyncPgConnection, locale: &str, list: &[StatisticIn]) -> QueryResult<()> {
    use statistics as s;
    let row = |(position, figure): (i32, &StatisticIn)| {
        let end = figure.expires_on.map(|day| jiff_diesel::Date::from(day.date()));
        (
            s::id.eq(Uuid::now_v7()),
            s::locale.eq(locale.to_owned()),
            s::label.eq(figure.label.clone()),
            s::value.eq(figure.value),
            s::display_value.eq(figure.display_value.clone()),
            s::unit.eq(figure.unit.clone()),
            s::as_of.eq(jiff_diesel::Date::from(figure.as_of.date())),
            s::expires_on.eq(end),
            s::source_name.eq(figure.source.name.clone()),
            s::source_url.eq(figure.source.url.clone()),
            s::position.eq(position),
        )
    };
    diesel::delete(s::table.filter(s::locale.eq(locale)))
        .execute(connection)
        .await?;
    diesel::insert_into(s::table)
        .values((1..).zip(list).map(row).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}
