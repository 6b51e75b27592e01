//! Pages of a list: the envelope, the limit and the cursor.
//!
//! A cursor holds the sort key and id of the last item given, bound to the list it came from, so
//! that every page costs the same and none repeats or skips an item. One row more than asked for is
//! read, to know whether there is a next page.

use std::{borrow::Cow, hash::Hasher};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, Ref, RefOr, Schema, Type,
        schema::{ArrayBuilder, KnownFormat, SchemaFormat, SchemaType},
    },
};
use uuid::Uuid;
use validator::Validate;

use crate::problem::{Code, Problem};
use crate::values::InvalidValue;

/// Which page of a list is asked for.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Most items on the page.
    #[serde(default)]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, default = 20)]
    pub limit: Limit,
    /// Where the page starts: `next_cursor` of the page before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, min_length = 1, max_length = 2000, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<Cursor>,
    /// Also count all items of the list.
    #[serde(default)]
    #[param(default = false)]
    pub include_total: bool,
}

/// The number of items on a page, from 1 to 100.
#[derive(Debug, Clone, Copy, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Limit(u8);

impl Limit {
    /// Rows to read: one more than the page shows.
    pub fn rows(self) -> i64 {
        i64::from(self.0) + 1
    }

    /// Items that the page shows.
    pub fn items(self) -> usize {
        usize::from(self.0)
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(20)
    }
}

impl TryFrom<String> for Limit {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let number = text.parse::<u8>().ok().filter(|n| (1..=100).contains(n));
        number
            .map(Self)
            .ok_or_else(|| InvalidValue("must be a whole number from 1 to 100".to_owned()))
    }
}

impl From<Limit> for String {
    fn from(limit: Limit) -> Self {
        limit.0.to_string()
    }
}

/// An opaque place in a list.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(transparent)]
pub struct Cursor(String);

/// The item that a page starts after.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct After<K> {
    /// Its sort key.
    pub key: K,
    /// Its id, which breaks ties.
    pub id: Uuid,
}

#[derive(Deserialize, Serialize)]
struct Content<K>(u64, K, Uuid);

impl Cursor {
    /// Marks the place after an item in the list that `binding` describes.
    pub fn new<K: Serialize>(binding: &str, after: After<K>) -> Self {
        let content = Content(fingerprint(binding), after.key, after.id);
        Self(URL_SAFE_NO_PAD.encode(serde_json::to_vec(&content).unwrap_or_default()))
    }

    /// Reads the place back, refusing a cursor of another list.
    pub fn read<K: for<'de> Deserialize<'de>>(&self, binding: &str) -> Result<After<K>, Problem> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).ok();
        let content = bytes.and_then(|bytes| serde_json::from_slice::<Content<K>>(&bytes).ok());
        match content {
            Some(Content(bound, key, id)) if bound == fingerprint(binding) => Ok(After { key, id }),
            Some(_) => Err(Self::refusal("belongs to a list with another sort, filter or language")),
            None => Err(Self::refusal("must be the next_cursor of a page, unchanged")),
        }
    }

    /// Takes a cursor that was just made.
    pub fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    fn refusal(detail: &str) -> Problem {
        Problem::query_parameter(Code::InvalidCursor, "cursor", detail)
    }
}

/// FNV-1a: the same on every machine and in every version, which the standard hasher is not.
fn fingerprint(text: &str) -> u64 {
    struct Fnv(u64);
    impl Hasher for Fnv {
        fn finish(&self) -> u64 {
            self.0
        }
        fn write(&mut self, bytes: &[u8]) {
            for byte in bytes {
                self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        }
    }
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    hasher.write(text.as_bytes());
    hasher.finish()
}

/// One page of a list.
#[derive(Debug, Clone, Serialize)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Cursor of the next page; null on the last.
    pub next_cursor: Option<String>,
    /// Number of items in the whole list; null unless asked for with `include_total`.
    pub total: Option<i64>,
}

impl<T> Page<T> {
    /// Cuts the rows to the page, and marks where the next one starts.
    pub fn cut<K: Serialize>(
        mut items: Vec<T>,
        total: Option<i64>,
        query: &PageQuery,
        binding: &str,
        place: impl FnOnce(&T) -> After<K>,
    ) -> Self {
        let more = items.len() > query.limit.items();
        items.truncate(query.limit.items());
        let last = if more { items.last() } else { None };
        let next_cursor = last.map(|item| Cursor::new(binding, place(item)).0);
        Self {
            items,
            next_cursor,
            total,
        }
    }

    /// A list that has all its items on one page.
    pub fn whole(items: Vec<T>) -> Self {
        Self {
            items,
            next_cursor: None,
            total: None,
        }
    }
}

impl<T> Page<T> {
    /// Turns the items into others.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(turn).collect(),
            next_cursor: self.next_cursor,
            total: self.total,
        }
    }
}

// Written by hand: the derived schema is named `Page_Article` and repeats the items inside itself.
impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        format!("{}Page", T::name()).into()
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T: ToSchema> PartialSchema for Page<T> {
    fn schema() -> RefOr<Schema> {
        let nullable = |kind: Type| SchemaType::from_iter([kind, Type::Null]);
        let items = ArrayBuilder::new()
            .items(Ref::from_schema_name(T::name()))
            .max_items(Some(100))
            .description(Some("The items."))
            .build();
        ObjectBuilder::new()
            .description(Some("One page of a list."))
            .property("items", items)
            .required("items")
            .property(
                "next_cursor",
                ObjectBuilder::new()
                    .schema_type(nullable(Type::String))
                    .max_length(Some(2000))
                    .description(Some("Cursor of the next page; null on the last.")),
            )
            .required("next_cursor")
            .property(
                "total",
                ObjectBuilder::new()
                    .schema_type(nullable(Type::Integer))
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int64)))
                    .minimum(Some(0))
                    .maximum(Some(9_007_199_254_740_991_i64))
                    .description(Some(
                        "Number of items in the whole list; null unless asked for with `include_total`.",
                    )),
            )
            .required("total")
            .into()
    }
}

#[cfg(test)]
mod tests {
    use super::{After, Cursor, Limit};
    use uuid::Uuid;

    #[test]
    fn a_cursor_comes_back_as_it_was_and_only_to_its_own_list() {
        let after = After {
            key: "2017-11-16T00:00:00Z".to_owned(),
            id: Uuid::from_u128(7),
        };
        let cursor = Cursor::new("articles?sort=title", after.clone());
        assert_eq!(cursor.read("articles?sort=title").ok(), Some(after));
        assert!(cursor.read::<String>("articles?sort=-title").is_err());
    }

    #[test]
    fn a_mangled_cursor_is_refused() {
        let cursor = Cursor::new(
            "list",
            After {
                key: 1_i64,
                id: Uuid::nil(),
            },
        );
        let cut = Cursor(cursor.0[1..].to_owned());
        assert!(cut.read::<i64>("list").is_err());
        assert!(Cursor("é".to_owned()).read::<i64>("list").is_err());
        assert!(cursor.read::<String>("list").is_err(), "a key of another type");
    }

    #[test]
    fn a_limit_is_from_1_to_100() {
        for bad in ["0", "101", "-1", "1e30", "", "1.5", " 1", "99999999999999999999"] {
            assert!(Limit::try_from(bad.to_owned()).is_err(), "{bad}");
        }
        assert_eq!(Limit::try_from("100".to_owned()).map(Limit::rows), Ok(101));
    }
}
