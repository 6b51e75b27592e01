//! Answering from memory, before the application is asked.
//!
//! A request that came before in the same words is understood already, and what was answered then
//! is sent again as long as it is true: without routing, without reading parameters, and without
//! waiting for anything. All else goes to the application, whose answers are the same.

use std::{
    future::{Future, ready},
    sync::Arc,
    time::Instant,
};

use actix_http::{Request, Response};
use actix_service::Service;
use actix_web::{
    Error, HttpResponse,
    body::BoxBody,
    dev::{RequestHead, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    web::Data,
};
use futures_util::{TryFutureExt, future::Either};
use quick_cache::{Equivalent, Weighter, sync::Cache};

use super::{
    cors::Allowance,
    envelope::{self, Access, Answered},
    guard,
    public::matches,
    request_id,
    state::State,
};
use crate::cache::{Encoding, Key, Moment, Outcome, Rendered};

/// Freshness of public content: a minute, then longer while it is checked or the server is away.
pub const CACHE_CONTROL: &str = "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400";

/// What an answer differs by.
pub const VARY: &str = "Accept-Language, Accept-Encoding";

/// What decides the answer, in the words of the client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Words<'a> {
    target: &'a str,
    languages: &'a [u8],
    encodings: &'a [u8],
}

/// The same, kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct KeptWords {
    target: String,
    languages: Vec<u8>,
    encodings: Vec<u8>,
}

impl Equivalent<KeptWords> for Words<'_> {
    fn equivalent(&self, kept: &KeptWords) -> bool {
        self.target == kept.target && self.languages == kept.languages && self.encodings == kept.encodings
    }
}

impl<'a> Words<'a> {
    /// The words of a request, unless there is more to it than they say.
    pub fn of(request: &'a RequestHead) -> Option<Self> {
        let headers = &request.headers;
        let is_plain = request.method == Method::GET
            && guard::check_headers(headers).is_ok()
            && ASK_THE_APPLICATION.iter().all(|name| !headers.contains_key(name));
        let target = request.uri.path_and_query().filter(|_| is_plain)?;
        Some(Self {
            target: target.as_str(),
            languages: the_only(headers, &header::ACCEPT_LANGUAGE)?,
            encodings: the_only(headers, &header::ACCEPT_ENCODING)?,
        })
    }

    fn to_kept(self) -> KeptWords {
        KeptWords {
            target: self.target.to_owned(),
            languages: self.languages.to_owned(),
            encodings: self.encodings.to_owned(),
        }
    }
}

/// The value of a header that is there once or not at all.
fn the_only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a [u8]> {
    let mut values = headers.get_all(name);
    let first = values.next().map_or(&b""[..], |value| value.as_bytes());
    values.next().is_none().then_some(first)
}

/// Headers of requests whose answers depend on more than the kept words.
const ASK_THE_APPLICATION: [HeaderName; 3] = [
    header::CONTENT_ENCODING,
    header::CONTENT_LENGTH,
    header::TRANSFER_ENCODING,
];

/// How a request was understood.
#[derive(Debug)]
pub struct Understood {
    /// The generation in which it came: what is published decides which language suits.
    pub generation: u64,
    /// Under what its answer is kept.
    pub key: Key,
    /// The encoding that suits the reader.
    pub encoding: Encoding,
    /// The operation that answers it, for the metrics.
    pub operation: String,
}

/// Weighs words by their bytes and those of what they mean.
#[derive(Clone)]
struct ByBytes;

impl Weighter<KeptWords, Arc<Understood>> for ByBytes {
    fn weight(&self, words: &KeptWords, understood: &Arc<Understood>) -> u64 {
        let given = words.target.len() + words.languages.len() + words.encodings.len();
        (512 + given + understood.key.path.len() + understood.key.query.len()) as u64
    }
}

/// What requests were understood to mean, of bounded size.
pub struct Understandings(Cache<KeptWords, Arc<Understood>, ByBytes>);

impl Understandings {
    /// None yet, and never more than so many bytes.
    pub fn new(bytes: usize) -> Self {
        Self(Cache::with_weighter(bytes / 1024, bytes as u64, ByBytes))
    }

    /// Notes what a request means that may come again.
    pub fn note(&self, words: Words<'_>, understood: Understood) {
        self.0.insert(words.to_kept(), Arc::new(understood));
    }
}

/// Answers from memory, or asks the application.
pub fn answer<S>(
    state: &Data<State>,
    request: Request,
    app: &S,
) -> impl Future<Output = Result<Response<BoxBody>, Error>> + use<S>
where
    S: Service<Request, Response = ServiceResponse<BoxBody>, Error = Error>,
{
    match kept(state, request.head()) {
        Some(response) => Either::Left(ready(Ok(response))),
        None => Either::Right(app.call(request).map_ok(Response::from)),
    }
}

fn kept(state: &State, request: &RequestHead) -> Option<Response<BoxBody>> {
    let started = Instant::now();
    let understood = state.understandings.0.get(&Words::of(request)?)?;
    let freshness = state.freshness()?;
    if understood.generation != freshness.generation {
        return None;
    }
    let moment = Moment {
        generation: understood.generation,
        now: state.clock.now(),
    };
    let outcome = state.cache.get(&understood.key, moment)?;
    let Outcome::Rendered(rendered) = &*outcome else {
        return None;
    };
    let mut response = respond(
        rendered,
        understood.encoding,
        state.given_kept(freshness),
        &request.headers,
    );
    let id = request_id::of(&request.headers);
    let allowance = Allowance::of(&state.settings.cors_origins, &request.headers);
    envelope::set_common_headers(response.headers_mut(), &id, Some(&allowance));
    let answered = Answered {
        method: &request.method,
        path: request.uri.path(),
        operation: &understood.operation,
        status: response.status(),
        took: started.elapsed(),
    };
    request_id::sync_scope(id, || answered.record(Access::Recorded, Some(state)));
    Some(response.into())
}

/// The answer to a reader, or only its headers where the reader has it already.
///
/// The age is in seconds.
pub fn respond(rendered: &Rendered, accepted: Encoding, age: u64, request: &HeaderMap) -> HttpResponse {
    let encoding = rendered.body.encoding_for(accepted);
    let form = rendered.body.form(encoding);
    let unchanged = request
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|given| given.to_str().ok())
        .any(|given| matches(given, &form.etag));
    let mut response = HttpResponse::build(match unchanged {
        true => StatusCode::NOT_MODIFIED,
        false => StatusCode::OK,
    });
    response
        .insert_header((header::CACHE_CONTROL, HeaderValue::from_static(CACHE_CONTROL)))
        .insert_header((header::VARY, HeaderValue::from_static(VARY)))
        .insert_header((header::AGE, age))
        .insert_header((header::CONTENT_LANGUAGE, rendered.locale.as_str()))
        .insert_header((header::ETAG, form.etag.as_str()));
    if let Some(link) = &rendered.link {
        response.insert_header((header::LINK, link.as_str()));
    }
    if unchanged {
        return response.finish();
    }
    if let Some(name) = encoding.name() {
        response.insert_header((header::CONTENT_ENCODING, HeaderValue::from_static(name)));
    }
    if let Some(disposition) = &rendered.disposition {
        response.insert_header((header::CONTENT_DISPOSITION, disposition.as_str()));
    }
    response
        .insert_header((header::CONTENT_TYPE, HeaderValue::from_static(rendered.content_type)))
        .body(form.bytes.clone())
}
