//! Bringing an article to the public, and out of it.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::work;
use crate::{
    articles::{
        citation::Citation,
        wire::{ArticleIn, ArticleTextIn},
    },
    db::schema::{article_services, article_texts, article_topics, articles},
    editing::{Projection, PublishedLocale},
    values::{Html, SANITISER_VERSION, TextFormat},
};

/// Brings the rows of an article to this content: its facts, and the texts that are published.
pub(super) async fn project(
    connection: &mut AsyncPgConnection,
    article: &ArticleIn,
    projection: &Projection<'_>,
) -> QueryResult<()> {
    let id = projection.id;
    let is_public = !projection.published.is_empty();
    let earlier: Option<Option<Uuid>> = articles::table
        .find(id)
        .select(articles::citation_id)
        .first(connection)
        .await
        .optional()?;
    let earlier = earlier.flatten();
    let presented = match &article.citation {
        Some(citation) => Some(work::write_citation(connection, earlier, citation, is_public, projection.now).await?),
        None => None,
    };
    write_facts(connection, article, presented.as_ref().map(|(id, _)| *id), projection).await?;
    if let (Some(earlier), None) = (earlier, &presented) {
        work::delete_citation(connection, earlier).await?;
    }
    replace_relations(connection, id, article).await?;
    if is_public {
        for published in projection.published {
            if let Some(text) = article.texts.get(&published.locale) {
                write_text(connection, id, published, text).await?;
            }
        }
        touch_texts(connection, projection, presented.as_ref().map(|(_, work)| work)).await?;
    }
    Ok(())
}

/// Takes the texts in these languages out of the public.
pub(super) async fn withdraw(connection: &mut AsyncPgConnection, id: Uuid, locales: &[String]) -> QueryResult<()> {
    diesel::delete(article_texts::table)
        .filter(article_texts::article_id.eq(id))
        .filter(article_texts::locale.eq_any(locales))
        .execute(connection)
        .await?;
    Ok(())
}

/// The articles with a body that other rules than the present ones made safe to show.
pub(super) async fn outdated(connection: &mut AsyncPgConnection) -> QueryResult<Vec<Uuid>> {
    article_texts::table
        .filter(article_texts::sanitiser_version.ne(SANITISER_VERSION))
        .order(article_texts::article_id)
        .select(article_texts::article_id)
        .distinct()
        .load(connection)
        .await
}

async fn write_facts(
    connection: &mut AsyncPgConnection,
    article: &ArticleIn,
    citation_id: Option<Uuid>,
    projection: &Projection<'_>,
) -> QueryResult<()> {
    let now = jiff_diesel::Timestamp::from(projection.now);
    let facts = (
        articles::kind.eq(article.kind.as_str()),
        articles::citation_id.eq(citation_id),
        articles::updated_at.eq(now),
    );
    diesel::insert_into(articles::table)
        .values((articles::id.eq(projection.id), articles::created_at.eq(now), facts))
        .on_conflict(articles::id)
        .do_update()
        .set(facts)
        .execute(connection)
        .await?;
    Ok(())
}

async fn replace_relations(connection: &mut AsyncPgConnection, id: Uuid, article: &ArticleIn) -> QueryResult<()> {
    use article_services as s;
    use article_topics as t;
    diesel::delete(t::table.filter(t::article_id.eq(id)))
        .execute(connection)
        .await?;
    let topic = |topic: &Uuid| (t::article_id.eq(id), t::topic_id.eq(*topic));
    diesel::insert_into(t::table)
        .values(article.topics.iter().map(topic).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    diesel::delete(s::table.filter(s::article_id.eq(id)))
        .execute(connection)
        .await?;
    let service = |service: &Uuid| (s::article_id.eq(id), s::service_id.eq(*service));
    diesel::insert_into(s::table)
        .values(article.services.iter().map(service).collect::<Vec<_>>())
        .execute(connection)
        .await?;
    Ok(())
}

async fn write_text(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    published: &PublishedLocale,
    text: &ArticleTextIn,
) -> QueryResult<()> {
    use article_texts as x;
    let published_at = jiff_diesel::Timestamp::from(published.published_at);
    let body = text.body.as_ref().map(|body| (body.format, body.render()));
    let review = text.review.as_ref();
    let words = (
        x::slug.eq(text.slug.as_deref().unwrap_or_default()),
        x::title.eq(&text.title),
        x::summary.eq(&text.summary),
        x::body_source.eq(body.as_ref().map(|(_, body)| &body.source)),
        x::body_format.eq(body.as_ref().map(|(format, _)| format_name(*format))),
        x::body_html.eq(body.as_ref().map(|(_, body)| &body.html)),
        x::body_text.eq(body.as_ref().map(|(_, body)| &body.text)),
        x::sanitiser_version.eq(body.as_ref().map(|_| SANITISER_VERSION)),
        x::reviewed_by.eq(review.map(|review| &review.reviewed_by)),
        x::last_reviewed_on.eq(review.map(|review| jiff_diesel::Date::from(review.last_reviewed_on.date()))),
        x::next_review_due_on.eq(text.next_review_due_on().map(jiff_diesel::Date::from)),
        x::status.eq("published"),
        x::published_at.eq(published_at),
        // Both are set by `touch_texts`.
        x::reading_minutes.eq(1),
        x::updated_at.eq(published_at),
    );
    diesel::insert_into(x::table)
        .values((x::article_id.eq(id), x::locale.eq(&published.locale), words))
        .on_conflict((x::article_id, x::locale))
        .do_update()
        .set(words)
        .execute(connection)
        .await?;
    Ok(())
}

/// The name of a format in the database.
pub(super) fn format_name(format: TextFormat) -> &'static str {
    match format {
        TextFormat::Markdown => "markdown",
        TextFormat::Html => "html",
    }
}

/// Brings what follows from the facts to all public texts of the article: its other languages show them too.
async fn touch_texts(
    connection: &mut AsyncPgConnection,
    projection: &Projection<'_>,
    work: Option<&Citation>,
) -> QueryResult<()> {
    use article_texts as x;
    let texts: Vec<(String, String, Option<String>)> = x::table
        .filter(x::article_id.eq(projection.id))
        .select((x::locale, x::summary, x::body_text))
        .load(connection)
        .await?;
    for (locale, summary, body) in texts {
        diesel::update(x::table.find((projection.id, locale)))
            .set((
                x::reading_minutes.eq(reading_minutes(&summary, body.as_deref(), work)),
                x::updated_at.eq(jiff_diesel::Timestamp::from(projection.now)),
            ))
            .execute(connection)
            .await?;
    }
    Ok(())
}

/// The time to read all the words that the article shows.
pub(super) fn reading_minutes(summary: &str, body: Option<&str>, work: Option<&Citation>) -> i32 {
    let shown = work.and_then(Citation::shown_abstract);
    let sections = shown.iter().flat_map(|shown| &shown.sections);
    let words = [Some(summary), body].into_iter().flatten();
    let words: Vec<&str> = words.chain(sections.map(|section| section.text.as_str())).collect();
    Html::reading_minutes(&words.join(" "))
}
