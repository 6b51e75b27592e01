//! All SQL of documents, their languages, revisions and previews.

mod documents;
mod due;
mod languages;
mod lists;
mod previews;
mod revisions;

pub(super) use self::{
    documents::{
        Stored, find_document, insert_document, list_public_documents, lock_document, missing_references,
        update_document,
    },
    due::{DueLanguage, lock_next_due},
    languages::{
        LanguageRow, forget_languages, languages_of, retire_slug, save_languages, set_published, set_schedule,
        set_unpublished, slug_is_free,
    },
    lists::{count_documents, count_reviews, list_documents, list_reviews},
    previews::{NewPreview, PreviewRow, find_preview, insert_preview, revoke_preview},
    revisions::{content_at, find_revision, insert_revision, list_revisions},
};
