//! Reading topics.

use actix_web::{HttpResponse, get};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{store, wire::Topic};
use crate::{
    http::{
        page::{After, Page, PageQuery},
        public::PublicRequest,
        query::NoParameters,
    },
    problem::Problem,
};

type TopicPage = Page<Topic>;

/// Mounts the routes.
pub fn configure(config: &mut ServiceConfig) {
    config.service(list_topics);
}

/// Lists the topics by name.
///
/// Each comes with the number of published articles about it.
#[utoipa::path(tag = "topics", params(PageQuery), responses((status = 200, description = "A page of topics.", body = TopicPage)))]
#[get("/v1/topics")]
async fn list_topics(request: PublicRequest<NoParameters, PageQuery>) -> Result<HttpResponse, Problem> {
    let after = request.after::<String>()?;
    request
        .answer(async |database| {
            let (locale, page) = (&request.locale, &request.page);
            let (topics, total) = database
                .read_page(
                    page.include_total,
                    async |c| store::list_topics(c, locale, page, after.as_ref()).await,
                    async |c| store::count_topics(c, locale).await,
                )
                .await?;
            let place = |topic: &Topic| After {
                key: topic.name.clone(),
                id: topic.id,
            };
            request.render(&request.cut(topics, total, place))
        })
        .await
}
