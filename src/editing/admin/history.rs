//! Versions of a document, and previews of the newest.

use actix_web::HttpResponse;

use super::{Target, Version, no_version, step};
use crate::{
    editing::{
        content::Content,
        documented::ContentTemplate,
        lifecycle, preview, store,
        wire::{CompareQuery, Document, JsonPatch, Preview, PreviewIn, Revision, RevisionSummary},
    },
    http::{
        admin::read::AdminRequest,
        page::{After, Page, PageQuery},
        query::NoParameters,
        write::{IdempotencyHeader, IfMatchHeader, WriteQuery, WriteRequest},
    },
    problem::Problem,
};

type RevisionSummaryPage = Page<RevisionSummary>;

/// Lists the versions of the document, the newest first.
///
/// Every step makes one: each edit, publication, schedule and the like, with who took it and when.
#[utoipa::path(
    get,
    path = "/v1/admin/{collection}/{id}/revisions",
    params(("id" = Uuid, Path, description = "The document."), PageQuery),
    responses((status = 200, body = RevisionSummaryPage, description = "A page of versions."))
)]
pub(super) async fn list_document_revisions<C: Content>(
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

/// Gets the document as it was at a version.
///
/// The content stands as it was stored then, with the step that made the version, who took it and when.
#[utoipa::path(
    get,
    path = "/v1/admin/{collection}/{id}/revisions/{version}",
    params(
        ("id" = Uuid, Path, description = "The document."),
        ("version" = i32, Path, description = "The version.", minimum = 1, maximum = 2147483647)
    ),
    responses((status = 200, body = Revision<ContentTemplate>, description = "The version."))
)]
pub(super) async fn get_document_revision<C: Content>(
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

/// Takes up the content of an older version of the document.
///
/// It becomes the newest content, as a new version, and is checked by the rules of today (422). The public sees
/// nothing of it before it is published. What is archived is restored first (409).
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}/{id}/revisions/{version}/restore",
    params(
        ("id" = Uuid, Path, description = "The document."),
        ("version" = i32, Path, description = "The version.", minimum = 1, maximum = 2147483647),
        WriteQuery,
        IfMatchHeader,
        IdempotencyHeader
    ),
    responses((status = 200, body = Document<ContentTemplate>, description = "The document with that content."))
)]
pub(super) async fn restore_document_revision<C: Content>(
    target: Target,
    version: Version,
    request: WriteRequest,
) -> Result<HttpResponse, Problem> {
    step::<C>(target, request, async move |opened, connection, actor| {
        opened.restore_revision(connection, actor, version.0).await
    })
    .await
}

/// Compares two versions of the document.
///
/// The answer is the JSON patch (RFC 6902) that turns the content of `from` into that of `to`: nothing where both
/// are the same.
#[utoipa::path(
    get,
    path = "/v1/admin/{collection}/{id}/compare",
    params(("id" = Uuid, Path, description = "The document."), CompareQuery),
    responses((
        status = 200,
        body = JsonPatch,
        content_type = "application/json-patch+json",
        description = "The steps from one version to the other."
    ))
)]
pub(super) async fn compare_document_revisions<C: Content>(
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

/// Makes a link that shows the newest content of the document.
///
/// Whoever holds the link sees the content as the public would, as it is then, without a key and until the link ends
/// or is taken back. It shows one language: the one that the body names, or the first. Its secret is shown this once.
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}/{id}/preview",
    params(("id" = Uuid, Path, description = "The document."), WriteQuery, IdempotencyHeader),
    request_body(content = Option<PreviewIn>, description = "Which language and for how long."),
    responses((
        status = 201,
        body = Preview,
        description = "The link; its secret is not shown again.",
        headers(("Location"))
    ))
)]
pub(super) async fn preview_document<C: Content>(
    target: Target,
    request: WriteRequest,
) -> Result<HttpResponse, Problem> {
    let wish: PreviewIn = request.read_or_default()?;
    request
        .run(async move |connection, actor| preview::create::<C>(connection, actor, target.0, &wish).await)
        .await
}
