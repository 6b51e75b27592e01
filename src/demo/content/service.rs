//! Entries of `services.toml`.

use serde::Deserialize;

use crate::{
    demo::store::Ids,
    services::wire::{ServiceCodeIn, ServiceIn, ServiceKind, ServiceSectionIn, ServiceTextIn},
    values::{Locale, RichTextIn, Slug, TextFormat},
};

/// A service in its file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct ServiceFile {
    kind: ServiceKind,
    codes: Vec<ServiceCodeIn>,
    treats: Vec<Slug>,
    topics: Vec<Slug>,
    texts: Vec<TextEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextEntry {
    locale: Locale,
    slug: Slug,
    name: String,
    summary: String,
    sections: Vec<SectionEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionEntry {
    title: String,
    body: String,
}

impl ServiceFile {
    /// Its slugs, one for each language.
    pub(in crate::demo) fn slugs(&self) -> Vec<String> {
        self.texts.iter().map(|text| text.slug.to_string()).collect()
    }

    /// Puts ids in the place of slugs.
    pub(in crate::demo) fn resolve(self, topics: &Ids, services: &Ids) -> Result<ServiceIn, String> {
        Ok(ServiceIn {
            topics: topics.of_all(&self.topics)?,
            treats: services.of_all(&self.treats)?,
            kind: self.kind,
            codes: self.codes.into_iter().collect(),
            texts: self.texts.into_iter().map(TextEntry::into_text).collect(),
        })
    }
}

impl TextEntry {
    fn into_text(self) -> (Locale, ServiceTextIn) {
        let text = ServiceTextIn {
            slug: Some(self.slug.into()),
            name: self.name,
            summary: self.summary,
            sections: self.sections.into_iter().map(ServiceSectionIn::from).collect(),
            review: None,
        };
        (self.locale, text)
    }
}

impl From<SectionEntry> for ServiceSectionIn {
    fn from(entry: SectionEntry) -> Self {
        Self {
            title: entry.title,
            body: RichTextIn {
                format: TextFormat::Markdown,
                source: entry.body,
                images: Vec::new(),
            },
        }
    }
}
