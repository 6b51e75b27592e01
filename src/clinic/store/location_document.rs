//! Locations as documents: their names, and their public rows.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::locations::{Moment, location_with_id};
use crate::{
    access::Scope,
    changes::EntityType,
    clinic::{
        hours::{SpecialHours, WeeklyHours},
        rules,
        wire::{Location, LocationIn},
    },
    db::schema::{locations, opening_hours, special_hours},
    editing::{Content, NO_LOCALE, Names, Projection, Reading, ReferenceTo, TextFacts, TextSlug},
    problem::FieldError,
    values::Slug,
};

impl Content for LocationIn {
    const NAMES: Names = Names {
        entity_type: EntityType::Location,
        singular: "Location",
        plural: "Locations",
        path: "locations",
        tag: "clinic",
        is_single: false,
        omits: &[],
        when_made: "A slug that is left out is made from the name; one that is taken is refused (409).",
        read: Scope::ContentRead,
        write: Scope::ContentWrite,
        publish: Scope::ContentPublish,
    };

    type Public = Location;

    fn faults(&self) -> Vec<FieldError> {
        rules::location_faults(self)
    }

    fn texts(&self) -> Vec<TextFacts> {
        vec![TextFacts {
            locale: NO_LOCALE.to_owned(),
            pointer: String::new(),
            title: self.name.clone(),
            slug: TextSlug::of(self.slug.as_deref()),
            next_review_due_on: None,
        }]
    }

    fn set_slug(&mut self, _: &str, slug: Slug) {
        self.slug = Some(slug.into());
    }

    fn references(&self) -> Vec<ReferenceTo> {
        Vec::new()
    }

    // Nothing points to a location, so there is no row of one that is not published.
    async fn project(&self, connection: &mut AsyncPgConnection, projection: &Projection<'_>) -> QueryResult<()> {
        if projection.published.is_empty() {
            return Ok(());
        }
        save_row(connection, projection, self).await?;
        delete_hours(connection, projection.id).await?;
        let weekly: Vec<WeeklyHours> = self.opening_hours.iter().filter_map(rules::weekly_hours).collect();
        insert_weekly(connection, projection.id, &weekly).await?;
        let special = self.special_hours.iter();
        let special: Vec<_> = special
            .filter_map(|entry| Some((rules::special_hours(entry)?, entry.reason.as_deref())))
            .collect();
        insert_special(connection, projection.id, &special).await
    }

    async fn withdraw(connection: &mut AsyncPgConnection, id: Uuid, _: &[String]) -> QueryResult<()> {
        delete_hours(connection, id).await?;
        diesel::delete(locations::table.find(id)).execute(connection).await?;
        Ok(())
    }

    fn on_constraint(name: &str) -> Option<(&'static str, &'static str)> {
        let detail = "place cannot be the main one while another published place is; publish that one as an ordinary \
                      place first";
        (name == "locations_is_primary_key").then_some(("/is_primary", detail))
    }

    async fn get_public(connection: &mut AsyncPgConnection, reading: &Reading<'_>) -> QueryResult<Option<Location>> {
        let moment = Moment::read(connection, reading.now).await?;
        location_with_id(connection, &moment, reading.id).await
    }
}

async fn save_row(
    connection: &mut AsyncPgConnection,
    projection: &Projection<'_>,
    content: &LocationIn,
) -> QueryResult<()> {
    use locations as l;
    let now = jiff_diesel::Timestamp::from(projection.now);
    let address = &content.address;
    let formatted = address.in_one_line();
    let facts = (
        l::slug.eq(content.slug.as_deref().unwrap_or_default()),
        l::name.eq(&content.name),
        l::street_address.eq(&address.street_address),
        l::address_locality.eq(&address.address_locality),
        l::address_region.eq(&address.address_region),
        l::postal_code.eq(&address.postal_code),
        l::address_country.eq(&address.address_country),
        l::formatted_address.eq(&formatted),
        l::latitude.eq(content.coordinates.map(|point| point.latitude)),
        l::longitude.eq(content.coordinates.map(|point| point.longitude)),
        l::phone.eq(&content.phone),
        l::is_primary.eq(content.is_primary),
        l::position.eq(content.position),
        l::updated_at.eq(now),
    );
    diesel::insert_into(l::table)
        .values((l::id.eq(projection.id), l::created_at.eq(now), facts))
        .on_conflict(l::id)
        .do_update()
        .set(facts)
        .execute(connection)
        .await?;
    Ok(())
}

async fn delete_hours(connection: &mut AsyncPgConnection, id: Uuid) -> QueryResult<()> {
    diesel::delete(opening_hours::table.filter(opening_hours::location_id.eq(id)))
        .execute(connection)
        .await?;
    diesel::delete(special_hours::table.filter(special_hours::location_id.eq(id)))
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_weekly(connection: &mut AsyncPgConnection, id: Uuid, weekly: &[WeeklyHours]) -> QueryResult<()> {
    use opening_hours as h;
    let row = |hours: &WeeklyHours| {
        (
            h::id.eq(Uuid::now_v7()),
            h::location_id.eq(id),
            h::weekday.eq(i16::from(hours.weekday.to_monday_one_offset())),
            h::opens.eq(jiff_diesel::Time::from(hours.opens)),
            h::closes.eq(jiff_diesel::Time::from(hours.closes)),
        )
    };
    diesel::insert_into(h::table)
        .values(weekly.iter().map(row).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_special(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    special: &[(SpecialHours, Option<&str>)],
) -> QueryResult<()> {
    use special_hours as h;
    let row = |(day, reason): &(SpecialHours, Option<&str>)| {
        (
            h::id.eq(Uuid::now_v7()),
            h::location_id.eq(id),
            h::date.eq(jiff_diesel::Date::from(day.date)),
            h::opens.eq(day.hours.map(|(opens, _)| jiff_diesel::Time::from(opens))),
            h::closes.eq(day.hours.map(|(_, closes)| jiff_diesel::Time::from(closes))),
            h::reason.eq(reason.map(str::to_owned)),
        )
    };
    diesel::insert_into(h::table)
        .values(special.iter().map(row).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}
