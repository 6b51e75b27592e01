//! Reading the audit trail.

use actix_web::{HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    store::{self, ChangeRow},
    wire::{ChangeQuery, ChangeRecord},
};
use crate::{
    http::{
        admin::AdminRequest,
        page::{After, Page, PageQuery},
    },
    problem::Problem,
};

type ChangeRecordPage = Page<ChangeRecord>;

/// Mounts the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_changes);
}

/// Lists who changed what and when, the newest change first.
///
/// Every write is here: content, publication, testimonials and keys. The log is only ever appended to.
#[utoipa::path(
    tag = "audit",
    params(ChangeQuery, PageQuery),
    security(("api_key" = ["audit:read"])),
    responses((status = 200, description = "A page of changes.", body = ChangeRecordPage))
)]
#[get("/changes")]
async fn list_changes(request: AdminRequest<ChangeQuery, PageQuery>) -> Result<HttpResponse, Problem> {
    let (filter, page) = (&request.filter, &request.page);
    let after = request.after::<i64>()?;
    let (rows, total) = request
        .state
        .database
        .read_page(
            page.include_total,
            async |c| store::list_changes(c, filter, page, after.as_ref()).await,
            async |c| store::count_changes(c, filter).await,
        )
        .await?;
    let place = |row: &ChangeRow| After {
        key: row.seq.unwrap_or_default(),
        id: row.id,
    };
    Ok(request.answer(rows, total, place, ChangeRow::into_record))
}
