//! Articles as editors write them: from the draft to the public, and back.

use serde_json::{Value, json};
use vertebra::services::wire::ServiceKind::Condition;

use crate::{
    article_works::{app, guide, public, work},
    support::{
        app::{NOW, TestApp},
        content::{Content, article, citation, literature},
        editor::{Editor, faults},
    },
};

/// An article with everything that an editor can write.
fn full(topic: &str, service: &str) -> Value {
    json!({
        "kind": "literature",
        "topics": [topic],
        "services": [service],
        "citation": {
            "pmid": "29143901",
            "pmcid": "PMC1234567",
            "doi": "10.1000/182",
            "title": "A work.",
            "journal": {"title": "Current Spine", "iso_abbreviation": "Curr Spine", "issn": "1534-6277"},
            "volume": "18",
            "issue": "12",
            "pages": "74-6",
            "publication_date": {"year": 2017, "precision": "season", "raw": "2017 Winter"},
            "languages": ["eng", "fre"],
            "publication_types": ["Review"],
            "mesh_headings": ["Spine"],
            "keywords": ["pain"],
            "medline_status": "in process",
            "integrity": "corrected",
            "authors": [
                {"family": "Ng", "given": "Ada", "initials": "A", "suffix": "Jr", "orcid": "0000-0002-1825-0097",
                 "affiliations": ["A hospital"]},
                {"collective_name": "Spine Study Group"},
            ],
            "abstract": {
                "sections": [{"label": "AIM", "text": "To find out."}, {"text": "More."}],
                "copyright": "A publisher",
                "right": "open_licence",
                "right_basis": "CC BY 4.0",
            },
        },
        "texts": {"en-GB": {
            "title": "A title",
            "summary": "A summary.",
            "body": {"format": "html", "source": "<h2 class=\"x\">Why</h2><p>It <em>works</em>.</p>"},
            "review": {
                "reviewed_by": "A reviewer",
                "last_reviewed_on": "2026-11-20",
                "next_review_due_on": "2027-11-20",
            },
        }},
    })
}

#[test]
fn an_article_goes_from_a_draft_to_the_public_and_back() {
    let app = app();
    let content = Content::of(&app);
    let topic = content.topic("spine").to_string();
    let service = content.service("fusion", Condition, &[], &[]).to_string();
    let editor = Editor::of(&app);
    let mut draft = editor.create("articles", &full(&topic, &service));
    assert_eq!(draft.document["content"]["texts"]["en-GB"]["slug"], "a-title");
    assert_eq!(draft.document["languages"][0]["next_review_due_on"], "2027-11-20");
    let never = public(&app, "/v1/articles/never");
    public(&app, "/v1/articles/a-title").is_missing_like(&never);

    let preview = editor
        .request("POST", &format!("/v1/admin/articles/{}/preview", draft.id))
        .send();
    let preview = app.get(preview.json()["url"].as_str().expect("it has a link")).json()["article"].take();
    draft.step("publish");
    let shown = public(&app, "/v1/articles/a-title").json();
    shows_everything(&shown);
    // The journal is made at each publication, also at the one that a preview undoes.
    let same = |mut article: Value| {
        article["citation"]["journal"]["id"] = Value::Null;
        article
    };
    assert_eq!(
        same(preview),
        same(shown.clone()),
        "a preview is what a publication shows"
    );

    draft.patch(
        &json!({"kind": "guide", "topics": [], "citation": null, "texts": {"en-GB": {"body": null, "review": null}}}),
    );
    assert_eq!(
        public(&app, "/v1/articles/a-title").json(),
        shown,
        "an edit is not public"
    );
    draft.step("publish");
    let plain = public(&app, "/v1/articles/a-title").json();
    for absent in [
        "citation",
        "body_html",
        "body_text",
        "reviewed_by",
        "last_reviewed_on",
        "next_review_due_on",
    ] {
        assert_eq!(plain[absent], Value::Null, "{absent}");
    }
    assert_eq!((&plain["topics"], &plain["services"]), (&json!([]), &shown["services"]));
    for table in ["citations", "citation_authors"] {
        let count: i64 = app.rows(&format!("select count(*) from {table}"))[0].get(0);
        assert_eq!(count, 0, "{table}");
    }

    for (away, back) in [("unpublish", None), ("archive", Some("restore"))] {
        draft.step(away);
        for name in ["a-title", &draft.id] {
            public(&app, &format!("/v1/articles/{name}")).is_missing_like(&never);
        }
        let texts: i64 = app.rows("select count(*) from article_texts")[0].get(0);
        assert_eq!(texts, 0);
        back.into_iter().for_each(|step| draft.step(step));
        draft.step("publish");
        assert_eq!(public(&app, "/v1/articles/a-title").json(), plain);
    }
}

#[track_caller]
fn shows_everything(shown: &Value) {
    assert_eq!(shown["body_html"], "<h2>Why</h2><p>It <em>works</em>.</p>");
    assert_eq!(shown["body_text"], "Why\nIt works.");
    assert_eq!(
        (&shown["topics"][0]["slug"], &shown["services"][0]["slug"]),
        (&json!("spine"), &json!("fusion"))
    );
    assert_eq!(
        [
            &shown["reviewed_by"],
            &shown["last_reviewed_on"],
            &shown["next_review_due_on"],
            &shown["overdue"]
        ],
        [
            &json!("A reviewer"),
            &json!("2026-11-20"),
            &json!("2027-11-20"),
            &json!(false)
        ]
    );
    assert_eq!(
        (&shown["published_at"], &shown["updated_at"]),
        (&json!(NOW), &json!(NOW))
    );
    let mut citation = shown["citation"].clone();
    citation["journal"]["id"] = Value::Null;
    assert_eq!(
        citation,
        json!({
            "pmid": "29143901",
            "pmcid": "PMC1234567",
            "doi": "10.1000/182",
            "title": "A work.",
            "journal": {
                "id": null,
                "slug": "current-spine",
                "title": "Current Spine",
                "iso_abbreviation": "Curr Spine",
                "issn": "1534-6277",
            },
            "volume": "18",
            "issue": "12",
            "pages": "74-6",
            "publication_date":
                {"year": 2017, "month": null, "day": null, "precision": "season", "raw": "2017 Winter"},
            "languages": ["eng", "fre"],
            "publication_types": ["Review"],
            "mesh_headings": ["Spine"],
            "keywords": ["pain"],
            "medline_status": "in process",
            "integrity": "corrected",
            "authors": [
                {"family": "Ng", "given": "Ada", "initials": "A", "suffix": "Jr", "collective_name": null,
                 "orcid": "0000-0002-1825-0097", "affiliations": ["A hospital"]},
                {"family": null, "given": null, "initials": null, "suffix": null,
                 "collective_name": "Spine Study Group", "orcid": null, "affiliations": []},
            ],
            "abstract": {
                "sections": [{"label": "AIM", "text": "To find out."}, {"label": null, "text": "More."}],
                "copyright": "A publisher",
                "right": "open_licence",
                "right_basis": "CC BY 4.0",
            },
            "formatted": "Ng A Jr; Spine Study Group. A work. Curr Spine. 2017 Winter;18(12):74-6. English, French. \
                          doi: 10.1000/182. PMID: 29143901; PMCID: PMC1234567.",
            "url": "https://pubmed.ncbi.nlm.nih.gov/29143901/",
        })
    );
}

#[test]
fn every_fault_is_told_at_once() {
    let app = app();
    let editor = Editor::of(&app);
    let nobody = "01a2097f-1116-77af-986c-a21b1d5b17f6";
    let answer = editor.try_create(
        "articles",
        &json!({
            "kind": "news",
            "topics": [nobody, nobody],
            "services": [nobody],
            "citation": {
                "pmid": "x",
                "title": "",
                "journal": {"title": "?", "issn": "1534-6278"},
                "publication_date": {"year": 2023, "month": 2, "day": 29, "precision": "month"},
                "languages": ["eng", "English"],
                "keywords": [" "],
                "authors": [{}, {"family": "Ng", "collective_name": "Group", "affiliations": [""]}],
                "abstract": {"sections": [{"text": ""}], "right": "permission_held"},
            },
            "texts": {"english": {
                "slug": "A",
                "title": "a\nb",
                "summary": "",
                "body": {"format": "markdown", "source": "# Title"},
                "review": {"reviewed_by": "", "last_reviewed_on": "2026-11-20", "next_review_due_on": "2026-11-20"},
            }},
        }),
    );
    let found = faults(&answer, 422, "invalid_content");
    let mut pointers: Vec<&str> = found.iter().map(|(pointer, _)| pointer.as_str()).collect();
    pointers.sort_unstable();
    pointers.dedup();
    assert_eq!(
        pointers,
        [
            "/body/citation/abstract/right_basis",
            "/body/citation/abstract/sections/0/text",
            "/body/citation/authors/0",
            "/body/citation/authors/1",
            "/body/citation/authors/1/affiliations/0",
            "/body/citation/journal/issn",
            "/body/citation/journal/slug",
            "/body/citation/keywords/0",
            "/body/citation/languages/1",
            "/body/citation/pmid",
            "/body/citation/publication_date/day",
            "/body/citation/publication_date/precision",
            "/body/citation/title",
            "/body/services/0",
            "/body/texts/english",
            "/body/texts/english/body/source",
            "/body/texts/english/review/next_review_due_on",
            "/body/texts/english/review/reviewed_by",
            "/body/texts/english/slug",
            "/body/texts/english/summary",
            "/body/texts/english/title",
            "/body/topics/0",
            "/body/topics/1",
        ],
        "{found:#?}"
    );
    let documents: i64 = app.rows("select count(*) from documents where entity_type = 'article'")[0].get(0);
    assert_eq!(documents, 0);
}

#[test]
fn a_slug_that_was_public_leads_to_the_present_one_and_back() {
    let app = app();
    let editor = Editor::of(&app);
    let mut draft = editor.create("articles", &work("Old", "11", json!({"title": "Bone"})));
    draft.patch(&json!({"texts": {"en-GB": {"slug": "never-public"}}}));
    draft.patch(&json!({"texts": {"en-GB": {"slug": "old"}}}));
    draft.step("publish");
    draft.patch(&json!({"texts": {"en-GB": {"slug": "new"}}}));
    assert_eq!(public(&app, "/v1/articles/old").status, 200);
    let never = app.get("/v1/articles/never");
    app.get("/v1/articles/new").is_missing_like(&never);
    draft.step("publish");
    for further in ["", "/related?limit=7", "/citation?format=ris"] {
        let answer = public(&app, &format!("/v1/articles/old{further}"));
        assert_eq!(
            (answer.status, answer.header("location")),
            (308, &*format!("/v1/articles/new{further}"))
        );
    }
    app.get("/v1/articles/never-public").is_missing_like(&never);
    let mut claims = guide("Other");
    claims["texts"]["en-GB"]["slug"] = json!("old");
    faults(&editor.try_create("articles", &claims), 409, "slug_taken");
    draft.patch(&json!({"texts": {"en-GB": {"slug": "old"}}}));
    draft.step("publish");
    assert_eq!(public(&app, "/v1/articles/old").status, 200);
    assert_eq!(app.get("/v1/articles/new").header("location"), "/v1/articles/old");
}

#[test]
fn a_publication_in_one_language_touches_what_the_others_show() {
    let app = app();
    let editor = Editor::of(&app);
    let mut both = work("Both", "11", json!({"title": "Bone"}));
    both["texts"]["fr"] = json!({"title": "Les deux", "summary": "Un résumé."});
    let mut draft = editor.create("articles", &both);
    draft.step("publish");
    let long = "word ".repeat(300);
    let shown = json!({"sections": [{"text": long.trim()}], "right": "open_licence", "right_basis": "CC BY"});
    draft.patch(&json!({"citation": {"abstract": shown}}));
    app.set_clock("2026-11-24T12:00:00Z");
    draft.step_with("publish", &json!({"locales": ["fr"]}));
    let english = public(&app, "/v1/articles/both").json();
    assert_eq!(english["updated_at"], "2026-11-24T12:00:00Z");
    assert_eq!(
        (&english["published_at"], &english["reading_minutes"]),
        (&json!(NOW), &json!(2))
    );
    assert_eq!(english["citation"]["abstract"]["right_basis"], "CC BY");
    // An abstract that is not shown is not read.
    draft.patch(&json!({"citation": {"abstract": {"right": "link_only"}}}));
    draft.step("publish");
    let english = public(&app, "/v1/articles/both").json();
    assert_eq!(
        (&english["citation"]["abstract"], &english["reading_minutes"]),
        (&Value::Null, &json!(1))
    );
}

#[test]
fn a_review_is_overdue_from_the_moment_that_its_day_is_over() {
    let app = app();
    let editor = Editor::of(&app);
    let mut reviewed = guide("Reviewed");
    reviewed["texts"]["en-GB"]["review"] = json!({
        "reviewed_by": "A reviewer",
        "last_reviewed_on": "2025-11-23",
        "next_review_due_on": "2026-11-23",
    });
    editor.create("articles", &reviewed).step("publish");
    let overdue = |app: &TestApp| app.get("/v1/articles/reviewed").json()["overdue"].clone();
    app.wait_for_head();
    assert_eq!(overdue(&app), json!(false));
    app.set_clock("2026-11-23T23:59:59Z");
    assert_eq!(overdue(&app), json!(false));
    app.set_clock("2026-11-24T00:00:00Z");
    assert_eq!(overdue(&app), json!(true));
}

#[test]
fn a_body_is_kept_as_written_with_the_rules_that_made_it_safe() {
    let app = app();
    let editor = Editor::of(&app);
    for (title, format) in [("One", "markdown"), ("Two", "html")] {
        let mut written = guide(title);
        written["texts"]["en-GB"]["body"] = json!({"format": format, "source": "Words."});
        editor.create("articles", &written).step("publish");
    }
    editor.create("articles", &guide("Without")).step("publish");
    let rows = app.rows("select body_source, body_format, sanitiser_version from article_texts order by slug");
    let stored: Vec<(Option<String>, Option<String>, bool)> = rows
        .iter()
        .map(|row| (row.get(0), row.get(1), row.get::<_, Option<i32>>(2).is_some()))
        .collect();
    let words = || Some("Words.".to_owned());
    assert_eq!(
        stored,
        [
            (words(), Some("markdown".to_owned()), true),
            (words(), Some("html".to_owned()), true),
            (None, None, false),
        ]
    );
}

#[test]
fn what_is_seeded_by_a_program_is_a_document_like_any_other() {
    let app = app();
    let content = Content::of(&app);
    let id = content.article(&literature("work", citation("11", "bone", "Ng")));
    content.article(&article("guide", "2026-01-01T00:00:00Z"));
    let editor = Editor::of(&app);
    let list = editor
        .request("GET", "/v1/admin/articles?include_total=true")
        .send()
        .json();
    assert_eq!(list["total"], 2);
    let document = editor.request("GET", &format!("/v1/admin/articles/{id}")).send().json();
    assert_eq!(
        (&document["version"], &document["content"]["kind"]),
        (&json!(2), &json!("literature"))
    );
    assert_eq!(document["content"]["citation"]["authors"][0]["affiliations"], json!([]));
}
