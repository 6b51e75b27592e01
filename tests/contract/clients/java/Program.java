import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import vertebra.adminapi.api.ArticlesApi.APIArchiveArticleRequest;
import vertebra.adminapi.api.ArticlesApi.APICreateArticleRequest;
import vertebra.adminapi.api.ArticlesApi.APIPublishArticleRequest;
import vertebra.adminapi.api.ArticlesApi.APIUpdateArticleRequest;
import vertebra.adminapi.model.ArticleDocument;
import vertebra.adminapi.model.ArticleIn;
import vertebra.adminapi.model.ArticleKind;
import vertebra.adminapi.model.ArticlePatch;
import vertebra.adminapi.model.ArticleTextIn;
import vertebra.adminapi.model.ArticleTextPatch;
import vertebra.adminapi.model.LocalesIn;
import vertebra.adminapi.model.ReviewIn;
import vertebra.publicapi.ApiClient;
import vertebra.publicapi.ApiException;
import vertebra.publicapi.api.ArticlesApi;
import vertebra.publicapi.api.ArticlesApi.APIGetArticleRequest;
import vertebra.publicapi.api.ArticlesApi.APIListArticlesRequest;
import vertebra.publicapi.model.Article;
import vertebra.publicapi.model.ArticleSummary;
import vertebra.publicapi.model.ArticleSummaryPage;
import vertebra.publicapi.model.Problem;

/** Uses both generated clients against a server with the demonstration clinic, and holds what it reads. */
final class Program {
    private static final String LOCALE = "en-GB";
    private static final String URL = System.getenv("VERTEBRA_URL");
    private static final String SLUG =
            "combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases";
    private static final String TITLE = "Combined Vertebral Augmentation and Radiofrequency Ablation in the"
            + " Management of Spinal Metastases: an Update.";
    private static final LocalDate REVIEWED = LocalDate.of(2026, 1, 31);

    private final ArticlesApi articles;
    private final vertebra.adminapi.api.ArticlesApi drafts = editor(System.getenv("VERTEBRA_KEY"));

    private Program() {
        ApiClient client = new ApiClient();
        client.updateBaseUri(URL);
        articles = new ArticlesApi(client);
    }

    private static vertebra.adminapi.api.ArticlesApi editor(String key) {
        var client = new vertebra.adminapi.ApiClient();
        client.updateBaseUri(URL);
        if (key != null) {
            client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + key));
        }
        return new vertebra.adminapi.api.ArticlesApi(client);
    }

    public static void main(String[] arguments) throws Exception {
        Program program = new Program();
        program.pages();
        program.detail();
        program.refusals();
        program.publishes();
        program.refusesEditors();
    }

    private void pages() throws ApiException {
        Set<UUID> ids = new HashSet<>();
        Integer total = null;
        int read = 0;
        String cursor = null;
        do {
            ArticleSummaryPage page = articles.listArticles(APIListArticlesRequest.newBuilder()
                    .limit(2)
                    .cursor(cursor)
                    .includeTotal(true)
                    .build());
            for (ArticleSummary article : page.getItems()) {
                ids.add(article.getId());
                read++;
            }
            total = page.getTotal();
            cursor = page.getNextCursor();
        } while (cursor != null);
        equal(total, read, "as many articles as the total says");
        equal(read, ids.size(), "each article once");
        check(read > 4, "more than two pages");
    }

    private void detail() throws ApiException {
        var request = APIGetArticleRequest.newBuilder().idOrSlug(SLUG);
        var answer = articles.getArticleWithHttpInfo(request.build());
        Article article = answer.getData();
        equal(TITLE, article.getTitle(), "title");
        equal("29143901", article.getCitation().getPmid(), "PMID");
        equal(2017, article.getCitation().getPublicationDate().getYear(), "year of the work");
        equal(OffsetDateTime.parse("2017-11-16T00:00:00Z"), article.getPublishedAt(), "published_at");
        equal(null, article.getLastReviewedOn(), "no review");
        equal(null, article.getBodyHtml(), "no body");
        equal(null, article.getCitation().getPmcid(), "no PMCID");

        String tag = answer.getHeaders().get("etag").get(0);
        ApiException unchanged =
                refused(() -> articles.getArticle(request.ifNoneMatch(tag).build()));
        equal(304, unchanged.getCode(), "status of an unchanged answer");
    }

    private void refusals() throws Exception {
        ApiException missing = refused(() -> articles.getArticle(
                APIGetArticleRequest.newBuilder().idOrSlug("no-such-article").build()));
        equal(404, missing.getCode(), "status of a missing article");
        equal("not_found", problem(missing.getResponseBody()).getCode(), "its code");

        ApiException invalid = refused(() ->
                articles.listArticles(APIListArticlesRequest.newBuilder().limit(0).build()));
        Problem problem = problem(invalid.getResponseBody());
        equal(400, problem.getStatus(), "status of an invalid parameter");
        equal("/query/limit", problem.getErrors().get(0).getPointer(), "its pointer");
    }

    private void publishes() throws Exception {
        String title = "A guide made by the Java client";
        var create = APICreateArticleRequest.newBuilder()
                .idempotencyKey(UUID.randomUUID().toString())
                .articleIn(new ArticleIn().kind(ArticleKind.GUIDE).texts(Map.of(LOCALE, text(title))))
                .build();
        var created = drafts.createArticleWithHttpInfo(create);
        ArticleDocument draft = created.getData();
        equal(draft, drafts.createArticle(create), "the answer to the same key");
        UUID id = draft.getId();
        equal(404, status(id), "status of a draft");

        String better = title + ", and changed by it";
        var patch = APIUpdateArticleRequest.newBuilder()
                .id(id)
                .ifMatch(tag(created))
                .articlePatch(new ArticlePatch().texts(Map.of(LOCALE, new ArticleTextPatch().title(better))))
                .build();
        var updated = drafts.updateArticleWithHttpInfo(patch);
        equal(draft.getVersion() + 1, updated.getData().getVersion(), "the next version");
        equal(better, updated.getData().getLanguages().get(0).getTitle(), "the new title");
        vertebra.adminapi.ApiException stale = refusedEditor(() -> drafts.updateArticle(patch));
        equal(412, stale.getCode(), "status of a stale If-Match");

        var published = drafts.publishArticleWithHttpInfo(APIPublishArticleRequest.newBuilder()
                .id(id)
                .ifMatch(tag(updated))
                .localesIn(new LocalesIn().locales(List.of(LOCALE)))
                .build());
        soon(200, id, "status of what was published");
        Article article = articles.getArticle(
                APIGetArticleRequest.newBuilder().idOrSlug(id.toString()).build());
        equal(better, article.getTitle(), "the title that the public reads");
        equal(REVIEWED, article.getLastReviewedOn(), "the day of its review");
        equal(null, article.getNextReviewDueOn(), "no next review");
        equal(null, article.getCitation(), "a guide cites nothing");

        drafts.archiveArticle(APIArchiveArticleRequest.newBuilder()
                .id(id)
                .ifMatch(tag(published))
                .build());
        soon(404, id, "status of what was archived");
    }

    private void refusesEditors() throws Exception {
        var request = vertebra.adminapi.api.ArticlesApi.APIListArticlesRequest.newBuilder().build();
        vertebra.adminapi.ApiException refusal = refusedEditor(() -> editor(null).listArticles(request));
        equal(401, refusal.getCode(), "status without a key");
        equal("key_required", problem(refusal.getResponseBody()).getCode(), "its code");
    }

    private static ArticleTextIn text(String title) {
        ReviewIn review = new ReviewIn().reviewedBy("The contract's tests").lastReviewedOn(REVIEWED);
        return new ArticleTextIn().title(title).summary("What a generated client can write.").review(review);
    }

    private static String tag(vertebra.adminapi.ApiResponse<?> answer) {
        return answer.getHeaders().get("etag").get(0);
    }

    /** The public side learns of a write from the change log, a moment after its answer. */
    private void soon(int expected, UUID id, String what) throws InterruptedException {
        long end = System.nanoTime() + 5_000_000_000L;
        while (status(id) != expected) {
            check(System.nanoTime() < end, what + ": " + expected + " did not come");
            Thread.sleep(5);
        }
    }

    private int status(UUID id) {
        try {
            return articles.getArticleWithHttpInfo(
                            APIGetArticleRequest.newBuilder().idOrSlug(id.toString()).build())
                    .getStatusCode();
        } catch (ApiException refusal) {
            return refusal.getCode();
        }
    }

    private static Problem problem(String body) throws JsonProcessingException {
        return ApiClient.createDefaultObjectMapper().readValue(body, Problem.class);
    }

    private interface Call {
        void run() throws ApiException, vertebra.adminapi.ApiException;
    }

    private static ApiException refused(Call call) {
        return (ApiException) failure(call);
    }

    private static vertebra.adminapi.ApiException refusedEditor(Call call) {
        return (vertebra.adminapi.ApiException) failure(call);
    }

    private static Exception failure(Call call) {
        try {
            call.run();
        } catch (ApiException | vertebra.adminapi.ApiException refusal) {
            return refusal;
        }
        throw new AssertionError("the call was not refused");
    }

    private static void equal(Object expected, Object found, String what) {
        check(Objects.equals(expected, found), what + ": expected " + expected + ", found " + found);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
