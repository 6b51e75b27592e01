//! The editors' handlers, once for all kinds of content.
//!
//! Each is declared with the template of a path, in which `{collection}` stands for the path of a kind;
//! `documented.rs` writes it out for each kind, and `mount` takes its requests there.

mod documents;
mod history;
mod overview;
mod publication;

use std::future::{Ready, ready};

use actix_web::{FromRequest, Handler, HttpRequest, HttpResponse, Responder, dev::Payload, http::Method, web};
use diesel_async::AsyncPgConnection;
use utoipa::openapi::HttpMethod;
use utoipa_actix_web::OpenApiFactory;
use uuid::Uuid;

pub use self::overview::configure;
use super::{
    content::{Content, Names},
    documented::Template,
    kind::Kind,
    lifecycle::{self, Opened},
    store,
    wire::Document,
};
use crate::{
    changes::Actor,
    http::{
        admin::{ADMIN, read::AdminRequest},
        write::{Answer, IfMatch, WriteRequest},
    },
    problem::{Code, Problem},
    values::Id,
};

/// Declares which handlers there are: mounted for a kind, and as templates for the document.
macro_rules! operations {
    ($($module:ident :: $handler:ident $documented:ident,)+) => {
        /// Takes the requests for a kind of content.
        pub(super) fn mount<C: Content>(config: &mut web::ServiceConfig) {
            $(mount_one(config, &C::NAMES, $module::$documented, $module::$handler::<C>);)+
        }

        /// What the handlers declare.
        pub(super) fn templates() -> Vec<Template> {
            vec![$(Template::new($module::$documented)),+]
        }
    };
}

operations! {
    documents::list_documents __path_list_documents,
    documents::create_document __path_create_document,
    documents::get_document __path_get_document,
    documents::update_document __path_update_document,
    publication::publish_document __path_publish_document,
    publication::unpublish_document __path_unpublish_document,
    publication::schedule_document __path_schedule_document,
    publication::archive_document __path_archive_document,
    publication::restore_document __path_restore_document,
    history::list_document_revisions __path_list_document_revisions,
    history::get_document_revision __path_get_document_revision,
    history::restore_document_revision __path_restore_document_revision,
    history::compare_document_revisions __path_compare_document_revisions,
    history::preview_document __path_preview_document,
}

/// Takes the requests for a kind of content.
pub(super) type Mount = fn(&mut web::ServiceConfig);

/// Takes the requests of editors for these kinds of content, within `/v1/admin`.
pub fn mount_kinds(config: &mut web::ServiceConfig, kinds: &[Kind]) {
    for kind in kinds {
        (kind.mount)(config);
    }
}

fn mount_one<H, A>(config: &mut web::ServiceConfig, names: &Names, documented: impl OpenApiFactory, handler: H)
where
    H: Handler<A>,
    A: FromRequest + 'static,
    H::Output: Responder + 'static,
{
    for (path, method, _) in Template::new(documented).operations_for(names) {
        let method = match method {
            HttpMethod::Get => Method::GET,
            HttpMethod::Patch => Method::PATCH,
            _ => Method::POST,
        };
        let route = web::method(method).to(handler.clone());
        // The scope around these routes has the first part of the path already.
        config.route(path.trim_start_matches(ADMIN), route);
    }
}

/// The document that a path names; none where there is but one of its kind.
pub(super) struct Target(Option<Uuid>);

impl FromRequest for Target {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").map(|id| Id::try_from(id.to_owned()));
        ready(match id {
            None => Ok(Self(None)),
            Some(Ok(Id(id))) => Ok(Self(Some(id))),
            Some(Err(_)) => Err(Problem::new(Code::NotFound, "Nothing can have such an id.")),
        })
    }
}

/// The version that a path names.
pub(super) struct Version(i64);

impl FromRequest for Version {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let version = request.match_info().get("version").and_then(|text| text.parse().ok());
        ready(version.map(Self).ok_or_else(no_version))
    }
}

fn no_version() -> Problem {
    Problem::new(Code::NotFound, "It has no such version.")
}

async fn load<C: Content>(read: &AdminRequest, target: Target) -> Result<Opened<C>, Problem> {
    let found = read.state.database.read(async |c| {
        let Some(stored) = store::find_document(c, C::NAMES.entity_type, target.0).await? else {
            return Ok(None);
        };
        let languages = store::languages_of(c, &[stored.id]).await?;
        Ok(Some((stored, languages)))
    });
    let (stored, languages) = found.await?.ok_or_else(lifecycle::missing::<C>)?;
    Ok(Opened {
        content: lifecycle::content_of(&stored.content)?,
        stored,
        languages,
    })
}

/// Takes a step with the document against the version that the client knows, and answers with it.
async fn step<C: Content>(
    target: Target,
    request: WriteRequest,
    work: impl AsyncFnOnce(&mut Opened<C>, &mut AsyncPgConnection, &Actor<'_>) -> Result<(), Problem> + 'static,
) -> Result<HttpResponse, Problem> {
    let known = request.if_match()?;
    request
        .run(async move |connection, actor| {
            let mut opened = open_known::<C>(connection, target.0, &known).await?;
            work(&mut opened, connection, actor).await?;
            Ok(about(Answer::ok(&document(&opened))?, &opened))
        })
        .await
}

/// Locks the document and refuses the write where the client knows another version of it.
async fn open_known<C: Content>(
    connection: &mut AsyncPgConnection,
    id: Option<Uuid>,
    known: &IfMatch,
) -> Result<Opened<C>, Problem> {
    let opened = lifecycle::open::<C>(connection, id).await?;
    known.check(&opened.etag())?;
    Ok(opened)
}

fn document<C: Content>(opened: &Opened<C>) -> Document<&C> {
    Document::new(&opened.stored, &opened.languages, &opened.content)
}

/// Says of an answer which version of what it shows.
fn about<C: Content>(mut answer: Answer, opened: &Opened<C>) -> Answer {
    answer.etag = Some(opened.etag());
    answer.document_id = Some(opened.id());
    answer
}
