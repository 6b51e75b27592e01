//! Pages of a list: the envelope, the limit and the cursor.
//!
//! A cursor holds the sort key and id of the last item given, bound to the list it came from, so
//! that every page costs the same and none repeats or skips an item. One row more than asked for is
//! read, to know whether there is a next page.

use std::{borrow::Cow, hash::Hasher};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        ObjectBuilder, Ref, RefOr, Schema, Type,
        schema::{ArrayBuilder, KnownFormat, SchemaFormat, SchemaType},
    },
};
use uuid::Uuid;
use validator::Validate;

use super::query::{self, true_or_false};
use crate::problem::{Code, Problem};
use crate::values::{self, WholeNumber};

/// Which page of a list is asked for.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// Most items on the page.
    #[serde(default = "PageQuery::usual_limit")]
    #[param(value_type = Option<u8>, minimum = 1, maximum = 100, default = 20)]
    pub limit: WholeNumber<1, 100>,
    /// Where the page starts: `next_cursor` of the page before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[param(value_type = Option<String>, min_length = 1, max_length = 6000, pattern = "^[A-Za-z0-9_-]+$")]
    pub cursor: Option<Cursor>,
    /// Also count all items of the list.
    #[serde(
        default,
        deserialize_with = "true_or_false",
        skip_serializing_if = "std::ops::Not::not"
    )]
    #[param(default = false)]
    pub include_total: bool,
}

impl PageQuery {
    const USUAL_LIMIT: WholeNumber<1, 100> = WholeNumber::new(20);

    fn usual_limit() -> WholeNumber<1, 100> {
        Self::USUAL_LIMIT
    }

    /// Rows to read: one more than the page shows.
    pub fn rows(&self) -> i64 {
        i64::from(self.limit.get()) + 1
    }

    /// Items that the page shows.
    fn items(&self) -> usize {
        usize::try_from(self.limit.get()).unwrap_or_default()
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

/// A key that lists are sorted by. Anyone can write a cursor, so a key may be none of ours.
pub trait SortKey: DeserializeOwned {
    /// Whether the database can hold such a key.
    fn is_storable(&self) -> bool;
}

impl SortKey for i32 {
    fn is_storable(&self) -> bool {
        true
    }
}

impl SortKey for i64 {
    fn is_storable(&self) -> bool {
        true
    }
}

impl SortKey for String {
    fn is_storable(&self) -> bool {
        !self.contains('\0')
    }
}

impl SortKey for (Date, String) {
    fn is_storable(&self) -> bool {
        self.1.is_storable()
    }
}

impl SortKey for Timestamp {
    fn is_storable(&self) -> bool {
        values::is_storable(*self)
    }
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
    pub fn read<K: SortKey>(&self, binding: &str) -> Result<After<K>, Problem> {
        let bytes = URL_SAFE_NO_PAD.decode(&self.0).ok();
        let content = bytes.and_then(|bytes| serde_json::from_slice::<Content<K>>(&bytes).ok());
        match content {
            Some(Content(bound, key, id)) if bound == fingerprint(binding) && key.is_storable() => {
                Ok(After { key, id })
            }
            Some(Content(bound, ..)) if bound != fingerprint(binding) => {
                Err(Self::refusal("belongs to a list with another sort, filter or language"))
            }
            _ => Err(Self::refusal("must be the next_cursor of a page, unchanged")),
        }
    }

    /// Takes a cursor that was just made.
    fn given(text: &str) -> Self {
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
        let more = items.len() > query.items();
        items.truncate(query.items());
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

    /// Turns the items into others.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(turn).collect(),
            next_cursor: self.next_cursor,
            total: self.total,
        }
    }
}

/// The address of the next page, for the `Link` header; none on the last page.
pub fn next_link(path: &str, filter: &impl Serialize, page: &PageQuery, next_cursor: Option<&str>) -> Option<String> {
    let next = PageQuery {
        cursor: Some(Cursor::given(next_cursor?)),
        ..page.clone()
    };
    let mut query = query::canonical(filter);
    if !query.is_empty() {
        query.push('&');
    }
    Some(format!("<{path}?{query}{}>; rel=\"next\"", query::canonical(&next)))
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
                    .max_length(Some(6000))
                    .pattern(Some("^[A-Za-z0-9_-]+$"))
                    .description(Some("Cursor of the next page; null on the last.")),
            )
            .required("next_cursor")
            .property(
                "total",
                ObjectBuilder::new()
                    .schema_type(nullable(Type::Integer))
                    .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
                    .minimum(Some(0))
                    .maximum(Some(i32::MAX))
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
    use super::{After, Cursor};
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
                key: 1_i32,
                id: Uuid::nil(),
            },
        );
        let cut = Cursor(cursor.0[1..].to_owned());
        assert!(cut.read::<i32>("list").is_err());
        assert!(Cursor("é".to_owned()).read::<i32>("list").is_err());
        assert!(cursor.read::<String>("list").is_err(), "a key of another type");
    }
}
