//! Reading the clinic and its locations.

use actix_web::{HttpResponse, get, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    store::{self, Moment},
    wire::{Clinic, Location},
};
use crate::{
    http::{
        page::{After, Page, PageQuery},
        public::{NotRendered, PublicRequest, json},
        query::NoParameters,
    },
    problem::Problem,
    values::IdOrSlug,
};

type LocationPage = Page<Location>;

/// Mounts the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_clinic).service(list_locations).service(get_location);
}

/// Gets everything that apps show about the clinic.
///
/// `open_now` holds at the moment of the answer; from `next_change_at` on take its opposite.
#[utoipa::path(
    tag = "clinic",
    responses(
        (status = 200, description = "The clinic.", body = Clinic),
        (status = 404, description = "The clinic is not public.")
    )
)]
#[get("/v1/clinic")]
async fn get_clinic(request: PublicRequest) -> Result<HttpResponse, Problem> {
    let now = request.state.clock.now();
    request
        .answer(async |database| {
            let locale = &request.locale;
            let clinic = database.read(async |c| store::get_clinic(c, locale, now).await).await?;
            let (clinic, valid_until) =
                clinic.ok_or_else(|| NotRendered::Missing("No clinic is published here yet.".to_owned()))?;
            let mut rendered = json(locale, &clinic)?;
            rendered.valid_until = valid_until;
            Ok(rendered)
        })
        .await
}

/// Lists the places where the clinic sees patients.
///
/// The main one comes first. `open_now` holds at the moment of the answer.
#[utoipa::path(tag = "clinic", params(PageQuery), responses((status = 200, description = "A page of locations.", body = LocationPage)))]
#[get("/v1/locations")]
async fn list_locations(request: PublicRequest<NoParameters, PageQuery>) -> Result<HttpResponse, Problem> {
    let after = request.after::<i32>()?;
    let now = request.state.clock.now();
    request
        .answer(async |database| {
            let page = &request.page;
            let moment = database.read(async |c| Moment::read(c, now).await).await?;
            let (locations, total) = database
                .read_page(
                    page.include_total,
                    async |c| store::list_locations(c, &moment, page, after.as_ref()).await,
                    async |c| store::count_locations(c).await,
                )
                .await?;
            let valid_until = moment.valid_until(locations.iter().map(|(_, location)| location));
            let place = |(position, location): &(i32, Location)| After {
                key: *position,
                id: location.id,
            };
            let page = request.cut(locations, total, place).map(|(_, location)| location);
            let mut rendered = request.render(&page)?;
            rendered.valid_until = valid_until;
            Ok(rendered)
        })
        .await
}

/// Gets one location with its hours.
///
/// `open_now` holds at the moment of the answer; from `next_change_at` on take its opposite.
#[utoipa::path(
    tag = "clinic",
    params(("id_or_slug" = IdOrSlug, Path, description = "Id or slug of the location.")),
    responses((status = 200, description = "The location.", body = Location))
)]
#[get("/v1/locations/{id_or_slug}")]
async fn get_location(request: PublicRequest, wanted: Path<IdOrSlug>) -> Result<HttpResponse, Problem> {
    let now = request.state.clock.now();
    request
        .answer(async |database| {
            let moment = database.read(async |c| Moment::read(c, now).await).await?;
            let location = database
                .read(async |c| store::get_location(c, &moment, &wanted, &request.languages()).await)
                .await?;
            let location = request.found(location, "location")?;
            let mut rendered = json(&request.locale, &location)?;
            rendered.valid_until = moment.valid_until([&location]);
            Ok(rendered)
        })
        .await
}
