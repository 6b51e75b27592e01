//! Writing the demonstration content, all of it or nothing.

use std::collections::HashMap;

use diesel::{QueryDsl, QueryResult, dsl::exists, result::Error, select};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use jiff::Timestamp;
use uuid::Uuid;

use super::content::Content;
use crate::{
    changes::Actor,
    clock::Clock,
    db::{
        connect::{AddressError, Connector},
        migrations::DEADLINE,
        schema,
    },
    editing,
    problem::Problem,
    testimonials::{self, store::NewConsent, wire::Channel},
    values::Slug,
};

/// Names the loading among the advisory locks of a database; an arbitrary number of our own.
const LOCK: i64 = 4_190_337_258_860_146_202;

/// Why the demonstration clinic is not loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There is content already.
    #[error("the database has content already; the demonstration clinic goes into an empty database only")]
    NotEmpty,
    /// A content file is wrong.
    #[error("the demonstration content is wrong: {0}")]
    Content(String),
    /// The database's address cannot be used.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// No connection can be had.
    #[error("cannot connect to the database: {0}")]
    Connect(#[from] diesel::ConnectionError),
    /// The content breaks a rule; nothing was kept.
    #[error("the demonstration content is wrong: {0:?}")]
    Refused(#[from] Problem),
    /// A write failed; nothing was kept.
    #[error("cannot load the demonstration clinic: {0}")]
    Database(#[from] Error),
}

/// Loads the demonstration clinic, refusing a database that has content.
pub async fn load(url: &str, clock: &Clock) -> Result<(), DemoError> {
    match load_if_empty(url, clock).await? {
        true => Ok(()),
        false => Err(DemoError::NotEmpty),
    }
}

/// Loads the demonstration clinic where there is no content, and says whether it did.
pub async fn load_if_empty(url: &str, clock: &Clock) -> Result<bool, DemoError> {
    let mut connection = Connector::new(url, DEADLINE)?.open_unlimited().await?;
    if !is_empty(&mut connection).await? {
        return Ok(false);
    }
    let content = Content::read().map_err(DemoError::Content)?;
    let actor = Actor {
        name: "vertebra demo",
        request_id: None,
        now: clock.now(),
    };
    connection
        .transaction(async |c| {
            // Several starters may find it empty at once; the first one loads.
            c.batch_execute(&format!("select pg_advisory_xact_lock({LOCK})"))
                .await?;
            if !is_empty(c).await? {
                return Ok(false);
            }
            insert(c, &actor, content).await?;
            Ok(true)
        })
        .await
}

async fn is_empty(connection: &mut AsyncPgConnection) -> QueryResult<bool> {
    let has_documents = exists(schema::documents::table.select(schema::documents::id));
    let has_documents: bool = select(has_documents).get_result(connection).await?;
    Ok(!has_documents)
}

/// The ids of what was made, by slug, for what points to it.
#[derive(Default)]
pub(super) struct Ids(HashMap<String, Uuid>);

impl Ids {
    /// The id of what has this slug.
    pub(super) fn of(&self, slug: &Slug) -> Result<Uuid, String> {
        let id = self.0.get(slug.as_str()).copied();
        id.ok_or_else(|| format!("`{slug}` is pointed to but is not there"))
    }

    /// The ids of what has these slugs.
    pub(super) fn of_all(&self, slugs: &[Slug]) -> Result<Vec<Uuid>, String> {
        slugs.iter().map(|slug| self.of(slug)).collect()
    }
}

async fn insert(connection: &mut AsyncPgConnection, actor: &Actor<'_>, content: Content) -> Result<(), DemoError> {
    editing::seed(connection, actor, content.clinic, actor.now).await?;
    for location in content.locations {
        editing::seed(connection, actor, location, actor.now).await?;
    }
    let mut topics = Ids::default();
    for (slug, topic) in content.topics {
        let id = editing::seed(connection, actor, topic, actor.now).await?;
        topics.0.insert(slug.into(), id);
    }
    let mut services = Ids::default();
    // Conditions come first in the file, as treatments point to them.
    for service in content.services {
        let slugs = service.slugs();
        let new = service.resolve(&topics, &services).map_err(DemoError::Content)?;
        let id = editing::seed(connection, actor, new, actor.now).await?;
        services.0.extend(slugs.into_iter().map(|slug| (slug, id)));
    }
    for article in content.articles {
        let (article, published_at) = article.resolve(&topics, &services).map_err(DemoError::Content)?;
        editing::seed(connection, actor, article, published_at).await?;
    }
    for testimonial in content.testimonials {
        let published_at = testimonial.published_at;
        let new = testimonial.resolve(&services).map_err(DemoError::Content)?;
        testimonials::store::seed(connection, actor, new, &shown_already(published_at), published_at).await?;
    }
    Ok(())
}

/// The consent that stands in the demonstration for the one that the clinic has.
fn shown_already(given_at: Timestamp) -> NewConsent<'static> {
    NewConsent {
        channels: &[Channel::Website, Channel::App],
        wording_version: "demonstration",
        evidence: "Shown on the clinic's own web page.",
        given_at,
        expires_at: None,
    }
}
