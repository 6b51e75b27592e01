//! Operations that will go: one annotation, and the document and every answer say so.

use actix_web::{HttpResponse, get, web::Path};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use vertebra::{
    access::Scope,
    app::FurtherRoutes,
    http::{
        admin::AdminRequest,
        page::{After, PageQuery},
        public::{NotRendered, PublicRequest, json},
        query::NoParameters,
    },
    problem::Problem,
};

use crate::support::{app::TestApp, client::Answer, gate::Gate};

const ROUTES: FurtherRoutes = FurtherRoutes {
    public: |config| {
        config.service(list_old_things).service(get_old_thing);
    },
    admin: |config| {
        config.service(list_old_works);
    },
};

/// What the annotations below say, as the headers say it.
const DEPRECATION: &str = "@1793491200";
const SUNSET: &str = "Sat, 01 May 2027 00:00:00 GMT";
const LINKS: [&str; 2] = [
    "</docs/versions>; rel=\"deprecation\"",
    "</v2/things>; rel=\"successor-version\"",
];

/// Where one of the requests waits.
const GATE: &str = "an_old_thing";

/// A thing of the past.
#[derive(Serialize, ToSchema)]
struct OldThing {
    /// Its id.
    id: Uuid,
}

/// Lists old things.
#[utoipa::path(
    tag = "topics",
    params(PageQuery),
    responses((status = 200, description = "A page of them.", body = OldThing)),
    extensions(("x-deprecated" = json!({
        "since": "2026-11-01",
        "sunset": "2027-05-01",
        "link": "/docs/versions",
        "successor": "/v2/things",
    })))
)]
#[get("/v1/old-things")]
async fn list_old_things(request: PublicRequest<NoParameters, PageQuery>) -> Result<HttpResponse, Problem> {
    let things = (0..request.page.rows())
        .map(|_| OldThing { id: Uuid::now_v7() })
        .collect();
    let place = |thing: &OldThing| After {
        key: String::new(),
        id: thing.id,
    };
    request
        .answer(async |_| request.render(&request.cut(things, None, place)))
        .await
}

/// Gets an old thing.
///
/// It is as old as it looks.
#[utoipa::path(
    tag = "topics",
    params(("name" = String, Path, description = "Its name.")),
    responses((status = 200, description = "The thing.", body = OldThing)),
    extensions(("x-deprecated" = json!({
        "since": "2026-11-01",
        "sunset": "2027-05-01",
        "link": "/docs/versions",
        "successor": "/v2/things",
    })))
)]
#[get("/v1/old-things/{name}")]
async fn get_old_thing(request: PublicRequest, name: Path<String>) -> Result<HttpResponse, Problem> {
    let thing = OldThing { id: Uuid::nil() };
    let load = async |_: &_| match name.as_str() {
        "missing" => Err(NotRendered::Missing("No thing has this name.".to_owned())),
        "moved" => Err(NotRendered::MovedTo("/v1/old-things/thing".to_owned())),
        "panic" => panic!("as the test wants it"),
        "waits" => {
            Gate::named(GATE).pass().await;
            json(&request.locale, &thing)
        }
        _ => json(&request.locale, &thing),
    };
    request.answer(load).await
}

/// Lists old works.
#[utoipa::path(
    tag = "topics",
    security(("api_key" = ["content:read"])),
    responses((status = 200, description = "All of them.", body = OldThing)),
    extensions(("x-deprecated" = json!({
        "since": "2026-11-01",
        "sunset": "2027-05-01",
        "link": "/docs/versions",
        "successor": "/v2/things",
    })))
)]
#[get("/old-works")]
async fn list_old_works(_: AdminRequest) -> HttpResponse {
    HttpResponse::Ok().json(OldThing { id: Uuid::nil() })
}

fn start() -> TestApp {
    TestApp::builder().with_routes(ROUTES).start()
}

fn links(answer: &Answer) -> Vec<&str> {
    let links = answer.headers.get_all("link").into_iter();
    links.map(|link| link.to_str().expect("it is text")).collect()
}

/// Checks that an answer says once that its operation will go.
#[track_caller]
fn says_so(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status);
    for (name, value) in [("deprecation", DEPRECATION), ("sunset", SUNSET)] {
        let all: Vec<_> = answer.headers.get_all(name).into_iter().collect();
        assert_eq!(all, [value], "{status}");
    }
    assert!(links(answer).ends_with(&LINKS), "{status}: {:?}", links(answer));
}

/// Checks that an answer says nothing of the kind.
#[track_caller]
fn says_nothing(answer: &Answer, path: &str) {
    for name in ["deprecation", "sunset"] {
        assert!(!answer.headers.contains_key(name), "{path} sends {name}");
    }
    let is_about_the_end = |link: &&str| link.contains("deprecation") || link.contains("successor");
    assert_eq!(links(answer).into_iter().find(is_about_the_end), None, "{path}");
}

#[test]
fn every_answer_of_a_public_operation_that_will_go_says_so() {
    let app = start();
    let thing = "/v1/old-things/thing";
    let first = app.get(thing);
    says_so(&first, 200);
    assert_eq!(links(&first), LINKS);
    let kept = app.get(thing);
    assert_eq!(kept.header("etag"), first.header("etag"));
    says_so(&kept, 200);
    let unchanged = app.request("GET", thing).header("if-none-match", first.header("etag"));
    says_so(&unchanged.send(), 304);
    let head = app.request("HEAD", thing).send();
    says_so(&head, 200);
    assert_eq!(head.body, [0_u8; 0]);
    says_so(&app.get("/v1/old-things/moved"), 308);
    says_so(&app.get("/v1/old-things/thing?page=1"), 400);
    says_so(&app.get("/v1/old-things/%00"), 400);
    says_so(&app.get("/v1/old-things/missing"), 404);
    says_so(&app.get("/v1/old-things/panic"), 500);
}

#[test]
fn a_page_still_leads_to_the_next() {
    let answer = start().get("/v1/old-things?limit=1");
    says_so(&answer, 200);
    let [next, ..] = links(&answer)[..] else {
        panic!("there is no link")
    };
    assert!(
        next.starts_with("</v1/old-things?limit=1&cursor=") && next.ends_with("; rel=\"next\""),
        "{next}"
    );
    assert_eq!(links(&answer).len(), 3);
}

#[test]
fn every_answer_of_an_editors_operation_that_will_go_says_so() {
    let app = start();
    let request = || app.request("GET", "/v1/admin/old-works");
    says_so(&request().key(&app.key(&[Scope::ContentRead])).send(), 200);
    says_so(&request().key(&app.key(&[Scope::Keys])).send(), 403);
    says_so(&request().send(), 401);
}

#[test]
fn a_busy_server_says_so_too() {
    let settings = TestApp::builder().set("VERTEBRA_MAX_IN_FLIGHT", "1");
    let app = settings.with_routes(ROUTES).start();
    let gate = Gate::named(GATE);
    std::thread::scope(|threads| {
        let waiting = threads.spawn(|| app.get("/v1/old-things/waits"));
        app.block_on(gate.arrival());
        says_so(&app.get("/v1/old-things/thing"), 503);
        gate.let_one_pass();
        says_so(&waiting.join().expect("it is answered"), 200);
    });
}

#[test]
fn no_other_operation_says_so() {
    let app = start();
    let key = app.key(Scope::ALL);
    for document in ["/v1/openapi.json", "/v1/admin/openapi.json"] {
        let document = app.get(document).json();
        for path in document["paths"].as_object().expect("an object").keys() {
            if path.contains("/old-") {
                continue;
            }
            let parts = path
                .split('/')
                .map(|part| if part.starts_with('{') { "nothing" } else { part });
            let path = parts.collect::<Vec<_>>().join("/");
            for method in ["GET", "HEAD", "POST", "OPTIONS"] {
                says_nothing(&app.request(method, &path).key(&key).send(), &path);
            }
        }
    }
    for (method, path) in [
        ("POST", "/v1/old-things"),
        ("OPTIONS", "/v1/old-things"),
        ("GET", "/v1/old-things/thing/more"),
        ("GET", "/nowhere"),
        ("GET", "/docs"),
    ] {
        says_nothing(&app.request(method, path).send(), path);
    }
    says_nothing(&app.get_ops("/livez"), "/livez");
}

/// What a value is or refers to.
fn resolved<'v>(document: &'v Value, value: &'v Value) -> &'v Value {
    match value["$ref"].as_str() {
        Some(reference) => document.pointer(&reference[1..]).expect("it points to something"),
        None => value,
    }
}

#[test]
fn the_document_says_so_of_these_operations_and_of_no_other() {
    let app = start();
    let mut marked = Vec::new();
    for address in ["/v1/openapi.json", "/v1/admin/openapi.json"] {
        let document = app.get(address).json();
        let items = document["paths"].as_object().expect("an object").values();
        for operation in items.flat_map(|item| item.as_object().expect("an object").values()) {
            let is_marked = operation["deprecated"] == true;
            let responses = operation["responses"].as_object().expect("an object");
            for (status, response) in responses {
                let headers = &resolved(&document, response)["headers"];
                for name in ["Deprecation", "Sunset"] {
                    let description = &resolved(&document, &headers[name])["description"];
                    assert_eq!(description.is_string(), is_marked, "{name} of {status}");
                }
                let link = headers["Link"]["description"].as_str().unwrap_or_default();
                assert_eq!(link.contains("rel=\"deprecation\""), is_marked, "{status}");
            }
            if is_marked {
                let description = operation["description"].as_str().unwrap_or_default();
                let told = "**Deprecated** since 2026-11-01; gone from 2027-05-01 on. Use `/v2/things` instead. \
                    See [what to know](/docs/versions).";
                assert!(description.ends_with(told), "{description}");
                assert_eq!(operation["x-deprecated"]["sunset"], "2027-05-01");
                assert!(responses.contains_key("503") && responses.contains_key("default"));
                marked.push(operation["operationId"].clone());
            }
        }
    }
    assert_eq!(marked, ["listOldThings", "getOldThing", "listOldWorks"]);
}

/// An operation whose end comes before its beginning.
#[utoipa::path(
    responses((status = 204, description = "Nothing.")),
    extensions(("x-deprecated" = json!({"since": "2027-05-01", "sunset": "2026-11-01", "link": "/docs/versions"})))
)]
#[get("/v1/wrong")]
async fn get_wrong() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

#[test]
fn a_wrong_annotation_keeps_the_program_from_starting() {
    let routes = FurtherRoutes {
        public: |config: &mut ServiceConfig| {
            config.service(get_wrong);
        },
        ..FurtherRoutes::NONE
    };
    let refused = TestApp::builder().with_routes(routes).try_start().err();
    let refused = refused.expect("it does not start").to_string();
    assert_eq!(
        refused,
        "the declaration of getWrong has a wrong x-deprecated: the sunset on 2026-11-01 is not after 2027-05-01"
    );
}
