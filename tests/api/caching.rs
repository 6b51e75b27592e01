//! Kept answers: their tags, their encodings, and how long they are true.

use std::{collections::BTreeSet, io::Read};

use crate::support::{
    app::TestApp,
    client::Answer,
    content::{Content, article},
    list::{slugs, walk},
    poll,
};

/// A list that is long enough to be worth compressing.
const LIST: &str = "/v1/articles";

/// A clinic with so many articles.
fn articles(count: u8) -> TestApp {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&["fr"]);
    for number in 0..count {
        content.article(&article(&format!("article-{number}"), "2026-01-01T00:00:00Z"));
    }
    // What was written before counts as known, so that nothing but the test makes an answer anew.
    app.wait_for_head();
    app
}

fn encoded(app: &TestApp, path: &str, accepted: &str) -> Answer {
    let answer = app.request("GET", path).header("Accept-Encoding", accepted).send();
    assert_eq!(answer.status, 200);
    answer
}

/// Checks what every public answer says about being kept.
#[track_caller]
fn may_be_kept(answer: &Answer) {
    assert_eq!(
        answer.header("cache-control"),
        "public, max-age=60, stale-while-revalidate=600, stale-if-error=86400"
    );
    assert_eq!(answer.header("vary"), "Accept-Language, Accept-Encoding");
    assert_eq!(answer.header("content-language"), "en-GB");
    let etag = answer.header("etag");
    assert!(
        etag.starts_with('"') && etag.ends_with('"') && etag.len() > 10,
        "{etag}"
    );
}

#[test]
fn what_is_not_there_and_what_has_moved_is_kept_too() {
    let app = articles(1);
    app.sql(
        "insert into retired_slugs select 'article', 'en-GB', 'old', id, now() from articles;
         update change_head set epoch = gen_random_uuid()",
    );
    for (path, status) in [("/v1/articles/old", 308), ("/v1/articles/never", 404)] {
        let misses = || app.metric("vertebra_cache_misses_total");
        assert_eq!(app.get(path).status, status, "{path}");
        let before = misses();
        assert_eq!(app.get(path).status, status, "{path}");
        assert_eq!(misses(), before, "{path}");
    }
}

#[test]
fn the_second_answer_is_the_kept_one() {
    let app = articles(3);
    let first = app.get(LIST);
    may_be_kept(&first);
    let counts = || ["hits", "misses"].map(|kind| app.metric(&format!("vertebra_cache_{kind}_total")));
    let [hits, misses] = counts();
    let second = app.get(LIST);
    assert_eq!(counts(), [hits + 1, misses]);
    assert_eq!(second.body, first.body);
    assert_eq!(second.header("etag"), first.header("etag"));
    may_be_kept(&second);
}

#[test]
fn the_order_of_parameters_makes_no_other_answer() {
    let app = articles(3);
    let first = app.get("/v1/articles?sort=title&limit=2&kind=guide");
    let misses = app.metric("vertebra_cache_misses_total");
    for same in [
        "/v1/articles?limit=2&kind=guide&sort=title",
        "/v1/articles?kind=guide&include_total=false&sort=title&limit=2",
        "/v1/articles?kind=%67uide&limit=2&sort=title",
    ] {
        let answer = app.get(same);
        assert_eq!(answer.body, first.body, "{same}");
        assert_eq!(answer.header("link"), first.header("link"), "{same}");
    }
    assert_eq!(app.metric("vertebra_cache_misses_total"), misses);
    assert_eq!(
        app.get("/v1/articles").body,
        app.get("/v1/articles?sort=-published_at&limit=20").body
    );
}

#[test]
fn a_tag_names_the_content_and_not_the_moment() {
    let [one, other] = [(); 2].map(|()| {
        let app = TestApp::start();
        Content::of(&app).clinic(&[]);
        app
    });
    assert_eq!(one.get(LIST).header("etag"), other.get(LIST).header("etag"));
    assert_ne!(one.get("/v1/clinic").header("etag"), one.get(LIST).header("etag"));
}

#[test]
fn a_reader_who_has_the_answer_gets_only_its_headers() {
    let app = articles(3);
    let first = app.get("/v1/articles?limit=1");
    let tag = first.header("etag");
    for given in [
        tag,
        &format!("W/{tag}"),
        &format!("\"other\", {tag}"),
        &format!("\"other\",W/{tag} , \"another\""),
        "*",
        " * ",
    ] {
        let request = app
            .request("GET", "/v1/articles?limit=1")
            .header("If-None-Match", given);
        let answer = request.send();
        assert_eq!(answer.status, 304, "{given}");
        assert!(answer.body.is_empty());
        assert_eq!(answer.header("etag"), tag);
        assert_eq!(answer.header("link"), first.header("link"));
        assert_eq!(answer.header("content-type"), "");
        may_be_kept(&answer);
    }
}

#[test]
fn a_reader_who_has_another_answer_gets_the_whole() {
    let app = articles(3);
    let first = app.get("/v1/articles?limit=1");
    let tag = first.header("etag");
    let bare = tag.trim_matches('"');
    for given in ["\"other\"", bare, &format!("\"{bare}-gz\""), &format!("\"{bare}"), ""] {
        let request = app
            .request("GET", "/v1/articles?limit=1")
            .header("If-None-Match", given);
        let answer = request.send();
        assert_eq!((answer.status, &answer.body), (200, &first.body), "{given}");
    }
}

#[test]
fn two_headers_of_tags_count_as_one_list() {
    let app = articles(1);
    let tag = app.get(LIST).header("etag").to_owned();
    let request = app.request("GET", LIST).header("If-None-Match", "\"other\"");
    assert_eq!(request.header("If-None-Match", &tag).send().status, 304);
}

#[test]
fn every_encoding_holds_the_same_body_and_has_its_own_tag() {
    let app = articles(9);
    let plain = app.get(LIST);
    assert_eq!(plain.header("content-encoding"), "");
    let gzip = encoded(&app, LIST, "gzip");
    let zstandard = encoded(&app, LIST, "gzip, zstd");
    let brotli = encoded(&app, LIST, "gzip, zstd, br");
    assert_eq!(
        [&gzip, &zstandard, &brotli].map(|answer| answer.header("content-encoding")),
        ["gzip", "zstd", "br"]
    );

    let mut decoded = Vec::new();
    let mut reader = flate2::read::GzDecoder::new(gzip.body.as_slice());
    reader.read_to_end(&mut decoded).expect("it is gzip");
    assert_eq!(decoded, plain.body);
    decoded = zstd::decode_all(zstandard.body.as_slice()).expect("it is Zstandard");
    assert_eq!(decoded, plain.body);
    decoded.clear();
    let mut reader = brotli::Decompressor::new(brotli.body.as_slice(), 4096);
    reader.read_to_end(&mut decoded).expect("it is Brotli");
    assert_eq!(decoded, plain.body);

    let answers = [
        (&plain, "identity"),
        (&gzip, "gzip"),
        (&zstandard, "zstd"),
        (&brotli, "br"),
    ];
    let tags: BTreeSet<&str> = answers.iter().map(|(answer, _)| answer.header("etag")).collect();
    assert_eq!(tags.len(), answers.len(), "{tags:?}");
    for (answer, accepted) in answers {
        may_be_kept(answer);
        assert!(answer.body.len() <= plain.body.len());
        let again = app.request("GET", LIST).header("Accept-Encoding", accepted);
        let unchanged = again.header("If-None-Match", answer.header("etag")).send();
        assert_eq!((unchanged.status, unchanged.header("content-encoding")), (304, ""));
    }
}

#[test]
fn a_small_body_is_not_compressed() {
    let app = articles(1);
    let plain = app.get(LIST);
    assert!(plain.body.len() < 860);
    for accepted in ["gzip", "br", "gzip;q=0.5, br;q=0.9"] {
        let answer = encoded(&app, LIST, accepted);
        assert_eq!(answer.header("content-encoding"), "");
        assert_eq!(
            (&answer.body, answer.header("etag")),
            (&plain.body, plain.header("etag"))
        );
    }
}

#[test]
fn an_encoding_that_is_refused_is_not_used() {
    let app = articles(9);
    for (accepted, used) in [
        ("gzip;q=0", ""),
        ("br;q=0, gzip", "gzip"),
        ("zstd, gzip;q=0.9", "zstd"),
        ("zstd;q=0", ""),
        ("", ""),
        ("GZIP", "gzip"),
        ("deflate, x-gzip", "gzip"),
    ] {
        assert_eq!(
            encoded(&app, LIST, accepted).header("content-encoding"),
            used,
            "{accepted}"
        );
    }
}

#[test]
fn a_write_over_another_connection_is_seen() {
    let app = articles(1);
    let before = ["/v1/articles", "/v1/articles?include_total=true", "/v1/clinic"].map(|path| app.get(path));
    app.get("/v1/articles/new").problem(404, "not_found");
    Content::of(&app).article(&article("new", "2026-02-01T00:00:00Z"));
    app.wait_for_head();
    assert_eq!(slugs(&app, "/v1/articles"), ["new", "article-0"]);
    assert_eq!(app.get("/v1/articles?include_total=true").json()["total"], 2);
    assert_eq!(app.get("/v1/articles/new").status, 200);
    assert_ne!(app.get("/v1/articles").header("etag"), before[0].header("etag"));
    let clinic = app
        .request("GET", "/v1/clinic")
        .header("If-None-Match", before[2].header("etag"));
    assert_eq!(clinic.send().status, 304, "what did not change keeps its tag");
}

#[test]
fn a_language_that_is_published_later_is_offered() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let read = || app.request("GET", "/v1/clinic").header("Accept-Language", "cy").send();
    assert_eq!(read().header("content-language"), "en-GB");
    app.sql(
        "insert into clinic_texts (clinic_id, locale, tagline, status, updated_at)
         select id, 'cy', 'Croeso', 'published', updated_at from clinic",
    );
    content.topic("spine");
    app.wait_for_head();
    assert_eq!(read().json()["tagline"], "Croeso");
}

#[test]
fn a_restored_database_is_read_anew_although_its_log_is_as_long() {
    let app = articles(1);
    app.get("/v1/articles/article-0");
    app.sql(
        "update article_texts set title = 'Restored';
         update change_head set epoch = gen_random_uuid();
         notify changes",
    );
    poll::until("the application follows the epoch", || {
        app.get("/v1/articles/article-0").json()["title"] == "Restored"
    });
}

#[test]
fn a_page_after_the_first_is_kept_too() {
    let app = articles(3);
    let pages = walk(&app, "/v1/articles?limit=1");
    let misses = app.metric("vertebra_cache_misses_total");
    let again = walk(&app, "/v1/articles?limit=1");
    assert_eq!(app.metric("vertebra_cache_misses_total"), misses);
    let tags = |pages: &[Answer]| {
        pages
            .iter()
            .map(|page| page.header("etag").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(tags(&again), tags(&pages));
}
