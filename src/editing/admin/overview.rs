//! What concerns all kinds of content at once: reviews that are due, and previews that are taken back.

use actix_web::{HttpResponse, delete, get, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    editing::{
        store,
        wire::{ReviewDue, ReviewQuery},
    },
    http::{
        admin::read::AdminRequest,
        page::{After, Page, PageQuery},
        write::{Answer, WriteQuery, WriteRequest},
    },
    problem::{Code, Problem},
    values::Id,
};

type ReviewDuePage = Page<ReviewDue>;

/// Mounts the routes, within `/v1/admin`.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_reviews).service(revoke_preview);
}

/// Lists the texts that have a date for their next clinical review.
///
/// The longest due comes first. The date is that of the newest content, be it public or not; `due_before` leaves out
/// those that have time.
#[utoipa::path(
    tag = "reviews",
    params(ReviewQuery, PageQuery),
    security(("api_key" = ["content:read"])),
    responses((status = 200, body = ReviewDuePage, description = "A page of texts that are due."))
)]
#[get("/reviews")]
async fn list_reviews(read: AdminRequest<ReviewQuery, PageQuery>) -> Result<HttpResponse, Problem> {
    let after = read.after()?;
    let today = read.state.clock.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let rows = read.state.database.read_page(
        read.page.include_total,
        async |c| store::list_reviews(c, &read.filter, &read.page, after.as_ref(), today).await,
        async |c| store::count_reviews(c, &read.filter).await,
    );
    let (rows, total) = rows.await?;
    let place = |row: &ReviewDue| After {
        key: (
            row.next_review_due_on,
            row.locale.as_ref().map(ToString::to_string).unwrap_or_default(),
        ),
        id: row.id,
    };
    Ok(read.answer(rows, total, place, |row| row))
}

/// Takes the link of a preview back.
///
/// It shows nothing from the next request on. To take it back again changes nothing.
#[utoipa::path(
    tag = "previews",
    params(("id" = Uuid, Path, description = "The preview."), WriteQuery),
    security(("api_key" = ["content:read"])),
    responses((status = 204, description = "The link shows nothing any more."))
)]
#[delete("/previews/{id}")]
async fn revoke_preview(id: Path<Id>, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let now = request.now;
    request
        .run(
            async move |connection, _| match store::revoke_preview(connection, id.0, now).await? {
                true => Ok(Answer::no_content()),
                false => Err(Problem::new(Code::NotFound, "No preview has this id.")),
            },
        )
        .await
}
