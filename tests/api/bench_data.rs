//! Articles for measuring are rows like any other: what COPY writes is what publishing writes.

use serde_json::Value;
use vertebra::{
    bench_data::{self, Amount, Corpus},
    changes::Actor,
    db::{connect::Connector, migrations::DEADLINE},
    editing,
};

use crate::support::{app::TestApp, content::english};

const AMOUNT: Amount = Amount { articles: 60, seed: 3 };

/// The article as the public reads it, without the ids that are drawn and what follows from the moment of writing.
fn shown(app: &TestApp, slug: &str) -> Value {
    let mut article = app.get(&format!("/v1/articles/{slug}")).json();
    article["id"].take();
    article["updated_at"].take();
    article
}

#[test]
fn what_is_copied_is_what_would_be_published() {
    let copied = TestApp::start();
    let loaded = copied.block_on(bench_data::fill(copied.database_url(), AMOUNT));
    assert!(loaded.is_ok(), "{loaded:?}");
    let published = TestApp::start();
    let corpus = Corpus::new(AMOUNT, english());
    // What the articles point to is the same there, but for the articles.
    published.block_on(async {
        let connector = Connector::new(published.database_url(), DEADLINE).expect("the address is good");
        let mut connection = connector.open_unlimited().await.expect("it answers");
        for number in 1..=AMOUNT.articles {
            let article = corpus.article(number);
            let mut content = article.content;
            (content.topics, content.services) = (Vec::new(), Vec::new());
            let actor = Actor {
                name: "test",
                request_id: None,
                now: article.updated_at,
            };
            let seeded = editing::seed(&mut connection, &actor, content, article.published_at).await;
            assert!(seeded.is_ok(), "{seeded:?}");
        }
    });
    for number in 1..=AMOUNT.articles {
        let text = corpus
            .article(number)
            .content
            .texts
            .get("en-GB")
            .expect("it is there")
            .clone();
        let slug = text.slug.expect("it has one");
        let (mut one, mut other) = (shown(&copied, &slug), shown(&published, &slug));
        assert!(one["topics"].as_array().is_some_and(|topics| !topics.is_empty()));
        for article in [&mut one, &mut other] {
            article["topics"].take();
            article["services"].take();
            // A journal gets its id here and there.
            if let Some(journal) = article["citation"].get_mut("journal") {
                journal["id"].take();
            }
        }
        assert_eq!(one, other, "{number}");
    }
    let rows = "select a.search_names, a.position from citation_authors a join citations c on c.id = a.citation_id
        order by c.pmid, a.position";
    let names = |app: &TestApp| -> Vec<Vec<String>> { app.rows(rows).iter().map(|row| row.get(0)).collect() };
    assert_eq!(names(&copied), names(&published));
}
