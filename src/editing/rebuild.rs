//! Making public rows anew from the versions that are published, when the rules by which they are made
//! have changed.
//!
//! Most rows come out as they were, and then nothing has happened: no version, no change, no new moment
//! at which they last changed. Where the public sees a difference, it is a step like any other, so that
//! caches and apps hear of it.

use diesel_async::AsyncPgConnection;
use jiff::Timestamp;
use serde_json::Value;
use uuid::Uuid;

use super::{
    content::{Content, NO_LOCALE, PublishedLocale, Reading},
    kind::Kind,
    lifecycle::{self, Opened, project, value_of},
    store,
};
use crate::{
    changes::{Action, Actor},
    config::WebAddress,
    db::{Database, Ending},
    problem::{Code, Problem},
    values::Locale,
};

/// How the public reads while rows are made anew.
#[derive(Debug)]
pub struct Viewpoint<'a> {
    /// The language of content without languages.
    pub default_locale: &'a Locale,
    /// Address of the website.
    pub site: &'a WebAddress,
}

/// Which documents of a kind are made anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those with a text that other rules than the present ones made safe to show.
    Outdated,
    /// All of which the public sees something.
    All,
}

/// What became of the public rows of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The public sees something else now.
    Changed,
    /// The public sees what it saw.
    Unchanged,
    /// Nothing of it is public any more.
    Gone,
}

/// The documents of a kind that are to be made anew.
pub async fn candidates(database: &Database, kind: &Kind, which: Which) -> Result<Vec<Uuid>, Problem> {
    let found = database.read(async |c| match which {
        Which::Outdated => (kind.outdated)(c).await,
        Which::All => store::list_public_documents(c, kind.names.entity_type).await,
    });
    Ok(found.await?)
}

/// Makes the public rows of a document anew, in a transaction of its own.
pub async fn rebuild(
    database: &Database,
    kind: &Kind,
    actor: &Actor<'_>,
    id: Uuid,
    viewpoint: &Viewpoint<'_>,
) -> Result<Outcome, Problem> {
    let rebuilt = database.write(async |connection| {
        let outcome = (kind.rebuild)(connection, actor, id, viewpoint).await?;
        Ok::<_, Problem>(Ending::Commit(outcome))
    });
    match rebuilt.await {
        Err(problem) if problem.code() == Code::NotFound => Ok(Outcome::Gone),
        rebuilt => rebuilt,
    }
}

/// Makes the public rows of a document of a kind anew.
pub(super) async fn rebuild_one<C: Content>(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Uuid,
    viewpoint: &Viewpoint<'_>,
) -> Result<Outcome, Problem> {
    let mut opened = lifecycle::open::<C>(connection, Some(id)).await?;
    if !opened.is_public() {
        return Ok(Outcome::Gone);
    }
    let before = opened.shown(connection, viewpoint, actor.now).await?;
    // As of the moment at which it last changed: where all comes out as it was, that is not to move.
    let last_changed = before.iter().filter_map(|(_, shown)| updated_at(shown)).max();
    let last_changed = last_changed.unwrap_or(actor.now);
    opened.project_published(connection, last_changed).await?;
    let after = opened.shown(connection, viewpoint, actor.now).await?;
    let changed = before.into_iter().zip(after).filter(|(before, after)| before != after);
    let changed: Vec<String> = changed.map(|(_, (locale, _))| locale).collect();
    if changed.is_empty() {
        return Ok(Outcome::Unchanged);
    }
    opened.project_published(connection, actor.now).await?;
    opened.step(connection, actor, Action::Updated, &changed).await?;
    Ok(Outcome::Changed)
}

fn updated_at(shown: &Value) -> Option<Timestamp> {
    shown.get("updated_at")?.as_str()?.parse().ok()
}

impl<C: Content> Opened<C> {
    /// What the public sees, by language.
    async fn shown(
        &self,
        connection: &mut AsyncPgConnection,
        viewpoint: &Viewpoint<'_>,
        now: Timestamp,
    ) -> Result<Vec<(String, Value)>, Problem> {
        let mut shown = Vec::new();
        for row in self.languages.iter().filter(|row| row.published_version.is_some()) {
            let locale = match row.locale.as_str() {
                NO_LOCALE => viewpoint.default_locale.clone(),
                locale => Locale::stored(locale.to_owned()),
            };
            let reading = Reading {
                id: self.id(),
                locale: &locale,
                site: viewpoint.site,
                now,
            };
            let public = C::get_public(connection, &reading).await?;
            let public = serde_json::to_value(public).map_err(Problem::internal)?;
            shown.push((row.locale.clone(), public));
        }
        Ok(shown)
    }

    /// Brings the public rows to the versions that are published.
    async fn project_published(&self, connection: &mut AsyncPgConnection, now: Timestamp) -> Result<(), Problem> {
        let content = self.published_content(connection).await?;
        let published = self.languages.iter().filter(|row| row.published_version.is_some());
        let published = published.filter_map(|row| {
            Some(PublishedLocale {
                locale: row.locale.clone(),
                published_at: row.published_at?,
            })
        });
        let published: Vec<_> = published.collect();
        project(connection, self.id(), &content, &published, now).await
    }

    /// The content that the public sees: the facts of one version, and the words of each language of its own.
    async fn published_content(&self, connection: &mut AsyncPgConnection) -> Result<C, Problem> {
        let facts_version = self.stored.facts_version;
        let mut whole = value_of(&self.content_at(connection, facts_version).await?)?;
        for row in &self.languages {
            let Some(version) = row.published_version.filter(|version| *version != facts_version) else {
                continue;
            };
            let content = self.content_at(connection, version).await?;
            let text = content.texts().into_iter().find(|text| text.locale == row.locale);
            let pointer = text.map(|text| text.pointer).unwrap_or_default();
            let words = value_of(&content)?.pointer(&pointer).cloned();
            let placed = words.and_then(|words| place(&mut whole, &pointer, words));
            placed.ok_or_else(|| Problem::internal("a published version lacks the text that is public"))?;
        }
        lifecycle::content_of(&whole)
    }
}

/// Puts words where a pointer says, in the place of others or for the first time.
fn place(whole: &mut Value, pointer: &str, words: Value) -> Option<()> {
    match pointer.rsplit_once('/') {
        None => *whole = words,
        Some((parent, name)) => {
            let parent = whole.pointer_mut(parent)?.as_object_mut()?;
            parent.insert(name.to_owned(), words);
        }
    }
    Some(())
}
