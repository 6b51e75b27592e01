//! Spans of time and moments, as people write them on a command line.

use jiff::{SignedDuration, Span, SpanRelativeTo, Timestamp};

use crate::values::DateBound;

/// A moment to come: after a span of time from now, or at a date or time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Moment {
    /// After this span.
    After(SignedDuration),
    /// At this moment.
    At(Timestamp),
}

impl Moment {
    /// The moment, seen from now.
    pub(super) fn from(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::After(span) => now.saturating_add(span).ok(),
            Self::At(moment) => Some(moment),
        }
    }
}

/// Reads a moment such as `90d`, `2027-01-31` or `2027-01-31T09:00:00Z`.
pub(super) fn read_moment(text: &str) -> Result<Moment, String> {
    let at = || {
        DateBound::try_from(text.to_owned())
            .ok()
            .map(|bound| Moment::At(bound.timestamp()))
    };
    let after = read_span(text).ok().map(Moment::After);
    after
        .or_else(at)
        .ok_or_else(|| "must be a span such as 90d, or a date such as 2027-01-31".to_owned())
}

/// Reads a span such as `30m`, `24h`, `90d` or `2w`; a day has 24 hours.
pub(super) fn read_span(text: &str) -> Result<SignedDuration, String> {
    let span = text.parse::<Span>().ok();
    let span = span.and_then(|span| span.to_duration(SpanRelativeTo::days_are_24_hours()).ok());
    span.filter(|span| !span.is_negative())
        .ok_or_else(|| "must be a span such as 30m, 24h, 90d or 2w".to_owned())
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::{Moment, read_moment, read_span};

    #[test]
    fn reads_spans() {
        for (text, hours) in [("24h", 24), ("90d", 2160), ("2w", 336), ("1d 12h", 36), ("0s", 0)] {
            assert_eq!(read_span(text), Ok(SignedDuration::from_hours(hours)), "{text}");
        }
        for bad in ["", "90", "-1h", "soon", "1 month", "1y"] {
            assert!(read_span(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn reads_moments() {
        let at = |text: &str| Ok(Moment::At(text.parse().expect("it is a moment")));
        assert_eq!(read_moment("2027-01-31"), at("2027-01-31T00:00:00Z"));
        assert_eq!(read_moment("2027-01-31T09:00:00Z"), at("2027-01-31T09:00:00Z"));
        assert_eq!(read_moment("90d"), Ok(Moment::After(SignedDuration::from_hours(2160))));
        for bad in ["", "2027", "2027-02-30", "tomorrow"] {
            assert!(read_moment(bad).is_err(), "{bad}");
        }
    }
}
