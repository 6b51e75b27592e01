//! Content for tests, written through the stores: each test makes only the rows that it talks about.

use diesel_async::AsyncPgConnection;
use uuid::Uuid;
use vertebra::{
    articles::wire::{
        ArticleIn, ArticleKind, ArticleTextIn, AuthorIn, CitationIn, Integrity, JournalIn, PublicationDateIn,
    },
    changes,
    clinic::wire::{
        ClinicIn, ClinicTextIn, Hospitals, LocationIn, OpeningHoursList, PostalAddressIn, SocialLinks, SpecialHoursList,
    },
    db::{connect::Connector, migrations::DEADLINE},
    editing,
    services::wire::{ServiceCodes, ServiceIn, ServiceKind, ServiceSections, ServiceTextIn},
    testimonials::{
        store::{NewConsent, seed},
        wire::{Attribution, Channel, TestimonialIn},
    },
    topics::wire::{TopicIn, TopicTextIn},
    values::Locale,
};

use super::app::{NOW, TestApp};

/// Writes content into one application's database.
pub(crate) struct Content<'a> {
    app: &'a TestApp,
}

/// The language of the tests' content.
pub(crate) fn english() -> Locale {
    "en-GB".parse().expect("the locale is valid")
}

fn actor() -> changes::Actor<'static> {
    changes::Actor {
        name: "test",
        request_id: None,
        now: NOW.parse().expect("the moment is valid"),
    }
}

/// An article to be published.
#[derive(Clone)]
pub(crate) struct NewArticle {
    pub(crate) kind: ArticleKind,
    pub(crate) topics: Vec<Uuid>,
    pub(crate) services: Vec<Uuid>,
    pub(crate) citation: Option<CitationIn>,
    pub(crate) texts: Vec<(Locale, ArticleTextIn)>,
    pub(crate) published_at: String,
}

impl NewArticle {
    /// What an editor writes to get it.
    pub(crate) fn content(&self) -> ArticleIn {
        ArticleIn {
            kind: self.kind,
            topics: self.topics.clone(),
            services: self.services.clone(),
            citation: self.citation.clone(),
            texts: self.texts.iter().cloned().collect(),
        }
    }
}

/// A guide published on a day; struct update syntax makes it what the test is about.
pub(crate) fn article(name: &str, published_at: &str) -> NewArticle {
    NewArticle {
        kind: ArticleKind::Guide,
        citation: None,
        topics: Vec::new(),
        services: Vec::new(),
        texts: vec![article_text("en-GB", name)],
        published_at: published_at.to_owned(),
    }
}

/// The words of an article in a language.
pub(crate) fn article_text(locale: &str, name: &str) -> (Locale, ArticleTextIn) {
    let text = ArticleTextIn {
        slug: Some(name.to_owned()),
        title: format!("Title of {name}"),
        summary: format!("Summary of {name}"),
        body: None,
        review: None,
    };
    (locale.parse().expect("the locale is valid"), text)
}

/// A literature article on a work.
pub(crate) fn literature(name: &str, work: CitationIn) -> NewArticle {
    NewArticle {
        kind: ArticleKind::Literature,
        citation: Some(work),
        ..article(name, "2026-01-01T00:00:00Z")
    }
}

/// A work in a journal by one author.
pub(crate) fn citation(pmid: &str, journal: &str, family: &str) -> CitationIn {
    CitationIn {
        pmid: Some(pmid.to_owned()),
        pmcid: None,
        doi: None,
        title: format!("Work {pmid}."),
        journal: JournalIn {
            slug: Some(journal.to_owned()),
            title: format!("Journal {journal}"),
            iso_abbreviation: None,
            issn: None,
        },
        volume: None,
        issue: None,
        pages: None,
        publication_date: PublicationDateIn {
            year: 2020,
            month: None,
            day: None,
            precision: None,
            raw: None,
        },
        languages: vec!["eng".to_owned()],
        publication_types: vec!["Journal Article".to_owned()],
        mesh_headings: Vec::new(),
        keywords: Vec::new(),
        medline_status: None,
        integrity: Integrity::Ok,
        authors: [AuthorIn {
            family: Some(family.to_owned()),
            given: None,
            initials: Some("A".to_owned()),
            suffix: None,
            collective_name: None,
            orcid: None,
            affiliations: Vec::new(),
        }]
        .into_iter()
        .collect(),
        abstract_text: None,
    }
}

/// A clinic in London that speaks English, and the languages given besides.
pub(crate) fn clinic(further_locales: &[&str]) -> ClinicIn {
    let text = |locale: Locale| {
        let text = ClinicTextIn {
            tagline: Some(format!("Tagline in {locale}")),
            ..ClinicTextIn::default()
        };
        (locale, text)
    };
    let further = further_locales
        .iter()
        .map(|locale| locale.parse().expect("the locale is valid"));
    ClinicIn {
        name: "Test clinic".to_owned(),
        legal_name: None,
        is_demonstration: false,
        founded_year: None,
        phone: None,
        email: None,
        website: None,
        time_zone: "Europe/London".to_owned(),
        default_locale: english().into(),
        cqc_provider_id: None,
        companies_house_number: None,
        social_links: SocialLinks::default(),
        affiliated_hospitals: Hospitals::default(),
        texts: [english()].into_iter().chain(further).map(text).collect(),
    }
}

/// A location in London without hours.
pub(crate) fn location(name: &str, position: i32, is_primary: bool) -> LocationIn {
    LocationIn {
        name: name.to_owned(),
        slug: Some(name.to_owned()),
        is_primary,
        position,
        address: PostalAddressIn {
            street_address: "1 Test Street".to_owned(),
            address_locality: "London".to_owned(),
            address_region: None,
            postal_code: "W1G 9QJ".to_owned(),
            address_country: "GB".to_owned(),
            formatted: Some("1 Test Street, London, W1G 9QJ".to_owned()),
        },
        coordinates: None,
        phone: None,
        opening_hours: OpeningHoursList::default(),
        special_hours: SpecialHoursList::default(),
    }
}

/// A service with topics, and conditions that it treats.
pub(crate) fn service(name: &str, kind: ServiceKind, topics: &[Uuid], treats: &[Uuid]) -> ServiceIn {
    let text = ServiceTextIn {
        slug: Some(name.to_owned()),
        name: format!("Service {name}"),
        summary: format!("Summary of {name}"),
        sections: ServiceSections::default(),
        review: None,
    };
    ServiceIn {
        kind,
        codes: ServiceCodes::default(),
        topics: topics.to_vec(),
        treats: treats.to_vec(),
        texts: [(english(), text)].into_iter().collect(),
    }
}

impl<'a> Content<'a> {
    /// Content for an application.
    pub(crate) fn of(app: &'a TestApp) -> Self {
        Self { app }
    }

    fn write<T>(&self, work: impl AsyncFnOnce(&mut AsyncPgConnection) -> diesel::QueryResult<T>) -> T {
        self.app.block_on(async {
            let connector = Connector::new(self.app.database_url(), DEADLINE).expect("the address is valid");
            let mut connection = connector.open_unlimited().await.expect("the database answers");
            work(&mut connection).await.expect("the content is written")
        })
    }

    /// A document that is public from a moment on.
    pub(crate) fn seed(&self, content: impl editing::Content, published_at: &str) -> Uuid {
        let published_at = published_at.parse().expect("the moment is valid");
        let seeded = async |c: &mut AsyncPgConnection| {
            let seeded = editing::seed(c, &actor(), content, published_at).await;
            Ok(seeded.unwrap_or_else(|problem| panic!("the content is refused: {problem:?}")))
        };
        self.write(seeded)
    }

    /// A clinic in London that speaks English, and the languages given besides.
    pub(crate) fn clinic(&self, further_locales: &[&str]) -> Uuid {
        self.seed(clinic(further_locales), NOW)
    }

    /// A location.
    pub(crate) fn location(&self, name: &str, position: i32, is_primary: bool) -> Uuid {
        self.seed(location(name, position, is_primary), NOW)
    }

    /// A topic.
    pub(crate) fn topic(&self, name: &str) -> Uuid {
        let text = TopicTextIn {
            slug: Some(name.to_owned()),
            name: format!("Topic {name}"),
            description: None,
        };
        let texts = [(english(), text)].into_iter().collect();
        self.seed(TopicIn { texts }, NOW)
    }

    /// A service with topics, and conditions that it treats.
    pub(crate) fn service(&self, name: &str, kind: ServiceKind, topics: &[Uuid], treats: &[Uuid]) -> Uuid {
        self.seed(service(name, kind, topics, treats), NOW)
    }

    /// An article.
    pub(crate) fn article(&self, new: &NewArticle) -> Uuid {
        self.seed(new.content(), &new.published_at)
    }

    /// A testimonial about a condition, with consent to the website and the app.
    pub(crate) fn testimonial(&self, name: &str, published_at: &str, condition_id: Option<Uuid>) -> Uuid {
        let consent = NewConsent {
            channels: &[Channel::Website, Channel::App],
            wording_version: "test",
            evidence: "A test.",
            given_at: NOW.parse().expect("the moment is valid"),
            expires_at: None,
        };
        let content = TestimonialIn {
            condition_id,
            ..testimonial(name)
        };
        let published_at = published_at.parse().expect("the moment is valid");
        self.write(async |c| {
            let seeded = seed(c, &actor(), content, &consent, published_at).await;
            Ok(seeded.unwrap_or_else(|problem| panic!("the testimonial is refused: {problem:?}")))
        })
    }
}

/// A testimonial that says little.
pub(crate) fn testimonial(name: &str) -> TestimonialIn {
    TestimonialIn {
        slug: Some(name.to_owned()),
        locale: "en-GB".to_owned(),
        headline: Some(format!("Headline of {name}")),
        quote: format!("Quote of {name}"),
        is_incomplete: false,
        attribution: Attribution::Anonymous,
        attribution_name: None,
        rating: None,
        service_id: None,
        condition_id: None,
        treated_month: None,
        received_on: None,
        incentive: None,
        reply: None,
    }
}
