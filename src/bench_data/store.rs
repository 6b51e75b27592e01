//! Writing the articles, all of them or none.

use uuid::Uuid;

use super::{Amount, Corpus, content::Subject};
use crate::{
    articles::store::{PublicArticle, copy_articles, copy_journals},
    db::{
        connect::{AddressError, Connector, OpenError},
        copy::Load,
        migrations::DEADLINE,
    },
    values::Locale,
};

/// The language of a database without a clinic, and of the demonstration.
const LOCALE: &str = "en-GB";

/// So many articles are in memory at a time.
const BATCH: usize = 5000;

/// Why a database is not filled; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum BenchDataError {
    /// The database's address cannot be used.
    #[error(transparent)]
    Address(#[from] AddressError),
    /// Somebody has written there.
    #[error(
        "the database holds content of its own, and benchmark articles must not stand among it; use an empty database"
    )]
    NotOurs,
    /// There are some already.
    #[error("the database holds benchmark articles already; use an empty database")]
    Filled,
    /// The database cannot be reached, or a statement failed.
    #[error("cannot fill the database: {0}")]
    Database(#[from] OpenError),
}

/// Fills a database that is up to date and empty or holds the demonstration clinic alone.
pub async fn fill(url: &str, amount: Amount) -> Result<(), BenchDataError> {
    let load = Load::begin(&Connector::new(url, DEADLINE)?).await?;
    if load
        .asks("select exists (select from revisions where actor <> 'vertebra demo')")
        .await?
    {
        return Err(BenchDataError::NotOurs);
    }
    let without_document = "select exists (select from articles a
        where not exists (select from documents d where d.id = a.id))";
    if load.asks(without_document).await? {
        return Err(BenchDataError::Filled);
    }
    let corpus = Corpus::new(amount, Locale::stored(LOCALE.to_owned()));
    copy_topics(&load, &corpus).await?;
    copy_services(&load, &corpus).await?;
    copy_journals(&load, &corpus.journals).await?;
    let numbers: Vec<u32> = (1..=amount.articles).collect();
    for batch in numbers.chunks(BATCH) {
        let articles: Vec<PublicArticle> = batch.iter().map(|number| corpus.article(*number)).collect();
        copy_articles(&load, &articles).await?;
        let done = batch.last().copied().unwrap_or_default();
        if done.is_multiple_of(100_000) {
            log::info!("{done} of {} articles are written", amount.articles);
        }
    }
    // What was kept before is not true any more, and no row of the log says so: as after a restore.
    load.execute("update change_head set epoch = gen_random_uuid(); notify changes")
        .await?;
    load.commit().await?;
    // Not in the transaction: it marks the rows as visible to all, and counts them for the planner.
    Ok(load.execute("vacuum (analyze)").await?)
}

async fn copy_topics(load: &Load, corpus: &Corpus) -> Result<(), OpenError> {
    let now = corpus.begins();
    let mut rows = load.copy_into("topics (id, created_at, updated_at)").await?;
    for topic in &corpus.topics {
        rows.write(&[&topic.id, &now, &now]).await?;
    }
    rows.finish().await?;
    let target = "topic_texts (topic_id, locale, slug, name, description, status, updated_at)";
    copy_texts(load, target, corpus, &corpus.topics).await
}

async fn copy_services(load: &Load, corpus: &Corpus) -> Result<(), OpenError> {
    let now = corpus.begins();
    let mut rows = load.copy_into("services (id, kind, created_at, updated_at)").await?;
    for (place, service) in corpus.services.iter().enumerate() {
        let kind = if place % 2 == 0 { "condition" } else { "treatment" };
        rows.write(&[&service.id, &kind, &now, &now]).await?;
    }
    rows.finish().await?;
    let target = "service_texts (service_id, locale, slug, name, summary, status, updated_at)";
    copy_texts(load, target, corpus, &corpus.services).await?;
    let mut rows = load.copy_into("service_treats (treatment_id, condition_id)").await?;
    for pair in corpus.services.chunks_exact(2) {
        let [condition, treatment]: [Uuid; 2] = [pair[0].id, pair[1].id];
        rows.write(&[&treatment, &condition]).await?;
    }
    rows.finish().await
}

async fn copy_texts(load: &Load, target: &str, corpus: &Corpus, subjects: &[Subject]) -> Result<(), OpenError> {
    let mut rows = load.copy_into(target).await?;
    for subject in subjects {
        rows.write(&[
            &subject.id,
            &corpus.locale.as_str(),
            &subject.slug,
            &subject.name,
            &subject.words,
            &"published",
            &corpus.begins(),
        ])
        .await?;
    }
    rows.finish().await
}
