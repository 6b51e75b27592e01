//! A reader at the demonstration clinic.

use serde_json::json;

use super::walk::Walk;

/// The article that the clinic's own page shows.
const ARTICLE: &str = "combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases";

/// Reads everything that the public may read.
pub(super) fn walk(walk: &mut Walk) {
    walk.read("getClinic", json!({}));
    walk.read("listLocations", json!({"limit": 1, "include_total": true}));
    walk.read("getLocation", json!({"id_or_slug": "harley-street"}));
    let services = json!({"kind": ["treatment"], "topic": ["spinal-metastases"], "limit": 1, "include_total": true});
    walk.read("listServices", services);
    walk.read("getService", json!({"id_or_slug": "vertebral-augmentation"}));
    articles(walk);
    walk.read("listJournals", json!({"limit": 2, "include_total": true}));
    walk.read("listTopics", json!({"limit": 2, "include_total": true}));
    let testimonials = json!({
        "condition": ["degenerate-lumbar-disc"],
        "locale": ["en-GB"],
        "channel": "website",
        "limit": 1,
        "include_total": true,
    });
    walk.read("listTestimonials", testimonials);
    walk.read("summariseTestimonials", json!({}));
    let testimonial = json!({"id_or_slug": "degenerate-lumbar-disc", "channel": "website"});
    walk.read("getTestimonial", testimonial);
}

fn articles(walk: &mut Walk) {
    let listed = json!({
        "topic": ["spinal-metastases"],
        "service": ["vertebral-augmentation"],
        "kind": ["literature"],
        "journal": ["current-treatment-options-in-oncology"],
        "author": ["Asadi H"],
        "pmid": ["29143901"],
        "published_after": "2017-01-01T00:00:00Z",
        "published_before": "2018-01-01T00:00:00Z",
        "updated_after": "2026-01-01T00:00:00Z",
        "sort": "-published_at",
        "limit": 1,
        "include_total": true,
    });
    walk.read("listArticles", listed);
    walk.read(
        "listArticles",
        json!({"fields": ["id", "slug", "title"], "publication_type": ["Randomized Controlled Trial"], "limit": 2}),
    );
    let article = json!({"id_or_slug": ARTICLE});
    walk.read("getArticle", article.clone());
    walk.read("listRelatedArticles", json!({"id_or_slug": ARTICLE, "limit": 1}));
    for format in ["vancouver", "ris", "bibtex", "csl", "nbib"] {
        walk.read("getArticleCitation", json!({"id_or_slug": ARTICLE, "format": format}));
    }
}
