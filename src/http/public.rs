//! Answering public reads: parameters, language, cache, entity tags.

use std::{cell::Cell, future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        StatusCode,
        header::{self, HeaderMap, HeaderName},
    },
    web::Data,
};
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

use super::{
    kept::{CACHE_CONTROL, Understood, VARY, Words, respond},
    negotiate,
    page::{After, Page, PageQuery, SortKey, next_link},
    query::{self, NoParameters, Parameters},
    state::State,
};
use crate::{
    cache::{Encoding, Key, Moment, Outcome, Rendered},
    db::{
        Database, DbError,
        lookup::{Found, Languages},
        position::Freshness,
    },
    problem::{Code, Problem},
    values::{Fields, Locale},
};

const JSON: &str = "application/json";
const SPARSE_JSON: &str = "application/vnd.vertebra.sparse+json";

/// A public read: its parameters in one or two groups, and how the reader wants the answer.
pub struct PublicRequest<F = NoParameters, P = NoParameters> {
    /// The endpoint's own parameters.
    pub filter: F,
    /// The page asked for, on lists.
    pub page: P,
    /// The published language that suits the reader.
    pub locale: Locale,
    /// What the process shares.
    pub state: Data<State>,
    default_locale: Locale,
    since: Instant,
    freshness: Freshness,
    path: String,
    encoding: Encoding,
    request: HttpRequest,
}

/// Why a load has no answer to render.
#[derive(Debug)]
pub enum NotRendered {
    /// It failed.
    Problem(Problem),
    /// The thing has another address now.
    MovedTo(String),
    /// There is no such thing, in words for the client.
    Missing(String),
}

impl From<Problem> for NotRendered {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<DbError> for NotRendered {
    fn from(error: DbError) -> Self {
        Self::Problem(error.into())
    }
}

impl<F: Parameters + 'static, P: Parameters + 'static> FromRequest for PublicRequest<F, P> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let state = request.app_data::<Data<State>>().cloned();
        let since = Instant::now();
        let path = request.uri().path().to_owned();
        let raw = request.query_string().to_owned();
        let headers = request.headers();
        let languages = text_of(headers, &header::ACCEPT_LANGUAGE);
        let encoding = negotiate::encoding(text_of(headers, &header::ACCEPT_ENCODING).as_deref());
        let request = request.clone();
        Box::pin(async move {
            let state = state.ok_or_else(|| Problem::internal("the application has no state"))?;
            query::refuse_undocumented(&raw, [query::documented::<F>(), query::documented::<P>()])?;
            let (filter, page) = (query::read(&raw)?, query::read(&raw)?);
            let freshness = state.fresh().await?;
            let locales = state.locales().await?;
            Ok(Self {
                freshness,
                filter,
                page,
                locale: negotiate::locale(languages.as_deref(), &locales),
                default_locale: locales.default.clone(),
                state,
                since,
                path,
                encoding,
                request,
            })
        })
    }
}

/// All values of a header as one list.
fn text_of(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let values: Vec<&str> = headers.get_all(name).filter_map(|value| value.to_str().ok()).collect();
    (!values.is_empty()).then(|| values.join(", "))
}

impl<F: Parameters, P: Parameters> PublicRequest<F, P> {
    /// The languages to look in for one thing.
    pub fn languages(&self) -> Languages {
        Languages {
            wanted: self.locale.clone(),
            default: self.default_locale.clone(),
        }
    }

    /// The thing that was found, or why there is none to render.
    pub fn found<T>(&self, found: Found<T>, what: &str) -> Result<T, NotRendered> {
        match found {
            Found::Here(thing) => Ok(thing),
            Found::MovedTo(slug) => Err(NotRendered::MovedTo(self.address_with(&slug))),
            Found::Nowhere => Err(NotRendered::Missing(format!("No {what} has this id or slug."))),
        }
    }

    /// The address of this request with another slug in its place: `/v1/{resource}/{slug}/...`.
    fn address_with(&self, slug: &str) -> String {
        let mut segments: Vec<&str> = self.path.split('/').collect();
        if let Some(segment) = segments.get_mut(3) {
            *segment = slug;
        }
        let path = segments.join("/");
        match query::canonical(&self.filter) {
            query if query.is_empty() => path,
            query => format!("{path}?{query}"),
        }
    }

    /// Answers with the kept response or with what `load` renders.
    pub async fn answer(
        &self,
        load: impl AsyncFnOnce(&Database) -> Result<Rendered, NotRendered>,
    ) -> Result<HttpResponse, Problem> {
        let key = Key {
            path: self.path.clone(),
            query: [query::canonical(&self.filter), query::canonical(&self.page)].join("&"),
            locale: self.locale.clone(),
        };
        let moment = Moment {
            generation: self.freshness.generation,
            now: self.state.clock.now(),
        };
        let is_new = Cell::new(false);
        let load = async {
            is_new.set(true);
            match load(&self.state.database).await {
                Ok(rendered) => Ok(Outcome::Rendered(Box::new(rendered))),
                Err(NotRendered::MovedTo(address)) => Ok(Outcome::MovedTo(address)),
                Err(NotRendered::Missing(detail)) => Ok(Outcome::Missing(detail)),
                Err(NotRendered::Problem(problem)) => Err(problem),
            }
        };
        // One deadline for all waits of a request, also that for another's load.
        let until = self.since + self.state.settings.database_timeout.0;
        let outcome = tokio::time::timeout_at(until, self.state.cache.get_or_load(&key, moment, load)).await;
        match &*outcome.map_err(|_| DbError::TimedOut)?? {
            Outcome::Rendered(rendered) => {
                let age = match is_new.get() {
                    true => 0,
                    false => self.state.given_kept(self.freshness),
                };
                self.note_meaning(key);
                Ok(respond(rendered, self.encoding, age, self.request.headers()))
            }
            Outcome::MovedTo(address) => Ok(moved_to(address)),
            Outcome::Missing(detail) => Err(Problem::new(Code::NotFound, detail)),
        }
    }

    /// Lets the next request in the same words be answered from memory.
    fn note_meaning(&self, key: Key) {
        if let Some(words) = Words::of(self.request.head()) {
            let understood = Understood {
                generation: self.freshness.generation,
                key,
                encoding: self.encoding,
                operation: self.request.match_name().unwrap_or("none").to_owned(),
            };
            self.state.understandings.note(words, understood);
        }
    }
}

impl<F: Parameters> PublicRequest<F, PageQuery> {
    /// Where the page starts, in the list that the filter describes.
    pub fn after<K: SortKey>(&self) -> Result<Option<After<K>>, Problem> {
        let cursor = self.page.cursor.as_ref();
        cursor.map(|cursor| cursor.read(&self.binding())).transpose()
    }

    /// Cuts the rows that were read to the page asked for.
    pub fn cut<T, K: Serialize>(
        &self,
        rows: Vec<T>,
        total: Option<i64>,
        place: impl FnOnce(&T) -> After<K>,
    ) -> Page<T> {
        Page::cut(rows, total, &self.page, &self.binding(), place)
    }

    /// Renders a page of the list, with the address of the next one in `Link`.
    pub fn render<T: Serialize>(&self, page: &Page<T>) -> Result<Rendered, NotRendered> {
        let mut rendered = json(&self.locale, page)?;
        rendered.link = self.link(page);
        Ok(rendered)
    }

    /// Renders a page whose items have only the properties that were asked for.
    pub fn render_sparse<T: Serialize>(&self, page: &Page<T>, fields: &Fields) -> Result<Rendered, NotRendered> {
        let mut value = serde_json::to_value(page).map_err(Problem::internal)?;
        let items = value.get_mut("items").and_then(Value::as_array_mut);
        for item in items.into_iter().flatten().filter_map(Value::as_object_mut) {
            fields.keep(item);
        }
        let body = serde_json::to_vec(&value).map_err(Problem::internal)?;
        let mut rendered = Rendered::new(SPARSE_JSON, self.locale.clone(), body);
        rendered.link = self.link(page);
        Ok(rendered)
    }

    /// What a cursor of this list is bound to: everything but the page.
    fn binding(&self) -> String {
        format!("{}?{}#{}", self.path, query::canonical(&self.filter), self.locale)
    }

    fn link<T>(&self, page: &Page<T>) -> Option<String> {
        next_link(&self.path, &self.filter, &self.page, page.next_cursor.as_deref())
    }
}

fn moved_to(address: &str) -> HttpResponse {
    HttpResponse::build(StatusCode::PERMANENT_REDIRECT)
        .insert_header((header::LOCATION, address))
        .insert_header((header::CACHE_CONTROL, CACHE_CONTROL))
        .insert_header((header::VARY, VARY))
        .finish()
}

/// Renders a value as JSON.
pub fn json(locale: &Locale, value: &impl Serialize) -> Result<Rendered, NotRendered> {
    let body = serde_json::to_vec(value).map_err(Problem::internal)?;
    Ok(Rendered::new(JSON, locale.clone(), body))
}

/// Whether an `If-None-Match` names the tag; the comparison is the weak one, as RFC 9110 asks.
pub fn matches(if_none_match: &str, etag: &str) -> bool {
    if_none_match.trim() == "*"
        || if_none_match.split(',').any(|given| {
            let given = given.trim();
            given.strip_prefix("W/").unwrap_or(given) == etag
        })
}

/// The problem of a value in the path that names nothing.
pub fn unknown_path(_: actix_web::error::PathError, _: &HttpRequest) -> actix_web::Error {
    Problem::new(Code::NotFound, "Nothing can have such an id or slug.").into()
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn compares_entity_tags_as_rfc_9110_asks() {
        for given in ["\"a\"", "*", "W/\"a\"", "\"b\", \"a\"", "\"b\",W/\"a\""] {
            assert!(matches(given, "\"a\""), "{given}");
        }
        for given in ["\"b\"", "a", "", "\"a-gz\"", "\"a", "\"b\" \"a\""] {
            assert!(!matches(given, "\"a\""), "{given}");
        }
    }
}
