//! Values that cannot be wrong: whoever holds one holds a checked one.
//!
//! Everything that comes from outside goes through one of these before it meets SQL or a response.
//! A value that the database holds was checked when it was written and is taken as it is.

mod bibliographic;
mod civil;
mod contact;
mod date_bound;
mod day;
mod exact;
pub mod faults;
mod fields;
pub mod html;
mod id_or_slug;
pub mod json;
mod list;
mod locale;
mod partial_date;
mod plain_text;
mod reference;
mod registration;
mod review;
mod slug;
mod texts;
mod whole_number;

pub use bibliographic::{Doi, Issn, Orcid, Pmcid, Pmid};
pub use civil::{ClockTime, CountryCode, TimeZoneName};
pub use contact::{EmailAddress, PhoneNumber, WebUrl};
pub use date_bound::{DateBound, is_storable};
pub use day::Day;
pub use exact::{Id, id_or_null, ids, moment, moment_or_null};
pub use fields::Fields;
pub use html::{Html, RichTextIn, SANITISER_VERSION, TextFormat};
pub use id_or_slug::IdOrSlug;
pub use list::List;
pub use locale::Locale;
pub use partial_date::{DatePrecision, PartialDate};
pub use plain_text::{Line, Paragraphs};
pub use reference::Reference;
pub use registration::{CompanyNumber, CqcProviderId};
pub use review::{ReviewIn, ReviewState};
pub use slug::Slug;
pub use texts::Texts;
pub use whole_number::WholeNumber;

/// Why a text is not a valid value; the words are fit for a client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InvalidValue(pub String);

/// Gives a checked string type what all of them share; the type itself brings its schema and `check`.
macro_rules! checked_string {
    ($name:ident) => {
        impl $name {
            /// The text of the value.
            pub fn as_str(&self) -> &str {
                &self.0
            }

            /// Takes a value out of the database, where only checked ones are written.
            pub fn stored(text: String) -> Self {
                Self(text)
            }

            /// Checks a text that stays a `String`: `#[validate(custom(function = ..))]` on a field.
            ///
            /// # Errors
            /// What the text must be, in words fit for a client.
            pub fn accept(text: &str) -> Result<(), validator::ValidationError> {
                match Self::check(text) {
                    Ok(kept) if kept == text => Ok(()),
                    Ok(_) => {
                        let detail = "must have its usual capital and small letters".to_owned();
                        Err($crate::values::InvalidValue(detail).into())
                    }
                    Err(why) => Err($crate::values::InvalidValue(why).into()),
                }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::values::InvalidValue;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::check(text).map(Self).map_err($crate::values::InvalidValue)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::values::InvalidValue;

            fn try_from(text: String) -> Result<Self, Self::Error> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(crate) use checked_string;

/// Holds a check against the schema that documents it: both take the good and the bad alike.
#[cfg(test)]
fn agreement<T: utoipa::PartialSchema>(
    accept: fn(&str) -> Result<(), validator::ValidationError>,
    good: &[&str],
    bad: &[&str],
) {
    let schema = serde_json::to_value(T::schema()).unwrap();
    let documented = jsonschema::validator_for(&schema).unwrap();
    for (texts, is_good) in [(good, true), (bad, false)] {
        for text in texts {
            assert_eq!(accept(text).is_ok(), is_good, "the check of {text:?}");
            assert_eq!(
                documented.is_valid(&serde_json::json!(text)),
                is_good,
                "the schema of {text:?}"
            );
        }
    }
}
