//! Reading services.

use actix_web::{HttpResponse, get, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    store,
    wire::{Service, ServiceQuery, ServiceSummary},
};
use crate::{
    http::{
        page::{After, Page, PageQuery},
        public::{PublicRequest, json},
    },
    problem::Problem,
    values::{IdOrSlug, ReviewState},
};

type ServiceSummaryPage = Page<ServiceSummary>;

/// Mounts the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_services).service(get_service);
}

/// Lists conditions, treatments and tests by name.
///
/// A repeated parameter means any of its values; different parameters must all hold.
#[utoipa::path(tag = "services", params(ServiceQuery, PageQuery), responses((status = 200, description = "A page of services.", body = ServiceSummaryPage)))]
#[get("/v1/services")]
async fn list_services(request: PublicRequest<ServiceQuery, PageQuery>) -> Result<HttpResponse, Problem> {
    let after = request.after::<String>()?;
    request
        .answer(async |database| {
            let (locale, filter, page) = (&request.locale, &request.filter, &request.page);
            let (services, total) = database
                .read_page(
                    page.include_total,
                    async |c| store::list_services(c, locale, filter, page, after.as_ref()).await,
                    async |c| store::count_services(c, locale, filter).await,
                )
                .await?;
            let place = |service: &ServiceSummary| After {
                key: service.name.clone(),
                id: service.id,
            };
            request.render(&request.cut(services, total, place))
        })
        .await
}

/// Gets one service with its text.
///
/// A treatment comes with the conditions it treats, a condition with the treatments for it.
#[utoipa::path(
    tag = "services",
    params(("id_or_slug" = IdOrSlug, Path, description = "Id or slug of the service.")),
    responses((status = 200, description = "The service.", body = Service))
)]
#[get("/v1/services/{id_or_slug}")]
async fn get_service(request: PublicRequest, wanted: Path<IdOrSlug>) -> Result<HttpResponse, Problem> {
    let now = request.state.clock.now();
    request
        .answer(async |database| {
            let service = database
                .read(async |c| store::get_service(c, &wanted, &request.languages(), now).await)
                .await?;
            let service = request.found(service, "service")?;
            let mut rendered = json(&service.locale, &service)?;
            rendered.valid_until = ReviewState::at(now, service.next_review_due_on).valid_until;
            Ok(rendered)
        })
        .await
}
