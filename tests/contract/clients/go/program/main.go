// Uses both generated clients against a server with the demonstration clinic, and holds what it reads.
package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"clinic/admin"
	"clinic/public"
)

const (
	locale = "en-GB"
	slug   = "combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases"
	title  = "Combined Vertebral Augmentation and Radiofrequency Ablation in the Management of Spinal Metastases: an Update."
)

var background = context.Background()

func main() {
	articles := reader()
	pages(articles)
	detail(articles)
	refusals(articles)
	publishes(articles, editor(os.Getenv("VERTEBRA_KEY")))
	refusesEditors()
}

func reader() *public.ArticlesAPIService {
	configuration := public.NewConfiguration()
	configuration.Servers[0].URL = os.Getenv("VERTEBRA_URL")
	return public.NewAPIClient(configuration).ArticlesAPI
}

func editor(key string) *admin.ArticlesAPIService {
	configuration := admin.NewConfiguration()
	configuration.Servers[0].URL = os.Getenv("VERTEBRA_URL")
	if key != "" {
		configuration.AddDefaultHeader("Authorization", "Bearer "+key)
	}
	return admin.NewAPIClient(configuration).ArticlesAPI
}

func pages(articles *public.ArticlesAPIService) {
	ids := map[string]bool{}
	read := int32(0)
	request := articles.ListArticles(background).Limit(2).IncludeTotal(true)
	for {
		page, _, err := request.Execute()
		must(err)
		for _, article := range page.Items {
			ids[article.Id] = true
			read++
		}
		if page.NextCursor.Get() == nil {
			equal(page.GetTotal(), read, "as many articles as the total says")
			break
		}
		request = request.Cursor(*page.NextCursor.Get())
	}
	equal(read, int32(len(ids)), "each article once")
	check(read > 4, "more than two pages")
}

func detail(articles *public.ArticlesAPIService) {
	article, answer, err := articles.GetArticle(background, slug).Execute()
	must(err)
	equal(title, article.Title, "title")
	citation := article.Citation.Get()
	equal("29143901", *citation.Pmid.Get(), "PMID")
	equal(2017, citation.PublicationDate.Year, "year of the work")
	equal(time.Date(2017, time.November, 16, 0, 0, 0, 0, time.UTC), article.PublishedAt, "published_at")
	check(article.LastReviewedOn.Get() == nil, "no review")
	check(article.BodyHtml.Get() == nil, "no body")
	check(citation.Pmcid.Get() == nil, "no PMCID")

	_, answer, err = articles.GetArticle(background, slug).IfNoneMatch(answer.Header.Get("ETag")).Execute()
	check(err != nil, "an unchanged answer has no article")
	equal(http.StatusNotModified, answer.StatusCode, "status of an unchanged answer")
}

func refusals(articles *public.ArticlesAPIService) {
	_, answer, err := articles.GetArticle(background, "no-such-article").Execute()
	equal(http.StatusNotFound, answer.StatusCode, "status of a missing article")
	equal("not_found", problem(err).Code, "its code")

	_, answer, err = articles.ListArticles(background).Limit(0).Execute()
	equal(http.StatusBadRequest, answer.StatusCode, "status of an invalid parameter")
	equal("/query/limit", problem(err).Errors[0].Pointer, "its pointer")
}

func publishes(articles *public.ArticlesAPIService, drafts *admin.ArticlesAPIService) {
	name := "A guide made by the Go client"
	draft, created := create(drafts, name)
	equal(http.StatusNotFound, status(articles, draft.Id), "status of a draft")

	better := name + ", and changed by it"
	text := admin.NewArticleTextPatch()
	text.SetTitle(better)
	patch := admin.NewArticlePatch()
	patch.SetTexts(map[string]admin.ArticleTextPatch{locale: *text})
	update := drafts.UpdateArticle(background, draft.Id).IfMatch(created.Header.Get("ETag")).ArticlePatch(*patch)
	updated, answer, err := update.Execute()
	must(err)
	equal(draft.Version+1, updated.Version, "the next version")
	equal(better, updated.Languages[0].Title, "the new title")
	_, stale, _ := update.Execute()
	equal(http.StatusPreconditionFailed, stale.StatusCode, "status of a stale If-Match")

	publication := admin.NewLocalesIn()
	publication.SetLocales([]string{locale})
	publish := drafts.PublishArticle(background, draft.Id).LocalesIn(*publication)
	_, answer, err = publish.IfMatch(answer.Header.Get("ETag")).Execute()
	must(err)
	soon(http.StatusOK, articles, draft.Id, "status of what was published")
	article, _, err := articles.GetArticle(background, draft.Id).Execute()
	must(err)
	equal(better, article.Title, "the title that the public reads")
	equal("2026-01-31", *article.LastReviewedOn.Get(), "the day of its review")
	check(article.NextReviewDueOn.Get() == nil, "no next review")
	check(article.Citation.Get() == nil, "a guide cites nothing")

	_, _, err = drafts.ArchiveArticle(background, draft.Id).IfMatch(answer.Header.Get("ETag")).Execute()
	must(err)
	soon(http.StatusNotFound, articles, draft.Id, "status of what was archived")
}

// Makes a draft, twice with one key, which is to make one draft.
func create(drafts *admin.ArticlesAPIService, name string) (*admin.ArticleDocument, *http.Response) {
	key := make([]byte, 16)
	_, err := rand.Read(key)
	must(err)
	article := admin.NewArticleIn(admin.ARTICLEKIND_GUIDE, map[string]admin.ArticleTextIn{locale: text(name)})
	request := drafts.CreateArticle(background).IdempotencyKey(hex.EncodeToString(key)).ArticleIn(*article)
	draft, answer, err := request.Execute()
	must(err)
	again, _, err := request.Execute()
	must(err)
	equal(draft.Id, again.Id, "the answer to the same key")
	equal(draft.Version, again.Version, "its version")
	return draft, answer
}

func refusesEditors() {
	_, answer, err := editor("").ListArticles(background).Execute()
	equal(http.StatusUnauthorized, answer.StatusCode, "status without a key")
	var refusal *admin.GenericOpenAPIError
	check(errors.As(err, &refusal), "an error of the client")
	equal("key_required", refusal.Model().(admin.Problem).Code, "its code")
}

func text(name string) admin.ArticleTextIn {
	text := admin.NewArticleTextIn(name, "What a generated client can write.")
	text.SetReview(*admin.NewReviewIn("The contract's tests", "2026-01-31"))
	return *text
}

// The public side learns of a write from the change log, a moment after its answer.
func soon(expected int, articles *public.ArticlesAPIService, id string, what string) {
	for end := time.Now().Add(5 * time.Second); status(articles, id) != expected; time.Sleep(5 * time.Millisecond) {
		check(time.Now().Before(end), fmt.Sprintf("%s: %v did not come", what, expected))
	}
}

func status(articles *public.ArticlesAPIService, id string) int {
	_, answer, _ := articles.GetArticle(background, id).Execute()
	return answer.StatusCode
}

func problem(err error) public.Problem {
	var refusal *public.GenericOpenAPIError
	check(errors.As(err, &refusal), "an error of the client")
	return refusal.Model().(public.Problem)
}

func must(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func equal[T comparable](expected, found T, what string) {
	check(expected == found, fmt.Sprintf("%s: expected %v, found %v", what, expected, found))
}

func check(holds bool, what string) {
	if !holds {
		fail(what)
	}
}

func fail(what string) {
	fmt.Fprintln(os.Stderr, "go:", what)
	os.Exit(1)
}
