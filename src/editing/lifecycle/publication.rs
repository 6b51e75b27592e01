//! The steps that change what the public sees.

use diesel_async::AsyncPgConnection;
use jiff::Timestamp;
use uuid::Uuid;

use super::{Opened, conflict, refusal};
use crate::{
    changes::{Action, Actor},
    editing::{
        content::{Content, Projection, PublishedLocale},
        store::{self, LanguageRow},
    },
    problem::{FieldError, Problem},
};

impl<C: Content> Opened<C> {
    /// Brings the newest content of these languages to the public. Where none is named, of all of them,
    /// and a language that the content no longer has leaves the public.
    pub async fn publish(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        locales: &[String],
    ) -> Result<(), Problem> {
        self.refuse_archived()?;
        let (content, version) = (self.content.clone(), self.stored.version);
        if locales.is_empty() {
            let texts = content.texts();
            let is_gone = |row: &&LanguageRow| texts.iter().all(|text| text.locale != row.locale);
            let gone = self.languages.iter().filter(is_gone);
            let gone: Vec<String> = gone.map(|row| row.locale.clone()).collect();
            self.withdraw(connection, &gone).await?;
        }
        self.publish_version(connection, actor, &content, version, locales)
            .await
    }

    /// Like [`Self::publish`], as of a moment that may be past.
    pub async fn publish_as_of(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        published_at: Timestamp,
    ) -> Result<(), Problem> {
        for row in &mut self.languages {
            row.published_at = Some(published_at);
        }
        self.publish(connection, actor, &[]).await
    }

    /// Brings the version that was scheduled to the public.
    pub async fn publish_scheduled(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        version: i64,
        locales: &[String],
    ) -> Result<(), Problem> {
        let content = self.content_at(connection, version).await?;
        self.publish_version(connection, actor, &content, version, locales)
            .await
    }

    async fn publish_version(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        content: &C,
        version: i64,
        locales: &[String],
    ) -> Result<(), Problem> {
        let texts = content.texts();
        let all: Vec<String> = texts.iter().map(|text| text.locale.clone()).collect();
        let locales = chosen(&all, locales)?;
        let mut published = Vec::new();
        for text in texts.iter().filter(|text| locales.contains(&text.locale)) {
            let row = self.language(&text.locale)?;
            let published_at = row.published_at.unwrap_or(actor.now);
            if let Some(slug) = text.given_slug() {
                store::retire_slug(connection, C::NAMES.entity_type, row, slug, actor.now).await?;
            }
            store::set_published(connection, row, version, text.given_slug(), published_at)
                .await
                .map_err(|error| refusal::<C>(error, &text.pointer))?;
            published.push(PublishedLocale {
                locale: text.locale.clone(),
                published_at,
            });
        }
        project(connection, self.stored.id, content, &published, actor.now).await?;
        self.stored.facts_version = version;
        self.step(connection, actor, Action::Published, &locales).await
    }

    /// Takes these languages out of the public, all of them where none is named. What was scheduled for them
    /// is taken back, so that they do not return by themselves.
    pub async fn unpublish(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        locales: &[String],
    ) -> Result<(), Problem> {
        let is_meant = |row: &&LanguageRow| locales.is_empty() || locales.contains(&row.locale);
        let mut meant = self.languages.iter().filter(is_meant);
        if !meant.any(|row| row.published_version.is_some()) {
            return Err(conflict("The public does not see it."));
        }
        self.leave_public(connection, actor, Action::Unpublished, locales).await
    }

    /// Like [`Self::unpublish`], recorded as what brought it about.
    pub async fn leave_public(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        action: Action,
        locales: &[String],
    ) -> Result<(), Problem> {
        let all: Vec<String> = self.languages.iter().map(|row| row.locale.clone()).collect();
        let locales = chosen(&all, locales)?;
        self.withdraw(connection, &locales).await?;
        store::set_schedule(connection, self.stored.id, &locales, None, None).await?;
        self.step(connection, actor, action, &locales).await
    }

    async fn withdraw(&mut self, connection: &mut AsyncPgConnection, locales: &[String]) -> Result<(), Problem> {
        C::withdraw(connection, self.stored.id, locales).await?;
        store::set_unpublished(connection, self.stored.id, locales).await?;
        Ok(())
    }

    /// Takes back what is scheduled for these languages, whatever became of them since.
    pub async fn take_back_schedule(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        locales: &[String],
    ) -> Result<(), Problem> {
        store::set_schedule(connection, self.stored.id, locales, None, None).await?;
        self.step(connection, actor, Action::Scheduled, locales).await
    }

    /// Says when the newest content of these languages becomes public, and when it leaves the public;
    /// a moment that is not given is taken back.
    pub async fn schedule(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        locales: &[String],
        publish_at: Option<Timestamp>,
        unpublish_at: Option<Timestamp>,
    ) -> Result<(), Problem> {
        self.refuse_archived()?;
        let all: Vec<String> = self.content.texts().into_iter().map(|text| text.locale).collect();
        let locales = chosen(&all, locales)?;
        let publish = publish_at.map(|at| (self.stored.version, at));
        store::set_schedule(connection, self.stored.id, &locales, publish, unpublish_at).await?;
        self.step(connection, actor, Action::Scheduled, &locales).await
    }

    /// Puts the document away: it leaves the public, and nothing more happens to it.
    pub async fn archive(&mut self, connection: &mut AsyncPgConnection, actor: &Actor<'_>) -> Result<(), Problem> {
        self.refuse_archived()?;
        let locales: Vec<String> = self.languages.iter().map(|row| row.locale.clone()).collect();
        self.withdraw(connection, &locales).await?;
        store::set_schedule(connection, self.stored.id, &locales, None, None).await?;
        self.stored.archived_at = Some(actor.now);
        self.step(connection, actor, Action::Archived, &[]).await
    }

    /// Takes an archived document up again, as a draft.
    pub async fn restore(&mut self, connection: &mut AsyncPgConnection, actor: &Actor<'_>) -> Result<(), Problem> {
        if self.stored.archived_at.is_none() {
            return Err(conflict("It is not archived."));
        }
        self.stored.archived_at = None;
        self.step(connection, actor, Action::Restored, &[]).await
    }
}

/// Brings the public rows to this content.
pub(in crate::editing) async fn project<C: Content>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    content: &C,
    published: &[PublishedLocale],
    now: Timestamp,
) -> Result<(), Problem> {
    let projection = Projection { id, published, now };
    let projected = content.project(connection, &projection).await;
    projected.map_err(|error| refusal::<C>(error, ""))
}

/// The languages that a step concerns: those that are named, or all.
fn chosen(all: &[String], named: &[String]) -> Result<Vec<String>, Problem> {
    if named.is_empty() {
        return Ok(all.to_vec());
    }
    let unknown = (0..).zip(named).filter(|(_, locale)| !all.contains(locale));
    let faults: Vec<FieldError> = unknown
        .map(|(i, _)| FieldError::invalid_content(format!("/body/locales/{i}"), "it has no text in this language"))
        .collect();
    match faults.is_empty() {
        true => Ok(named.to_vec()),
        false => Err(Problem::invalid_content(faults)),
    }
}
