//! What patients do: sending a testimonial, and taking the consent back.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use ring::rand::{SecureRandom, SystemRandom};
use sha2::{Digest, Sha256};
use uuid::Uuid;
use validator::Validate;

use super::{
    cases,
    consents::{self, NewConsent},
    moderation::end_consent,
};
use crate::{
    changes::Actor,
    db::views::published_services,
    editing,
    problem::{Code, FieldError, Problem},
    testimonials::wire::{CaseState, TestimonialIn, TestimonialReceipt, TestimonialSubmission, TestimonialWithdrawal},
    values::{Day, IdOrSlug, Locale, faults::field_errors},
};

/// What the log calls whoever sends a testimonial or takes it back: of patients it keeps no name.
const PATIENT: &str = "patient";

/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;

/// What is written down of how a patient gave a consent over the API.
const EVIDENCE: &str = "Given with the submission over the API.";

/// Takes in what a patient sent; nobody sees it before staff approve it.
pub async fn submit(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    submission: &TestimonialSubmission,
    default_locale: &Locale,
    consent_months: usize,
) -> Result<TestimonialReceipt, Problem> {
    let actor = Actor {
        name: PATIENT,
        ..actor.clone()
    };
    let content = content_of(connection, &actor, submission, default_locale).await?;
    let id = editing::create(connection, &actor, content).await?;
    let mut secret = [0; TOKEN_BYTES];
    SystemRandom::new().fill(&mut secret).map_err(Problem::internal)?;
    let withdrawal_token = URL_SAFE_NO_PAD.encode(secret);
    cases::submitted(connection, id, &hash(&withdrawal_token)).await?;
    let given = &submission.consent;
    let consent = NewConsent {
        channels: &given.channels,
        wording_version: &given.wording_version,
        evidence: EVIDENCE,
        given_at: actor.now,
        expires_at: Some(months_after(actor.now, consent_months)?),
    };
    consents::insert(connection, &actor, id, &consent).await?;
    consents::save_contact(connection, id, &given.contact).await?;
    Ok(TestimonialReceipt {
        id,
        received_at: actor.now,
        withdrawal_token: Some(withdrawal_token),
    })
}

fn months_after(now: Timestamp, months: usize) -> Result<Timestamp, Problem> {
    let months = i32::try_from(months).map_err(Problem::internal)?;
    let end = now.to_zoned(TimeZone::UTC).checked_add(months.months());
    Ok(end.map_err(Problem::internal)?.timestamp())
}

/// The testimonial that a submission makes, where nothing is wrong with it.
async fn content_of(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    submission: &TestimonialSubmission,
    default_locale: &Locale,
) -> Result<TestimonialIn, Problem> {
    let mut faults = submission
        .validate()
        .map_or_else(|errors| field_errors(&errors, "/body"), |()| Vec::new());
    let attribution_name = submission.attribution_name.as_deref();
    if let Some(fault) = submission.attribution.fault_of(attribution_name) {
        faults.push(FieldError::invalid_content("/body/attribution_name", fault));
    }
    let service = find_service(connection, submission.service.as_deref(), &["treatment", "test"]).await?;
    let condition = find_service(connection, submission.condition.as_deref(), &["condition"]).await?;
    for (named, found, pointer, what) in [
        (&submission.service, service, "/body/service", "treatment or test"),
        (&submission.condition, condition, "/body/condition", "condition"),
    ] {
        if named.is_some() && found.is_none() && faults.iter().all(|fault| fault.pointer != pointer) {
            let detail = format!("must be the id or slug of a {what} that the clinic shows");
            faults.push(FieldError::invalid_content(pointer, detail));
        }
    }
    if !faults.is_empty() {
        return Err(Problem::invalid_content(faults));
    }
    let today = actor.now.to_zoned(TimeZone::UTC).date();
    Ok(TestimonialIn {
        slug: None,
        locale: submission.locale.clone().unwrap_or_else(|| default_locale.to_string()),
        headline: submission.headline.clone(),
        quote: submission.quote.clone(),
        is_incomplete: false,
        attribution: submission.attribution,
        attribution_name: submission.attribution_name.clone(),
        rating: submission.rating,
        service_id: service,
        condition_id: condition,
        treated_month: submission.treated_month.clone(),
        received_on: Day::try_from(today.to_string()).ok(),
        incentive: None,
        reply: None,
    })
}

/// The published service of one of these kinds that a patient names.
async fn find_service(
    connection: &mut AsyncPgConnection,
    named: Option<&str>,
    kinds: &[&str],
) -> QueryResult<Option<Uuid>> {
    use published_services as s;
    let Some(named) = named.and_then(|named| IdOrSlug::try_from(named.to_owned()).ok()) else {
        return Ok(None);
    };
    let query = s::table.filter(s::kind.eq_any(kinds)).into_boxed();
    let query = match &named {
        IdOrSlug::Id(id) => query.filter(s::id.eq(*id)),
        IdOrSlug::Slug(slug) => query.filter(s::slug.eq(slug.as_str())),
    };
    query.select(s::id).first(connection).await.optional()
}

/// Takes the consent back for whoever holds the token; to do it again changes nothing.
pub async fn withdraw_with_token(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    token: &str,
) -> Result<TestimonialWithdrawal, Problem> {
    let actor = Actor {
        name: PATIENT,
        ..actor.clone()
    };
    let id = cases::find_by_token(connection, &hash(token)).await?;
    let id = id.ok_or_else(|| Problem::new(Code::NotFound, "No testimonial can be taken back with this token."))?;
    let mut opened = editing::open::<TestimonialIn>(connection, Some(id)).await?;
    let case = cases::find_case(connection, id).await?;
    let case = case.ok_or_else(|| Problem::internal("a testimonial has no case"))?;
    let before = case.decided_at.filter(|_| case.state == CaseState::Withdrawn.as_str());
    if before.is_none() {
        end_consent(&mut opened, connection, &actor).await?;
    }
    Ok(TestimonialWithdrawal {
        id,
        withdrawn_at: before.unwrap_or(actor.now),
    })
}

fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}
