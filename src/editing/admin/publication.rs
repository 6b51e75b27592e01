//! What changes the public: publishing, scheduling, archiving, and their undoing.

use actix_web::HttpResponse;

use super::{Target, step};
use crate::{
    editing::{
        content::Content,
        documented::ContentTemplate,
        wire::{Document, LocalesIn, ScheduleIn},
    },
    http::write::{IdempotencyHeader, IfMatchHeader, WriteQuery, WriteRequest},
    problem::Problem,
};

/// Brings the newest content of the document to the public, in all its languages or those that are named.
#[utoipa::path(
    post,
    path = "/v1/admin/{collection}/{id}/publish",
    params(("id" = Uuid, Path, description = "The document."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    request_body(content = Option<LocalesIn>, description = "Which languages; all of them without a body."),
    responses((status = 200, body = Document<ContentTemplate>, description = "The document, now public."))
)]
pub(super) async fn publish_document<C: Content>(
    target: Target,
    request: WriteRequest,
) -> Result<HttpResponse, Problem> {
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
pub(super) async fn unpublish_document<C: Content>(
    target: Target,
    request: WriteRequest,
) -> Result<HttpResponse, Problem> {
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
pub(super) async fn schedule_document<C: Content>(
    target: Target,
    request: WriteRequest,
) -> Result<HttpResponse, Problem> {
    let schedule: ScheduleIn = request.read_valid()?;
    let faults = schedule.faults(request.now);
    if !faults.is_empty() {
        return Err(Problem::invalid_content(faults));
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
pub(super) async fn archive_document<C: Content>(
    target: Target,
    request: WriteRequest,
) -> Result<HttpResponse, Problem> {
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
pub(super) async fn restore_document<C: Content>(
    target: Target,
    request: WriteRequest,
) -> Result<HttpResponse, Problem> {
    step::<C>(target, request, async |opened, connection, actor| {
        opened.restore(connection, actor).await
    })
    .await
}
