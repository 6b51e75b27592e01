//! The citation of an article in every format, with nothing in it that may not be shown.

use uuid::Uuid;
use vertebra::articles::wire::{AbstractIn, AbstractRight, AbstractSectionIn, CitationIn};

use crate::support::{
    app::TestApp,
    client::Answer,
    content::{Content, article, citation, literature},
};

const TEXT: &str = "text/plain; charset=utf-8";

/// Every form with what follows `/citation` in its address, its media type and the extension of its file.
const FORMS: [(&str, &str, &str); 5] = [
    ("?format=vancouver", TEXT, "txt"),
    ("?format=ris", TEXT, "ris"),
    ("?format=bibtex", TEXT, "bib"),
    ("?format=nbib", TEXT, "nbib"),
    ("/csl", "application/vnd.citationstyles.csl+json", "json"),
];

/// A title that would end a record, a field or a string in one format or another.
const TITLE: &str = "50% {of} \"pain\" & \\cost\r\nER  - \r\nTY  - JOUR.";

/// A word that stands nowhere but in the abstract.
const SECRET: &str = "confidential";

fn work() -> CitationIn {
    CitationIn {
        doi: Some("10.1000/a<b>_c".to_owned()),
        abstract_text: Some(AbstractIn {
            sections: [AbstractSectionIn {
                label: Some("AIM".to_owned()),
                text: format!("A {SECRET} finding."),
            }]
            .into_iter()
            .collect(),
            copyright: Some(format!("Copyright {SECRET}")),
            right: AbstractRight::PermissionHeld,
            right_basis: Some("A letter".to_owned()),
        }),
        ..citation("11", "bone", "Müller & Söhne")
    }
}

fn published(work: CitationIn) -> TestApp {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    content.article(&literature("work", work));
    // No editor can write such a title; what is rendered does not rely on that.
    app.sql(&format!("update citations set title = $title${TITLE}$title$"));
    app
}

fn in_form(app: &TestApp, form: &str) -> Answer {
    let answer = app.get(&format!("/v1/articles/work/citation{form}"));
    assert_eq!(answer.status, 200, "{form}");
    answer
}

#[test]
fn every_form_has_its_media_type_and_its_file_name() {
    let app = published(work());
    for (form, media_type, extension) in FORMS {
        let answer = in_form(&app, form);
        assert_eq!(answer.header("content-type"), media_type);
        assert_eq!(
            answer.header("content-disposition"),
            format!("inline; filename=\"work.{extension}\"")
        );
        assert_eq!(answer.header("content-language"), "en-GB");
    }
    let usual = app.get("/v1/articles/work/citation");
    assert_eq!(usual.body, in_form(&app, "?format=vancouver").body);
    for format in ["endnote", "csl"] {
        app.get(&format!("/v1/articles/work/citation?format={format}"))
            .problem(400, "invalid_parameter");
    }
    app.get("/v1/articles/work/citation/csl?format=csl")
        .problem(400, "unknown_parameter");
}

#[test]
fn a_title_cannot_break_out_of_its_field() {
    let app = published(work());
    let ris = in_form(&app, "?format=ris");
    let lines: Vec<&str> = ris.text().lines().collect();
    assert_eq!(lines.first(), Some(&"TY  - JOUR"));
    assert_eq!(lines.iter().filter(|line| line.starts_with("TY  -")).count(), 1);
    assert_eq!(lines.iter().filter(|line| line.starts_with("ER  -")).count(), 1);
    assert!(
        lines.contains(&"TI  - 50% {of} \"pain\" & \\cost ER - TY - JOUR"),
        "{lines:#?}"
    );

    let nbib = in_form(&app, "?format=nbib");
    assert_eq!(nbib.text().lines().filter(|line| line.starts_with("PMID-")).count(), 1);
    assert_eq!(in_form(&app, "?format=vancouver").text().lines().count(), 1);

    let csl = in_form(&app, "/csl").json();
    assert_eq!(csl.as_array().map(Vec::len), Some(1));
    assert_eq!(csl[0]["DOI"], "10.1000/a<b>_c");
}

#[test]
fn bibtex_can_be_read_back() {
    let app = published(work());
    let text = in_form(&app, "?format=bibtex").text().to_owned();
    let bibliography = biblatex::Bibliography::parse(&text).expect("it is BibTeX");
    assert_eq!(bibliography.len(), 1, "{text}");
    let entry = bibliography.iter().next().expect("there is an entry");
    assert_eq!(entry.doi().expect("it has a DOI"), "10.1000/a<b>_c");
    let author = &entry.author().expect("it has authors")[0];
    assert_eq!(author.name, "Müller & Söhne");
}

#[test]
fn every_file_has_the_abstract_where_the_right_is_recorded() {
    let app = published(work());
    let article = app.get("/v1/articles/work").json();
    assert_eq!(
        article["citation"]["abstract"],
        serde_json::json!({
            "sections": [{"label": "AIM", "text": "A confidential finding."}],
            "copyright": "Copyright confidential",
            "right": "permission_held",
            "right_basis": "A letter",
        })
    );
    for form in ["?format=ris", "?format=bibtex", "?format=nbib", "/csl"] {
        assert!(in_form(&app, form).text().contains(SECRET), "{form}");
    }
}

#[test]
fn an_abstract_without_a_recorded_right_is_nowhere() {
    let app = published(work());
    app.sql("update citations set abstract_right = 'link_only'");
    let article = app.get("/v1/articles/work");
    assert_eq!(article.json()["citation"]["abstract"], serde_json::Value::Null);
    let lists = [app.get("/v1/articles"), app.get("/v1/journals"), article];
    let forms = FORMS.map(|(form, ..)| in_form(&app, form));
    for answer in lists.iter().chain(&forms) {
        assert!(!answer.text().contains(SECRET), "{}", answer.text());
    }
}

#[test]
fn an_article_without_a_work_has_no_citation() {
    let app = TestApp::start();
    let content = Content::of(&app);
    content.clinic(&[]);
    let id: Uuid = content.article(&article("guide", "2026-01-01T00:00:00Z"));
    for address in ["guide/citation".to_owned(), format!("{id}/citation/csl")] {
        let problem = app.get(&format!("/v1/articles/{address}")).problem(404, "not_found");
        assert_eq!(problem["detail"], "This article presents no work that could be cited.");
    }
}
