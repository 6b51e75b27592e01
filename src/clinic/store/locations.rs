//! Places, and their hours.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{
    Timestamp,
    civil::{Date, Time, Weekday},
    tz::TimeZone,
};
use uuid::Uuid;

use crate::{
    clinic::{
        hours::{self, SpecialHours as SpecialInterval, WeeklyHours},
        wire::{Coordinates, Location, OpeningHours, PostalAddress, SpecialHours},
    },
    db::{
        lookup::{self, Found, Languages, PublishedText},
        views::{published_locations, published_opening_hours, published_special_hours, published_time_zone},
    },
    http::page::{After, PageQuery},
    values::{IdOrSlug, Slug},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = published_locations)]
pub(super) struct LocationRow {
    id: Uuid,
    slug: String,
    name: String,
    street_address: String,
    address_locality: String,
    address_region: Option<String>,
    postal_code: String,
    address_country: String,
    formatted_address: String,
    latitude: Option<f64>,
    longitude: Option<f64>,
    phone: Option<String>,
    is_primary: bool,
    position: i32,
    #[diesel(deserialize_as = jiff_diesel::Timestamp)]
    updated_at: Timestamp,
}

// A location has no language of its own; any will do.
impl PublishedText for LocationRow {
    fn locale(&self) -> &str {
        ""
    }

    fn slug(&self) -> &str {
        &self.slug
    }
}

/// The moment of a request as the clinic's clocks show it.
#[derive(Debug, Clone)]
pub struct Moment {
    now: Timestamp,
    pub(super) zone: TimeZone,
}

impl Moment {
    /// The moment in the clinic's time zone; UTC where there is no clinic.
    pub async fn read(connection: &mut AsyncPgConnection, now: Timestamp) -> QueryResult<Self> {
        let zone: Option<String> = published_time_zone::table
            .select(published_time_zone::time_zone)
            .first(connection)
            .await
            .optional()?;
        Self::in_zone(now, zone.as_deref().unwrap_or("UTC"))
    }

    pub(super) fn in_zone(now: Timestamp, zone: &str) -> QueryResult<Self> {
        let zone = TimeZone::get(zone).map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
        Ok(Self { now, zone })
    }

    /// How long what is shown of these locations holds: until one opens or closes, and not past the
    /// end of the day, as days bring other special hours and figures expire with them.
    pub fn valid_until<'a>(&self, locations: impl IntoIterator<Item = &'a Location>) -> Option<Timestamp> {
        let midnight = self
            .today()
            .tomorrow()
            .and_then(|date| date.to_zoned(self.zone.clone()));
        let changes = locations.into_iter().filter_map(|location| location.next_change_at);
        changes.chain(midnight.ok().map(|zoned| zoned.timestamp())).min()
    }

    pub(super) fn today(&self) -> Date {
        self.now.to_zoned(self.zone.clone()).date()
    }
}

/// A page of locations in the clinic's order, and one row more; a clinic has few, so they are sorted
/// without an index.
pub async fn list_locations(
    connection: &mut AsyncPgConnection,
    moment: &Moment,
    page: &PageQuery,
    after: Option<&After<i32>>,
) -> QueryResult<Vec<(i32, Location)>> {
    use published_locations as l;
    let mut query = l::table.into_boxed();
    if let Some(After { key, id }) = after {
        query = query.filter(l::position.ge(*key).and(l::position.gt(*key).or(l::id.gt(*id))));
    }
    let rows: Vec<LocationRow> = query
        .order((l::position, l::id))
        .limit(page.rows())
        .select(LocationRow::as_select())
        .load(connection)
        .await?;
    let positions: Vec<i32> = rows.iter().map(|row| row.position).collect();
    let locations = complete(connection, moment, rows).await?;
    Ok(positions.into_iter().zip(locations).collect())
}

/// The number of locations.
pub async fn count_locations(connection: &mut AsyncPgConnection) -> QueryResult<i64> {
    published_locations::table.count().get_result(connection).await
}

/// The location that a client names.
pub async fn get_location(
    connection: &mut AsyncPgConnection,
    moment: &Moment,
    wanted: &IdOrSlug,
    languages: &Languages,
) -> QueryResult<Found<Location>> {
    let found = lookup::find(connection, "location", wanted, languages, texts_of).await?;
    found
        .complete(async |row| {
            let completed = complete(connection, moment, vec![row]).await?.pop();
            completed.ok_or(diesel::result::Error::NotFound)
        })
        .await
}

async fn texts_of(connection: &mut AsyncPgConnection, wanted: &IdOrSlug) -> QueryResult<Vec<LocationRow>> {
    let query = published_locations::table.into_boxed();
    let query = match wanted {
        IdOrSlug::Id(id) => query.filter(published_locations::id.eq(*id)),
        IdOrSlug::Slug(slug) => query.filter(published_locations::slug.eq(slug.as_str())),
    };
    query.select(LocationRow::as_select()).load(connection).await
}

/// The main location.
pub(super) async fn primary_location(
    connection: &mut AsyncPgConnection,
    moment: &Moment,
) -> QueryResult<Option<Location>> {
    let row = published_locations::table
        .filter(published_locations::is_primary)
        .select(LocationRow::as_select())
        .first(connection)
        .await
        .optional()?;
    let locations = complete(connection, moment, row.into_iter().collect()).await?;
    Ok(locations.into_iter().next())
}

/// One published location.
pub(super) async fn location_with_id(
    connection: &mut AsyncPgConnection,
    moment: &Moment,
    id: Uuid,
) -> QueryResult<Option<Location>> {
    let rows = texts_of(connection, &IdOrSlug::Id(id)).await?;
    Ok(complete(connection, moment, rows).await?.pop())
}

/// Adds the hours to rows, in two reads for all of them.
async fn complete(
    connection: &mut AsyncPgConnection,
    moment: &Moment,
    rows: Vec<LocationRow>,
) -> QueryResult<Vec<Location>> {
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut weekly = weekly_hours(connection, &ids).await?;
    let mut special = special_hours(connection, &ids, moment).await?;
    let location = |row: LocationRow| {
        let weekly = weekly.remove(&row.id).unwrap_or_default();
        let special = special.remove(&row.id).unwrap_or_default();
        row.into_location(&weekly, &special, moment)
    };
    Ok(rows.into_iter().map(location).collect())
}

async fn weekly_hours(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
) -> QueryResult<HashMap<Uuid, Vec<WeeklyHours>>> {
    use published_opening_hours as h;
    let rows: Vec<(Uuid, i16, jiff_diesel::Time, jiff_diesel::Time)> = h::table
        .filter(h::location_id.eq_any(ids))
        .order((h::weekday, h::opens))
        .load(connection)
        .await?;
    let mut hours: HashMap<Uuid, Vec<WeeklyHours>> = HashMap::new();
    for (location, weekday, opens, closes) in rows {
        let weekday = i8::try_from(weekday)
            .ok()
            .and_then(|number| Weekday::from_monday_one_offset(number).ok());
        let Some(weekday) = weekday else {
            continue;
        };
        hours.entry(location).or_default().push(WeeklyHours {
            weekday,
            opens: opens.to_jiff(),
            closes: closes.to_jiff(),
        });
    }
    Ok(hours)
}

/// A special day as it is stored, with its reason.
type SpecialDay = (SpecialInterval, Option<String>);

async fn special_hours(
    connection: &mut AsyncPgConnection,
    ids: &[Uuid],
    moment: &Moment,
) -> QueryResult<HashMap<Uuid, Vec<SpecialDay>>> {
    use published_special_hours as h;
    // Last night's hours may run into this morning.
    let from = moment.today().yesterday().unwrap_or(Date::MIN);
    type Row = (
        Uuid,
        jiff_diesel::Date,
        Option<jiff_diesel::Time>,
        Option<jiff_diesel::Time>,
        Option<String>,
    );
    let rows: Vec<Row> = h::table
        .filter(h::location_id.eq_any(ids))
        .filter(h::date.ge(jiff_diesel::Date::from(from)))
        .order((h::date, h::opens))
        .load(connection)
        .await?;
    let mut hours: HashMap<Uuid, Vec<SpecialDay>> = HashMap::new();
    for (location, date, opens, closes, reason) in rows {
        let interval = opens
            .zip(closes)
            .map(|(opens, closes)| (opens.to_jiff(), closes.to_jiff()));
        let day = SpecialInterval {
            date: date.to_jiff(),
            hours: interval,
        };
        hours.entry(location).or_default().push((day, reason));
    }
    Ok(hours)
}

impl LocationRow {
    fn into_location(self, weekly: &[WeeklyHours], special: &[SpecialDay], moment: &Moment) -> Location {
        let intervals: Vec<SpecialInterval> = special.iter().map(|(day, _)| *day).collect();
        let state = hours::open_state(weekly, &intervals, &moment.zone, moment.now);
        let today = moment.today();
        Location {
            id: self.id,
            slug: Slug::stored(self.slug),
            name: self.name,
            is_primary: self.is_primary,
            address: PostalAddress {
                street_address: self.street_address,
                address_locality: self.address_locality,
                address_region: self.address_region,
                postal_code: self.postal_code,
                address_country: self.address_country,
                formatted: self.formatted_address,
            },
            coordinates: self
                .latitude
                .zip(self.longitude)
                .map(|(latitude, longitude)| Coordinates { latitude, longitude }),
            phone: self.phone,
            opening_hours: weekly.iter().map(shown_weekly).collect(),
            special_hours: special
                .iter()
                .filter(|(day, _)| day.date >= today)
                .map(shown_special)
                .collect(),
            open_now: state.open_now,
            next_change_at: state.next_change_at,
            updated_at: self.updated_at,
        }
    }
}

fn shown_weekly(hours: &WeeklyHours) -> OpeningHours {
    OpeningHours {
        weekday: weekday_name(hours.weekday).to_owned(),
        opens: shown_time(hours.opens),
        closes: shown_time(hours.closes),
    }
}

fn shown_special((day, reason): &SpecialDay) -> SpecialHours {
    SpecialHours {
        date: day.date,
        opens: day.hours.map(|(opens, _)| shown_time(opens)),
        closes: day.hours.map(|(_, closes)| shown_time(closes)),
        reason: reason.clone(),
    }
}

fn shown_time(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

fn weekday_name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}
