//! Reading testimonials.

use actix_web::{HttpResponse, get, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    store,
    wire::{Testimonial, TestimonialQuery, TestimonialSummary},
};
use crate::{
    http::{
        page::{After, Page, PageQuery},
        public::{PublicRequest, json},
    },
    problem::Problem,
    values::IdOrSlug,
};

type TestimonialSummaryPage = Page<TestimonialSummary>;

/// Mounts the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_testimonials).service(get_testimonial);
}

/// Lists testimonials, the newest first.
///
/// Each has a headline and an excerpt; where `has_more` is true the detail has more of the quote.
#[utoipa::path(tag = "testimonials", params(TestimonialQuery, PageQuery), responses((status = 200, description = "A page of testimonials.", body = TestimonialSummaryPage)))]
#[get("/v1/testimonials")]
async fn list_testimonials(request: PublicRequest<TestimonialQuery, PageQuery>) -> Result<HttpResponse, Problem> {
    let after = request.after()?;
    request
        .answer(async |database| {
            let (filter, page, languages) = (&request.filter, &request.page, request.languages());
            let (testimonials, total) = database
                .read_page(
                    page.include_total,
                    async |c| store::list_testimonials(c, &languages, filter, page, after.as_ref()).await,
                    async |c| store::count_testimonials(c, filter).await,
                )
                .await?;
            let place = |testimonial: &TestimonialSummary| After {
                key: testimonial.published_at,
                id: testimonial.id,
            };
            request.render(&request.cut(testimonials, total, place))
        })
        .await
}

/// Gets one testimonial with the whole quote.
///
/// The quote stands in the language it was written in; there are no translations.
#[utoipa::path(
    tag = "testimonials",
    params(("id_or_slug" = IdOrSlug, Path, description = "Id or slug of the testimonial.")),
    responses((status = 200, description = "The testimonial.", body = Testimonial))
)]
#[get("/v1/testimonials/{id_or_slug}")]
async fn get_testimonial(request: PublicRequest, wanted: Path<IdOrSlug>) -> Result<HttpResponse, Problem> {
    request
        .answer(async |database| {
            let testimonial = database
                .read(async |c| store::get_testimonial(c, &wanted, &request.languages()).await)
                .await?;
            let testimonial = request.found(testimonial, "testimonial")?;
            json(&testimonial.locale, &testimonial)
        })
        .await
}
