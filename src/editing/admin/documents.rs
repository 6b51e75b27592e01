//! Writing and reading documents.

use actix_web::{HttpResponse, http::header};
use serde_json::{Map, Value};

use super::{Target, about, document, load, step};
use crate::{
    editing::{
        content::Content,
        documented::{ContentTemplate, PatchTemplate, item_path},
        lifecycle, merge, store,
        wire::{Document, DocumentQuery, DocumentSummary},
    },
    http::{
        admin::read::AdminRequest,
        page::{After, Page, PageQuery},
        write::{Answer, IdempotencyHeader, IfMatchHeader, WriteQuery, WriteRequest},
    },
    problem::Problem,
};

type DocumentSummaryPage = Page<DocumentSummary>;

/// Lists the documents, the one that last took a step first.
///
/// Each comes with how its languages stand. The content itself is in the answer for one document.
#[utoipa::path(
    get,
    path = "/v1/admin/{collection}",
    params(DocumentQuery, PageQuery),
    responses((status = 200, body = DocumentSummaryPage, description = "A page of documents."))
)]
pub(super) async fn list_documents<C: Content>(
    read: AdminRequest<DocumentQuery, PageQuery>,
) -> Result<HttpResponse, Problem> {
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
///
/// The public sees nothing of it before it is published. The content is checked as a whole, and every fault is
/// named at once with a pointer (422). The answer's `ETag` is what the next step with it needs as `If-Match`.
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}",
    params(WriteQuery, IdempotencyHeader),
    request_body = ContentTemplate,
    responses((status = 201, body = Document<ContentTemplate>, description = "The draft."))
)]
pub(super) async fn create_document<C: Content>(request: WriteRequest) -> Result<HttpResponse, Problem> {
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

/// Gets a document with its newest content and how each language stands.
///
/// The newest content may be ahead of what the public sees: `published_version` of each language says which version
/// that is. Send the `ETag` as `If-Match` with the next step.
#[utoipa::path(
    get,
    path = "/v1/admin/{collection}/{id}",
    params(("id" = Uuid, Path, description = "The document.")),
    responses((status = 200, body = Document<ContentTemplate>, description = "The document.", headers(("ETag"))))
)]
pub(super) async fn get_document<C: Content>(target: Target, read: AdminRequest) -> Result<HttpResponse, Problem> {
    let opened = load::<C>(&read, target).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::ETAG, opened.etag()))
        .json(document(&opened)))
}

/// Changes the content of the document.
///
/// The body is a merge patch (RFC 7396), as `application/json` or `application/merge-patch+json`: what is absent
/// stays, null removes, and a list is replaced as a whole. The result is checked as a whole, and every fault is named
/// at once with a pointer (422). The public sees nothing of it before it is published. What changes nothing makes no
/// new version. What is archived is restored first (409).
#[utoipa::path(
    patch,
    path = "/v1/admin/{collection}/{id}",
    params(("id" = Uuid, Path, description = "The document."), WriteQuery, IfMatchHeader),
    request_body = PatchTemplate,
    responses((status = 200, body = Document<ContentTemplate>, description = "The document with its new content."))
)]
pub(super) async fn update_document<C: Content>(
    target: Target,
    request: WriteRequest,
) -> Result<HttpResponse, Problem> {
    let patch: Map<String, Value> = request.read()?;
    step::<C>(target, request, async move |opened, connection, actor| {
        let content = serde_json::to_value(&opened.content).map_err(Problem::internal)?;
        let merged = merge::merge(&content, &patch)?;
        opened.update(connection, actor, merged).await
    })
    .await
}
