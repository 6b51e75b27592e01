//! Writes over HTTP: one transaction each, done once, against the version that the client knows.
//!
//! A write runs detached from its request, so that a client that goes away never cuts a transaction.
//! Its answer is made inside the transaction; with an `Idempotency-Key` it is kept there too, so that
//! the repetition of a request whose answer was lost gets that answer and writes nothing.

mod idempotency;
mod precondition;

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    http::{
        Method, StatusCode,
        header::{self, HeaderName},
    },
    rt,
    web::{Bytes, Data},
};
use diesel_async::AsyncPgConnection;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use uuid::Uuid;
use validator::Validate;

use self::idempotency::IdempotencyKey;
pub use self::{idempotency::forget as forget_answers, precondition::IfMatch};
use super::{
    body,
    query::{self, true_or_false},
    request_id,
    state::State,
};
use crate::{
    access::Caller,
    changes::Actor,
    db::Ending,
    problem::{Code, Problem},
    values::faults::field_errors,
};

/// What the log calls whoever writes without a key.
const PUBLIC: &str = "public";

/// Whether a write is only tried.
#[derive(Debug, Clone, Default, Deserialize, Serialize, IntoParams, Validate)]
#[into_params(parameter_in = Query)]
pub struct WriteQuery {
    /// Check everything, answer what would be stored, and store nothing.
    #[serde(
        default,
        deserialize_with = "true_or_false",
        skip_serializing_if = "std::ops::Not::not"
    )]
    #[param(default = false)]
    pub dry_run: bool,
}

/// The header of every write to something that is there.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it documents the header, which is read by the extractor")]
pub struct IfMatchHeader {
    /// The `ETag` of the version that the client has read and now changes; `*`, for emergencies, is any version.
    #[param(
        rename = "If-Match",
        required = true,
        max_length = 8_192,
        pattern = r#"^(\*|(W/)?"[!#-~]*"([ \t]*,[ \t]*(W/)?"[!#-~]*")*)$"#,
        example = "\"01a2097f10e8741a83cfd6db6b582513.3\""
    )]
    if_match: String,
}

/// The header that makes a POST safe to repeat.
#[derive(IntoParams)]
#[into_params(parameter_in = Header)]
#[expect(dead_code, reason = "it documents the header, which is read by the extractor")]
pub struct IdempotencyHeader {
    /// A text that the client makes anew for each write, best a UUID: the same request with the same key is
    /// carried out once and gets the same answer for 24 hours.
    #[param(
        rename = "Idempotency-Key",
        required = false,
        min_length = 16,
        max_length = 255,
        pattern = "^[!-~]+$"
    )]
    idempotency_key: String,
}

/// A write that was asked for.
pub struct WriteRequest {
    /// What the process shares.
    pub state: Data<State>,
    /// Who asks; none where anyone may.
    pub caller: Option<Caller>,
    /// The version that the client knows.
    pub if_match: Option<IfMatch>,
    /// The moment that the write counts as.
    pub now: Timestamp,
    /// The body as it came.
    pub body: Bytes,
    method: Method,
    path: String,
    request_id: Option<String>,
    dry_run: bool,
    idempotency: Option<IdempotencyKey>,
}

/// The answer to a write.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The JSON body; none for 204.
    pub body: Option<String>,
    /// The entity tag of what was written.
    pub etag: Option<String>,
    /// The address of what was made.
    pub location: Option<String>,
    /// The document that was written, so that its erasure finds the answer.
    #[serde(skip)]
    pub document_id: Option<Uuid>,
}

impl Answer {
    /// What was written.
    pub fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with(StatusCode::OK, body)
    }

    /// What was made, and its address.
    pub fn created(body: &impl Serialize, location: String) -> Result<Self, Problem> {
        let mut answer = Self::with(StatusCode::CREATED, body)?;
        answer.location = Some(location);
        Ok(answer)
    }

    /// What was taken in and is not decided yet.
    pub fn accepted(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with(StatusCode::ACCEPTED, body)
    }

    /// It is done, and there is nothing to say.
    pub fn no_content() -> Self {
        Self {
            status: StatusCode::NO_CONTENT.as_u16(),
            body: None,
            etag: None,
            location: None,
            document_id: None,
        }
    }

    fn with(status: StatusCode, body: &impl Serialize) -> Result<Self, Problem> {
        Ok(Self {
            status: status.as_u16(),
            body: Some(serde_json::to_string(body).map_err(Problem::internal)?),
            ..Self::no_content()
        })
    }

    fn respond(self, headers: &[(HeaderName, &'static str)]) -> HttpResponse {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = HttpResponse::build(status);
        for (name, value) in headers {
            response.insert_header((name.clone(), *value));
        }
        if let Some(etag) = self.etag {
            response.insert_header((header::ETAG, etag));
        }
        if let Some(location) = self.location {
            response.insert_header((header::LOCATION, location));
        }
        match self.body {
            Some(body) => response.content_type("application/json").body(body),
            None => response.finish(),
        }
    }
}

/// Says that an answer is a kept one.
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");

impl FromRequest for WriteRequest {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, bytes) = (request.clone(), Bytes::from_request(request, payload));
        Box::pin(async move {
            let state = request.app_data::<Data<State>>().cloned();
            let state = state.ok_or_else(|| Problem::internal("the application has no state"))?;
            let raw = request.query_string();
            query::refuse_undocumented(raw, [query::documented::<WriteQuery>(), &[]])?;
            let WriteQuery { dry_run } = query::read(raw)?;
            let caller = request.extensions().get::<Caller>().cloned();
            let headers = request.headers();
            let asker = caller
                .as_ref()
                .map_or_else(|| PUBLIC.to_owned(), |caller| caller.key_id.to_string());
            let idempotency = IdempotencyKey::read(headers, &asker)?;
            let if_match = IfMatch::read(headers)?;
            let bytes = bytes.await.map_err(|error| body::incomplete(&error))?;
            if !bytes.is_empty() {
                body::check_media_type(headers)?;
            }
            Ok(Self {
                now: state.clock.now(),
                request_id: request_id::current(),
                method: request.method().clone(),
                path: request.uri().path().to_owned(),
                body: bytes,
                state,
                caller,
                if_match,
                dry_run,
                idempotency,
            })
        })
    }
}

impl WriteRequest {
    /// Reads the body as JSON; every unknown field is named.
    pub fn read<T: serde::de::DeserializeOwned>(&self) -> Result<T, Problem> {
        body::read(&self.body)
    }

    /// Reads the body as JSON and holds it against its rules.
    pub fn read_valid<T: serde::de::DeserializeOwned + Validate>(&self) -> Result<T, Problem> {
        let body: T = self.read()?;
        match body.validate() {
            Ok(()) => Ok(body),
            Err(errors) => Err(Problem::invalid_content(field_errors(&errors, "/body"))),
        }
    }

    /// Like [`Self::read_valid`], with all that is optional left out where there is no body.
    pub fn read_or_default<T: serde::de::DeserializeOwned + Validate + Default>(&self) -> Result<T, Problem> {
        match self.body.is_empty() {
            true => Ok(T::default()),
            false => self.read_valid(),
        }
    }

    /// The version that the client knows, which it must say.
    pub fn if_match(&self) -> Result<IfMatch, Problem> {
        self.if_match.clone().ok_or_else(|| {
            Problem::new(
                Code::PreconditionRequired,
                "Send If-Match with the ETag of the version that you have read, so that no one's change is overwritten.",
            )
        })
    }

    /// Carries out the work in one transaction and answers from it.
    pub async fn run<W>(self, work: W) -> Result<HttpResponse, Problem>
    where
        W: AsyncFnOnce(&mut AsyncPgConnection, &Actor<'_>) -> Result<Answer, Problem> + 'static,
    {
        let id = self.request_id.clone().unwrap_or_default();
        // Detached: when the client goes away, only whoever waits is dropped.
        let done = rt::spawn(request_id::scope(id, self.carry_out(work)));
        done.await
            .map_err(|_| Problem::internal("the work for a write was lost"))?
    }

    async fn carry_out<W>(self, work: W) -> Result<HttpResponse, Problem>
    where
        W: AsyncFnOnce(&mut AsyncPgConnection, &Actor<'_>) -> Result<Answer, Problem>,
    {
        let request_hash = idempotency::hash_request(&self.method, &self.path, self.if_match.as_ref(), &self.body);
        let actor = Actor {
            name: self.caller.as_ref().map_or(PUBLIC, |caller| &caller.name),
            // A patient's own id would outlive the erasure of what the patient wrote.
            request_id: self.request_id.as_deref().filter(|_| self.caller.is_some()),
            now: self.now,
        };
        let database = self.state.database.clone();
        let (answer, is_kept) = database
            .write(async |connection| {
                if let Some(key) = &self.idempotency
                    && let Some(kept) = key.begin(connection, &request_hash, self.now).await?
                {
                    // Nothing was written, but another instance may have been told of the write that this
                    // answer confirms: after a commit this one knows of it too.
                    return Ok(Ending::Commit((kept, true)));
                }
                let answer = work(connection, &actor).await?;
                if self.dry_run {
                    return Ok(Ending::Undo((answer, false)));
                }
                if let Some(key) = &self.idempotency {
                    key.keep(connection, &request_hash, &answer, self.now).await?;
                }
                Ok::<_, Problem>(Ending::Commit((answer, false)))
            })
            .await?;
        let headers: &[_] = if is_kept { &[(REPLAYED, "true")] } else { &[] };
        Ok(answer.respond(headers))
    }
}
