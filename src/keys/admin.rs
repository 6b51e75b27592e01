//! Looking after keys.

use actix_web::{HttpResponse, get, http::header, post, web::Path};
use jiff::{SignedDuration, Timestamp};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::wire::{ApiKey, ApiKeyIn, ApiKeyRotationIn, IssuedApiKey};
use crate::{
    access::{
        Caller, Key, Scope, Secret,
        store::{self, KeyError, NewKey, USUAL_OVERLAP},
    },
    http::{
        admin::{AdminRequest, missing_scope},
        page::{After, Page, PageQuery},
        query::NoParameters,
        write::{Answer, IdempotencyHeader, IfMatchHeader, WriteQuery, WriteRequest},
    },
    problem::{Code, FieldError, Problem},
    values::{self, Id, faults::field_errors},
};

type ApiKeyPage = Page<ApiKey>;

/// Mounts the routes, within `/v1/admin`.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_api_keys)
        .service(create_api_key)
        .service(get_api_key)
        .service(revoke_api_key)
        .service(rotate_api_key);
}

/// Lists the keys, the newest first.
///
/// Revoked and expired ones are kept, as the audit trail names them.
#[utoipa::path(
    tag = "keys",
    params(PageQuery),
    security(("api_key" = ["keys"])),
    responses((status = 200, description = "A page of keys.", body = ApiKeyPage))
)]
#[get("/keys")]
async fn list_api_keys(request: AdminRequest<NoParameters, PageQuery>) -> Result<HttpResponse, Problem> {
    let after = request.after::<Timestamp>()?.map(|after| (after.key, after.id));
    let rows = request.state.database.read_page(
        request.page.include_total,
        async |c| store::list_keys(c, after, request.page.rows()).await,
        async |c| store::count_keys(c).await,
    );
    let (keys, total) = rows.await?;
    let place = |key: &Key| After {
        key: key.created_at,
        id: key.id,
    };
    let now = request.state.clock.now();
    Ok(request.answer(keys, total, place, |key| ApiKey::new(key, now)))
}

/// Makes a key and shows it this once.
///
/// The answer has the key's text, which is kept nowhere: give it to whom it is for. It may do no more than the key
/// that makes it (403).
#[utoipa::path(
    tag = "keys",
    params(WriteQuery, IdempotencyHeader),
    request_body = ApiKeyIn,
    security(("api_key" = ["keys"])),
    responses((status = 201, description = "The key.", body = IssuedApiKey))
)]
#[post("/keys")]
async fn create_api_key(request: WriteRequest) -> Result<HttpResponse, Problem> {
    let new = new_key(&request)?;
    let now = request.now;
    request
        .run(async move |connection, actor| {
            let secret = Secret::generate().map_err(Problem::internal)?;
            let key = store::insert_key(connection, actor, &new, &secret).await;
            issued(key.map_err(problem)?, &secret, now)
        })
        .await
}

/// Gets one key: what it may do, until when, and when it was last used.
///
/// Its text is kept nowhere and was shown only when the key was made.
#[utoipa::path(
    tag = "keys",
    params(("id" = Uuid, Path, description = "The key.")),
    security(("api_key" = ["keys"])),
    responses((status = 200, description = "The key.", body = ApiKey, headers(("ETag"))))
)]
#[get("/keys/{id}")]
async fn get_api_key(id: Path<Id>, request: AdminRequest) -> Result<HttpResponse, Problem> {
    let found = request.state.database.read(async |c| store::find_key(c, id.0).await);
    let key = found.await?.ok_or_else(|| problem(KeyError::NotFound))?;
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, key.etag()))
        .json(ApiKey::new(key, request.state.clock.now())))
}

/// Revokes a key: from now on it opens nothing.
///
/// That holds on every instance and cannot be undone. In an emergency send `If-Match: *`. Revoking what was revoked
/// before changes nothing.
#[utoipa::path(
    tag = "keys",
    params(("id" = Uuid, Path, description = "The key."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    security(("api_key" = ["keys"])),
    responses((status = 200, description = "The key, revoked.", body = ApiKey))
)]
#[post("/keys/{id}/revoke")]
async fn revoke_api_key(id: Path<Id>, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let (known, now) = (request.if_match()?, request.now);
    request
        .run(async move |connection, actor| {
            let key = store::lock_key(connection, id.0).await.map_err(problem)?;
            known.check(&key.etag())?;
            let key = store::revoke_key(connection, actor, key).await?;
            let etag = key.etag();
            let mut answer = Answer::ok(&ApiKey::new(key, now))?;
            answer.etag = Some(etag);
            Ok(answer)
        })
        .await
}

/// Replaces a key by a successor with the same name and scopes.
///
/// The answer has the successor's text, which is shown this once. The old key works for the overlap, so that nothing
/// stands still while the new one is put in its place. The successor lasts as long as the old key was made for.
/// Whoever rotates a key must have all of its scopes (403).
#[utoipa::path(
    tag = "keys",
    params(("id" = Uuid, Path, description = "The key."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    request_body(content = Option<ApiKeyRotationIn>, description = "How long the old key works; a day without a body."),
    security(("api_key" = ["keys"])),
    responses((status = 201, description = "The successor.", body = IssuedApiKey, headers(("Location"))))
)]
#[post("/keys/{id}/rotate")]
async fn rotate_api_key(id: Path<Id>, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let (known, caller, now) = (request.if_match()?, caller(&request)?, request.now);
    let rotation: ApiKeyRotationIn = request.read_or_default()?;
    checked(&rotation)?;
    let overlap = rotation
        .overlap_seconds
        .map(|seconds| SignedDuration::from_secs(seconds.into()));
    request
        .run(async move |connection, actor| {
            let key = store::lock_key(connection, id.0).await.map_err(problem)?;
            known.check(&key.etag())?;
            may_hand_on(&caller, &key.scopes)?;
            let secret = Secret::generate().map_err(Problem::internal)?;
            let overlap = overlap.unwrap_or(USUAL_OVERLAP);
            let successor = store::rotate_key(connection, actor, key, overlap, &secret).await;
            issued(successor.map_err(problem)?, &secret, now)
        })
        .await
}

/// The key that a request asks for, where it may.
fn new_key(request: &WriteRequest) -> Result<NewKey, Problem> {
    let mut wish: ApiKeyIn = request.read()?;
    let faults = wish.validate();
    let mut faults = faults.map_or_else(|errors| field_errors(&errors, "/body"), |()| Vec::new());
    let is_to_come = |end: &Timestamp| *end > request.now && values::is_storable(*end);
    if wish.expires_at.as_ref().is_some_and(|end| !is_to_come(end)) {
        faults.push(FieldError::invalid_content("/body/expires_at", "must be in the future"));
    }
    refuse(faults)?;
    may_hand_on(&caller(request)?, &wish.scopes)?;
    wish.scopes.sort_unstable();
    wish.scopes.dedup();
    Ok(NewKey {
        name: wish.name,
        scopes: wish.scopes,
        expires_at: wish.expires_at,
    })
}

fn checked(body: &impl Validate) -> Result<(), Problem> {
    match body.validate() {
        Ok(()) => Ok(()),
        Err(errors) => refuse(field_errors(&errors, "/body")),
    }
}

fn refuse(faults: Vec<FieldError>) -> Result<(), Problem> {
    if faults.is_empty() {
        return Ok(());
    }
    let problem = Problem::new(
        Code::InvalidContent,
        "Some fields break a rule; each is listed under `errors`.",
    );
    Err(faults.into_iter().fold(problem, Problem::with_error))
}

fn caller(request: &WriteRequest) -> Result<Caller, Problem> {
    let caller = request.caller.clone();
    caller.ok_or_else(|| Problem::internal("a handler of the editors' side has no guard"))
}

/// Refuses to give scopes that the caller does not have.
fn may_hand_on(caller: &Caller, scopes: &[Scope]) -> Result<(), Problem> {
    match caller.lacks(scopes) {
        Some(scope) => Err(missing_scope(scope)),
        None => Ok(()),
    }
}

fn issued(key: Key, secret: &Secret, now: Timestamp) -> Result<Answer, Problem> {
    let (etag, location) = (key.etag(), format!("/v1/admin/keys/{}", key.id));
    let mut answer = Answer::created(&IssuedApiKey::new(key, secret, now), location)?;
    answer.etag = Some(etag);
    Ok(answer)
}

fn problem(error: KeyError) -> Problem {
    let said = error.to_string();
    match error {
        KeyError::NotFound => Problem::new(Code::NotFound, "No key has this id."),
        KeyError::NameTaken | KeyError::NameReserved => {
            let problem = Problem::new(Code::Conflict, format!("The name is not free: {said}."));
            problem.with_error(FieldError {
                pointer: "/body/name".to_owned(),
                code: Code::Conflict.as_str().to_owned(),
                detail: said,
            })
        }
        KeyError::OutOfUse => Problem::new(Code::Conflict, format!("It cannot be rotated: {said}.")),
        KeyError::Database(error) => error.into(),
    }
}
