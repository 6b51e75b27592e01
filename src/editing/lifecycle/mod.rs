//! The steps that a document can take: the one mechanism behind every kind of content.
//!
//! Each function is called inside a transaction that holds the document's row, makes exactly one
//! version, and leaves a revision and a row in the change log.

mod publication;

use diesel_async::AsyncPgConnection;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

pub(super) use self::publication::project;
use super::{
    check,
    content::{Content, NO_LOCALE},
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

    /// Whether the public sees this language.
    pub fn is_public_in(&self, locale: &str) -> bool {
        let mut rows = self.languages.iter().filter(|row| row.locale == locale);
        rows.any(|row| row.published_version.is_some())
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
        let texts = self.content.texts();
        store::forget_languages(connection, C::NAMES.entity_type, self.stored.id, &texts, actor.now).await?;
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
    // What serde says repeats what is stored, which is not for the log.
    C::deserialize(value).map_err(|_| Problem::internal("stored content has not the form of its kind"))
}
