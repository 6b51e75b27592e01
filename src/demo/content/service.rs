//! Entries of `services.toml`.

use serde::Deserialize;

use crate::{
    demo::store::Ids,
    services::{
        store::{NewService, NewServiceText},
        wire::{ServiceCode, ServiceKind},
    },
    values::{Html, Locale, Slug},
};

/// A service in its file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::demo) struct ServiceFile {
    kind: ServiceKind,
    codes: Vec<ServiceCode>,
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
    pub(in crate::demo) fn resolve(self, topics: &Ids, services: &Ids) -> Result<NewService, String> {
        Ok(NewService {
            topics: topics.of_all(&self.topics)?,
            treats: services.of_all(&self.treats)?,
            kind: self.kind,
            codes: self.codes,
            texts: self.texts.into_iter().map(NewServiceText::from).collect(),
        })
    }
}

impl From<TextEntry> for NewServiceText {
    fn from(entry: TextEntry) -> Self {
        let section = |section: SectionEntry| (section.title, Html::from_markdown(&section.body));
        Self {
            locale: entry.locale,
            slug: entry.slug,
            name: entry.name,
            summary: entry.summary,
            sections: entry.sections.into_iter().map(section).collect(),
        }
    }
}
