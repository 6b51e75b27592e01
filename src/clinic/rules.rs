//! What the clinic and its places must be, beyond the rules of single fields.

use jiff::civil::{Time, Weekday};

use super::{
    hours::{SpecialHours, WeeklyHours, overlapping_special, overlapping_weekly},
    wire::{ClinicIn, ClinicTextIn, LocationIn, OpeningHoursIn, SpecialHoursIn},
};
use crate::problem::FieldError;

/// The most characters of an address in one line.
const LONGEST_ADDRESS: usize = 500;

/// What is wrong with the clinic as a whole, with pointers into it.
pub(super) fn clinic_faults(clinic: &ClinicIn) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if clinic.texts.get(&clinic.default_locale).is_none() {
        faults.push(FieldError::invalid_content(
            "/default_locale",
            "must be one of the languages of the texts",
        ));
    }
    let platforms: Vec<_> = clinic.social_links.iter().map(|link| link.platform).collect();
    faults.extend(repeated(&platforms).map(|place| {
        let pointer = format!("/social_links/{place}/platform");
        FieldError::invalid_content(pointer, "is there twice; a network has one page")
    }));
    let hospitals: Vec<_> = clinic.affiliated_hospitals.iter().map(|one| &one.name).collect();
    faults.extend(repeated(&hospitals).map(|place| {
        let pointer = format!("/affiliated_hospitals/{place}/name");
        FieldError::invalid_content(pointer, "is there twice")
    }));
    let of_texts = clinic
        .texts
        .iter()
        .flat_map(|(locale, text)| expired_at_once(locale, text));
    faults.extend(of_texts);
    faults
}

/// The places of what stands earlier in the list too.
fn repeated<T: PartialEq>(list: &[T]) -> impl Iterator<Item = usize> {
    (0..list.len()).filter(|place| list[..*place].contains(&list[*place]))
}

/// Figures that end before they are true.
fn expired_at_once(locale: &str, text: &ClinicTextIn) -> impl Iterator<Item = FieldError> {
    let places = text.statistics.iter().enumerate();
    let wrong = places.filter(|(_, figure)| figure.expires_on.is_some_and(|end| end <= figure.as_of));
    wrong.map(move |(place, _)| {
        let pointer = format!("/texts/{locale}/statistics/{place}/expires_on");
        FieldError::invalid_content(pointer, "must be after as_of")
    })
}

/// What is wrong with a location as a whole, with pointers into it.
pub(super) fn location_faults(location: &LocationIn) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let line = location.address.in_one_line();
    if location.address.formatted.is_none() && line.chars().count() > LONGEST_ADDRESS {
        faults.push(FieldError::invalid_content(
            "/address/formatted",
            format!("must be given where the parts together are longer than {LONGEST_ADDRESS} characters"),
        ));
    }
    let weekly: Vec<_> = readable(&location.opening_hours, weekly_hours);
    faults.extend(overlapping_weekly(&weekly).into_iter().map(|place| {
        let pointer = format!("/opening_hours/{place}");
        FieldError::invalid_content(pointer, "must not overlap with an entry before it")
    }));
    faults.extend(half_given(&location.special_hours));
    let special: Vec<_> = readable(&location.special_hours, special_hours);
    faults.extend(overlapping_special(&special).into_iter().map(|place| {
        let pointer = format!("/special_hours/{place}");
        let detail = "must not overlap with an entry before it, nor close a date that has another entry";
        FieldError::invalid_content(pointer, detail)
    }));
    faults
}

/// Special hours with one of their two times.
fn half_given(list: &[SpecialHoursIn]) -> impl Iterator<Item = FieldError> {
    list.iter().enumerate().filter_map(|(place, day)| {
        let (missing, given) = match (&day.opens, &day.closes) {
            (None, Some(_)) => ("opens", "closes"),
            (Some(_), None) => ("closes", "opens"),
            _ => return None,
        };
        let pointer = format!("/special_hours/{place}/{missing}");
        Some(FieldError::invalid_content(
            pointer,
            format!("must be given with {given}"),
        ))
    })
}

/// Those that can be read, with their places; the others are faults by themselves.
fn readable<T, U>(list: &[T], read: impl Fn(&T) -> Option<U>) -> Vec<(usize, U)> {
    let places = list.iter().enumerate();
    places
        .filter_map(|(place, entry)| Some((place, read(entry)?)))
        .collect()
}

/// An interval of the week as it is reckoned with; none where a time is no time.
pub(super) fn weekly_hours(entry: &OpeningHoursIn) -> Option<WeeklyHours> {
    Some(WeeklyHours {
        weekday: Weekday::from(entry.weekday),
        opens: time(&entry.opens)?,
        closes: time(&entry.closes)?,
    })
}

/// An entry of a date as it is reckoned with; none where a time is no time or one of two is missing.
pub(super) fn special_hours(entry: &SpecialHoursIn) -> Option<SpecialHours> {
    let hours = match (&entry.opens, &entry.closes) {
        (None, None) => None,
        (Some(opens), Some(closes)) => Some((time(opens)?, time(closes)?)),
        _ => return None,
    };
    Some(SpecialHours {
        date: entry.date.date(),
        hours,
    })
}

fn time(text: &str) -> Option<Time> {
    Time::strptime("%H:%M", text).ok()
}
