// Reads the demonstration clinic and edits an article, with the types of openapi-typescript and openapi-fetch.
// Every answer that it asserts has the type that was generated for it.
import assert from "node:assert/strict";
import createClient from "openapi-fetch";
import type { components as AdminComponents, paths as AdminPaths } from "./admin";
import type { components, paths } from "./public";

type Schemas = components["schemas"];
type Article = Schemas["Article"];
type ArticleSummary = Schemas["ArticleSummary"];
type Problem = Schemas["Problem"];
type ArticleIn = AdminComponents["schemas"]["ArticleIn"];
type Citation = "text/plain" | "application/vnd.citationstyles.csl+json";
type Media = "application/json" | "application/problem+json" | Citation;

const baseUrl = process.env["VERTEBRA_URL"] ?? "";
const authorization = `Bearer ${process.env["VERTEBRA_KEY"] ?? ""}`;
const api = createClient<paths, Media>({ baseUrl });
const admin = createClient<AdminPaths, Media>({ baseUrl, headers: { Authorization: authorization } });

const slug = "combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases";

/** What an app does with a problem: it knows some codes and passes over the others. */
function meaning(problem: Problem): "gone" | "mistake" | "stale" | "no entry" | "other" {
  switch (problem.code) {
    case "not_found":
      return "gone";
    case "invalid_parameter":
      return "mistake";
    case "precondition_failed":
      return "stale";
    case "key_required":
      return "no entry";
    default:
      return "other";
  }
}

interface Answer<T> {
  data?: T;
  error?: Problem;
  response: Response;
}

/** The body of an answer that must have succeeded. */
function success<T>({ data, error, response }: Answer<T>, status = 200): T {
  assert.equal(response.status, status, error?.detail ?? "");
  assert.ok(data !== undefined);
  return data;
}

/** The problem in an answer that must have failed. */
function failure({ error, response }: Answer<unknown>, status: number): Problem {
  assert.equal(response.status, status);
  assert.ok(error);
  assert.equal(error.status, status);
  return error;
}

async function allArticles(): Promise<{ articles: ArticleSummary[]; total: number | null }> {
  const articles: ArticleSummary[] = [];
  let total: number | null = null;
  let cursor: string | null = null;
  do {
    const page: Schemas["ArticleSummaryPage"] = await articlePage(cursor);
    assert.ok(page.items.length === 2 || page.next_cursor === null, "only the last page may be short");
    articles.push(...page.items);
    ({ total, next_cursor: cursor } = page);
  } while (cursor !== null);
  return { articles, total };
}

async function articlePage(cursor: string | null): Promise<Schemas["ArticleSummaryPage"]> {
  const query = { limit: 2, include_total: true, ...(cursor === null ? {} : { cursor }) };
  return success(await api.GET("/v1/articles", { params: { query } }));
}

async function readsEveryPage(): Promise<void> {
  const { articles, total } = await allArticles();
  const ids = articles.map((article) => article.id);
  assert.equal(articles.length, total);
  assert.equal(new Set(ids).size, total, "no article comes twice");
  const moments = articles.map((article) => Date.parse(article.published_at));
  assert.deepEqual(moments, moments.toSorted((one, other) => other - one), "the newest come first");
  assert.ok(articles.some((article) => article.slug === slug));
}

async function readsOneArticle(): Promise<void> {
  const path = { id_or_slug: slug };
  const answer = await api.GET("/v1/articles/{id_or_slug}", { params: { path } });
  const article: Article = success(answer);
  assert.equal(
    article.title,
    "Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of Spinal Metastases: an Update.",
  );
  assert.equal(article.citation?.pmid, "29143901");
  assert.equal(article.citation.publication_date.year, 2017);
  assert.equal(article.citation.pmcid, null);
  assert.equal(article.reviewed_by, null);
  assert.equal(new Date(article.published_at).toISOString(), "2017-11-16T00:00:00.000Z");

  const header = { "If-None-Match": etag(answer) };
  const again = await api.GET("/v1/articles/{id_or_slug}", { params: { path, header } });
  assert.equal(again.response.status, 304);
  assert.equal(again.data, undefined);
}

async function readsOnlyAPart(): Promise<void> {
  const query = { fields: ["slug", "title"] satisfies ("slug" | "title")[], sort: "title" as const, limit: 2 };
  const page: Schemas["SparseArticleSummaryPage"] = success(await api.GET("/v1/articles/sparse", { params: { query } }));
  const [first, second] = page.items;
  assert.ok(first?.title !== undefined && second?.title !== undefined && first.title < second.title);
  assert.equal(first.slug, slug);
  assert.deepEqual(Object.keys(first).toSorted(), ["slug", "title"]);
  const absent: string | undefined = first.summary;
  assert.equal(absent, undefined);
}

async function readsItsCitation(): Promise<void> {
  const path = { id_or_slug: slug };
  const query = { format: "ris" as const };
  const text: string = success(
    await api.GET("/v1/articles/{id_or_slug}/citation", { params: { path, query }, parseAs: "text" }),
  );
  assert.ok(text.startsWith("TY  - JOUR"));
  const items: Schemas["CslItems"] = success(
    await api.GET("/v1/articles/{id_or_slug}/citation/csl", { params: { path } }),
  );
  assert.equal(items[0]?.DOI, "10.1007/s11864-017-0516-7");
}

async function readArticle(id_or_slug: string): Promise<Answer<Article>> {
  return api.GET("/v1/articles/{id_or_slug}", { params: { path: { id_or_slug } } });
}

/** Reads until the public sees what was written, which is a matter of moments. */
async function readOnce(id: string, status: number): Promise<Answer<Article>> {
  const patience = Date.now() + 10_000;
  for (;;) {
    const answer = await readArticle(id);
    if (answer.response.status === status || Date.now() > patience) {
      return answer;
    }
  }
}

async function readsProblems(): Promise<void> {
  const missing = failure(await readArticle("no-such-article"), 404);
  assert.equal(meaning(missing), "gone");
  assert.equal(missing.instance, "/v1/articles/no-such-article");

  const wrong = failure(await api.GET("/v1/articles", { params: { query: { limit: 0 } } }), 400);
  assert.equal(meaning(wrong), "mistake");
  assert.deepEqual(
    wrong.errors.map((fault) => fault.pointer),
    ["/query/limit"],
  );
}

async function createsADraft(): Promise<{ id: string; etag: string }> {
  const body: ArticleIn = {
    kind: "guide",
    texts: {
      "en-GB": {
        title: "What we do, read with openapi-fetch",
        summary: "We treat all spinal disorders",
        body: { format: "markdown", source: "We are **London's** Top Spine Clinic" },
      },
    },
  };
  const header = { "Idempotency-Key": crypto.randomUUID() };
  const created = await admin.POST("/v1/admin/articles", { params: { header }, body });
  const draft = success(created, 201);
  assert.equal(draft.version, 1);
  assert.equal(draft.languages[0]?.status, "draft");
  assert.equal(draft.languages[0]?.published_at, null);
  assert.equal(draft.content.texts["en-GB"]?.review, null);
  const repeated = await admin.POST("/v1/admin/articles", { params: { header }, body });
  assert.deepEqual(success(repeated, 201), draft, "the same key gets the same answer");
  return { id: draft.id, etag: etag(created) };
}

function etag(answer: Answer<unknown>): string {
  return answer.response.headers.get("ETag") ?? "";
}

async function editsAnArticle(): Promise<void> {
  const { id, etag: first } = await createsADraft();
  const on = (version: string) => ({ params: { path: { id }, header: { "If-Match": version } } });
  const body = { texts: { "en-GB": { summary: "Trusted by patients worldwide" } } };
  const changed = await admin.PATCH("/v1/admin/articles/{id}", { ...on(first), body });
  assert.equal(success(changed).version, 2);
  assert.equal(success(changed).content.texts["en-GB"]?.summary, "Trusted by patients worldwide");
  const stale = await admin.PATCH("/v1/admin/articles/{id}", { ...on(first), body });
  assert.equal(meaning(failure(stale, 412)), "stale");

  const published = await admin.POST("/v1/admin/articles/{id}/publish", on(etag(changed)));
  assert.equal(success(published).languages[0]?.status, "published");
  const shown = success(await readOnce(id, 200));
  assert.equal(shown.summary, "Trusted by patients worldwide");
  assert.equal(shown.body_html, "<p>We are <strong>London's</strong> Top Spine Clinic</p>");
  assert.equal(shown.citation, null);

  const archived = await admin.POST("/v1/admin/articles/{id}/archive", on(etag(published)));
  assert.equal(success(archived).languages[0]?.status, "archived");
  assert.equal(typeof success(archived).archived_at, "string");
  assert.equal(meaning(failure(await readOnce(id, 404), 404)), "gone");
}

async function isRefusedWithoutAKey(): Promise<void> {
  const stranger = createClient<AdminPaths, Media>({ baseUrl });
  assert.equal(meaning(failure(await stranger.GET("/v1/admin/articles"), 401)), "no entry");
}

async function submitsATestimonial(): Promise<void> {
  const body: Schemas["TestimonialSubmission"] = {
    quote: "Felt confident throughout diagnosis and treatment.",
    rating: 5,
    attribution: "anonymous",
    condition: "bulging-disc",
    consent: {
      channels: ["website", "app"],
      wording_version: "2026-11",
      covers_health_data: true,
      contact: { name: "A patient", email: "patient@example.org" },
    },
  };
  const tried = success(await api.POST("/v1/testimonials", { params: { query: { dry_run: true } }, body }), 200);
  assert.equal(tried.withdrawal_token, null);
  const header = { "Idempotency-Key": crypto.randomUUID() };
  const receipt = success(await api.POST("/v1/testimonials", { params: { header }, body }), 202);
  assert.ok(receipt.withdrawal_token !== null && receipt.withdrawal_token.length >= 43);
  assert.ok(!Number.isNaN(Date.parse(receipt.received_at)));
  const hidden = await api.GET("/v1/testimonials/{id_or_slug}", { params: { path: { id_or_slug: receipt.id } } });
  assert.equal(meaning(failure(hidden, 404)), "gone");
}

await readsEveryPage();
await readsOneArticle();
await readsOnlyAPart();
await readsItsCitation();
await readsProblems();
await editsAnArticle();
await isRefusedWithoutAKey();
await submitsATestimonial();
