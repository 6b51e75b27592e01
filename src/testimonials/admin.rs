//! What staff decide on testimonials: the queue, approval, rejection, consent, erasure.
//!
//! To write, edit, answer and mark a testimonial is to change its document, as for all content.

use actix_web::{HttpResponse, get, http::header, post, web::Path};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::{
    store::{self, NewConsent, Standing},
    wire::{CaseQuery, ConsentIn, ConsentRecord, Erasure, ErasureIn, RejectionIn, TestimonialCase},
};
use crate::{
    http::{
        admin::AdminRequest,
        page::{After, Page, PageQuery},
        query::NoParameters,
        write::{Answer, IdempotencyHeader, IfMatchHeader, WriteQuery, WriteRequest},
    },
    problem::{Code, FieldError, Problem},
    values::{Id, faults::field_errors, is_storable},
};

type TestimonialCasePage = Page<TestimonialCase>;
type ErasurePage = Page<Erasure>;

/// Mounts the routes, within `/v1/admin` and before those of the documents, one of whose addresses takes any name.
pub fn configure_admin(config: &mut ServiceConfig) {
    config
        .service(list_testimonial_queue)
        .service(get_testimonial_case)
        .service(approve_testimonial)
        .service(reject_testimonial)
        .service(withdraw_testimonial)
        .service(get_testimonial_consent)
        .service(record_testimonial_consent)
        .service(erase_testimonial)
        .service(list_erasures);
}

/// Lists testimonials as they wait for a decision, the first that came first.
///
/// Each comes with how it stands and where the patient's consent lets it be shown. Those that were put away are left
/// out.
#[utoipa::path(
    tag = "testimonials",
    params(CaseQuery, PageQuery),
    security(("api_key" = ["testimonials:moderate"])),
    responses((status = 200, body = TestimonialCasePage, description = "A page of testimonials."))
)]
#[get("/testimonials/queue")]
async fn list_testimonial_queue(read: AdminRequest<CaseQuery, PageQuery>) -> Result<HttpResponse, Problem> {
    let after = read.after()?;
    let rows = read.state.database.read_page(
        read.page.include_total,
        async |c| store::list_cases(c, &read.filter, &read.page, after.as_ref()).await,
        async |c| store::count_cases(c, &read.filter).await,
    );
    let (rows, total) = rows.await?;
    let place = |case: &TestimonialCase| After {
        key: case.received_at,
        id: case.id,
    };
    Ok(read.answer(rows, total, place, |case| case))
}

/// Gets how a testimonial stands.
///
/// It says who brought it, what was decided and why, and where the patient's consent lets it be shown. The whole
/// words are in the answer for the testimonial itself.
#[utoipa::path(
    tag = "testimonials",
    params(("id" = Uuid, Path, description = "The testimonial.")),
    security(("api_key" = ["testimonials:moderate"])),
    responses((status = 200, body = TestimonialCase, description = "How it stands.", headers(("ETag"))))
)]
#[get("/testimonials/{id}/case")]
async fn get_testimonial_case(id: Path<Id>, read: AdminRequest) -> Result<HttpResponse, Problem> {
    let found = read.state.database.read(async |c| store::find_standing(c, id.0).await);
    let Standing { case, etag } = found.await?.ok_or_else(missing)?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag)).json(case))
}

/// Approves a testimonial: the public sees its newest content.
///
/// It is shown where the patient's consent allows it. Where no consent holds for the website or the app, it is
/// refused (409, `consent_missing`).
/// What staff have changed of the patient's words or stars is marked as edited for everybody to see.
#[utoipa::path(
    tag = "testimonials",
    params(("id" = Uuid, Path, description = "The testimonial."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    security(("api_key" = ["testimonials:moderate"])),
    responses((status = 200, body = TestimonialCase, description = "The testimonial, now public."))
)]
#[post("/testimonials/{id}/approve")]
async fn approve_testimonial(id: Path<Id>, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let known = request.if_match()?;
    request
        .run(async move |connection, actor| about(&store::approve(connection, actor, id.0, &known).await?))
        .await
}

/// Rejects a testimonial.
///
/// It leaves the public where it was there. The reason is for the clinic alone; the public summary counts the
/// rejection.
#[utoipa::path(
    tag = "testimonials",
    params(("id" = Uuid, Path, description = "The testimonial."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    request_body = RejectionIn,
    security(("api_key" = ["testimonials:moderate"])),
    responses((status = 200, body = TestimonialCase, description = "The testimonial, rejected."))
)]
#[post("/testimonials/{id}/reject")]
async fn reject_testimonial(id: Path<Id>, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let known = request.if_match()?;
    let rejection: RejectionIn = request.read()?;
    check(&rejection, Vec::new())?;
    request
        .run(async move |connection, actor| {
            about(&store::reject(connection, actor, id.0, &known, &rejection.reason).await?)
        })
        .await
}

/// Takes the consent back for the patient.
///
/// For a patient who calls or writes instead of using the token. The instance that answers this shows the testimonial
/// no more from the next request on, every other within a second; what browsers and caches keep may show it for as long
/// as its `Cache-Control` allows. Another consent can be recorded later.
#[utoipa::path(
    tag = "testimonials",
    params(("id" = Uuid, Path, description = "The testimonial."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    security(("api_key" = ["testimonials:moderate"])),
    responses((status = 200, body = TestimonialCase, description = "The testimonial, without consent."))
)]
#[post("/testimonials/{id}/withdraw")]
async fn withdraw_testimonial(id: Path<Id>, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let known = request.if_match()?;
    request
        .run(async move |connection, actor| about(&store::withdraw(connection, actor, id.0, &known).await?))
        .await
}

/// Gets the consent of a testimonial and the contact of its patient.
///
/// The consent says what the patient agreed to, when, until when and on what evidence. Nothing of this ever reaches
/// the public.
#[utoipa::path(
    tag = "testimonials",
    params(("id" = Uuid, Path, description = "The testimonial.")),
    security(("api_key" = ["testimonials:personal"])),
    responses((
        status = 200,
        body = ConsentRecord,
        description = "What is known of the consent.",
        headers(("ETag"))
    ))
)]
#[get("/testimonials/{id}/consent")]
async fn get_testimonial_consent(id: Path<Id>, read: AdminRequest) -> Result<HttpResponse, Problem> {
    let found = read.state.database.read(async |c| {
        let standing = store::find_standing(c, id.0).await?;
        Ok((standing, store::find_consents(c, id.0).await?))
    });
    let (standing, record) = found.await?;
    let Standing { etag, .. } = standing.ok_or_else(missing)?;
    Ok(HttpResponse::Ok().insert_header((header::ETAG, etag)).json(record))
}

/// Records a consent that the clinic holds on paper or in its own records.
///
/// It takes the place of the one before. While the testimonial is public, a consent that does not allow that is
/// refused (409, `consent_missing`): unpublish it first.
#[utoipa::path(
    tag = "testimonials",
    params(("id" = Uuid, Path, description = "The testimonial."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    request_body = ConsentIn,
    security(("api_key" = ["testimonials:personal"])),
    responses((status = 200, body = ConsentRecord, description = "What is now known of the consent."))
)]
#[post("/testimonials/{id}/consent")]
async fn record_testimonial_consent(id: Path<Id>, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let known = request.if_match()?;
    let given: ConsentIn = request.read()?;
    check(&given, moments(&given, request.now))?;
    request
        .run(async move |connection, actor| {
            let consent = NewConsent {
                channels: &given.channels,
                wording_version: &given.wording_version,
                evidence: &given.evidence,
                given_at: given.given_at,
                expires_at: given.expires_at,
            };
            let contact = given.contact.as_ref();
            let standing = store::record_consent(connection, actor, id.0, &known, &consent, contact).await?;
            let mut answer = Answer::ok(&store::find_consents(connection, id.0).await?)?;
            answer.etag = Some(standing.etag);
            answer.document_id = Some(id.0);
            Ok(answer)
        })
        .await
}

/// Erases a testimonial for good.
///
/// Its words, its history, the consent, the contact and kept answers are removed, and nobody can bring them back.
/// What stays is its id, the time, the reason and who did it, here and in the change log.
#[utoipa::path(
    tag = "testimonials",
    params(("id" = Uuid, Path, description = "The testimonial."), WriteQuery, IfMatchHeader, IdempotencyHeader),
    request_body = ErasureIn,
    security(("api_key" = ["testimonials:personal"])),
    responses((status = 200, body = Erasure, description = "What stays."))
)]
#[post("/testimonials/{id}/erase")]
async fn erase_testimonial(id: Path<Id>, request: WriteRequest) -> Result<HttpResponse, Problem> {
    let known = request.if_match()?;
    let ErasureIn { reason } = request.read()?;
    request
        .run(async move |connection, actor| {
            let (erasure, etag) = store::erase_known(connection, actor, id.0, &known, reason).await?;
            let mut answer = Answer::ok(&erasure)?;
            answer.etag = Some(etag);
            Ok(answer)
        })
        .await
}

/// Lists what was erased, the oldest first.
///
/// After a backup was restored, `vertebra erase --replay` erases again what is listed here.
#[utoipa::path(
    tag = "testimonials",
    params(PageQuery),
    security(("api_key" = ["testimonials:personal"])),
    responses((status = 200, body = ErasurePage, description = "A page of what was erased."))
)]
#[get("/erasures")]
async fn list_erasures(read: AdminRequest<NoParameters, PageQuery>) -> Result<HttpResponse, Problem> {
    let after = read.after()?;
    let rows = read.state.database.read_page(
        read.page.include_total,
        async |c| store::list_erasures(c, &read.page, after.as_ref()).await,
        async |c| store::count_erasures(c).await,
    );
    let (rows, total) = rows.await?;
    let place = |erasure: &Erasure| After {
        key: erasure.erased_at,
        id: erasure.id,
    };
    Ok(read.answer(rows, total, place, |erasure| erasure))
}

/// The answer that shows how a testimonial stands.
fn about(standing: &Standing) -> Result<Answer, Problem> {
    let mut answer = Answer::ok(&standing.case)?;
    answer.etag = Some(standing.etag.clone());
    answer.document_id = Some(standing.case.id);
    Ok(answer)
}

/// Refuses a body with all that is wrong with it.
fn check(body: &impl Validate, further: Vec<FieldError>) -> Result<(), Problem> {
    let mut faults = body
        .validate()
        .map_or_else(|errors| field_errors(&errors, "/body"), |()| Vec::new());
    faults.extend(further);
    match faults.is_empty() {
        true => Ok(()),
        false => Err(Problem::invalid_content(faults)),
    }
}

/// What is wrong with the moments of a consent.
fn moments(given: &ConsentIn, now: jiff::Timestamp) -> Vec<FieldError> {
    let mut faults = Vec::new();
    if given.given_at > now || !is_storable(given.given_at) {
        faults.push(FieldError::invalid_content(
            "/body/given_at",
            "must not be in the future",
        ));
    }
    if given.expires_at.is_some_and(|end| end <= now) {
        faults.push(FieldError::invalid_content("/body/expires_at", "must be in the future"));
    }
    faults
}

fn missing() -> Problem {
    Problem::new(Code::NotFound, "No testimonial has this id.")
}
