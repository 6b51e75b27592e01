//! Micro-benchmarks of what each read does: `cargo bench`, or `cargo bench --bench hot -- cursor` for some of them.
//!
//! Beside the times stand the allocations of each call. Whole requests are measured by `benches/run`.

use actix_web::{http::header, test::TestRequest, web::Bytes};
use divan::{AllocProfiler, Bencher, black_box};
use jiff::Timestamp;
use uuid::Uuid;
use vertebra::{
    articles::wire::{ArticleQuery, ArticleSummary, CitationSummary},
    cache::{Encoded, Encoding},
    db::locales::Locales,
    http::{
        kept::Words,
        negotiate,
        page::{After, Cursor, Page},
        public::matches,
        query,
    },
    values::{Locale, Reference, Slug},
};

#[global_allocator]
static ALLOCATOR: AllocProfiler = AllocProfiler::system();

const BINDING: &str = "/v1/articles?topic=benchmark-topic-1&sort=-published_at#en-GB";
const QUERY: &str = "topic=benchmark-topic-1&kind=literature&published_after=2020-01-01";
const LANGUAGES: &str = "en-US,en;q=0.9,fr;q=0.8";
const ENCODINGS: &str = "gzip, deflate, br, zstd";

fn main() {
    divan::main();
}

fn place() -> After<Timestamp> {
    After {
        key: Timestamp::UNIX_EPOCH,
        id: Uuid::from_u128(7),
    }
}

fn tag(text: &str) -> Locale {
    Locale::stored(text.to_owned())
}

/// A list of 20 as `bench-data` fills one: about 30 kB.
fn page() -> Page<ArticleSummary> {
    let words = "Made-up text for measuring, of no meaning. ";
    let reference = |number: u128| Reference {
        id: Uuid::from_u128(number),
        slug: Slug::stored(format!("benchmark-topic-{number}")),
        name: format!("Benchmark topic {number}: amber arch"),
    };
    let item = |number: u128| ArticleSummary {
        id: Uuid::from_u128(number),
        slug: Slug::stored(format!("benchmark-article-{number}-amber-arch-aspen")),
        kind: "literature".to_owned(),
        title: format!("Benchmark article {number}: amber arch aspen"),
        summary: words.repeat(13),
        reading_minutes: 1,
        topics: vec![reference(1), reference(2)],
        services: vec![reference(3)],
        citation: Some(CitationSummary {
            pmid: None,
            journal: "Benchmark Journal 1 of Amber".to_owned(),
            formatted: words.repeat(5),
            integrity: "ok".to_owned(),
        }),
        published_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
    };
    Page {
        items: (1..=20).map(item).collect(),
        next_cursor: serde_json::to_value(Cursor::new(BINDING, place()))
            .ok()
            .and_then(|cursor| cursor.as_str().map(str::to_owned)),
        total: None,
    }
}

fn body() -> Bytes {
    serde_json::to_vec(&page()).unwrap_or_default().into()
}

#[divan::bench]
fn cursor_encode() -> Cursor {
    Cursor::new(black_box(BINDING), place())
}

#[divan::bench]
fn cursor_decode(bencher: Bencher) {
    let cursor = Cursor::new(BINDING, place());
    bencher.bench_local(|| black_box(&cursor).read::<Timestamp>(BINDING).is_ok());
}

/// What a request is looked up by where the same words came before.
#[divan::bench]
fn key_of_known_words(bencher: Bencher) {
    let request = TestRequest::get()
        .uri(&format!("/v1/articles?{QUERY}"))
        .insert_header((header::ACCEPT_LANGUAGE, LANGUAGES))
        .insert_header((header::ACCEPT_ENCODING, ENCODINGS))
        .insert_header((header::USER_AGENT, "benchmark"))
        .to_http_request();
    bencher.bench_local(|| Words::of(black_box(request.head())).is_some());
}

/// What it takes to understand words that are new: parameters are read and brought into one order.
#[divan::bench]
fn key_of_new_words() -> Option<String> {
    let filter: ArticleQuery = query::read(black_box(QUERY)).ok()?;
    Some(query::canonical(&filter))
}

#[divan::bench]
fn etag_of_a_list(bencher: Bencher) {
    let body = body();
    bencher.bench_local(|| Encoded::new(black_box(body.clone())));
}

#[divan::bench]
fn etag_compare() -> bool {
    matches(
        black_box("W/\"abcdefghijklmnop\", \"qrstuvwxyzabcdef-br\""),
        "\"qrstuvwxyzabcdef-br\"",
    )
}

#[divan::bench]
fn negotiate_language(bencher: Bencher) {
    let locales = Locales {
        default: tag("en-GB"),
        available: ["cy", "en-GB", "fr"].map(tag).to_vec(),
    };
    bencher.bench_local(|| negotiate::locale(black_box(Some(LANGUAGES)), &locales));
}

#[divan::bench]
fn negotiate_encoding() -> Encoding {
    negotiate::encoding(black_box(Some(ENCODINGS)))
}

#[divan::bench]
fn serialise_a_list(bencher: Bencher) {
    let page = page();
    bencher.bench_local(|| serde_json::to_vec(black_box(&page)));
}

#[divan::bench(args = [Encoding::Gzip, Encoding::Brotli, Encoding::Zstandard])]
fn compress_a_list(bencher: Bencher, encoding: Encoding) {
    let body = body();
    bencher
        .with_inputs(|| Encoded::new(body.clone()))
        .bench_local_refs(|encoded| encoded.form(encoding).bytes.len());
}
