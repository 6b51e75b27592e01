//! Every fact of the page that the demonstration clinic was taken from is in the API, word for word.

use serde_json::{Value, json};

use crate::support::app::TestApp;

const ARTICLE: &str = "/v1/articles/combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases";

#[test]
fn the_clinic_says_what_its_page_says() {
    let app = TestApp::with_demo();
    let clinic = app.get("/v1/clinic").json();
    assert_eq!(clinic["name"], "London Spine Unit");
    assert_eq!(clinic["tagline"], "We are London's Top Spine Clinic");
    assert_eq!(clinic["founded_year"], 2005);
    assert_eq!(
        clinic["about"],
        "The London Spine Unit was established in 2005 and has successfully treated over 5000 patients. \
         All conditions are treated."
    );
    assert_eq!(
        clinic["headings"],
        json!({
            "about": "What is London spine unit and How it Works",
            "services": "What we do...",
            "share": "Share to care...",
            "testimonials": "What our patients say about us ......",
        })
    );
    assert_eq!(
        clinic["primary_location"]["address"]["formatted"],
        "19 Harley St, London, W1G 9QJ, UK"
    );
    assert_eq!(
        clinic["affiliated_hospitals"],
        json!([{"name": "The Harley Street Hospital", "url": null}])
    );
    assert_eq!(
        clinic["highlights"],
        json!([
            {
                "title": "We treat all spinal disorders",
                "body": "The London Spine Unit specialises in Minimally Invasive Treatments allowing rapid \
                         recovery and return to normal function",
            },
            {
                "title": "Trusted by patients worldwide",
                "body": "The London Spine Unit provides the highest quality care to all patients and has VIP \
                         services for those seeking exceptional services",
            },
        ])
    );
    let statistic = &clinic["statistics"][0];
    assert_eq!(statistic["value"], 5000);
    assert_eq!(statistic["display_value"], "over 5000");
    assert_eq!(statistic["as_of"], "2026-11-23");
    assert_eq!(statistic["source"]["name"], "London Spine Unit, public web page");
}

#[test]
fn the_clinic_says_that_it_is_a_demonstration_and_invents_nothing() {
    let app = TestApp::with_demo();
    let clinic = app.get("/v1/clinic").json();
    assert_eq!(clinic["is_demonstration"], true);
    let notice = clinic["notice"].as_str().expect("there is a notice");
    assert!(notice.starts_with("This is a demonstration"), "{notice}");
    assert_eq!(clinic["contact"]["phone"], Value::Null);
    assert_eq!(clinic["contact"]["email"], Value::Null);
    assert_eq!(clinic["primary_location"]["open_now"], Value::Null);
    assert_eq!(clinic["primary_location"]["opening_hours"], json!([]));
}

#[test]
fn the_article_has_its_whole_citation() {
    let app = TestApp::with_demo();
    let article = app.get(ARTICLE).json();
    let title = "Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of Spinal \
                 Metastases: an Update.";
    assert_eq!(article["title"], title);
    let citation = &article["citation"];
    assert_eq!(citation["title"], title);
    assert_eq!(citation["pmid"], "29143901");
    assert_eq!(citation["medline_status"], "in process");
    assert_eq!(citation["journal"]["iso_abbreviation"], "Curr Treat Options Oncol");
    assert_eq!(citation["volume"], "18");
    assert_eq!(citation["issue"], "12");
    assert_eq!(citation["pages"], "74");
    assert_eq!(
        citation["publication_date"],
        json!({"year": 2017, "month": 11, "day": 16, "precision": "day", "raw": "2017 Nov 16"})
    );
    let authors = citation["authors"].as_array().expect("there are authors");
    let names: Vec<String> = authors
        .iter()
        .map(|author| {
            let part = |name: &str| author[name].as_str().expect("the author is a person").to_owned();
            format!("{} {}", part("family"), part("initials"))
        })
        .collect();
    assert_eq!(
        names.join(", "),
        "Kam NM, Maingard J, Kok HK, Ranatunga D, Brooks D, Torreggiani WC, Munk PL, Lee MJ, Chandra RV, Asadi H"
    );
    let formatted = citation["formatted"].as_str().expect("there is a line");
    assert!(
        formatted.contains("Curr Treat Options Oncol. 2017 Nov 16;18(12):74"),
        "{formatted}"
    );
}

#[test]
fn the_article_has_its_whole_abstract() {
    let app = TestApp::with_demo();
    let article = app.get(ARTICLE).json();
    let sections = article["citation"]["abstract"]["sections"]
        .as_array()
        .expect("the abstract is shown");
    assert_eq!(sections.len(), 1);
    assert_eq!(sections[0]["label"], "OPINION STATEMENT");
    let text = sections[0]["text"].as_str().expect("the section has text");
    assert!(text.starts_with(
        "Spinal metastases are the most commonly encountered tumour of the spine, occurring in up to 40% of \
         patients with cancer. Each year, approximately 5% of cancer patients will develop spinal metastases."
    ));
    assert!(text.contains("With a median survival of less than 1\u{a0}year, the goals of treatment"));
    assert!(text.ends_with(
        "RFA and vertebral augmentation should be considered during early stages of the disease so as to \
         maintain the remaining quality of life in this patient population group."
    ));
    assert_eq!(text.chars().count(), 2142);
}

#[test]
fn the_article_can_be_shared_where_the_page_shares_it_today() {
    let app = TestApp::with_demo();
    let share = &app.get(ARTICLE).json()["share"];
    let links = share["links"].as_array().expect("there are links");
    let platforms: Vec<&str> = links.iter().filter_map(|link| link["platform"].as_str()).collect();
    assert_eq!(
        platforms,
        [
            "facebook",
            "x",
            "pinterest",
            "linkedin",
            "whatsapp",
            "email",
            "gmail",
            "teams"
        ]
    );
}

#[test]
fn both_testimonials_are_there_as_far_as_the_page_has_them() {
    let app = TestApp::with_demo();
    let list = app.get("/v1/testimonials").json();
    let quotes = [
        (
            "patient-with-bulging-disc",
            "Patient with bulging disc",
            "Staff are very polite\u{a0}and the surgeon was\u{a0}charming. Felt confident throughout diagnosis and \
             treatment. Staff both helpful, good natured and understanding. I am improving all the",
        ),
        (
            "degenerate-lumbar-disc",
            "Degenerate lumbar disc",
            "I received a lot of information on pre and post procedure. Overall, it was a positive experience \
             considering the inconvenience of going through a surgical",
        ),
    ];
    assert_eq!(list["items"].as_array().map(Vec::len), Some(quotes.len()));
    for (slug, headline, quote) in quotes {
        let items = list["items"].as_array().expect("there are items");
        let summary = items.iter().find(|item| item["slug"] == slug).expect("it is listed");
        assert_eq!(summary["headline"], headline);
        assert_eq!(summary["has_more"], true);
        let excerpt = summary["excerpt"].as_str().expect("there is an excerpt");
        assert!(quote.starts_with(excerpt.trim_end_matches('…')), "{excerpt}");
        let detail = app.get(&format!("/v1/testimonials/{slug}")).json();
        assert_eq!(detail["quote"], quote);
        assert_eq!(detail["is_incomplete"], true);
    }
}
