//! Topics as documents: their checks, and their public rows.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use crate::{
    access::Scope,
    changes::EntityType,
    db::{
        schema::{topic_texts, topics},
        views::published_topics,
    },
    editing::{Content, Names, Projection, Reading, ReferenceTo, TextFacts, TextSlug},
    problem::FieldError,
    topics::{
        store::{TopicRow, article_counts},
        wire::{Topic, TopicIn, TopicTextIn},
    },
    values::Slug,
};

impl Content for TopicIn {
    const NAMES: Names = Names {
        entity_type: EntityType::Topic,
        singular: "Topic",
        plural: "Topics",
        path: "topics",
        tag: "topics",
        is_single: false,
        omits: &[],
        when_made: "A slug that is left out is made from the name; one that is taken is refused (409).",
        read: Scope::ContentRead,
        write: Scope::ContentWrite,
        publish: Scope::ContentPublish,
    };

    type Public = Topic;

    fn faults(&self) -> Vec<FieldError> {
        Vec::new()
    }

    fn texts(&self) -> Vec<TextFacts> {
        let facts = |(locale, text): (&str, &TopicTextIn)| TextFacts {
            locale: locale.to_owned(),
            pointer: format!("/texts/{locale}"),
            title: text.name.clone(),
            slug: TextSlug::of(text.slug.as_deref()),
            next_review_due_on: None,
        };
        self.texts.iter().map(facts).collect()
    }

    fn set_slug(&mut self, locale: &str, slug: Slug) {
        if let Some(text) = self.texts.get_mut(locale) {
            text.slug = Some(slug.into());
        }
    }

    fn references(&self) -> Vec<ReferenceTo> {
        Vec::new()
    }

    async fn project(&self, connection: &mut AsyncPgConnection, projection: &Projection<'_>) -> QueryResult<()> {
        let now = jiff_diesel::Timestamp::from(projection.now);
        diesel::insert_into(topics::table)
            .values((
                topics::id.eq(projection.id),
                topics::created_at.eq(now),
                topics::updated_at.eq(now),
            ))
            .on_conflict(topics::id)
            .do_update()
            .set(topics::updated_at.eq(now))
            .execute(connection)
            .await?;
        for published in projection.published {
            let Some(text) = self.texts.get(&published.locale) else {
                continue;
            };
            let words = (
                topic_texts::slug.eq(text.slug.as_deref().unwrap_or_default()),
                topic_texts::name.eq(&text.name),
                topic_texts::description.eq(&text.description),
                topic_texts::status.eq("published"),
                topic_texts::updated_at.eq(now),
            );
            diesel::insert_into(topic_texts::table)
                .values((
                    topic_texts::topic_id.eq(projection.id),
                    topic_texts::locale.eq(&published.locale),
                    words,
                ))
                .on_conflict((topic_texts::topic_id, topic_texts::locale))
                .do_update()
                .set(words)
                .execute(connection)
                .await?;
        }
        Ok(())
    }

    async fn withdraw(connection: &mut AsyncPgConnection, id: Uuid, locales: &[String]) -> QueryResult<()> {
        diesel::delete(topic_texts::table)
            .filter(topic_texts::topic_id.eq(id))
            .filter(topic_texts::locale.eq_any(locales))
            .execute(connection)
            .await?;
        Ok(())
    }

    fn on_constraint(_: &str) -> Option<(&'static str, &'static str)> {
        None
    }

    async fn get_public(connection: &mut AsyncPgConnection, reading: &Reading<'_>) -> QueryResult<Option<Topic>> {
        let row: Option<TopicRow> = published_topics::table
            .filter(published_topics::id.eq(reading.id))
            .filter(published_topics::locale.eq(reading.locale.as_str()))
            .select(TopicRow::as_select())
            .first(connection)
            .await
            .optional()?;
        let counts = article_counts(connection, reading.locale, &[reading.id]).await?;
        Ok(row.map(|row| row.into_topic(counts.get(&reading.id).copied().unwrap_or(0))))
    }
}
