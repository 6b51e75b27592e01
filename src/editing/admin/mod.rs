//! The editors' handlers, once for all kinds of content.
//!
//! Each is declared with the template of a path, in which `{collection}` stands for the path of a kind;
//! `documented.rs` writes it out for each kind, and `mount` takes its requests there.

mod overview;

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, Handler, HttpRequest, HttpResponse, Responder,
    dev::Payload,
    http::{Method, header},
    web,
};
use diesel_async::AsyncPgConnection;
use serde_json::Value;
use utoipa::openapi::HttpMethod;
use utoipa_actix_web::OpenApiFactory;
use uuid::Uuid;
use validator::Validate;

pub use self::overview::configure;
use super::{
    check,
    content::{Content, Names},
    documented::{ContentTemplate, PatchTemplate, Template, item_path},
    kind::Kind,
    lifecycle::{self, Opened},
    preview, store,
    wire::{
        CompareQuery, Document, DocumentQuery, DocumentSummary, LocalesIn, PatchOperation, Preview, PreviewIn,
        Revision, RevisionSummary, ScheduleIn,
    },
};
use crate::{
    changes::Actor,
    http::{
        admin::read::AdminRequest,
        page::{After, Page, PageQuery},
        query::NoParameters,
        write::{Answer, IdempotencyHeader, IfMatch, IfMatchHeader, WriteQuery, WriteRequest},
    },
    problem::{Code, FieldError, Problem},
    values::faults::field_errors,
};

/// Declares which handlers there are: mounted for a kind, and as templates for the document.
macro_rules! operations {
    ($($handler:ident $documented:ident,)+) => {
        /// Takes the requests for a kind of content.
        pub(super) fn mount<C: Content>(config: &mut web::ServiceConfig) {
            $(mount_one(config, &C::NAMES, $documented, $handler::<C>);)+
        }

        /// What the handlers declare.
        pub(super) fn templates() -> Vec<Template> {
            vec![$(Template::new($documented)),+]
        }
    };
}

operations! {
    list_documents __path_list_documents,
    create_document __path_create_document,
    get_document __path_get_document,
    update_document __path_update_document,
    publish_document __path_publish_document,
    unpublish_document __path_unpublish_document,
    schedule_document __path_schedule_document,
    archive_document __path_archive_document,
    restore_document __path_restore_document,
    list_document_revisions __path_list_document_revisions,
    get_document_revision __path_get_document_revision,
    restore_document_revision __path_restore_document_revision,
    compare_document_revisions __path_compare_document_revisions,
    preview_document __path_preview_document,
}

/// Takes the requests for a kind of content.
pub(super) type Mount = fn(&mut web::ServiceConfig);

/// Takes the requests of editors for these kinds of content, within `/v1/admin`.
pub fn mount_kinds(config: &mut web::ServiceConfig, kinds: &[Kind]) {
    for kind in kinds {
        (kind.mount)(config);
    }
}

type DocumentSummaryPage = Page<DocumentSummary>;
type RevisionSummaryPage = Page<RevisionSummary>;

fn mount_one<H, A>(config: &mut web::ServiceConfig, names: &Names, documented: impl OpenApiFactory, handler: H)
where
    H: Handler<A>,
    A: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    for (path, method, _) in Template::new(documented).operations_for(names) {
        let method = match method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Patch => Method::PATCH,
            _ => Method::POST,
        };
        let route = web::method(method).to(handler.clone());
        // The scope around these routes has the first part of the path already.
        config.route(path.trim_start_matches("/v1/admin"), route);
    }
}

/// The document that a path names; none where there is but one of its kind.
pub(super) struct Target(Option<Uuid>);

impl FromRequest for Target {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match request.match_info().get("id").map(Uuid::parse_str) {
            None => Ok(Self(None)),
            Some(Ok(id)) => Ok(Self(Some(id))),
            Some(Err(_)) => Err(Problem::new(Code::NotFound, "Nothing can have such an id.")),
        })
    }
}

/// The version that a path names.
pub(super) struct Version(i64);

impl FromRequest for Version {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let version = request.match_info().get("version").and_then(|text| text.parse().ok());
        ready(version.map(Self).ok_or_else(no_version))
    }
}

fn no_version() -> Problem {
    Problem::new(Code::NotFound, "It has no such version.")
}

/// Lists the documents, the one that last took a step first.
#[utoipa::path(
    get,
    path = "/v1/admin/{collection}",
    params(DocumentQuery, PageQuery),
    responses((status = 200, body = DocumentSummaryPage, description = "A page of documents."))
)]
async fn list_documents<C: Content>(read: AdminRequest<DocumentQuery, PageQuery>) -> Result<HttpResponse, Problem> {
    let after = read.after()?;
    let entity_type = C::NAMES.entity_type;
    let rows = read.state.database.read_page(
        read.page.include_total,
        async |c| store::list_documents(c, entity_type, &read.filter, &read.page, after.as_ref()).await,
        async |c| store::count_documents(c, entity_type, &read.filter).await,
    );
    let (rows, total) = rows.await?;
    let place = |row: &DocumentSummary| After {
        key: row.updated_at,
        id: row.id,
    };
    Ok(read.answer(rows, total, place, |row| row))
}

/// Makes a document as a draft.
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}",
    params(WriteQuery, IdempotencyHeader),
    request_body = ContentTemplate,
    responses((status = 201, body = Document<ContentTemplate>, description = "The draft."))
)]
async fn create_document<C: Content>(request: WriteRequest) -> Result<HttpResponse, Problem> {
    let content: C = request.read()?;
    request
        .run(async move |connection, actor| {
            let id = lifecycle::create(connection, actor, content).await?;
            let opened = lifecycle::read::<C>(connection, Some(id)).await?;
            let address = item_path(&C::NAMES).replace("{id}", &id.to_string());
            let answer = Answer::created(&document(&opened), address)?;
            Ok(about(answer, &opened))
        })
        .await
}

/// Answers with a document: the newest content, and how each language stands.
#[utoipa::path(
    get,
    path = "/v1/admin/{collection}/{id}",
    params(("id" = Uuid, Path, description = "The document.")),
    responses((status = 200, body = Document<ContentTemplate>, description = "The document.", headers(("ETag"))))
)]
async fn get_document<C: Content>(target: Target, read: AdminRequest) -> Result<HttpResponse, Problem> {
    let opened = load::<C>(&read, target).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, opened.etag()))
        .json(document(&opened)))
}

/// Changes the content of the document by a merge patch (RFC 7396): what is absent stays, null removes.
///
/// The public sees nothing of it before it is published.
#[utoipa::path(
    patch,
    path = "/v1/admin/{collection}/{id}",
    params(("id" = Uuid, Path, description = "The document."), WriteQuery, IfMatchHeader),
    request_body = PatchTemplate,
    responses((status = 200, body = Document<ContentTemplate>, description = "The document with its new content."))
)]
async fn update_document<C: Content>(target: Target, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let patch: Value = request.read()?;
    if !patch.is_object() {
        let fault = FieldError::invalid_content("/body", "must be an object with the fields to change");
        return Err(Problem::new(Code::InvalidBody, "The request body must be an object.").with_error(fault));
    }
    step::<C>(target, request, async move |opened, connection, actor| {
        let mut merged = serde_json::to_value(&opened.content).map_err(Problem::internal)?;
        json_patch::merge(&mut merged, &patch);
        let bytes = serde_json::to_vec(&merged).map_err(Problem::internal)?;
        let content = crate::http::body::read(&bytes)?;
        opened.update(connection, actor, content).await
    })
    .await
}

/// Brings the newest content of the document to the public, in all its languages or those that are named.
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}/{id}/publish",
    params(("id" = Uuid, Path, description = "The document."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    request_body(content = Option<LocalesIn>, description = "Which languages; all of them without a body."),
    responses((status = 200, body = Document<ContentTemplate>, description = "The document, now public."))
)]
async fn publish_document<C: Content>(target: Target, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let LocalesIn { locales } = request.read_or_default()?;
    step::<C>(target, request, async move |opened, connection, actor| {
        opened.publish(connection, actor, &locales).await
    })
    .await
}

/// Takes the document out of the public, in all its languages or those that are named.
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}/{id}/unpublish",
    params(("id" = Uuid, Path, description = "The document."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    request_body(content = Option<LocalesIn>, description = "Which languages; all of them without a body."),
    responses((status = 200, body = Document<ContentTemplate>, description = "The document, no longer public."))
)]
async fn unpublish_document<C: Content>(target: Target, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let LocalesIn { locales } = request.read_or_default()?;
    step::<C>(target, request, async move |opened, connection, actor| {
        opened.unpublish(connection, actor, &locales).await
    })
    .await
}

/// Says when the present version of the document becomes public, and when it leaves the public.
///
/// Both moments are set: one that is absent or null takes back what was scheduled. Edits after this do not
/// change what becomes public; schedule again for that.
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}/{id}/schedule",
    params(("id" = Uuid, Path, description = "The document."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    request_body = ScheduleIn,
    responses((status = 200, body = Document<ContentTemplate>, description = "The document with its schedule."))
)]
async fn schedule_document<C: Content>(target: Target, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let schedule: ScheduleIn = request.read()?;
    let faults = schedule.faults(request.now);
    if !faults.is_empty() {
        return Err(check::invalid(faults));
    }
    step::<C>(target, request, async move |opened, connection, actor| {
        let ScheduleIn {
            locales,
            publish_at,
            unpublish_at,
        } = schedule;
        opened
            .schedule(connection, actor, &locales, publish_at, unpublish_at)
            .await
    })
    .await
}

/// Puts the document away: it leaves the public and keeps its history. Nothing is deleted.
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}/{id}/archive",
    params(("id" = Uuid, Path, description = "The document."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    responses((status = 200, body = Document<ContentTemplate>, description = "The document, archived."))
)]
async fn archive_document<C: Content>(target: Target, request: WriteRequest) -> Result<HttpResponse, Problem> {
    step::<C>(target, request, async |opened, connection, actor| {
        opened.archive(connection, actor).await
    })
    .await
}

/// Takes the document up again after it was archived, as a draft.
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}/{id}/restore",
    params(("id" = Uuid, Path, description = "The document."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    responses((status = 200, body = Document<ContentTemplate>, description = "The document, a draft again."))
)]
async fn restore_document<C: Content>(target: Target, request: WriteRequest) -> Result<HttpResponse, Problem> {
    step::<C>(target, request, async |opened, connection, actor| {
        opened.restore(connection, actor).await
    })
    .await
}

/// Lists the versions of the document, the newest first.
#[utoipa::path(
    get,
    path = "/v1/admin/{collection}/{id}/revisions",
    params(("id" = Uuid, Path, description = "The document."), PageQuery),
    responses((status = 200, body = RevisionSummaryPage, description = "A page of versions."))
)]
async fn list_document_revisions<C: Content>(
    target: Target,
    read: AdminRequest<NoParameters, PageQuery>,
) -> Result<HttpResponse, Problem> {
    let after = read.after::<i64>()?;
    let entity_type = C::NAMES.entity_type;
    let rows = read.state.database.read(async |c| {
        let Some(document) = store::find_document(c, entity_type, target.0).await? else {
            return Ok(None);
        };
        let total = match read.page.include_total {
            true => Some(document.version),
            false => None,
        };
        let rows = store::list_revisions(c, document.id, &read.page, after.as_ref()).await?;
        Ok(Some((document.id, rows, total)))
    });
    let (id, rows, total) = rows.await?.ok_or_else(lifecycle::missing::<C>)?;
    let place = |row: &RevisionSummary| After { key: row.version, id };
    Ok(read.answer(rows, total, place, |row| row))
}

/// Answers with the document as it was at a version.
#[utoipa::path(
    get,
    path = "/v1/admin/{collection}/{id}/revisions/{version}",
    params(
        ("id" = Uuid, Path, description = "The document."),
        ("version" = i64, Path, description = "The version.", minimum = 1, maximum = 9007199254740991_i64)
    ),
    responses((status = 200, body = Revision<ContentTemplate>, description = "The version."))
)]
async fn get_document_revision<C: Content>(
    target: Target,
    version: Version,
    read: AdminRequest,
) -> Result<HttpResponse, Problem> {
    let entity_type = C::NAMES.entity_type;
    let found = read.state.database.read(async |c| {
        let Some(document) = store::find_document(c, entity_type, target.0).await? else {
            return Ok(None);
        };
        store::find_revision(c, document.id, version.0).await
    });
    let (revision, content) = found.await?.ok_or_else(no_version)?;
    let content = lifecycle::content_of::<C>(&content)?;
    Ok(HttpResponse::Ok().json(Revision::new(revision, content)))
}

/// Takes up the content of an older version of the document as a new version.
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}/{id}/revisions/{version}/restore",
    params(
        ("id" = Uuid, Path, description = "The document."),
        ("version" = i64, Path, description = "The version.", minimum = 1, maximum = 9007199254740991_i64),
        WriteQuery,
        IfMatchHeader,
        IdempotencyHeader
    ),
    responses((status = 200, body = Document<ContentTemplate>, description = "The document with that content."))
)]
async fn restore_document_revision<C: Content>(
    target: Target,
    version: Version,
    request: WriteRequest,
) -> Result<HttpResponse, Problem> {
    step::<C>(target, request, async move |opened, connection, actor| {
        opened.restore_revision(connection, actor, version.0).await
    })
    .await
}

/// Compares the content of two versions of the document: the JSON patch (RFC 6902) from one to the other.
#[utoipa::path(
    get,
    path = "/v1/admin/{collection}/{id}/compare",
    params(("id" = Uuid, Path, description = "The document."), CompareQuery),
    responses((
        status = 200,
        body = Vec<PatchOperation>,
        content_type = "application/json-patch+json",
        description = "The steps from one version to the other."
    ))
)]
async fn compare_document_revisions<C: Content>(
    target: Target,
    read: AdminRequest<CompareQuery>,
) -> Result<HttpResponse, Problem> {
    let entity_type = C::NAMES.entity_type;
    let CompareQuery { from, to } = read.filter;
    let found = read.state.database.read(async |c| {
        let Some(document) = store::find_document(c, entity_type, target.0).await? else {
            return Ok(None);
        };
        let from = store::content_at(c, document.id, from).await?;
        Ok(from.zip(store::content_at(c, document.id, to).await?))
    });
    let (from, to) = found.await?.ok_or_else(no_version)?;
    Ok(HttpResponse::Ok()
        .content_type("application/json-patch+json")
        .json(json_patch::diff(&from, &to)))
}

/// Makes a link that shows the newest content of the document, in its public form, to whoever holds it.
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}/{id}/preview",
    params(("id" = Uuid, Path, description = "The document."), WriteQuery, IdempotencyHeader),
    request_body(content = Option<PreviewIn>, description = "Which language and for how long."),
    responses((status = 201, body = Preview, description = "The link; its secret is not shown again."))
)]
async fn preview_document<C: Content>(target: Target, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let wish: PreviewIn = request.read_or_default()?;
    wish.validate()
        .map_err(|errors| check::invalid(field_errors(&errors, "/body")))?;
    request
        .run(async move |connection, actor| preview::create::<C>(connection, actor, target.0, &wish).await)
        .await
}

async fn load<C: Content>(read: &AdminRequest, target: Target) -> Result<Opened<C>, Problem> {
    let found = read.state.database.read(async |c| {
        let Some(stored) = store::find_document(c, C::NAMES.entity_type, target.0).await? else {
            return Ok(None);
        };
        let languages = store::languages_of(c, &[stored.id]).await?;
        Ok(Some((stored, languages)))
    });
    let (stored, languages) = found.await?.ok_or_else(lifecycle::missing::<C>)?;
    Ok(Opened {
        content: lifecycle::content_of(&stored.content)?,
        stored,
        languages,
    })
}

/// Takes a step with the document against the version that the client knows, and answers with it.
async fn step<C: Content>(
    target: Target,
    request: WriteRequest,
    work: impl AsyncFnOnce(&mut Opened<C>, &mut AsyncPgConnection, &Actor<'_>) -> Result<(), Problem> + 'static,
) -> Result<HttpResponse, Problem> {
    let known = request.if_match()?;
    request
        .run(async move |connection, actor| {
            let mut opened = open_known::<C>(connection, target.0, &known).await?;
            work(&mut opened, connection, actor).await?;
            Ok(about(Answer::ok(&document(&opened))?, &opened))
        })
        .await
}

/// Locks the document and refuses the write where the client knows another version of it.
async fn open_known<C: Content>(
    connection: &mut AsyncPgConnection,
    id: Option<Uuid>,
    known: &IfMatch,
) -> Result<Opened<C>, Problem> {
    let opened = lifecycle::open::<C>(connection, id).await?;
    known.check(&opened.etag())?;
    Ok(opened)
}

fn document<C: Content>(opened: &Opened<C>) -> Document<&C> {
    Document::new(&opened.stored, &opened.languages, &opened.content)
}

/// Says of an answer which version of what it shows.
fn about<C: Content>(mut answer: Answer, opened: &Opened<C>) -> Answer {
    answer.etag = Some(opened.etag());
    answer.document_id = Some(opened.id());
    answer
}
