//! The content files and what they become; every unknown key in one is an error.

mod article;
mod clinic;
mod service;

use jiff::Timestamp;
use serde::{Deserialize, de::DeserializeOwned};

use super::store::Ids;
use crate::{
    clinic::wire::{ClinicIn, LocationIn},
    testimonials::wire::{Attribution, TestimonialIn},
    topics::wire::{TopicIn, TopicTextIn},
    values::{Locale, Slug},
};

use self::{article::ArticleFile, clinic::ClinicFile, service::ServiceFile};

/// Names the article files; each becomes part of the program.
macro_rules! article_files {
    ($($name:literal,)+) => {
        const ARTICLES: &[(&str, &str)] = &[$(($name, include_str!(concat!("articles/", $name, ".toml"))),)+];
    };
}

article_files! {
    "combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases",
    "direct-decompressive-surgical-resection-for-spinal-cord-compression-by-metastatic-cancer",
    "prevention-and-treatment-of-low-back-pain-evidence-challenges-and-promising-directions",
    "surgery-versus-prolonged-conservative-treatment-for-sciatica",
    "surgical-versus-nonsurgical-therapy-for-lumbar-spinal-stenosis",
    "surgical-vs-nonoperative-treatment-for-lumbar-disk-herniation-sport-observational-cohort",
    "surgical-vs-nonoperative-treatment-for-lumbar-disk-herniation-sport-randomized-trial",
    "systematic-literature-review-of-imaging-features-of-spinal-degeneration",
    "what-low-back-pain-is-and-why-we-need-to-pay-attention",
}

/// Everything that the files hold.
pub(super) struct Content {
    pub(super) clinic: ClinicIn,
    pub(super) locations: Vec<LocationIn>,
    pub(super) topics: Vec<(Slug, TopicIn)>,
    pub(super) services: Vec<ServiceFile>,
    pub(super) articles: Vec<ArticleFile>,
    pub(super) testimonials: Vec<TestimonialFile>,
}

impl Content {
    /// Reads the files that are inside the program.
    pub(super) fn read() -> Result<Self, String> {
        let clinic: ClinicFile = parse("clinic", include_str!("clinic.toml"))?;
        let topics: TopicsFile = parse("topics", include_str!("topics.toml"))?;
        let services: ServicesFile = parse("services", include_str!("services.toml"))?;
        let testimonials: TestimonialsFile = parse("testimonials", include_str!("testimonials.toml"))?;
        let articles = ARTICLES.iter().map(|(name, text)| parse(name, text));
        Ok(Self {
            clinic: clinic.clinic,
            locations: clinic.locations,
            topics: topics.topics.into_iter().map(TopicEntry::into_topic).collect(),
            services: services.services,
            articles: articles.collect::<Result<_, _>>()?,
            testimonials: testimonials.testimonials,
        })
    }
}

fn parse<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, String> {
    let mut unknown = Vec::new();
    // What editors write takes unknown keys by itself; a request's are found like this too.
    let read = toml::Deserializer::parse(text)
        .and_then(|file| serde_ignored::deserialize(file, |path| unknown.push(path.to_string())))
        .map_err(|error| format!("{name}.toml: {error}"))?;
    match unknown.is_empty() {
        true => Ok(read),
        false => Err(format!("{name}.toml: unknown keys {}", unknown.join(", "))),
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicsFile {
    topics: Vec<TopicEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicEntry {
    slug: Slug,
    locale: Locale,
    name: String,
    description: Option<String>,
}

impl TopicEntry {
    fn into_topic(self) -> (Slug, TopicIn) {
        let text = TopicTextIn {
            slug: Some(self.slug.to_string()),
            name: self.name,
            description: self.description,
        };
        let texts = [(self.locale, text)].into_iter().collect();
        (self.slug, TopicIn { texts })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServicesFile {
    services: Vec<ServiceFile>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TestimonialsFile {
    testimonials: Vec<TestimonialFile>,
}

/// A testimonial in its file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TestimonialFile {
    slug: Slug,
    locale: Locale,
    headline: String,
    quote: String,
    incomplete: bool,
    attribution: Attribution,
    condition: Option<Slug>,
    pub(super) published_at: Timestamp,
}

impl TestimonialFile {
    /// Puts ids in the place of slugs.
    pub(super) fn resolve(self, services: &Ids) -> Result<TestimonialIn, String> {
        Ok(TestimonialIn {
            condition_id: self.condition.as_ref().map(|slug| services.of(slug)).transpose()?,
            slug: Some(self.slug.into()),
            locale: self.locale.into(),
            headline: Some(self.headline),
            quote: self.quote,
            is_incomplete: self.incomplete,
            attribution: self.attribution,
            attribution_name: None,
            rating: None,
            service_id: None,
            treated_month: None,
            received_on: None,
            incentive: None,
            reply: None,
        })
    }
}
