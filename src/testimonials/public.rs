//! Reading testimonials, and what patients do: sending one, and taking the consent back.

use std::future::{Ready, ready};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    dev::Payload,
    get, post,
    web::{Data, Path},
};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    store,
    wire::{
        Testimonial, TestimonialChannelQuery, TestimonialCounts, TestimonialQuery, TestimonialReceipt,
        TestimonialSubmission, TestimonialSummary, TestimonialWithdrawal, WithdrawalIn,
    },
};
use crate::{
    http::{
        client_address,
        limits::Limiter,
        page::{After, Page, PageQuery},
        public::{PublicRequest, json},
        state::State,
        write::{Answer, IdempotencyHeader, WriteQuery, WriteRequest},
    },
    problem::{Code, Problem},
    values::IdOrSlug,
};

/// Most bytes of what a patient sends.
const MOST_BYTES: usize = 64 * 1024;

type TestimonialSummaryPage = Page<TestimonialSummary>;

/// Mounts the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_testimonials)
        .service(submit_testimonial)
        // Before the testimonials themselves, as its address could be the slug of one.
        .service(summarise_testimonials)
        .service(withdraw_testimonial_consent)
        .service(get_testimonial);
}

/// Lists testimonials, the newest first.
///
/// Each has a headline and an excerpt; where `has_more` is true the detail has more of the quote. A patient
/// consents to each place apart: name yours as `channel`, or only what may be shown everywhere is listed.
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
    params(
        ("id_or_slug" = IdOrSlug, Path, description = "Id or slug of the testimonial."),
        TestimonialChannelQuery
    ),
    responses((status = 200, description = "The testimonial.", body = Testimonial))
)]
#[get("/v1/testimonials/{id_or_slug}")]
async fn get_testimonial(
    request: PublicRequest<TestimonialChannelQuery>,
    wanted: Path<IdOrSlug>,
) -> Result<HttpResponse, Problem> {
    request
        .answer(async |database| {
            let (channel, languages) = (request.filter.channel, request.languages());
            let testimonial = database
                .read(async |c| store::get_testimonial(c, &wanted, channel, &languages).await)
                .await?;
            let testimonial = request.found(testimonial, "testimonial")?;
            json(&testimonial.locale, &testimonial)
        })
        .await
}

/// Counts the testimonials that came, were published and were rejected, by stars.
///
/// With the address of the rules by which the clinic decides. What was erased counts no more.
#[utoipa::path(
    tag = "testimonials",
    responses((status = 200, description = "The counts.", body = TestimonialCounts))
)]
#[get("/v1/testimonials/summary")]
async fn summarise_testimonials(request: PublicRequest) -> Result<HttpResponse, Problem> {
    let policy = request.state.settings.review_policy_url.0.as_ref();
    let policy_url = policy.map(|policy| policy.join(""));
    request
        .answer(async |database| {
            let counts = database
                .read(async |c| store::count_all(c, policy_url.as_deref()).await)
                .await?;
            json(&request.locale, &counts)
        })
        .await
}

/// Takes in a testimonial that a patient wrote, with the patient's consent.
///
/// Nobody sees it before the clinic has looked at it and approved it. The receipt has a token with which the
/// patient takes the consent back at any time; it is not shown again.
#[utoipa::path(
    tag = "testimonials",
    params(WriteQuery, IdempotencyHeader),
    request_body = TestimonialSubmission,
    responses((status = 202, description = "The receipt.", body = TestimonialReceipt))
)]
#[post("/v1/testimonials")]
async fn submit_testimonial(_: Submitter, request: WriteRequest) -> Result<HttpResponse, Problem> {
    refuse_large(&request)?;
    let submission: TestimonialSubmission = request.read()?;
    let locales = request.state.locales().await?;
    let months = request.state.settings.consent_months.0;
    request
        .run(async move |connection, actor| {
            let receipt = store::submit(connection, actor, &submission, &locales.default, months).await?;
            let mut answer = Answer::accepted(&receipt)?;
            answer.document_id = Some(receipt.id);
            Ok(answer)
        })
        .await
}

/// Takes a patient's consent back with the token of the receipt.
///
/// The instance that answers this shows the testimonial no more from the next request on, every other within a second;
/// what browsers and caches keep may show it for as long as its `Cache-Control` allows. To send the same token again
/// changes nothing and gets the same answer.
#[utoipa::path(
    tag = "testimonials",
    params(WriteQuery, IdempotencyHeader),
    request_body = WithdrawalIn,
    responses(
        (status = 200, description = "The consent was taken back.", body = TestimonialWithdrawal),
        (status = 404, description = "No testimonial has this token.")
    )
)]
#[post("/v1/testimonials/withdrawals")]
async fn withdraw_testimonial_consent(_: Withdrawer, request: WriteRequest) -> Result<HttpResponse, Problem> {
    refuse_large(&request)?;
    let WithdrawalIn { token } = request.read_valid()?;
    request
        .run(async move |connection, actor| {
            let withdrawal = store::withdraw_with_token(connection, actor, &token).await?;
            let mut answer = Answer::ok(&withdrawal)?;
            answer.document_id = Some(withdrawal.id);
            Ok(answer)
        })
        .await
}

fn refuse_large(request: &WriteRequest) -> Result<(), Problem> {
    match request.body.len() {
        0..=MOST_BYTES => Ok(()),
        _ => Err(Problem::new(
            Code::PayloadTooLarge,
            format!("The request body may have {MOST_BYTES} bytes."),
        )),
    }
}

/// A client whose address may send a testimonial; it is asked before the body is read.
struct Submitter;

/// A client whose address may take a consent back; it is asked before the body is read.
struct Withdrawer;

impl FromRequest for Submitter {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admit(request, |state| &state.submissions).map(|()| Self))
    }
}

impl FromRequest for Withdrawer {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(admit(request, |state| &state.withdrawals).map(|()| Self))
    }
}

/// Counts one use by the client's address, or refuses it.
fn admit(request: &HttpRequest, limiter: fn(&State) -> &Limiter) -> Result<(), Problem> {
    let state = request.app_data::<Data<State>>();
    let state = state.ok_or_else(|| Problem::internal("the application has no state"))?;
    let proxies = &state.settings.trusted_proxies;
    let left = limiter(state).check(client_address::of(request.headers(), request.peer_addr(), proxies))?;
    request.extensions_mut().insert(left);
    Ok(())
}
