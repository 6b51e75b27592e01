//! Reading articles and journals.

use actix_web::{HttpResponse, get, web::Path};
use jiff::Timestamp;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    citation::{self, Citation, CitationText, CslItems},
    store::{self, ArticleOrder},
    wire::{
        Article, ArticleQuery, ArticleSort, ArticleSummary, CitationQuery, JournalCount, RelatedQuery,
        SparseArticleQuery, SparseArticleSummary,
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
    values::{Fields, IdOrSlug, ReviewState},
};

type ArticleSummaryPage = Page<ArticleSummary>;
type SparseArticleSummaryPage = Page<SparseArticleSummary>;
type JournalCountPage = Page<JournalCount>;

const TEXT: &str = "text/plain; charset=utf-8";
const CSL_JSON: &str = "application/vnd.citationstyles.csl+json";

/// Mounts the routes.
pub fn configure(config: &mut ServiceConfig) {
    config
        .service(list_articles)
        // Before the articles themselves, as its address could be the slug of one.
        .service(list_sparse_articles)
        .service(get_article)
        .service(list_related_articles)
        .service(get_article_citation)
        .service(get_article_citation_csl)
        .service(list_journals);
}

/// Lists articles, the newest first.
///
/// A repeated parameter means any of its values; different parameters must all hold.
#[utoipa::path(
    tag = "articles",
    params(ArticleQuery, PageQuery),
    responses((status = 200, description = "A page of articles.", body = ArticleSummaryPage))
)]
#[get("/v1/articles")]
async fn list_articles(request: PublicRequest<ArticleQuery, PageQuery>) -> Result<HttpResponse, Problem> {
    let order = order(&request, request.filter.sort)?;
    request
        .answer(async |database| {
            let page = read_articles(&request, database, &request.filter, &order).await?;
            request.render(&page)
        })
        .await
}

/// Lists articles with only some of their properties, the newest first.
///
/// The same articles as `listArticles`, by the same parameters, for less data: of each item it has what `fields` names
/// and nothing else.
#[utoipa::path(
    tag = "articles",
    params(SparseArticleQuery, PageQuery),
    responses((status = 200, description = "A page of articles, in part.", body = SparseArticleSummaryPage))
)]
#[get("/v1/articles/sparse")]
async fn list_sparse_articles(request: PublicRequest<SparseArticleQuery, PageQuery>) -> Result<HttpResponse, Problem> {
    let filter = &request.filter.0;
    let order = order(&request, filter.sort)?;
    let fields = known_fields(request.filter.fields())?;
    request
        .answer(async |database| {
            let page = read_articles(&request, database, filter, &order).await?;
            request.render_sparse(&page, fields)
        })
        .await
}

/// The order asked for, and where the page starts in it.
fn order<F: Parameters>(request: &PublicRequest<F, PageQuery>, sort: ArticleSort) -> Result<ArticleOrder, Problem> {
    Ok(match sort {
        ArticleSort::NewestFirst => ArticleOrder::NewestFirst(request.after()?),
        ArticleSort::OldestFirst => ArticleOrder::OldestFirst(request.after()?),
        ArticleSort::Title => ArticleOrder::Title(request.after()?),
        ArticleSort::LastUpdatedFirst => ArticleOrder::LastUpdatedFirst(request.after()?),
    })
}

/// The properties asked for, which must be some of those that there are.
fn known_fields(fields: Option<&Fields>) -> Result<&Fields, Problem> {
    let refused = |fault: String| {
        let detail = format!("{fault}; there are {}", ArticleSummary::FIELDS.join(", "));
        Problem::query_parameter(Code::InvalidParameter, "fields", detail)
    };
    let fields = fields.ok_or_else(|| refused("must name the properties that are wanted".to_owned()))?;
    match fields.unknown(ArticleSummary::FIELDS) {
        Some(name) => Err(refused(format!("`{name}` is not a property"))),
        None => Ok(fields),
    }
}

async fn read_articles<F: Parameters>(
    request: &PublicRequest<F, PageQuery>,
    database: &Database,
    filter: &ArticleQuery,
    order: &ArticleOrder,
) -> Result<Page<ArticleSummary>, NotRendered> {
    let (locale, page) = (&request.locale, &request.page);
    let (articles, total) = database
        .read_page(
            page.include_total,
            async |c| store::list_articles(c, locale, filter, page, order).await,
            async |c| store::count_articles(c, locale, filter).await,
        )
        .await?;
    let by = |key: fn(&ArticleSummary) -> Timestamp| {
        move |article: &ArticleSummary| After {
            key: key(article),
            id: article.id,
        }
    };
    Ok(match filter.sort {
        ArticleSort::Title => request.cut(articles, total, |article| After {
            key: article.title.clone(),
            id: article.id,
        }),
        ArticleSort::LastUpdatedFirst => request.cut(articles, total, by(|article| article.updated_at)),
        ArticleSort::NewestFirst | ArticleSort::OldestFirst => {
            request.cut(articles, total, by(|article| article.published_at))
        }
    })
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

/// Gets an article's citation as text, for reading or for a reference manager.
///
/// Every format is plain text in UTF-8; `Content-Disposition` names a file with the extension that reference managers
/// know. The abstract is in it only where the right to show it is recorded. An article that presents no work has no
/// citation, which is a 404.
#[utoipa::path(
    tag = "articles",
    params(("id_or_slug" = IdOrSlug, Path, description = "Id or slug of the article."), CitationQuery),
    responses((
        status = 200,
        description = "The citation in the format asked for.",
        body = CitationText,
        content_type = "text/plain",
        headers(("Content-Disposition"))
    ))
)]
#[get("/v1/articles/{id_or_slug}/citation")]
async fn get_article_citation(
    request: PublicRequest<CitationQuery>,
    wanted: Path<IdOrSlug>,
) -> Result<HttpResponse, Problem> {
    let format = request.filter.format;
    answer_citation(&request, &wanted, TEXT, format.file_extension(), |citation| {
        citation::render(citation, format)
    })
    .await
}

/// Gets an article's citation as CSL-JSON 1.0.2, an array of one item.
///
/// The abstract is in it only where the right to show it is recorded. An article that presents no work has no
/// citation, which is a 404.
#[utoipa::path(
    tag = "articles",
    params(("id_or_slug" = IdOrSlug, Path, description = "Id or slug of the article.")),
    responses((
        status = 200,
        description = "The citation.",
        body = CslItems,
        content_type = CSL_JSON,
        headers(("Content-Disposition"))
    ))
)]
#[get("/v1/articles/{id_or_slug}/citation/csl")]
async fn get_article_citation_csl(request: PublicRequest, wanted: Path<IdOrSlug>) -> Result<HttpResponse, Problem> {
    answer_citation(&request, &wanted, CSL_JSON, "json", citation::render_csl).await
}

async fn answer_citation<F: Parameters + 'static>(
    request: &PublicRequest<F>,
    wanted: &IdOrSlug,
    content_type: &'static str,
    extension: &str,
    render: impl FnOnce(&Citation) -> String,
) -> Result<HttpResponse, Problem> {
    let now = request.state.clock.now();
    request
        .answer(async |database| {
            let article = find_article(request, database, wanted, now).await?;
            let citation = article
                .citation
                .ok_or_else(|| NotRendered::Missing("This article presents no work that could be cited.".to_owned()))?;
            let mut rendered = Rendered::new(content_type, article.locale, render(&citation).into_bytes());
            rendered.disposition = Some(format!("inline; filename=\"{}.{extension}\"", article.slug));
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
