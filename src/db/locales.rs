//! Which languages the clinic publishes.

use diesel::{QueryDsl, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

use super::views::published_clinic;
use crate::values::Locale;

/// The languages in which there is content, and the one for readers who ask for none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Locales {
    /// Served where nothing else fits.
    pub default: Locale,
    /// All of them.
    pub available: Vec<Locale>,
}

/// Reads the languages; a database without a clinic counts as one in British English.
pub async fn load(connection: &mut AsyncPgConnection) -> QueryResult<Locales> {
    let (defaults, available): (Vec<String>, Vec<String>) = published_clinic::table
        .order(published_clinic::locale)
        .select((published_clinic::default_locale, published_clinic::locale))
        .load::<(String, String)>(connection)
        .await?
        .into_iter()
        .unzip();
    // The clinic's own language may itself be a draft still.
    let own = defaults.into_iter().next().filter(|own| available.contains(own));
    let default = own.or_else(|| available.as_slice().first().cloned());
    let default = default.unwrap_or_else(|| "en-GB".to_owned());
    Ok(Locales {
        default: Locale::stored(default),
        available: available.into_iter().map(Locale::stored).collect(),
    })
}
