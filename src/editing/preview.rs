//! Previews: links that show the newest content of one document in its public form.
//!
//! The document is brought to the public inside a transaction that reads it back as the public would
//! and is then undone, so that a preview is exactly what a publication will show.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use diesel_async::AsyncPgConnection;
use futures_util::future::{FutureExt, LocalBoxFuture};
use jiff::{SignedDuration, Timestamp};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{
    content::{Content, NO_LOCALE, PublishedLocale, Reading},
    lifecycle::{self, project},
    store::{self, NewPreview, PreviewRow},
    wire::{Preview, PreviewIn},
};
use crate::{
    changes::Actor,
    config::WebAddress,
    http::write::Answer,
    problem::{Code, FieldError, Problem},
    values::Locale,
};

/// Hours that a link holds where nothing is said.
const USUAL_HOURS: i32 = 72;

/// Random bytes of a token.
const TOKEN_BYTES: usize = 32;

/// Shows a document of a kind as the public would see it.
pub(super) type Show =
    for<'a> fn(&'a mut AsyncPgConnection, &'a Showing<'a>) -> LocalBoxFuture<'a, Result<Option<Value>, Problem>>;

/// What is shown, and to whom.
pub(super) struct Showing<'a> {
    pub(super) preview: &'a PreviewRow,
    pub(super) default_locale: &'a Locale,
    pub(super) site: &'a WebAddress,
    pub(super) now: Timestamp,
}

/// Makes a link; its secret is not shown where it is only tried.
pub(super) async fn create<C: Content>(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Option<Uuid>,
    wish: &PreviewIn,
    dry_run: bool,
) -> Result<Answer, Problem> {
    // Held, so that an erasure comes before it or after it.
    let opened = lifecycle::open::<C>(connection, id).await?;
    let mut locales = opened.content.texts().into_iter().map(|text| text.locale);
    let locale = match &wish.locale {
        None => locales.next(),
        Some(wanted) => locales.find(|locale| locale == wanted),
    };
    let locale = locale.ok_or_else(|| {
        let fault = FieldError::invalid_content("/body/locale", "it has no text in this language");
        Problem::invalid_content(vec![fault])
    })?;
    let mut secret = [0; TOKEN_BYTES];
    SystemRandom::new().fill(&mut secret).map_err(Problem::internal)?;
    let token = URL_SAFE_NO_PAD.encode(secret);
    let new = NewPreview {
        id: Uuid::now_v7(),
        document_id: opened.id(),
        locale: &locale,
        token_hash: hash(&token),
        expires_at: actor.now + SignedDuration::from_hours(wish.hours.unwrap_or(USUAL_HOURS).into()),
    };
    store::insert_preview(connection, actor, &new).await?;
    let url = format!("/v1/preview/{token}");
    let preview = Preview {
        id: new.id,
        url: (!dry_run).then(|| url.clone()),
        token: (!dry_run).then_some(token),
        expires_at: new.expires_at,
        locale: (locale != NO_LOCALE).then(|| Locale::stored(locale.clone())),
    };
    let mut answer = Answer::created(&preview, url)?;
    answer.document_id = Some(new.document_id);
    Ok(answer)
}

/// Reads the newest content of a document as the public would see it; the transaction must be undone.
pub(super) fn show<'a, C: Content>(
    connection: &'a mut AsyncPgConnection,
    showing: &'a Showing<'a>,
) -> LocalBoxFuture<'a, Result<Option<Value>, Problem>> {
    async move {
        let preview = showing.preview;
        let opened = lifecycle::read::<C>(connection, Some(preview.document_id)).await?;
        let row = opened.languages.iter().find(|row| row.locale == preview.locale);
        let published = PublishedLocale {
            locale: preview.locale.clone(),
            published_at: row.and_then(|row| row.published_at).unwrap_or(showing.now),
        };
        project(
            connection,
            preview.document_id,
            &opened.content,
            &[published],
            showing.now,
        )
        .await?;
        let locale = match preview.locale.as_str() {
            NO_LOCALE => showing.default_locale.clone(),
            locale => Locale::stored(locale.to_owned()),
        };
        let reading = Reading {
            id: preview.document_id,
            locale: &locale,
            site: showing.site,
            now: showing.now,
        };
        let public = C::get_public(connection, &reading).await?;
        public.map(serde_json::to_value).transpose().map_err(Problem::internal)
    }
    .boxed_local()
}

/// What is stored of a token.
pub(super) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

/// The problem of a link that shows nothing, whatever the reason.
pub(super) fn ended() -> Problem {
    Problem::new(
        Code::NotFound,
        "This preview has ended, was taken back or never was; ask for a new link.",
    )
}
