//! The clinical review of a text: who did it, when, and when the next one is due.

use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationErrors};

use super::{
    Day, Line,
    faults::{add, fault},
};

/// The clinical review of a text, as an editor records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReviewIn {
    /// Who reviewed the text, as the public reads it: a name, and what makes the person fit to judge.
    #[schema(value_type = Line<200>)]
    pub reviewed_by: String,
    /// When it was reviewed.
    #[schema(example = "2026-11-20")]
    pub last_reviewed_on: Day,
    /// When the next review is due, a day after the last one; absent or null where none is planned.
    #[schema(example = "2027-11-20")]
    pub next_review_due_on: Option<Day>,
}

impl Validate for ReviewIn {
    fn validate(&self) -> Result<(), ValidationErrors> {
        let mut errors = ValidationErrors::new();
        if let Err(found) = Line::<200>::accept(&self.reviewed_by) {
            add(&mut errors, "reviewed_by", found);
        }
        if self.next_review_due_on.is_some_and(|due| due <= self.last_reviewed_on) {
            let found = fault("invalid_content", "must be after `last_reviewed_on`");
            add(&mut errors, "next_review_due_on", found);
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// Whether a review is overdue, and how long that holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewState {
    /// Whether the day on which it is due is over, in UTC.
    pub is_overdue: bool,
    /// When it becomes overdue by time alone; none where it is so already or no review is planned.
    pub valid_until: Option<Timestamp>,
}

impl ReviewState {
    /// How a review that is due on a day stands at a moment.
    pub fn at(now: Timestamp, due_on: Option<Date>) -> Self {
        let day_after = due_on.and_then(|day| day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok());
        let end = day_after.map(|day| day.timestamp());
        Self {
            is_overdue: end.is_some_and(|end| end <= now),
            valid_until: end.filter(|end| *end > now),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use validator::Validate;

    use super::{ReviewIn, ReviewState};
    use crate::values::faults::field_errors;

    fn faults(review: Value) -> Vec<String> {
        let review: ReviewIn = serde_json::from_value(review).unwrap();
        let errors = review.validate().err().unwrap_or_default();
        let told = field_errors(&errors, "").into_iter();
        told.map(|error| format!("{}: {}", error.pointer, error.detail))
            .collect()
    }

    #[test]
    fn takes_a_review_with_and_without_a_next_one() {
        let review = json!({"reviewed_by": "A. Reviewer", "last_reviewed_on": "2026-11-20"});
        assert_eq!(faults(review.clone()), [""; 0]);
        let mut planned = review;
        planned["next_review_due_on"] = json!("2026-11-21");
        assert_eq!(faults(planned), [""; 0]);
    }

    #[test]
    fn tells_all_faults_at_once() {
        let wrong = json!({"reviewed_by": " ", "last_reviewed_on": "2026-11-20", "next_review_due_on": "2026-11-20"});
        assert_eq!(
            faults(wrong),
            [
                "/next_review_due_on: must be after `last_reviewed_on`",
                "/reviewed_by: must not begin or end with blanks",
            ]
        );
    }

    #[test]
    fn is_overdue_when_its_day_is_over() {
        let at = |now: &str| ReviewState::at(now.parse().unwrap(), Some("2026-11-23".parse().unwrap()));
        let midnight = "2026-11-24T00:00:00Z";
        assert!(!at("2026-11-23T23:59:59Z").is_overdue);
        assert_eq!(at("2026-11-23T23:59:59Z").valid_until, midnight.parse().ok());
        assert!(at(midnight).is_overdue);
        assert_eq!(at(midnight).valid_until, None);
        let none = ReviewState::at(midnight.parse().unwrap(), None);
        assert_eq!((none.is_overdue, none.valid_until), (false, None));
    }
}
