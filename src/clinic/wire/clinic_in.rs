//! The clinic as editors write it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::values::{
    CompanyNumber, CqcProviderId, Day, EmailAddress, Line, List, Locale, Paragraphs, PhoneNumber, Texts, TimeZoneName,
    WebUrl,
};

/// The clinic as editors write it.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "name": "London Spine Unit",
    "legal_name": null,
    "founded_year": 2005,
    "website": "https://www.londonspine.com/",
    "social_links": []
}))]
pub struct ClinicIn {
    /// Name that patients know.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Line<200>)]
    pub name: String,
    /// Registered name, where it differs.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>)]
    pub legal_name: Option<String>,
    /// Whether the content is a demonstration and not a clinic's own.
    #[serde(default)]
    #[schema(default = false, example = false)]
    pub is_demonstration: bool,
    /// Year of establishment.
    #[validate(range(min = 1000, max = 9999, message = "must be a year from 1000 to 9999"))]
    #[schema(minimum = 1000, maximum = 9999, example = 2005)]
    pub founded_year: Option<i32>,
    /// Telephone in E.164.
    #[validate(custom(function = PhoneNumber::accept))]
    #[schema(value_type = Option<PhoneNumber>)]
    pub phone: Option<String>,
    /// E-mail address for patients.
    #[validate(custom(function = EmailAddress::accept))]
    #[schema(value_type = Option<EmailAddress>)]
    pub email: Option<String>,
    /// Web address of the clinic.
    #[validate(custom(function = WebUrl::accept))]
    #[schema(value_type = Option<WebUrl>)]
    pub website: Option<String>,
    /// IANA name of the clinic's time zone, in which its opening hours are told.
    #[validate(custom(function = TimeZoneName::accept))]
    #[schema(value_type = TimeZoneName)]
    pub time_zone: String,
    /// The clinic's own language, one of those of its texts; it is served where no other is asked for.
    #[validate(custom(function = Locale::accept))]
    #[schema(value_type = Locale)]
    pub default_locale: String,
    /// Provider identifier at the Care Quality Commission.
    #[validate(custom(function = CqcProviderId::accept))]
    #[schema(value_type = Option<CqcProviderId>)]
    pub cqc_provider_id: Option<String>,
    /// Company number at Companies House.
    #[validate(custom(function = CompanyNumber::accept))]
    #[schema(value_type = Option<CompanyNumber>)]
    pub companies_house_number: Option<String>,
    /// The clinic's own pages on social networks, one for each network.
    #[serde(default)]
    #[validate(nested)]
    pub social_links: SocialLinks,
    /// Hospitals that the clinic works with, each once.
    #[serde(default)]
    #[validate(nested)]
    pub affiliated_hospitals: Hospitals,
    /// What it says about itself in each language.
    #[validate(nested)]
    pub texts: ClinicTexts,
}

/// The clinic's own pages, in their order.
pub type SocialLinks = List<SocialLinkIn, 100>;

/// A page of the clinic on a social network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"platform": "linkedin", "url": "https://www.linkedin.com/company/example"}))]
pub struct SocialLinkIn {
    /// The network.
    pub platform: SocialPlatform,
    /// Web address of the page.
    #[validate(custom(function = WebUrl::accept))]
    #[schema(value_type = WebUrl)]
    pub url: String,
}

/// A social network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SocialPlatform {
    /// Bluesky.
    Bluesky,
    /// Facebook.
    Facebook,
    /// Instagram.
    Instagram,
    /// LinkedIn.
    LinkedIn,
    /// Mastodon.
    Mastodon,
    /// Pinterest.
    Pinterest,
    /// Threads.
    Threads,
    /// TikTok.
    TikTok,
    /// Vimeo.
    Vimeo,
    /// WhatsApp.
    WhatsApp,
    /// X, once Twitter.
    X,
    /// YouTube.
    YouTube,
}

impl SocialPlatform {
    /// The name that clients and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Bluesky => "bluesky",
            Self::Facebook => "facebook",
            Self::Instagram => "instagram",
            Self::LinkedIn => "linkedin",
            Self::Mastodon => "mastodon",
            Self::Pinterest => "pinterest",
            Self::Threads => "threads",
            Self::TikTok => "tiktok",
            Self::Vimeo => "vimeo",
            Self::WhatsApp => "whatsapp",
            Self::X => "x",
            Self::YouTube => "youtube",
        }
    }
}

/// Hospitals, in their order.
pub type Hospitals = List<HospitalIn, 100>;

/// A hospital that the clinic works with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({"name": "The Harley Street Hospital", "url": null}))]
pub struct HospitalIn {
    /// Its name.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Line<200>)]
    pub name: String,
    /// Its web address.
    #[validate(custom(function = WebUrl::accept))]
    #[schema(value_type = Option<WebUrl>)]
    pub url: Option<String>,
}

/// What the clinic says about itself, by language.
pub type ClinicTexts = Texts<ClinicTextIn>;

/// What the clinic says about itself in one language.
#[derive(Debug, Clone, Default, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "tagline": "We are London's Top Spine Clinic",
    "about": "The London Spine Unit was established in 2005 and has successfully treated over 5000 patients.",
    "notice": null
}))]
pub struct ClinicTextIn {
    /// One line under the name.
    #[validate(custom(function = Line::<500>::accept))]
    #[schema(value_type = Option<Line<500>>)]
    pub tagline: Option<String>,
    /// Description of the clinic, plain text.
    #[validate(custom(function = Paragraphs::<10000>::accept))]
    #[schema(value_type = Option<Paragraphs<10000>>)]
    pub about: Option<String>,
    /// What readers must know about this content, plain text.
    #[validate(custom(function = Paragraphs::<2000>::accept))]
    #[schema(value_type = Option<Paragraphs<2000>>)]
    pub notice: Option<String>,
    /// Headings over the parts of its page.
    #[serde(default)]
    #[validate(nested)]
    pub headings: HeadingsIn,
    /// Statements of why patients trust the clinic, in their order.
    #[serde(default)]
    #[validate(nested)]
    pub highlights: Highlights,
    /// Figures that the clinic states about itself, in their order.
    #[serde(default)]
    #[validate(nested)]
    pub statistics: Statistics,
}

/// Headings in the clinic's own words; an app has its own where one is absent or null.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "about": "What is London spine unit and How it Works",
    "services": "What we do...",
    "share": "Share to care...",
    "testimonials": "What our patients say about us ......"
}))]
pub struct HeadingsIn {
    /// Over the description.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>)]
    pub about: Option<String>,
    /// Over the services.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>)]
    pub services: Option<String>,
    /// Over the share links.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>)]
    pub share: Option<String>,
    /// Over the testimonials.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Option<Line<200>>)]
    pub testimonials: Option<String>,
}

/// Statements, in their order.
pub type Highlights = List<HighlightIn, 100>;

/// A statement of why patients trust the clinic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "title": "We treat all spinal disorders",
    "body": "The London Spine Unit specialises in Minimally Invasive Treatments allowing rapid recovery"
}))]
pub struct HighlightIn {
    /// The statement in a few words.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Line<200>)]
    pub title: String,
    /// The statement in full, plain text.
    #[validate(custom(function = Paragraphs::<2000>::accept))]
    #[schema(value_type = Paragraphs<2000>)]
    pub body: String,
}

/// Figures, in their order.
pub type Statistics = List<StatisticIn, 100>;

/// A figure that the clinic states about itself, with its source and the date on which it was true.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "label": "Patients successfully treated",
    "display_value": "over 5000",
    "unit": "patients",
    "as_of": "2026-11-23",
    "expires_on": "2027-11-23"
}))]
pub struct StatisticIn {
    /// What is counted.
    #[validate(custom(function = Line::<200>::accept))]
    #[schema(value_type = Line<200>)]
    pub label: String,
    /// The number.
    #[validate(range(min = -9007199254740991_i64, max = 9007199254740991_i64, message = "must be a whole number of at most 9007199254740991, or that below zero"))]
    #[schema(minimum = -9007199254740991_i64, maximum = 9007199254740991_i64, example = 5000)]
    pub value: i64,
    /// The number as the clinic words it.
    #[validate(custom(function = Line::<100>::accept))]
    #[schema(value_type = Line<100>)]
    pub display_value: String,
    /// What the number counts.
    #[validate(custom(function = Line::<100>::accept))]
    #[schema(value_type = Line<100>)]
    pub unit: String,
    /// The date on which it was true.
    pub as_of: Day,
    /// The first date on which the public no longer sees it, after `as_of`; absent or null for no end.
    pub expires_on: Option<Day>,
    /// Where it comes from.
    #[validate(nested)]
    pub source: StatisticSourceIn,
}

/// Where a figure comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[schema(example = json!({
    "name": "London Spine Unit, public web page",
    "url": "https://www.londonspine.com/"
}))]
pub struct StatisticSourceIn {
    /// Name of the source.
    #[validate(custom(function = Line::<500>::accept))]
    #[schema(value_type = Line<500>)]
    pub name: String,
    /// Web address of the source.
    #[validate(custom(function = WebUrl::accept))]
    #[schema(value_type = Option<WebUrl>)]
    pub url: Option<String>,
}
