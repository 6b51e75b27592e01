// Reads the demonstration clinic and edits an article, with the functions that Hey API makes.
// Every answer that it asserts has the type that was generated for it.
import assert from "node:assert/strict";
import * as editors from "./admin";
import { createClient as createAdminClient } from "./admin/client";
import * as clinic from "./public";
import { createClient } from "./public/client";

const baseUrl = process.env["VERTEBRA_URL"] ?? "";
const client = createClient({ baseUrl });
const admin = createAdminClient({ baseUrl, auth: process.env["VERTEBRA_KEY"] ?? "" });

const slug = "combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases";

/** What an app does with a problem: it knows some codes and passes over the others. */
function meaning(problem: clinic.Problem): "gone" | "mistake" | "stale" | "no entry" | "other" {
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
  error?: clinic.Problem | undefined;
  response: Response;
}

/** The body of an answer that must have succeeded. */
function success<T>({ data, error, response }: Answer<T>, status = 200): T {
  assert.equal(response.status, status, error?.detail ?? "");
  assert.ok(data !== undefined);
  return data;
}

/** The problem in an answer that must have failed. */
function failure({ error, response }: Answer<unknown>, status: number): clinic.Problem {
  assert.equal(response.status, status);
  assert.ok(error);
  assert.equal(error.status, status);
  return error;
}

async function allArticles(): Promise<{ articles: clinic.ArticleSummary[]; total: number | null }> {
  const articles: clinic.ArticleSummary[] = [];
  let total: number | null = null;
  let cursor: string | null = null;
  do {
    const page: clinic.ArticleSummaryPage = await articlePage(cursor);
    assert.ok(page.items.length === 2 || page.next_cursor === null, "only the last page may be short");
    articles.push(...page.items);
    ({ total, next_cursor: cursor } = page);
  } while (cursor !== null);
  return { articles, total };
}

async function articlePage(cursor: string | null): Promise<clinic.ArticleSummaryPage> {
  const query = { limit: 2, include_total: true, ...(cursor === null ? {} : { cursor }) };
  return success(await clinic.listArticles({ client, query }));
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
  const answer = await clinic.getArticle({ client, path });
  const article: clinic.Article = success(answer);
  assert.equal(
    article.title,
    "Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of Spinal Metastases: an Update.",
  );
  assert.equal(article.citation?.pmid, "29143901");
  assert.equal(article.citation.publication_date.year, 2017);
  assert.equal(article.citation.pmcid, null);
  assert.equal(article.reviewed_by, null);
  assert.equal(new Date(article.published_at).toISOString(), "2017-11-16T00:00:00.000Z");

  const again = await clinic.getArticle({ client, path, headers: { "If-None-Match": etag(answer) } });
  assert.equal(again.response.status, 304);
  assert.equal(again.data, undefined);
}

async function readsOnlyAPart(): Promise<void> {
  const answer = await clinic.listSparseArticles({
    client,
    query: { fields: ["slug", "title"], sort: "title", limit: 2 },
  });
  const page: clinic.SparseArticleSummaryPage = success(answer);
  const [first, second] = page.items;
  assert.ok(first?.title !== undefined && second?.title !== undefined && first.title < second.title);
  assert.equal(first.slug, slug);
  assert.deepEqual(Object.keys(first).toSorted(), ["slug", "title"]);
}

async function readsItsCitation(): Promise<void> {
  const path = { id_or_slug: slug };
  const text: string = success(await clinic.getArticleCitation({ client, path, query: { format: "ris" } }));
  assert.ok(text.startsWith("TY  - JOUR"));
  const items: clinic.CslItems = success(await clinic.getArticleCitationCsl({ client, path }));
  assert.equal(items[0]?.DOI, "10.1007/s11864-017-0516-7");
}

async function readArticle(id_or_slug: string): Promise<Answer<clinic.Article>> {
  return clinic.getArticle({ client, path: { id_or_slug } });
}

/** Reads until the public sees what was written, which is a matter of moments. */
async function readOnce(id: string, status: number): Promise<Answer<clinic.Article>> {
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

  const wrong = failure(await clinic.listArticles({ client, query: { limit: 0 } }), 400);
  assert.equal(meaning(wrong), "mistake");
  assert.deepEqual(
    wrong.errors.map((fault) => fault.pointer),
    ["/query/limit"],
  );
}

async function createsADraft(): Promise<{ id: string; etag: string }> {
  const body: editors.ArticleIn = {
    kind: "guide",
    texts: {
      "en-GB": {
        title: "What we do, read with Hey API",
        summary: "We treat all spinal disorders",
        body: { format: "markdown", source: "We are **London's** Top Spine Clinic" },
      },
    },
  };
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const created = await editors.createArticle({ client: admin, headers, body });
  const draft = success(created, 201);
  assert.equal(draft.version, 1);
  assert.equal(draft.languages[0]?.status, "draft");
  assert.equal(draft.languages[0]?.published_at, null);
  assert.equal(draft.content.texts["en-GB"]?.review, null);
  const repeated = await editors.createArticle({ client: admin, headers, body });
  assert.deepEqual(success(repeated, 201), draft, "the same key gets the same answer");
  return { id: draft.id, etag: etag(created) };
}

function etag(answer: Answer<unknown>): string {
  return answer.response.headers.get("ETag") ?? "";
}

async function editsAnArticle(): Promise<void> {
  const { id, etag: first } = await createsADraft();
  const on = (version: string) => ({ client: admin, path: { id }, headers: { "If-Match": version } });
  const body = { texts: { "en-GB": { summary: "Trusted by patients worldwide" } } };
  const changed = await editors.updateArticle({ ...on(first), body });
  assert.equal(success(changed).version, 2);
  assert.equal(success(changed).content.texts["en-GB"]?.summary, "Trusted by patients worldwide");
  const stale = await editors.updateArticle({ ...on(first), body });
  assert.equal(meaning(failure(stale, 412)), "stale");

  const published = await editors.publishArticle(on(etag(changed)));
  assert.equal(success(published).languages[0]?.status, "published");
  const shown = success(await readOnce(id, 200));
  assert.equal(shown.summary, "Trusted by patients worldwide");
  assert.equal(shown.body_html, "<p>We are <strong>London's</strong> Top Spine Clinic</p>");
  assert.equal(shown.citation, null);

  const archived = await editors.archiveArticle(on(etag(published)));
  assert.equal(success(archived).languages[0]?.status, "archived");
  assert.equal(typeof success(archived).archived_at, "string");
  assert.equal(meaning(failure(await readOnce(id, 404), 404)), "gone");
}

async function isRefusedWithoutAKey(): Promise<void> {
  const stranger = createAdminClient({ baseUrl });
  assert.equal(meaning(failure(await editors.listArticles({ client: stranger }), 401)), "no entry");
}

async function submitsATestimonial(): Promise<void> {
  const body: clinic.TestimonialSubmission = {
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
  const tried = success(await clinic.submitTestimonial({ client, query: { dry_run: true }, body }), 200);
  assert.equal(tried.withdrawal_token, null);
  const headers = { "Idempotency-Key": crypto.randomUUID() };
  const receipt = success(await clinic.submitTestimonial({ client, headers, body }), 202);
  assert.ok(receipt.withdrawal_token !== null && receipt.withdrawal_token.length >= 43);
  assert.ok(!Number.isNaN(Date.parse(receipt.received_at)));
  const hidden = await clinic.getTestimonial({ client, path: { id_or_slug: receipt.id } });
  assert.equal(meaning(failure(hidden, 404)), "gone");
}

async function main(): Promise<void> {
  await readsEveryPage();
  await readsOneArticle();
  await readsOnlyAPart();
  await readsItsCitation();
  await readsProblems();
  await editsAnArticle();
  await isRefusedWithoutAKey();
  await submitsATestimonial();
}

void main();
