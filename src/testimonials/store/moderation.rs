//! What staff decide on a testimonial. Each step is a version of the document and a row in the change log.

use diesel_async::AsyncPgConnection;
use jiff::Timestamp;
use uuid::Uuid;

use super::{
    cases::{self, Standing},
    consents::{self, NewConsent},
};
use crate::{
    changes::{Action, Actor},
    editing::{self, Opened},
    http::write::IfMatch,
    problem::{Code, Problem},
    testimonials::wire::{CaseState, ContactIn, TestimonialIn},
};

async fn standing_of(connection: &mut AsyncPgConnection, id: Uuid) -> Result<Standing, Problem> {
    let standing = cases::find_standing(connection, id).await?;
    standing.ok_or_else(|| Problem::internal("a testimonial has no case"))
}

/// Locks a testimonial and refuses the step where the client knows another version of it.
async fn open_known(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    known: &IfMatch,
) -> Result<Opened<TestimonialIn>, Problem> {
    let opened = editing::open::<TestimonialIn>(connection, Some(id)).await?;
    known.check(&opened.etag())?;
    Ok(opened)
}

/// Brings the newest content of a testimonial to the public, where the patient's consent allows it.
pub async fn approve(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Uuid,
    known: &IfMatch,
) -> Result<Standing, Problem> {
    let mut opened = open_known(connection, id, known).await?;
    let (channels, until) = consents::holding(connection, &[id])
        .await?
        .remove(&id)
        .unwrap_or_default();
    let allows = channels.iter().any(|channel| channel == "website" || channel == "app");
    if !allows || until.is_some_and(|end| end <= actor.now) {
        return Err(Problem::new(
            Code::ConsentMissing,
            "No consent of the patient holds now for the website or the app; record one first.",
        ));
    }
    opened.publish(connection, actor, &[]).await?;
    cases::decide(connection, id, CaseState::Published, None, actor.now).await?;
    standing_of(connection, id).await
}

/// Turns a testimonial down; it leaves the public where it was there.
pub async fn reject(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Uuid,
    known: &IfMatch,
    reason: &str,
) -> Result<Standing, Problem> {
    let mut opened = open_known(connection, id, known).await?;
    leave(&mut opened, connection, actor, Action::Rejected).await?;
    cases::decide(connection, id, CaseState::Rejected, Some(reason), actor.now).await?;
    standing_of(connection, id).await
}

/// Takes the consent back for the patient: the public sees the testimonial no more.
pub async fn withdraw(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Uuid,
    known: &IfMatch,
) -> Result<Standing, Problem> {
    let mut opened = open_known(connection, id, known).await?;
    end_consent(&mut opened, connection, actor).await?;
    standing_of(connection, id).await
}

/// Takes the testimonial out of the public and then ends the consent, in this order for the database's gate.
pub(super) async fn end_consent(
    opened: &mut Opened<TestimonialIn>,
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
) -> Result<(), Problem> {
    leave(opened, connection, actor, Action::Withdrawn).await?;
    consents::end(connection, opened.id(), actor.now).await?;
    cases::decide(connection, opened.id(), CaseState::Withdrawn, None, actor.now).await?;
    Ok(())
}

/// One step with this name, after which the public does not see the testimonial.
async fn leave(
    opened: &mut Opened<TestimonialIn>,
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    action: Action,
) -> Result<(), Problem> {
    match opened.is_public() {
        true => opened.leave_public(connection, actor, action, &[]).await,
        false => opened.note(connection, actor, action).await,
    }
}

/// Records a consent that the clinic holds in its own records, in the place of the one before.
pub async fn record_consent(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Uuid,
    known: &IfMatch,
    new: &NewConsent<'_>,
    contact: Option<&ContactIn>,
) -> Result<Standing, Problem> {
    let mut opened = open_known(connection, id, known).await?;
    if opened.is_public() && !new.lets_publish(actor.now) {
        return Err(Problem::new(
            Code::ConsentMissing,
            "The testimonial is public, which this consent does not allow; unpublish it first.",
        ));
    }
    consents::insert(connection, actor, id, new).await?;
    if let Some(contact) = contact {
        consents::save_contact(connection, id, contact).await?;
    }
    opened.note(connection, actor, Action::Updated).await?;
    let standing = standing_of(connection, id).await?;
    if standing.case.state == CaseState::Withdrawn.as_str() {
        cases::decide(connection, id, CaseState::InReview, None, actor.now).await?;
        return standing_of(connection, id).await;
    }
    Ok(standing)
}

/// Makes a testimonial that is public from the start, on this consent, as of a moment that may be past.
pub async fn seed(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    content: TestimonialIn,
    consent: &NewConsent<'_>,
    published_at: Timestamp,
) -> Result<Uuid, Problem> {
    let id = editing::create(connection, actor, content).await?;
    consents::insert(connection, actor, id, consent).await?;
    let mut opened = editing::open::<TestimonialIn>(connection, Some(id)).await?;
    opened.publish_as_of(connection, actor, published_at).await?;
    Ok(id)
}
