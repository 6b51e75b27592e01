"""Reads the demonstration clinic and edits an article with the clients of openapi-python-client.

Every answer is narrowed to the type that was generated for it before it is asserted.
"""

import os
import time
import uuid
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, TypeVar

import vertebra_admin as editors
import vertebra_public as clinic
from vertebra_admin import models as written
from vertebra_admin.api.articles import archive_article, create_article, publish_article, update_article
from vertebra_admin.api.articles import list_articles as list_documents
from vertebra_public import models as shown
from vertebra_public.api.articles import (
    get_article,
    get_article_citation,
    get_article_citation_csl,
    list_articles,
    list_sparse_articles,
)
from vertebra_public.api.testimonials import get_testimonial, submit_testimonial
from vertebra_public.types import UNSET, Response

T = TypeVar("T")

URL = os.environ["VERTEBRA_URL"]
SLUG = "combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases"
PATIENCE = 10

api = clinic.Client(base_url=URL)
admin = editors.AuthenticatedClient(base_url=URL, token=os.environ["VERTEBRA_KEY"])


def the(kind: type[T], parsed: object) -> T:
    """What was read, which must be of this type."""
    assert isinstance(parsed, kind), parsed
    return parsed


def meaning(problem: shown.Problem | written.Problem) -> str:
    """What an app does with a problem: it knows some codes and passes over the others."""
    match problem.code:
        case "not_found":
            return "gone"
        case "invalid_parameter":
            return "mistake"
        case "precondition_failed":
            return "stale"
        case "key_required":
            return "no entry"
        case _:
            return "other"


def reads_every_page() -> None:
    """Follows the cursor to the end."""
    articles: list[shown.ArticleSummary] = []
    cursor: str | None = None
    while True:
        answer = list_articles.sync(client=api, limit=2, include_total=True, cursor=cursor or UNSET)
        page = the(shown.ArticleSummaryPage, answer)
        articles += page.items
        cursor = page.next_cursor
        if cursor is None:
            break
        assert len(page.items) == 2, "only the last page may be short"
    assert len(articles) == page.total
    assert len({article.id for article in articles}) == page.total, "no article comes twice"
    moments = [article.published_at for article in articles]
    assert moments == sorted(moments, reverse=True), "the newest come first"
    assert SLUG in [article.slug for article in articles]


def reads_one_article() -> None:
    """Reads a detail, and asks again with its entity tag."""
    answer = get_article.sync_detailed(SLUG, client=api)
    article = the(shown.Article, answer.parsed)
    assert article.title == (
        "Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of Spinal Metastases: an Update."
    )
    citation = the(shown.Citation, article.citation)
    assert citation.pmid == "29143901"
    assert citation.pmcid is None
    assert citation.publication_date.year == 2017
    assert article.reviewed_by is None
    assert article.last_reviewed_on is None
    assert article.published_at == datetime(2017, 11, 16, tzinfo=UTC)
    again = get_article.sync_detailed(SLUG, client=api, if_none_match=answer.headers["ETag"])
    assert again.status_code == HTTPStatus.NOT_MODIFIED
    assert again.parsed is None


def reads_only_a_part() -> None:
    """Lists articles with two of their properties."""
    fields = [shown.ArticleField.SLUG, shown.ArticleField.TITLE]
    answer = list_sparse_articles.sync(client=api, fields=fields, sort=shown.ArticleSort.TITLE, limit=2)
    first, second = the(shown.SparseArticleSummaryPage, answer).items
    assert the(str, first.title) < the(str, second.title)
    assert first.slug == SLUG
    assert first.to_dict().keys() == {"slug", "title"}


def reads_its_citation() -> None:
    """Reads the citation as a file for a reference manager, and as the input of a citation processor."""
    text = the(str, get_article_citation.sync(SLUG, client=api, format_=shown.CitationFormat.RIS))
    assert text.startswith("TY  - JOUR")
    (item,) = the(list, get_article_citation_csl.sync(SLUG, client=api))
    assert the(shown.CslItem, item).doi == "10.1007/s11864-017-0516-7"


def reads_problems() -> None:
    """Meets what is missing and what is wrong."""
    missing = the(shown.Problem, get_article.sync("no-such-article", client=api))
    assert (missing.status, meaning(missing)) == (404, "gone")
    assert missing.instance == "/v1/articles/no-such-article"
    wrong = the(shown.Problem, list_articles.sync(client=api, limit=0))
    assert (wrong.status, meaning(wrong)) == (400, "mistake")
    assert [fault.pointer for fault in wrong.errors] == ["/query/limit"]


def read_once(article: uuid.UUID, status: HTTPStatus) -> Response[Any | shown.Article | shown.Problem]:
    """Reads until the public sees what was written, which is a matter of moments."""
    patience = time.monotonic() + PATIENCE
    while True:
        answer = get_article.sync_detailed(str(article), client=api)
        if answer.status_code == status or time.monotonic() > patience:
            return answer


def creates_a_draft() -> tuple[uuid.UUID, str]:
    """Makes a draft, twice with the same key."""
    texts = written.ArticleTextsIn()
    texts["en-GB"] = written.ArticleTextIn(
        title="What we do, read with Python",
        summary="We treat all spinal disorders",
        body=written.RichTextIn(format_=written.TextFormat.MARKDOWN, source="We are **London's** Top Spine Clinic"),
    )
    body = written.ArticleIn(kind=written.ArticleKind.GUIDE, texts=texts)
    key = str(uuid.uuid4())
    answer = create_article.sync_detailed(client=admin, body=body, idempotency_key=key)
    assert answer.status_code == HTTPStatus.CREATED
    draft = the(written.ArticleDocument, answer.parsed)
    assert draft.version == 1
    assert draft.languages[0].status == "draft"
    assert draft.languages[0].published_at is None
    assert draft.content.texts["en-GB"].review is None
    repeated = create_article.sync(client=admin, body=body, idempotency_key=key)
    assert the(written.ArticleDocument, repeated) == draft, "the same key gets the same answer"
    return draft.id, answer.headers["ETag"]


def edits_an_article() -> None:
    """Takes an article through its life."""
    article, first = creates_a_draft()
    texts = written.ArticleTextsPatch()
    texts["en-GB"] = written.ArticleTextPatch(summary="Trusted by patients worldwide")
    body = written.ArticlePatch(texts=texts)
    changed = update_article.sync_detailed(article, client=admin, body=body, if_match=first)
    document = the(written.ArticleDocument, changed.parsed)
    assert document.version == 2
    assert document.content.texts["en-GB"].summary == "Trusted by patients worldwide"
    stale = the(written.Problem, update_article.sync(article, client=admin, body=body, if_match=first))
    assert (stale.status, meaning(stale)) == (412, "stale")

    published = publish_article.sync_detailed(article, client=admin, if_match=changed.headers["ETag"])
    assert the(written.ArticleDocument, published.parsed).languages[0].status == "published"
    read = the(shown.Article, read_once(article, HTTPStatus.OK).parsed)
    assert read.summary == "Trusted by patients worldwide"
    assert read.body_html == "<p>We are <strong>London's</strong> Top Spine Clinic</p>"
    assert read.citation is None

    archived = archive_article.sync(article, client=admin, if_match=published.headers["ETag"])
    put_away = the(written.ArticleDocument, archived)
    assert put_away.languages[0].status == "archived"
    assert the(datetime, put_away.archived_at) >= document.updated_at
    assert meaning(the(shown.Problem, read_once(article, HTTPStatus.NOT_FOUND).parsed)) == "gone"


def is_refused_without_a_key() -> None:
    """Asks the editors' side as a stranger."""
    stranger = editors.AuthenticatedClient(base_url=URL, token="", prefix="", auth_header_name="X-No-Key")
    refused = the(written.Problem, list_documents.sync(client=stranger))
    assert (refused.status, meaning(refused)) == (401, "no entry")


def submits_a_testimonial() -> None:
    """Sends what a patient wrote; nobody sees it yet."""
    body = shown.TestimonialSubmission(
        quote="Felt confident throughout diagnosis and treatment.",
        rating=5,
        attribution=shown.Attribution.ANONYMOUS,
        condition="bulging-disc",
        consent=shown.ConsentGiven(
            channels=[shown.Channel.WEBSITE, shown.Channel.APP],
            wording_version="2026-11",
            covers_health_data=True,
            contact=shown.PatientContactIn(name="A patient", email="patient@example.org"),
        ),
    )
    tried = submit_testimonial.sync_detailed(client=api, body=body, dry_run=True)
    assert tried.status_code == HTTPStatus.OK
    assert the(shown.TestimonialReceipt, tried.parsed).withdrawal_token is None
    answer = submit_testimonial.sync_detailed(client=api, body=body, idempotency_key=str(uuid.uuid4()))
    assert answer.status_code == HTTPStatus.ACCEPTED
    receipt = the(shown.TestimonialReceipt, answer.parsed)
    assert len(the(str, receipt.withdrawal_token)) >= 43
    assert receipt.received_at.tzinfo is not None
    assert meaning(the(shown.Problem, get_testimonial.sync(str(receipt.id), client=api))) == "gone"


if __name__ == "__main__":
    reads_every_page()
    reads_one_article()
    reads_only_a_part()
    reads_its_citation()
    reads_problems()
    edits_an_article()
    is_refused_without_a_key()
    submits_a_testimonial()
