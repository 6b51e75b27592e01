//! The change log: every write is in it, numbered in the order of the commits and without gaps.

use std::collections::BTreeSet;

use diesel_async::{AsyncConnection, AsyncPgConnection};
use jiff::Timestamp;
use tokio_postgres::Row;
use uuid::Uuid;
use vertebra::{
    changes::Actor,
    db::{connect::Connector, migrations::DEADLINE},
    editing,
    topics::wire::{TopicIn, TopicTextIn},
};

use crate::support::{
    app::{NOW, TestApp},
    content::{Content, article, article_text, english},
};

/// How many write at once, and how often each does.
const WRITERS: usize = 16;
const WRITES: usize = 12;

fn seqs(rows: &[Row]) -> Vec<i64> {
    rows.iter().map(|row| row.get("seq")).collect()
}

/// Checks that the numbers go from 1 to the head, and gives how many there are.
#[track_caller]
fn is_whole(app: &TestApp) -> i64 {
    let head: i64 = app.rows("select seq from change_head")[0].get(0);
    let all = app.rows("select seq from changes order by seq");
    assert_eq!(seqs(&all), Vec::from_iter(1..=head));
    head
}

#[test]
fn the_demonstration_writes_its_documents_as_an_editor_would() {
    let app = TestApp::with_demo();
    let head = is_whole(&app);
    let unmatched: i64 = app.rows(
        "select count(*) from (select entity_type, id as entity_id, action, version from documents,
             (values ('created', 1::bigint), ('published', 2)) steps (action, step) where step = version or step = 1) d
         full join changes c using (entity_type, entity_id, action)
         where d.entity_id is null or c.id is null",
    )[0]
    .get(0);
    assert_eq!(unmatched, 0);
    let documents: i64 = app.rows("select count(*) from documents where version = 2")[0].get(0);
    assert_eq!(documents * 2, head);
    let actors = app.rows("select distinct actor from changes");
    assert_eq!(
        actors.iter().map(|row| row.get(0)).collect::<Vec<String>>(),
        ["vertebra demo"]
    );
}

#[test]
fn each_step_of_a_document_is_one_change_whatever_its_languages() {
    let app = TestApp::start();
    let mut new = article("both", "2026-01-01T00:00:00Z");
    new.texts.push(article_text("fr", "les-deux"));
    let id = Content::of(&app).article(&new);
    let rows =
        app.rows("select entity_type, entity_id, locale, action, version, actor, request_id from changes order by seq");
    for (row, (version, action)) in rows.iter().zip([(1, "created"), (2, "published")]) {
        assert_eq!(row.get::<_, Uuid>("entity_id"), id);
        let words = ["entity_type", "action", "actor"].map(|name| row.get::<_, String>(name));
        assert_eq!(words, ["article", action, "test"]);
        let absent = ["locale", "request_id"].map(|name| row.get::<_, Option<String>>(name));
        assert_eq!((row.get::<_, i64>("version"), absent), (version, [None, None]));
    }
    assert_eq!(is_whole(&app), 2);
}

#[test]
fn a_write_that_fails_leaves_no_change_and_no_gap() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.topic("one");
    app.block_on(async {
        let mut connection = connect(&app).await;
        let failed = write(&mut connection, "two", true).await;
        assert!(failed.is_err());
    });
    content.topic("three");
    assert_eq!(is_whole(&app), 4);
}

async fn connect(app: &TestApp) -> AsyncPgConnection {
    let connector = Connector::new(app.database_url(), DEADLINE).expect("the address is valid");
    connector.open_unlimited().await.expect("the database answers")
}

/// Writes a topic in a transaction, which may be rolled back after all.
async fn write(connection: &mut AsyncPgConnection, name: &str, rolls_back: bool) -> diesel::QueryResult<Uuid> {
    let actor = Actor {
        name: "writer",
        request_id: None,
        now: NOW.parse::<Timestamp>().expect("the moment is valid"),
    };
    let text = TopicTextIn {
        slug: Some(name.to_owned()),
        name: name.to_owned(),
        description: None,
    };
    let texts = [(english(), text)].into_iter().collect();
    connection
        .transaction(async |c| {
            let created = editing::create(c, &actor, TopicIn { texts }).await;
            let id = created.expect("the topic is valid");
            match rolls_back {
                true => Err(diesel::result::Error::RollbackTransaction),
                false => Ok(id),
            }
        })
        .await
}

/// One of the writers, who takes back every third write.
async fn writer(mut connection: AsyncPgConnection, number: usize) -> Vec<Uuid> {
    let mut written = Vec::new();
    for turn in 0..WRITES {
        let rolls_back = (number + turn).is_multiple_of(3);
        let name = format!("topic-{number}-{turn}");
        written.extend(write(&mut connection, &name, rolls_back).await.ok());
    }
    written
}

#[test]
fn many_writers_at_once_leave_a_log_without_gaps() {
    let app = TestApp::start();
    let (written, read) = app.block_on(async {
        let mut writers = tokio::task::JoinSet::new();
        for number in 0..WRITERS {
            writers.spawn(writer(connect(&app).await, number));
        }
        // Meanwhile one follows the log as an app does that synchronises.
        let (stop, stopped) = tokio::sync::oneshot::channel();
        let reader = tokio::spawn(follow(app.database_url().to_owned(), stopped));
        let written: BTreeSet<Uuid> = writers.join_all().await.into_iter().flatten().collect();
        stop.send(()).expect("the reader still reads");
        (written, reader.await.expect("the reader sees no gap"))
    });
    assert_eq!(written.len(), WRITERS * WRITES * 2 / 3);
    assert_eq!(is_whole(&app), i64::try_from(written.len()).expect("it is small"));
    assert_eq!(read.len(), written.len());
    assert_eq!(read.into_iter().collect::<BTreeSet<_>>(), written);
}

/// Reads on from the last number that was seen, until there is no more to come.
async fn follow(url: String, mut stopped: tokio::sync::oneshot::Receiver<()>) -> Vec<Uuid> {
    let (client, connection) = tokio_postgres::connect(&url, tokio_postgres::NoTls)
        .await
        .expect("it answers");
    tokio::spawn(connection);
    let mut seen = Vec::new();
    loop {
        // Asked before the reading, so that the last reading sees everything.
        let is_last = stopped.try_recv().is_ok();
        let since = i64::try_from(seen.len()).expect("it is small");
        let sql = "select seq, entity_id from changes where seq > $1 order by seq";
        let rows = client.query(sql, &[&since]).await.expect("the log can be read");
        assert_eq!(seqs(&rows), (since + 1..).take(rows.len()).collect::<Vec<_>>());
        seen.extend(rows.iter().map(|row| row.get::<_, Uuid>("entity_id")));
        if is_last {
            return seen;
        }
    }
}
