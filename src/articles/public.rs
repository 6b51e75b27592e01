//! Reading articles and journals.

use actix_web::{HttpResponse, get, web::Path};
use jiff::Timestamp;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    citation::{self, CitationText, CslItems},
    store::{self, ArticleOrder},
    wire::{
        Article, ArticleQuery, ArticleSort, ArticleSummary, CitationQuery, JournalCount, RelatedQuery,
        SparseArticleSummary,
    },
};
use crate::{
    cache::Rendered,
    db::Database,
    http::{
        page::{After, Page, PageQuery},
        public::{NotRendered, PublicRequest, json},
        query::{NoParameters, Parameters},
    },
    problem::{Code, Problem},
    values::{IdOrSlug, ReviewState},
};

type ArticleSummaryPage = Page<ArticleSummary>;
type SparseArticleSummaryPage = Page<SparseArticleSummary>;
type JournalCountPage = Page<JournalCount>;

/// Mounts the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_articles)
        .service(get_article)
        .service(list_related_articles)
        .service(get_article_citation)
        .service(list_journals);
}

/// Lists articles, the newest first.
///
/// A repeated parameter means any of its values; different parameters must all hold.
#[utoipa::path(
    tag = "articles",
    params(ArticleQuery, PageQuery),
    responses((status = 200, description = "A page of articles.", content(
        (ArticleSummaryPage = "application/json"),
        (SparseArticleSummaryPage = "application/vnd.vertebra.sparse+json"),
    )))
)]
#[get("/v1/articles")]
async fn list_articles(request: PublicRequest<ArticleQuery, PageQuery>) -> Result<HttpResponse, Problem> {
    let order = order(&request)?;
    refuse_unknown_fields(&request.filter)?;
    request
        .answer(async |database| {
            let (locale, filter, page) = (&request.locale, &request.filter, &request.page);
            let (articles, total) = database
                .read_page(
                    page.include_total,
                    async |c| store::list_articles(c, locale, filter, page, &order).await,
                    async |c| store::count_articles(c, locale, filter).await,
                )
                .await?;
            render_page(&request, articles, total)
        })
        .await
}

/// The order asked for, and where the page starts in it.
fn order(request: &PublicRequest<ArticleQuery, PageQuery>) -> Result<ArticleOrder, Problem> {
    Ok(match request.filter.sort {
        ArticleSort::NewestFirst => ArticleOrder::NewestFirst(request.after()?),
        ArticleSort::OldestFirst => ArticleOrder::OldestFirst(request.after()?),
        ArticleSort::Title => ArticleOrder::Title(request.after()?),
        ArticleSort::LastUpdatedFirst => ArticleOrder::LastUpdatedFirst(request.after()?),
    })
}

fn refuse_unknown_fields(filter: &ArticleQuery) -> Result<(), Problem> {
    let unknown = filter
        .fields
        .as_ref()
        .and_then(|fields| fields.unknown(ArticleSummary::FIELDS));
    match unknown {
        Some(name) => Err(Problem::query_parameter(
            Code::InvalidParameter,
            "fields",
            format!(
                "`{name}` is not a property; there are {}",
                ArticleSummary::FIELDS.join(", ")
            ),
        )),
        None => Ok(()),
    }
}

fn render_page(
    request: &PublicRequest<ArticleQuery, PageQuery>,
    articles: Vec<ArticleSummary>,
    total: Option<i64>,
) -> Result<Rendered, NotRendered> {
    let by = |key: fn(&ArticleSummary) -> Timestamp| {
        move |article: &ArticleSummary| After {
            key: key(article),
            id: article.id,
        }
    };
    let page = match request.filter.sort {
        ArticleSort::Title => request.cut(articles, total, |article| After {
            key: article.title.clone(),
            id: article.id,
        }),
        ArticleSort::LastUpdatedFirst => request.cut(articles, total, by(|article| article.updated_at)),
        ArticleSort::NewestFirst | ArticleSort::OldestFirst => {
            request.cut(articles, total, by(|article| article.published_at))
        }
    };
    match &request.filter.fields {
        Some(fields) => request.render_sparse(&page, fields),
        None => request.render(&page),
    }
}

/// Gets one article with its citation and share links.
///
/// The abstract of the cited work is in it only where the right to show it is recorded.
#[utoipa::path(
    tag = "articles",
    params(("id_or_slug" = IdOrSlug, Path, description = "Id or slug of the article.")),
    responses((status = 200, description = "The article.", body = Article))
)]
#[get("/v1/articles/{id_or_slug}")]
async fn get_article(request: PublicRequest, wanted: Path<IdOrSlug>) -> Result<HttpResponse, Problem> {
    let now = request.state.clock.now();
    request
        .answer(async |database| {
            let article = find_article(&request, database, &wanted, now).await?;
            let mut rendered = json(&article.locale, &article)?;
            rendered.valid_until = ReviewState::at(now, article.next_review_due_on).valid_until;
            Ok(rendered)
        })
        .await
}

async fn find_article<F: Parameters>(
    request: &PublicRequest<F>,
    database: &Database,
    wanted: &IdOrSlug,
    now: Timestamp,
) -> Result<Article, NotRendered> {
    let site = &request.state.settings.public_url;
    let languages = request.languages();
    let article = database
        .read(async |c| store::get_article(c, site, wanted, &languages, now).await)
        .await?;
    request.found(article, "article")
}

/// Lists articles that share topics and services with one, the closest first.
///
/// There is one page only, in the language of the article.
#[utoipa::path(
    tag = "articles",
    params(("id_or_slug" = IdOrSlug, Path, description = "Id or slug of the article."), RelatedQuery),
    responses((status = 200, description = "The related articles, all on one page.", body = ArticleSummaryPage))
)]
#[get("/v1/articles/{id_or_slug}/related")]
async fn list_related_articles(
    request: PublicRequest<RelatedQuery>,
    wanted: Path<IdOrSlug>,
) -> Result<HttpResponse, Problem> {
    let now = request.state.clock.now();
    request
        .answer(async |database| {
            let article = find_article(&request, database, &wanted, now).await?;
            let limit = usize::try_from(request.filter.limit.get()).unwrap_or_default();
            let related = database
                .read(async |c| store::list_related_articles(c, &article.locale, article.id, limit).await)
                .await?;
            json(&article.locale, &Page::whole(related))
        })
        .await
}

/// Gets an article's citation for reading or for a reference manager.
///
/// The abstract is in it only where the right to show it is recorded. An article that presents no
/// work has no citation, which is a 404.
#[utoipa::path(
    tag = "articles",
    params(("id_or_slug" = IdOrSlug, Path, description = "Id or slug of the article."), CitationQuery),
    responses((status = 200, description = "The citation in the format asked for.", content(
        (CitationText = "text/plain"),
        (CitationText = "application/x-research-info-systems"),
        (CitationText = "application/x-bibtex"),
        (CslItems = "application/vnd.citationstyles.csl+json"),
        (CitationText = "application/nbib"),
    )))
)]
#[get("/v1/articles/{id_or_slug}/citation")]
async fn get_article_citation(
    request: PublicRequest<CitationQuery>,
    wanted: Path<IdOrSlug>,
) -> Result<HttpResponse, Problem> {
    let now = request.state.clock.now();
    request
        .answer(async |database| {
            let article = find_article(&request, database, &wanted, now).await?;
            let citation = article
                .citation
                .ok_or_else(|| NotRendered::Missing("This article presents no work that could be cited.".to_owned()))?;
            let format = request.filter.format;
            let body = citation::render(&citation, format);
            let mut rendered = Rendered::new(format.content_type(), article.locale, body.into_bytes());
            rendered.disposition = Some(format!(
                "inline; filename=\"{}.{}\"",
                article.slug,
                format.file_extension()
            ));
            Ok(rendered)
        })
        .await
}

/// Lists the journals of the works that published articles present, by title.
///
/// Each comes with the number of those articles; its slug is a value of the `journal` filter.
#[utoipa::path(tag = "articles", params(PageQuery), responses((status = 200, description = "A page of journals.", body = JournalCountPage)))]
#[get("/v1/journals")]
async fn list_journals(request: PublicRequest<NoParameters, PageQuery>) -> Result<HttpResponse, Problem> {
    let after = request.after::<String>()?;
    request
        .answer(async |database| {
            let (locale, page) = (&request.locale, &request.page);
            let (journals, total) = database
                .read_page(
                    page.include_total,
                    async |c| store::list_journals(c, locale, page, after.as_ref()).await,
                    async |c| store::count_journals(c, locale).await,
                )
                .await?;
            let place = |counted: &JournalCount| After {
                key: counted.title.clone(),
                id: counted.id,
            };
            request.render(&request.cut(journals, total, place))
        })
        .await
}
