//! The kinds of content, for what concerns all of them.

use std::{borrow::Cow, fmt};

use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use futures_util::future::{BoxFuture, FutureExt, LocalBoxFuture};
use utoipa::{ToSchema, openapi::OpenApi};
use uuid::Uuid;

use super::{
    admin,
    content::{Content, Names},
    documented, lifecycle, preview,
    rebuild::{Outcome, Viewpoint, rebuild_one},
};
use crate::{changes::Actor, problem::Problem};

/// What is to be done with a document at a moment that has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// Its scheduled version becomes public.
    Publish(i64),
    /// It leaves the public.
    Unpublish,
    /// Its schedule cannot be carried out and is taken back.
    GiveUp,
}

type CarryOut =
    for<'a> fn(&'a mut AsyncPgConnection, &'a Actor<'a>, Uuid, &'a str, Due) -> BoxFuture<'a, Result<(), Problem>>;

type Rebuild = for<'a> fn(
    &'a mut AsyncPgConnection,
    &'a Actor<'a>,
    Uuid,
    &'a Viewpoint<'a>,
) -> LocalBoxFuture<'a, Result<Outcome, Problem>>;

type Outdated = for<'a> fn(&'a mut AsyncPgConnection) -> BoxFuture<'a, QueryResult<Vec<Uuid>>>;

/// A kind of content.
#[derive(Clone, Copy)]
pub struct Kind {
    /// Its names.
    pub names: &'static Names,
    pub(super) mount: admin::Mount,
    document: fn(&mut OpenApi, &[documented::Template]),
    public: fn() -> Cow<'static, str>,
    pub(super) preview: preview::Show,
    pub(super) carry_out: CarryOut,
    pub(super) rebuild: Rebuild,
    pub(super) outdated: Outdated,
}

impl Kind {
    /// The kind that this type of content is.
    pub const fn of<C: Content>() -> Self {
        Self {
            names: &C::NAMES,
            mount: admin::mount::<C>,
            document: documented::add::<C>,
            public: <C::Public as ToSchema>::name,
            preview: preview::show::<C>,
            carry_out: |connection, actor, id, locale, due| carry_out::<C>(connection, actor, id, locale, due).boxed(),
            rebuild: |connection, actor, id, viewpoint| {
                rebuild_one::<C>(connection, actor, id, viewpoint).boxed_local()
            },
            outdated: |connection| C::outdated(connection).boxed(),
        }
    }
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.names.fmt(f)
    }
}

/// Adds what is mounted for these kinds to the document.
pub fn document(document: &mut OpenApi, kinds: &[Kind]) {
    let templates = admin::templates();
    for kind in kinds {
        (kind.document)(document, &templates);
    }
}

/// Says in the public document of what types the things are that a preview shows.
pub fn document_previews(document: &mut OpenApi, kinds: &[Kind]) {
    let shown: Vec<_> = kinds.iter().map(|kind| (kind.names, (kind.public)())).collect();
    documented::add_previewed(document, &shown);
}

async fn carry_out<C: Content>(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Uuid,
    locale: &str,
    due: Due,
) -> Result<(), Problem> {
    let mut opened = lifecycle::open::<C>(connection, Some(id)).await?;
    let locales = [locale.to_owned()];
    match due {
        Due::Publish(version) => opened.publish_scheduled(connection, actor, version, &locales).await,
        Due::Unpublish if opened.is_public_in(locale) => opened.unpublish(connection, actor, &locales).await,
        Due::Unpublish | Due::GiveUp => opened.take_back_schedule(connection, actor, &locales).await,
    }
}
