//! Ready links with which a reader passes an article on.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::WebAddress;

/// RFC 3986's unreserved characters stay; a plus sign would be read as a space.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Where an article stands on the clinic's site, and links that share it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Share {
    /// Public web address of the article.
    #[schema(format = Uri, max_length = 2000, example = "https://clinic.example/articles/combined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases")]
    pub url: String,
    /// One link for each way to share, in the order to show them.
    #[schema(max_items = 50)]
    pub links: Vec<ShareLink>,
}

/// A link that opens one way to share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShareLink {
    /// The way.
    pub platform: SharePlatform,
    /// Its name to show.
    #[schema(max_length = 100, example = "Facebook")]
    pub label: String,
    /// The address to open.
    #[schema(
        max_length = 10000,
        pattern = "^(https://|mailto:)[!-~]+$",
        example = "https://www.facebook.com/sharer/sharer.php?u=https%3A%2F%2Fclinic.example%2Farticles%2Fcombined-vertebral-augmentation-and-radiofrequency-ablation-in-spinal-metastases"
    )]
    pub url: String,
}

/// A way to share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum SharePlatform {
    /// Facebook.
    Facebook,
    /// X, once Twitter.
    X,
    /// Pinterest.
    Pinterest,
    /// LinkedIn.
    LinkedIn,
    /// WhatsApp.
    WhatsApp,
    /// The reader's own e-mail program.
    Email,
    /// Gmail.
    Gmail,
    /// Microsoft Teams.
    Teams,
}

impl Share {
    /// The links for an article.
    pub fn of(site: &WebAddress, slug: &str, title: &str) -> Self {
        let address = site.join(&format!("/articles/{slug}"));
        let url = encode(&address);
        let title_encoded = encode(title);
        let both = encode(&format!("{title} {address}"));
        let link = |platform, label: &str, url: String| ShareLink {
            platform,
            label: label.to_owned(),
            url,
        };
        let links = vec![
            link(
                SharePlatform::Facebook,
                "Facebook",
                format!("https://www.facebook.com/sharer/sharer.php?u={url}"),
            ),
            link(
                SharePlatform::X,
                "X",
                format!("https://x.com/intent/post?url={url}&text={title_encoded}"),
            ),
            link(
                SharePlatform::Pinterest,
                "Pinterest",
                format!("https://www.pinterest.com/pin/create/button/?url={url}&description={title_encoded}"),
            ),
            link(
                SharePlatform::LinkedIn,
                "LinkedIn",
                format!("https://www.linkedin.com/sharing/share-offsite/?url={url}"),
            ),
            link(
                SharePlatform::WhatsApp,
                "WhatsApp",
                format!("https://wa.me/?text={both}"),
            ),
            link(
                SharePlatform::Email,
                "E-mail",
                format!("mailto:?subject={title_encoded}&body={url}"),
            ),
            link(
                SharePlatform::Gmail,
                "Gmail",
                format!("https://mail.google.com/mail/?view=cm&fs=1&su={title_encoded}&body={url}"),
            ),
            link(
                SharePlatform::Teams,
                "Microsoft Teams",
                format!("https://teams.microsoft.com/share?href={url}&msgText={title_encoded}"),
            ),
        ];
        Self { url: address, links }
    }
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::Share;

    #[test]
    fn builds_links_from_the_public_address() {
        let site = "https://clinic.example/site/".parse().expect("the address is valid");
        let share = Share::of(&site, "a-b", "Pain & gain: 5% + \u{e9}");
        assert_eq!(share.url, "https://clinic.example/site/articles/a-b");
        let platforms: Vec<_> = share.links.iter().map(|link| link.platform).collect();
        assert_eq!(
            serde_json::json!(platforms),
            serde_json::json!([
                "facebook",
                "x",
                "pinterest",
                "linkedin",
                "whatsapp",
                "email",
                "gmail",
                "teams"
            ])
        );
        assert_eq!(
            share.links[5].url,
            "mailto:?subject=Pain%20%26%20gain%3A%205%25%20%2B%20%C3%A9&body=https%3A%2F%2Fclinic.example%2Fsite%2Farticles%2Fa-b"
        );
        for link in &share.links {
            url::Url::parse(&link.url).expect("every link is an address");
        }
    }
}
