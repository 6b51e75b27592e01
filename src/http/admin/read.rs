//! Answering editors' reads: always from the database, and kept by nobody.

use std::future::{Ready, ready};

use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, dev::Payload, http::header, web::Data};
use serde::Serialize;

use crate::{
    access::Caller,
    http::{
        page::{After, Page, PageQuery, SortKey, next_link},
        query::{self, NoParameters, Parameters},
        state::State,
    },
    problem::Problem,
};

/// An editor's read: its parameters in one or two groups, and who asks.
pub struct AdminRequest<F = NoParameters, P = NoParameters> {
    /// The endpoint's own parameters.
    pub filter: F,
    /// The page asked for, on lists.
    pub page: P,
    /// Who asks.
    pub caller: Caller,
    /// What the process shares.
    pub state: Data<State>,
    path: String,
}

impl<F: Parameters + 'static, P: Parameters + 'static> FromRequest for AdminRequest<F, P> {
    type Error = Problem;
    type Future = Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Self::of(request))
    }
}

impl<F: Parameters + 'static, P: Parameters + 'static> AdminRequest<F, P> {
    fn of(request: &HttpRequest) -> Result<Self, Problem> {
        let state = request.app_data::<Data<State>>().cloned();
        let caller = request.extensions().get::<Caller>().cloned();
        let raw = request.query_string();
        query::refuse_undocumented(raw, [query::documented::<F>(), query::documented::<P>()])?;
        Ok(Self {
            filter: query::read(raw)?,
            page: query::read(raw)?,
            caller: caller.ok_or_else(|| Problem::internal("a handler of the editors' side has no guard"))?,
            state: state.ok_or_else(|| Problem::internal("the application has no state"))?,
            path: request.uri().path().to_owned(),
        })
    }
}

impl<F: Parameters> AdminRequest<F, PageQuery> {
    /// Where the page starts, in the list that the filter describes.
    pub fn after<K: SortKey>(&self) -> Result<Option<After<K>>, Problem> {
        let cursor = self.page.cursor.as_ref();
        cursor.map(|cursor| cursor.read(&self.binding())).transpose()
    }

    /// Answers with the page asked for out of the rows that were read, and with the address of the next in `Link`.
    pub fn answer<T, K: Serialize, U: Serialize>(
        &self,
        rows: Vec<T>,
        total: Option<i64>,
        place: impl FnOnce(&T) -> After<K>,
        wire: impl FnMut(T) -> U,
    ) -> HttpResponse {
        let page = Page::cut(rows, total, &self.page, &self.binding(), place).map(wire);
        let mut response = HttpResponse::Ok();
        if let Some(link) = next_link(&self.path, &self.filter, &self.page, page.next_cursor.as_deref()) {
            response.insert_header((header::LINK, link));
        }
        response.json(page)
    }

    /// What a cursor of this list is bound to: everything but the page.
    fn binding(&self) -> String {
        format!("{}?{}", self.path, query::canonical(&self.filter))
    }
}
