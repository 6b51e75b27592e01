//! What a request for an address with parameters may get wrong: the path, the method or a parameter.

use crate::support::{
    app::TestApp,
    refusal::{self, refused, refused_parameter},
};

#[test]
fn an_unknown_path_is_not_found() {
    let app = TestApp::start();
    let near = [
        "/v1/",
        "/v2/articles",
        "/v1/articles/",
        "//v1/articles",
        "/v1/articles/a/b",
        "/livez",
    ];
    for path in near
        .into_iter()
        .chain(["/nowhere", "/../etc/passwd", "/docs/..%2f..%2fCargo.toml"])
    {
        refused(&app, path, "not_found", &[]);
    }
}

#[test]
fn the_instance_is_a_reference_whatever_the_parser_takes() {
    let app = TestApp::start();
    let answer = app.get("/v1/{a}|\"b\"");
    refusal::check(&answer, Some("/v1/%7Ba%7D%7C%22b%22"), (404, "not_found"), &[]);
}

/// The documented paths that only read and those around the documentation, filled in so that they exist.
fn paths() -> Vec<String> {
    let document = vertebra::app::public_document();
    // A preview's secret stands in no error.
    let is_shown = |path: &str| !path.starts_with("/v1/preview/");
    let only_reads = document.paths.paths.iter().filter(|(_, item)| item.post.is_none());
    let documented = only_reads.filter(|(path, _)| is_shown(path));
    let all = documented
        .map(|(path, _)| path.as_str())
        .chain(vertebra::docs::PATHS.iter().copied());
    all.map(|path| {
        path.replace("{id_or_slug}", "some-thing")
            .replace("{page}", "errors")
            .replace("{file}", "style.css")
    })
    .collect()
}

#[test]
fn a_wrong_method_is_told_which_ones_there_are() {
    let app = TestApp::start();
    let paths = paths();
    assert!(paths.len() > 15 && paths.iter().any(|path| path == "/"), "{paths:?}");
    for path in &paths {
        for method in ["POST", "PUT", "PATCH", "DELETE", "PURGE"] {
            let answer = app.request(method, path).send();
            refusal::check(&answer, Some(path), (405, "method_not_allowed"), &[]);
            assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS", "{method} {path}");
        }
    }
}

#[test]
fn a_wrong_method_is_wrong_whatever_else_is() {
    let app = TestApp::start();
    let long = "x".repeat(9000);
    let with_text = app.request("DELETE", "/v1/clinic?x=%00").send();
    let with_header = app.request("TRACE", "/v1/clinic").header("if-none-match", &long).send();
    for answer in [with_text, with_header] {
        refusal::check(&answer, Some("/v1/clinic"), (405, "method_not_allowed"), &[]);
        assert_eq!(answer.header("allow"), "GET, HEAD, OPTIONS");
    }
}

#[test]
fn a_wrong_method_at_an_unknown_path_is_not_found() {
    let app = TestApp::start();
    for method in ["POST", "DELETE", "OPTIONS"] {
        let answer = app.request(method, "/nowhere").send();
        refusal::check(&answer, Some("/nowhere"), (404, "not_found"), &[]);
    }
}

#[test]
fn a_limit_is_a_whole_number_from_1_to_100() {
    let app = TestApp::start();
    for list in [
        "articles",
        "services",
        "testimonials",
        "topics",
        "journals",
        "locations",
    ] {
        for limit in [
            "0",
            "101",
            "-1",
            "1e30",
            "",
            "1.5",
            "%2020",
            "ten",
            "99999999999999999999",
        ] {
            let path = format!("/v1/{list}?limit={limit}");
            let why = refused_parameter(&app, &path, "invalid_parameter", "limit");
            assert_eq!(why, "must be a whole number from 1 to 100");
        }
    }
    for limit in ["0", "21", "-1", "1e30", "", "x"] {
        let path = format!("/v1/articles/a/related?limit={limit}");
        let why = refused_parameter(&app, &path, "invalid_parameter", "limit");
        assert_eq!(why, "must be a whole number from 1 to 20", "{limit}");
    }
}

#[test]
fn an_unknown_parameter_is_told_the_known_ones() {
    let app = TestApp::start();
    let known = [
        ("/v1/clinic", "this address takes no parameters"),
        ("/v1/articles/a", "this address takes no parameters"),
        ("/v1/articles/a/related", "this address takes limit"),
        ("/v1/journals", "this address takes cursor, include_total, limit"),
        (
            "/v1/services",
            "this address takes cursor, include_total, kind, limit, topic",
        ),
    ];
    for (path, takes) in known {
        for (query, name) in [
            ("nope", "nope"),
            ("nope=1", "nope"),
            ("Limit=1", "Limit"),
            ("limit%5B%5D=1", "limit[]"),
        ] {
            let why = refused_parameter(&app, &format!("{path}?{query}"), "unknown_parameter", name);
            assert_eq!(why, format!("is not known; {takes}"));
        }
    }
}

#[test]
fn a_strange_name_of_a_parameter_is_escaped_and_cut() {
    let app = TestApp::start();
    let problem = refused(&app, "/v1/clinic?a%2Fb~c=1", "unknown_parameter", &["/query/a~1b~0c"]);
    assert_eq!(problem["errors"][0]["code"], "unknown_parameter");
    let long = app.get(&format!("/v1/clinic?{}=1", "x".repeat(4000)));
    let problem = long.problem(400, "unknown_parameter");
    let pointer = problem["errors"][0]["pointer"].as_str().expect("there is a pointer");
    assert!(pointer.len() < 400, "{pointer}");
}

#[test]
fn a_parameter_with_one_value_is_not_given_twice() {
    let app = TestApp::start();
    for (path, name, values) in [
        ("/v1/articles", "limit", ["1", "2"]),
        ("/v1/articles", "limit", ["1", "1"]),
        ("/v1/articles", "sort", ["title", "-published_at"]),
        ("/v1/articles", "include_total", ["true", "false"]),
        ("/v1/articles", "published_after", ["2026-01-01", "2026-01-02"]),
        ("/v1/articles", "cursor", ["a", "b"]),
        ("/v1/articles/a/citation", "format", ["ris", "bibtex"]),
        ("/v1/testimonials", "rating_min", ["1", "2"]),
    ] {
        let path = format!("{path}?{name}={}&{name}={}", values[0], values[1]);
        let why = refused_parameter(&app, &path, "invalid_parameter", name);
        assert_eq!(why, "may be given only once", "{path}");
    }
}

#[test]
fn a_parameter_with_many_values_has_a_most() {
    let app = TestApp::start();
    for (path, name, value, most) in [
        ("/v1/articles", "topic", "a", 20),
        ("/v1/articles", "service", "a", 20),
        ("/v1/articles", "kind", "guide", 3),
        ("/v1/articles", "journal", "a", 20),
        ("/v1/articles", "author", "a", 20),
        ("/v1/articles", "pmid", "1", 100),
        ("/v1/articles", "publication_type", "Review", 20),
        ("/v1/services", "topic", "a", 20),
        ("/v1/testimonials", "service", "a", 20),
        ("/v1/testimonials", "condition", "a", 20),
    ] {
        let times = |count: usize| format!("{path}?{}", vec![format!("{name}={value}"); count].join("&"));
        assert_eq!(app.get(&times(most)).status, 200, "{path} {name}");
        let why = refused_parameter(&app, &times(most + 1), "invalid_parameter", name);
        assert_eq!(why, format!("may be given at most {most} times"));
    }
}

#[test]
fn a_value_that_is_none_of_those_allowed_is_told_them() {
    let app = TestApp::start();
    for (path, name, why) in [
        (
            "/v1/articles?kind=poem",
            "kind",
            "must be one of `literature`, `guide`, `news`",
        ),
        (
            "/v1/articles?kind=guide&kind=Guide",
            "kind",
            "must be one of `literature`, `guide`, `news`",
        ),
        (
            "/v1/articles?kind=",
            "kind",
            "must be one of `literature`, `guide`, `news`",
        ),
        (
            "/v1/articles?sort=id",
            "sort",
            "must be one of `-published_at`, `published_at`, `title`, `-updated_at`",
        ),
        (
            "/v1/services?kind=x",
            "kind",
            "must be one of `treatment`, `condition`, `test`",
        ),
        (
            "/v1/articles?include_total=maybe",
            "include_total",
            "must be `true` or `false`",
        ),
        (
            "/v1/articles?include_total=",
            "include_total",
            "must be `true` or `false`",
        ),
        (
            "/v1/testimonials?rating_min=0",
            "rating_min",
            "must be a whole number from 1 to 5",
        ),
        (
            "/v1/testimonials?rating_min=6",
            "rating_min",
            "must be a whole number from 1 to 5",
        ),
        (
            "/v1/testimonials?rating_min=4.5",
            "rating_min",
            "must be a whole number from 1 to 5",
        ),
    ] {
        assert_eq!(refused_parameter(&app, path, "invalid_parameter", name), why, "{path}");
    }
    let why = refused_parameter(
        &app,
        "/v1/articles/a/citation?format=word",
        "invalid_parameter",
        "format",
    );
    assert!(why.starts_with("must be one of `") && why.contains("`ris`"), "{why}");
}

#[test]
fn a_value_of_a_filter_must_be_of_its_kind() {
    let app = TestApp::start();
    let date = "must be a date such as 2026-01-31 or a time such as 2026-01-31T09:00:00Z";
    let slug = "must be an id, or a slug of 1 to 100 lower-case letters and digits in parts joined by single hyphens";
    for name in ["published_after", "published_before", "updated_after"] {
        for value in [
            "",
            "yesterday",
            "2026-02-30",
            "2026-01-31T09:00Z",
            "20260131",
            "31/01/2026",
            "2026-01-31T09:00:00",
            "2026-13-01",
            "1e9",
        ] {
            let path = format!("/v1/articles?{name}={value}");
            assert_eq!(
                refused_parameter(&app, &path, "invalid_parameter", name),
                date,
                "{path}"
            );
        }
    }
    for name in ["topic", "service", "journal"] {
        for value in [
            "",
            "A",
            "a_b",
            "a--b",
            "-a",
            "a%20b",
            "a%2Fb",
            "'%20or%201=1",
            &"a".repeat(101),
        ] {
            let path = format!("/v1/articles?{name}={value}");
            assert_eq!(
                refused_parameter(&app, &path, "invalid_parameter", name),
                slug,
                "{path}"
            );
        }
    }
    for (name, value) in [
        ("pmid", "x"),
        ("pmid", "-1"),
        ("pmid", ""),
        ("pmid", "99999999999999999999"),
        ("author", ""),
        ("author", "%20"),
        ("publication_type", ""),
    ] {
        let path = format!("/v1/articles?{name}={value}");
        let why = refused_parameter(&app, &path, "invalid_parameter", name);
        assert!(why.starts_with("must "), "{path}: {why}");
    }
    let why = refused_parameter(&app, "/v1/testimonials?locale=not%20one", "invalid_parameter", "locale");
    assert_eq!(why, "must be a language with an optional region, such as en-GB");
}

#[test]
fn dates_outside_of_what_the_database_keeps_are_answered_without_a_fault() {
    let app = TestApp::with_demo();
    for name in ["published_after", "published_before", "updated_after"] {
        for value in [
            "0000-01-01",
            "9999-12-30",
            "-009999-01-02T02:00:00Z",
            "-005000-01-01T00:00:00Z",
            "1969-12-31",
        ] {
            let answer = app.get(&format!("/v1/articles?{name}={value}"));
            assert!(matches!(answer.status, 200 | 400), "{name}={value}: {}", answer.text());
        }
    }
}

#[test]
fn a_property_that_an_item_does_not_have_is_refused() {
    let app = TestApp::start();
    for fields in ["body", "id,body", "Title", "id;slug"] {
        let why = refused_parameter(
            &app,
            &format!("/v1/articles?fields={fields}"),
            "invalid_parameter",
            "fields",
        );
        assert!(why.contains("is not a property; there are id, slug, "), "{why}");
    }
    for fields in ["", ",", "id,,slug", "id,"] {
        let why = refused_parameter(
            &app,
            &format!("/v1/articles?fields={fields}"),
            "invalid_parameter",
            "fields",
        );
        assert_eq!(why, "must be names of properties separated by commas");
    }
}
