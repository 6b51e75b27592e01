//! What the articles say, and what they point to.

use jiff::{SignedDuration, Timestamp, civil::date, tz::TimeZone};
use uuid::{Builder, Uuid};

use super::{
    Amount,
    random::Random,
    words::{Words, capitalised},
};
use crate::{
    articles::{
        citation::Journal,
        store::PublicArticle,
        wire::{
            AbstractIn, AbstractRight, AbstractSectionIn, ArticleIn, ArticleKind, ArticleTextIn, AuthorIn, CitationIn,
            Integrity, JournalIn, PublicationDateIn,
        },
    },
    values::{Locale, RichTextIn, Slug, TextFormat},
};

/// How many topics there are, and how many further one is chosen half as often: the last ones are rare, and the first
/// ones have a page of articles at any number.
const TOPICS: (usize, usize) = (48, 4);
const SERVICES: (usize, usize) = (48, 6);
const JOURNALS: (usize, usize) = (300, 16);
const AUTHORS: (usize, usize) = (20_000, 2000);

/// So many authors have a hand in every eighth place.
const PROLIFIC: usize = 16;

/// Beyond all PMIDs that PubMed has given out.
const FIRST_PMID: u32 = 900_000_000;

/// Which things the numbers are drawn for.
#[derive(Clone, Copy)]
enum Draw {
    Topic = 1,
    Service,
    Journal,
    Article,
}

/// A topic or a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) id: Uuid,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) words: String,
}

/// All that one number and one seed give.
#[derive(Debug)]
pub struct Corpus {
    pub(super) amount: Amount,
    words: Words,
    pub(super) locale: Locale,
    pub(super) topics: Vec<Subject>,
    pub(super) services: Vec<Subject>,
    pub(super) journals: Vec<Journal>,
}

impl Corpus {
    /// Makes what articles point to.
    pub fn new(amount: Amount, locale: Locale) -> Self {
        let mut corpus = Self {
            amount,
            words: Words::new(),
            locale,
            topics: Vec::new(),
            services: Vec::new(),
            journals: Vec::new(),
        };
        corpus.topics = (1..=TOPICS.0)
            .map(|n| corpus.subject(Draw::Topic, "topic", n))
            .collect();
        let service = |n| corpus.subject(Draw::Service, "service", n);
        corpus.services = (1..=SERVICES.0).map(service).collect();
        corpus.journals = (1..=JOURNALS.0).map(|n| corpus.journal(n)).collect();
        corpus
    }

    /// When the first one was published, and all that they point to was made.
    pub(super) fn begins(&self) -> Timestamp {
        let day = date(2006, 1, 1);
        day.to_zoned(TimeZone::UTC)
            .map(|day| day.timestamp())
            .unwrap_or_default()
    }

    fn subject(&self, draw: Draw, kind: &str, number: usize) -> Subject {
        let mut random = self.random(draw, number);
        Subject {
            id: id(self.begins(), &mut random),
            slug: format!("benchmark-{kind}-{number}"),
            name: format!("Benchmark {kind} {number}: {}", self.words.some(&mut random, 2)),
            words: self.words.sentences(&mut random, 2),
        }
    }

    fn journal(&self, number: usize) -> Journal {
        let mut random = self.random(Draw::Journal, number);
        Journal {
            id: id(self.begins(), &mut random),
            slug: Slug::stored(format!("benchmark-journal-{number}")),
            title: format!(
                "Benchmark Journal {number} of {}",
                capitalised(&self.words.some(&mut random, 1))
            ),
            iso_abbreviation: Some(format!("Benchm J {number}")),
            issn: None,
        }
    }

    fn random(&self, draw: Draw, number: usize) -> Random {
        Random::of(self.amount.seed, draw as u64, number as u64)
    }

    /// One of the articles, counted from 1 in the order in which they were published.
    pub fn article(&self, number: u32) -> PublicArticle {
        let mut random = self.random(Draw::Article, number as usize);
        let published_at = self.published_at(number, &mut random);
        let kind = match random.below(20) {
            0 => ArticleKind::News,
            1 | 2 => ArticleKind::Guide,
            _ => ArticleKind::Literature,
        };
        let id = id(published_at, &mut random);
        let (work, citation) = match kind {
            ArticleKind::Literature => {
                let journal = &self.journals[random.skewed(JOURNALS.0, JOURNALS.1)];
                let work = (self::id(published_at, &mut random), journal.clone());
                (
                    Some(work),
                    Some(self.citation(number, journal, published_at, &mut random)),
                )
            }
            _ => (None, None),
        };
        let (topics, services) = (1 + random.below(3), random.below(3));
        let topics = random.places(topics, TOPICS.0, TOPICS.1).into_iter();
        let services = random.places(services, SERVICES.0, SERVICES.1).into_iter();
        let content = ArticleIn {
            kind,
            topics: topics.map(|place| self.topics[place].id).collect(),
            services: services.map(|place| self.services[place].id).collect(),
            texts: [(self.locale.clone(), self.text(number, kind, &mut random))]
                .into_iter()
                .collect(),
            citation,
        };
        let changed = random.in_thousand(200).then(|| random.below(300 * 24));
        let age = SignedDuration::from_hours(i64::try_from(changed.unwrap_or_default()).unwrap_or_default());
        PublicArticle {
            id,
            work,
            content,
            published_at,
            updated_at: published_at + age,
        }
    }

    /// A whole minute, one after the other over twenty years, each up to three steps late.
    fn published_at(&self, number: u32, random: &mut Random) -> Timestamp {
        const YEAR: u64 = 365 * 24 * 60;
        let step = 19 * YEAR / u64::from(self.amount.articles);
        let even = 19 * YEAR * u64::from(number) / u64::from(self.amount.articles);
        let late = random.below(usize::try_from((3 * step).clamp(60, YEAR)).unwrap_or(1));
        let minutes = i64::try_from(even).unwrap_or_default() + i64::try_from(late).unwrap_or_default();
        self.begins() + SignedDuration::from_mins(minutes)
    }

    fn text(&self, number: u32, kind: ArticleKind, random: &mut Random) -> ArticleTextIn {
        let title = format!("Benchmark article {number:07}: {}", self.words.some(random, 3));
        let body = (kind == ArticleKind::Guide).then(|| RichTextIn {
            format: TextFormat::Markdown,
            source: format!(
                "## Made-up text\n\n{}\n\n- {}\n- {}\n",
                self.words.sentences(random, 4),
                self.words.some(random, 6),
                self.words.some(random, 6)
            ),
            images: Vec::new(),
        });
        ArticleTextIn {
            slug: Slug::from_title(&title).map(Into::into),
            summary: format!("Made-up text for measuring. {}", self.words.sentences(random, 8)),
            title,
            body,
            review: None,
        }
    }

    fn citation(&self, number: u32, journal: &Journal, published_at: Timestamp, random: &mut Random) -> CitationIn {
        let day = published_at.to_zoned(TimeZone::UTC).date();
        let first_page = 1 + random.below(900);
        CitationIn {
            pmid: Some((FIRST_PMID + number).to_string()),
            pmcid: None,
            doi: Some(format!("10.5555/benchmark.{number}")),
            title: format!("{}.", capitalised(&self.words.some(random, 10))),
            journal: JournalIn {
                slug: Some(journal.slug.clone().into()),
                title: journal.title.clone(),
                iso_abbreviation: journal.iso_abbreviation.clone(),
                issn: None,
            },
            volume: Some((1 + random.below(60)).to_string()),
            issue: Some((1 + random.below(12)).to_string()),
            pages: Some(format!("{first_page}-{}", first_page + 1 + random.below(12))),
            publication_date: PublicationDateIn {
                year: i32::from(day.year()),
                month: Some(i32::from(day.month())),
                day: random.in_thousand(700).then(|| i32::from(day.day())),
                precision: None,
                raw: None,
            },
            languages: vec!["eng".to_owned()],
            publication_types: publication_types(random),
            mesh_headings: self.statements(random, 3),
            keywords: self.statements(random, 3),
            medline_status: None,
            integrity: Integrity::Ok,
            authors: authors(random).into_iter().collect(),
            abstract_text: random.in_thousand(100).then(|| self.shown_abstract(random)),
        }
    }

    fn statements(&self, random: &mut Random, count: usize) -> Vec<String> {
        (0..count).map(|_| capitalised(&self.words.some(random, 2))).collect()
    }

    fn shown_abstract(&self, random: &mut Random) -> AbstractIn {
        let mut section = |label: &str| AbstractSectionIn {
            label: Some(label.to_owned()),
            text: self.words.sentences(random, 5),
        };
        AbstractIn {
            sections: [section("METHODS"), section("RESULTS")].into_iter().collect(),
            copyright: None,
            right: AbstractRight::OpenLicence,
            right_basis: Some("Made up for measuring".to_owned()),
        }
    }
}

fn publication_types(random: &mut Random) -> Vec<String> {
    let mut types = vec!["Journal Article".to_owned()];
    if random.in_thousand(200) {
        types.push("Review".to_owned());
    }
    if random.in_thousand(50) {
        types.push("Randomized Controlled Trial".to_owned());
    }
    types
}

/// Two to six of the same many, some of whom write far more than others.
fn authors(random: &mut Random) -> Vec<AuthorIn> {
    let wanted = 2 + random.below(5);
    let author = |place: usize| AuthorIn {
        family: Some(format!("Author {}", place + 1)),
        given: None,
        initials: Some(char::from(b'A' + u8::try_from(place % 26).unwrap_or_default()).to_string()),
        suffix: None,
        collective_name: None,
        orcid: None,
        affiliations: Vec::new(),
    };
    let mut places = random.places(wanted, AUTHORS.0, AUTHORS.1);
    for place in 0..wanted {
        let prolific = random.below(PROLIFIC);
        if random.below(8) == 0 && !places.contains(&prolific) {
            places[place] = prolific;
        }
    }
    places.into_iter().map(author).collect()
}

/// A UUIDv7 of a moment.
fn id(moment: Timestamp, random: &mut Random) -> Uuid {
    let mut bytes = [0; 10];
    let (left, right) = (random.next().to_be_bytes(), random.next().to_be_bytes());
    bytes[..8].copy_from_slice(&left);
    bytes[8..].copy_from_slice(&right[..2]);
    let millis = u64::try_from(moment.as_millisecond()).unwrap_or_default();
    Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

#[cfg(test)]
mod tests {
    use validator::Validate;

    use super::{Amount, Corpus};

    fn corpus(articles: u32, seed: u64) -> Corpus {
        Corpus::new(Amount { articles, seed }, "en-GB".parse().unwrap())
    }

    #[test]
    fn articles_keep_the_rules_of_what_editors_write() {
        let corpus = corpus(2000, 7);
        for number in 1..=corpus.amount.articles {
            let article = corpus.article(number);
            assert_eq!(article.content.validate(), Ok(()), "{number}");
            assert!(article.content.broken_rules().is_empty(), "{number}");
        }
    }

    #[test]
    fn a_seed_gives_the_same_articles_and_another_gives_others() {
        let text = |corpus: &Corpus| format!("{:?} {:?}", corpus.article(123), corpus.topics);
        assert_eq!(text(&corpus(500, 1)), text(&corpus(500, 1)));
        assert_ne!(text(&corpus(500, 1)), text(&corpus(500, 2)));
    }
}
