//! Articles as documents: their names, checks and references, and where their public rows are written.

use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

use super::{read::get_published, write};
use crate::{
    access::Scope,
    articles::wire::{Article, ArticleIn, ArticleTextIn},
    changes::EntityType,
    editing::{Content, Names, Projection, Reading, ReferenceTo, TextFacts, TextSlug},
    problem::FieldError,
    values::Slug,
};

impl Content for ArticleIn {
    const NAMES: Names = Names {
        entity_type: EntityType::Article,
        singular: "Article",
        plural: "Articles",
        path: "articles",
        tag: "articles",
        is_single: false,
        omits: &[],
        when_made: "A slug that is left out is made from the title; one that is taken is refused (409).",
        read: Scope::ContentRead,
        write: Scope::ContentWrite,
        publish: Scope::ContentPublish,
    };

    type Public = Article;

    fn faults(&self) -> Vec<FieldError> {
        self.broken_rules()
    }

    fn texts(&self) -> Vec<TextFacts> {
        let facts = |(locale, text): (&str, &ArticleTextIn)| TextFacts {
            locale: locale.to_owned(),
            pointer: format!("/texts/{locale}"),
            title: text.title.clone(),
            slug: TextSlug::of(text.slug.as_deref()),
            next_review_due_on: text.next_review_due_on(),
        };
        self.texts.iter().map(facts).collect()
    }

    fn set_slug(&mut self, locale: &str, slug: Slug) {
        if let Some(text) = self.texts.get_mut(locale) {
            text.slug = Some(slug.into());
        }
    }

    fn references(&self) -> Vec<ReferenceTo> {
        let topics = references_to("/topics", EntityType::Topic, &self.topics);
        let services = references_to("/services", EntityType::Service, &self.services);
        topics.chain(services).collect()
    }

    async fn project(&self, connection: &mut AsyncPgConnection, projection: &Projection<'_>) -> QueryResult<()> {
        write::project(connection, self, projection).await
    }

    async fn withdraw(connection: &mut AsyncPgConnection, id: Uuid, locales: &[String]) -> QueryResult<()> {
        write::withdraw(connection, id, locales).await
    }

    async fn outdated(connection: &mut AsyncPgConnection) -> QueryResult<Vec<Uuid>> {
        write::outdated(connection).await
    }

    fn on_constraint(name: &str) -> Option<(&'static str, &'static str)> {
        match name {
            "citations_pmid_key" => Some(("/citation/pmid", "PMID is that of the work in another article")),
            _ => None,
        }
    }

    async fn get_public(connection: &mut AsyncPgConnection, reading: &Reading<'_>) -> QueryResult<Option<Article>> {
        get_published(connection, reading).await
    }
}

fn references_to(list: &str, entity_type: EntityType, ids: &[Uuid]) -> impl Iterator<Item = ReferenceTo> {
    ids.iter().enumerate().map(move |(index, id)| ReferenceTo {
        pointer: format!("{list}/{index}"),
        entity_type,
        id: *id,
    })
}
