//! The steps that a document can take: the one mechanism behind every kind of content.
//!
//! Each function is called inside a transaction that holds the document's row, makes exactly one
//! version, and leaves a revision and a row in the change log.

use diesel_async::AsyncPgConnection;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::{
    check,
    content::{Content, NO_LOCALE, Projection, PublishedLocale},
    store::{self, LanguageRow, Stored},
};
use crate::{
    changes::{self, Action, Actor, Change},
    problem::{Code, FieldError, Problem},
};

/// A document that the transaction has locked.
pub struct Opened<C> {
    pub(super) stored: Stored,
    pub(super) languages: Vec<LanguageRow>,
    /// Its newest content.
    pub content: C,
}

/// Makes a document as a draft and gives its id.
pub async fn create<C: Content>(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    content: C,
) -> Result<Uuid, Problem> {
    let entity_type = C::NAMES.entity_type;
    if C::NAMES.is_single && store::find_document(connection, entity_type, None).await?.is_some() {
        return Err(conflict(
            "There is one already, and there can be no second; change that one.",
        ));
    }
    let id = Uuid::now_v7();
    let content = check::complete(connection, id, content).await?;
    let stored = Stored {
        id,
        version: 1,
        content_version: 1,
        facts_version: 1,
        content: value_of(&content)?,
        archived_at: None,
        created_at: actor.now,
        updated_at: actor.now,
    };
    store::insert_document(connection, entity_type, &stored)
        .await
        .map_err(|error| refusal::<C>(error, ""))?;
    let mut opened = Opened {
        stored,
        languages: Vec::new(),
        content,
    };
    opened.save_texts(connection, actor).await?;
    opened.record(connection, actor, Action::Created, &[]).await?;
    Ok(id)
}

/// Makes a document that is public from the start, as of a moment that may be past.
pub async fn seed<C: Content>(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    content: C,
    published_at: Timestamp,
) -> Result<Uuid, Problem> {
    let id = create(connection, actor, content).await?;
    let mut opened = open::<C>(connection, Some(id)).await?;
    opened.publish_as_of(connection, actor, published_at).await?;
    Ok(id)
}

/// Locks a document, the only one of its kind where no id is given, and reads it.
pub async fn open<C: Content>(connection: &mut AsyncPgConnection, id: Option<Uuid>) -> Result<Opened<C>, Problem> {
    let stored = store::lock_document(connection, C::NAMES.entity_type, id).await?;
    Opened::load(connection, stored).await
}

/// Reads a document without locking it.
pub async fn read<C: Content>(connection: &mut AsyncPgConnection, id: Option<Uuid>) -> Result<Opened<C>, Problem> {
    let stored = store::find_document(connection, C::NAMES.entity_type, id).await?;
    Opened::load(connection, stored).await
}

/// The entity tag of a version of a document.
pub fn etag(id: Uuid, version: i64) -> String {
    format!("\"{}.{version}\"", id.simple())
}

impl<C: Content> Opened<C> {
    async fn load(connection: &mut AsyncPgConnection, stored: Option<Stored>) -> Result<Self, Problem> {
        let stored = stored.ok_or_else(missing::<C>)?;
        Ok(Self {
            languages: store::languages_of(connection, &[stored.id]).await?,
            content: content_of(&stored.content)?,
            stored,
        })
    }

    /// Its id.
    pub fn id(&self) -> Uuid {
        self.stored.id
    }

    /// Its version.
    pub fn version(&self) -> i64 {
        self.stored.version
    }

    /// Its entity tag, which changes with each step.
    pub fn etag(&self) -> String {
        etag(self.stored.id, self.stored.version)
    }

    /// Whether the public sees any of it.
    pub fn is_public(&self) -> bool {
        self.languages.iter().any(|row| row.published_version.is_some())
    }

    /// Replaces the content of the draft; the same content again makes no version.
    pub async fn update(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        content: C,
    ) -> Result<(), Problem> {
        self.refuse_archived()?;
        self.replace(connection, actor, Action::Updated, content).await
    }

    /// Takes up the content of an older version again.
    pub async fn restore_revision(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        version: i64,
    ) -> Result<(), Problem> {
        self.refuse_archived()?;
        let content = self.content_at(connection, version).await?;
        self.replace(connection, actor, Action::Restored, content).await
    }

    async fn replace(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        action: Action,
        content: C,
    ) -> Result<(), Problem> {
        let content = check::complete(connection, self.stored.id, content).await?;
        let value = value_of(&content)?;
        if value == self.stored.content {
            return Ok(());
        }
        self.content = content;
        self.stored.content = value;
        self.stored.content_version = self.stored.version + 1;
        self.save_texts(connection, actor).await?;
        self.step(connection, actor, action, &[]).await
    }

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

    /// Takes these languages out of the public, all of them where none is named.
    pub async fn unpublish(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        locales: &[String],
    ) -> Result<(), Problem> {
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
        self.step(connection, actor, action, &locales).await
    }

    async fn withdraw(&mut self, connection: &mut AsyncPgConnection, locales: &[String]) -> Result<(), Problem> {
        C::withdraw(connection, self.stored.id, locales).await?;
        store::set_unpublished(connection, self.stored.id, locales).await?;
        Ok(())
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

    /// A step that changes neither content nor what is public.
    pub async fn note(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        action: Action,
    ) -> Result<(), Problem> {
        self.step(connection, actor, action, &[]).await
    }

    /// Stores the languages of the content, and its facts while the public sees none of it.
    async fn save_texts(&mut self, connection: &mut AsyncPgConnection, actor: &Actor<'_>) -> Result<(), Problem> {
        let (id, texts) = (self.stored.id, self.content.texts());
        store::save_languages(connection, C::NAMES.entity_type, id, &texts)
            .await
            .map_err(|error| refusal::<C>(error, ""))?;
        if !self.is_public() {
            project(connection, id, &self.content, &[], actor.now).await?;
            self.stored.facts_version = self.stored.content_version;
        }
        Ok(())
    }

    /// Makes the next version, with its revision and its change.
    pub(super) async fn step(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        action: Action,
        locales: &[String],
    ) -> Result<(), Problem> {
        self.stored.version += 1;
        self.stored.updated_at = actor.now;
        store::update_document(connection, &self.stored).await?;
        self.record(connection, actor, action, locales).await
    }

    async fn record(
        &mut self,
        connection: &mut AsyncPgConnection,
        actor: &Actor<'_>,
        action: Action,
        locales: &[String],
    ) -> Result<(), Problem> {
        store::insert_revision(connection, actor, action, &self.stored).await?;
        let only = match locales {
            [locale] if locale != NO_LOCALE => Some(locale.as_str()),
            _ => None,
        };
        let change = Change {
            entity_type: C::NAMES.entity_type,
            entity_id: self.stored.id,
            locale: only,
            action,
            version: self.stored.version,
        };
        changes::record(connection, actor, change).await?;
        self.languages = store::languages_of(connection, &[self.stored.id]).await?;
        Ok(())
    }

    /// The content at a version.
    pub async fn content_at(&self, connection: &mut AsyncPgConnection, version: i64) -> Result<C, Problem> {
        let content = store::content_at(connection, self.stored.id, version).await?;
        content_of(&content.ok_or_else(|| Problem::new(Code::NotFound, "It has no such version."))?)
    }

    fn language(&self, locale: &str) -> Result<&LanguageRow, Problem> {
        let found = self.languages.iter().find(|row| row.locale == locale);
        found.ok_or_else(|| conflict("The scheduled version has a language that the newest one has no more."))
    }

    fn refuse_archived(&self) -> Result<(), Problem> {
        match self.stored.archived_at {
            Some(_) => Err(conflict("It is archived; restore it first.")),
            None => Ok(()),
        }
    }
}

/// Brings the public rows to this content.
pub(super) async fn project<C: Content>(
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
        false => Err(check::invalid(faults)),
    }
}

/// What a client learns of a constraint that the rows broke.
fn refusal<C: Content>(error: diesel::result::Error, text: &str) -> Problem {
    let diesel::result::Error::DatabaseError(_, information) = &error else {
        return error.into();
    };
    let (code, pointer, detail) = match information.constraint_name().unwrap_or_default() {
        "document_languages_slug_key" | "document_languages_published_slug_key" => {
            (Code::SlugTaken, format!("{text}/slug"), check::SLUG_TAKEN)
        }
        name => match C::on_constraint(name) {
            Some((pointer, detail)) => (Code::Conflict, pointer.to_owned(), detail),
            None => return error.into(),
        },
    };
    Problem::new(code, format!("This {detail}.")).with_error(FieldError {
        pointer: format!("/body{pointer}"),
        code: code.as_str().to_owned(),
        detail: detail.to_owned(),
    })
}

fn conflict(detail: &str) -> Problem {
    Problem::new(Code::Conflict, detail)
}

/// The problem of an id that names nothing.
pub(super) fn missing<C: Content>() -> Problem {
    Problem::new(
        Code::NotFound,
        format!("No {} has this id.", C::NAMES.singular.to_lowercase()),
    )
}

pub(super) fn value_of(content: &impl Content) -> Result<Value, Problem> {
    serde_json::to_value(content).map_err(Problem::internal)
}

/// Content that was checked when it was stored.
pub(super) fn content_of<C: Content>(value: &Value) -> Result<C, Problem> {
    C::deserialize(value).map_err(Problem::internal)
}
