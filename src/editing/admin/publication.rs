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

/// Publishes the newest content of the document.
///
/// The public sees it in all its languages or in those that the body names: the instance that answers this shows it
/// from the next request on, every other within a second. What browsers and caches keep may show the old for as long
/// as its `Cache-Control` allows. Where the body names no language, one that the content no longer has leaves the
/// public. An older slug that was public redirects to the new one. What is archived is restored first (409). A
/// language without a text is refused (422).
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

/// Takes the document out of the public.
///
/// The public gets 404 in all its languages or in those that the body names: from the instance that answers this from
/// the next request on, from every other within a second. What browsers and caches keep may show it for as long as its
/// `Cache-Control` allows. The content stays as a draft. What was scheduled for those languages is taken back. What the
/// public does not see is refused (409).
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

/// Schedules when the document becomes public, and when it leaves the public.
///
/// What becomes public is the version of now: edits after this do not change it; schedule again for that. Both
/// moments are set: one that is absent or null takes back what was scheduled. A moment that is past is refused (422).
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

/// Puts the document away.
///
/// It leaves the public in all languages, and no step but restoring it is taken with it. What was scheduled is taken
/// back. Nothing is deleted: content and history stay.
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

/// Takes the document up again after it was archived.
///
/// It comes back as a draft with the content that it had; the public sees it once it is published again. What is not
/// archived is refused (409).
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
