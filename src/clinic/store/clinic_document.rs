//! The clinic as a document: its names, and its public rows.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::{clinic::get_clinic, clinic_rows};
use crate::{
    access::Scope,
    changes::EntityType,
    clinic::{
        rules,
        wire::{Clinic, ClinicIn},
    },
    db::schema::{clinic_texts, highlights, statistics},
    editing::{Content, Names, Projection, Reading, ReferenceTo, TextFacts, TextSlug},
    problem::FieldError,
    values::Slug,
};

impl Content for ClinicIn {
    const NAMES: Names = Names {
        entity_type: EntityType::Clinic,
        singular: "Clinic",
        plural: "Clinics",
        path: "clinic",
        tag: "clinic",
        is_single: true,
        // There is but one: nothing to list, and putting it away would leave nothing to take up instead.
        omits: &["list_documents", "archive_document", "restore_document"],
        when_made: "Where it was made already, it is changed instead (409).",
        read: Scope::ContentRead,
        write: Scope::ContentWrite,
        publish: Scope::ContentPublish,
    };

    type Public = Clinic;

    fn faults(&self) -> Vec<FieldError> {
        rules::clinic_faults(self)
    }

    fn texts(&self) -> Vec<TextFacts> {
        let facts = |locale: &str| TextFacts {
            locale: locale.to_owned(),
            pointer: format!("/texts/{locale}"),
            title: self.name.clone(),
            slug: TextSlug::Never,
            next_review_due_on: None,
        };
        self.texts.iter().map(|(locale, _)| facts(locale)).collect()
    }

    fn set_slug(&mut self, _: &str, _: Slug) {}

    fn references(&self) -> Vec<ReferenceTo> {
        Vec::new()
    }

    async fn project(&self, connection: &mut AsyncPgConnection, projection: &Projection<'_>) -> QueryResult<()> {
        clinic_rows::save_facts(connection, projection.id, self, projection.now).await?;
        for published in projection.published {
            let locale = &published.locale;
            if let Some(text) = self.texts.get(locale) {
                clinic_rows::save_text(connection, projection.id, locale, text, projection.now).await?;
            }
        }
        Ok(())
    }

    async fn withdraw(connection: &mut AsyncPgConnection, id: Uuid, locales: &[String]) -> QueryResult<()> {
        diesel::delete(highlights::table.filter(highlights::locale.eq_any(locales)))
            .execute(connection)
            .await?;
        diesel::delete(statistics::table.filter(statistics::locale.eq_any(locales)))
            .execute(connection)
            .await?;
        diesel::delete(clinic_texts::table)
            .filter(clinic_texts::clinic_id.eq(id))
            .filter(clinic_texts::locale.eq_any(locales))
            .execute(connection)
            .await?;
        Ok(())
    }

    fn on_constraint(name: &str) -> Option<(&'static str, &'static str)> {
        match name {
            "documents_clinic_key" => Some(("", "clinic would be a second one; change the one that there is")),
            _ => None,
        }
    }

    async fn get_public(connection: &mut AsyncPgConnection, reading: &Reading<'_>) -> QueryResult<Option<Clinic>> {
        let found = get_clinic(connection, reading.locale, reading.now).await?;
        Ok(found.map(|(clinic, _)| clinic))
    }
}
