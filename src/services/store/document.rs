//! Services as documents: their checks, and their public rows.

use std::{collections::HashSet, hash::Hash};

use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Jsonb},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{ServiceRow, complete};
use crate::{
    access::Scope,
    changes::EntityType,
    db::{
        schema::{service_codes, service_texts, service_topics, service_treats, services},
        views::published_services,
    },
    editing::{Content, Names, Projection, Reading, ReferenceTo, TextFacts, TextSlug},
    problem::FieldError,
    services::wire::{Service, ServiceCodeIn, ServiceIn, ServiceKind, ServiceSectionIn, ServiceTextIn},
    values::{Day, Slug, html::SANITISER_VERSION},
};

impl Content for ServiceIn {
    const NAMES: Names = Names {
        entity_type: EntityType::Service,
        singular: "Service",
        plural: "Services",
        path: "services",
        tag: "services",
        is_single: false,
        omits: &[],
        when_made: "A slug that is left out is made from the name; one that is taken is refused (409).",
        read: Scope::ContentRead,
        write: Scope::ContentWrite,
        publish: Scope::ContentPublish,
    };

    type Public = Service;

    fn faults(&self) -> Vec<FieldError> {
        let mut faults = Vec::new();
        let code = |code: &ServiceCodeIn| (code.system.clone(), code.code.clone());
        faults.extend(repeated("codes", self.codes.iter().map(code)));
        faults.extend(repeated("topics", &self.topics));
        faults.extend(repeated("treats", &self.treats));
        if self.kind != ServiceKind::Treatment && !self.treats.is_empty() {
            let detail = "must be empty, as only a treatment treats conditions";
            faults.push(FieldError::invalid_content("/treats", detail));
        }
        faults
    }

    async fn stored_faults(&self, connection: &mut AsyncPgConnection) -> QueryResult<Vec<FieldError>> {
        let others: Vec<Uuid> = services::table
            .filter(services::id.eq_any(&self.treats))
            .filter(services::kind.ne(ServiceKind::Condition.as_str()))
            .select(services::id)
            .load(connection)
            .await?;
        let wrong = (0..).zip(&self.treats).filter(|(_, id)| others.contains(id));
        let fault =
            |(i, _): (usize, _)| FieldError::invalid_content(format!("/treats/{i}"), "must be the id of a condition");
        Ok(wrong.map(fault).collect())
    }

    fn texts(&self) -> Vec<TextFacts> {
        let facts = |(locale, text): (&str, &ServiceTextIn)| TextFacts {
            locale: locale.to_owned(),
            pointer: format!("/texts/{locale}"),
            title: text.name.clone(),
            slug: TextSlug::of(text.slug.as_deref()),
            next_review_due_on: text
                .review
                .as_ref()
                .and_then(|review| review.next_review_due_on)
                .map(Day::date),
        };
        self.texts.iter().map(facts).collect()
    }

    fn set_slug(&mut self, locale: &str, slug: Slug) {
        if let Some(text) = self.texts.get_mut(locale) {
            text.slug = Some(slug.into());
        }
    }

    fn references(&self) -> Vec<ReferenceTo> {
        let to = |entity_type, field: &'static str| {
            move |(i, id): (usize, &Uuid)| ReferenceTo {
                pointer: format!("/{field}/{i}"),
                entity_type,
                id: *id,
            }
        };
        let topics = (0..).zip(&self.topics).map(to(EntityType::Topic, "topics"));
        let treats = (0..).zip(&self.treats).map(to(EntityType::Service, "treats"));
        topics.chain(treats).collect()
    }

    async fn project(&self, connection: &mut AsyncPgConnection, projection: &Projection<'_>) -> QueryResult<()> {
        let now = jiff_diesel::Timestamp::from(projection.now);
        // They hold the kind in its place, so they go before it changes.
        delete_relations(connection, projection.id).await?;
        let facts = (services::kind.eq(self.kind.as_str()), services::updated_at.eq(now));
        diesel::insert_into(services::table)
            .values((services::id.eq(projection.id), services::created_at.eq(now), facts))
            .on_conflict(services::id)
            .do_update()
            .set(facts)
            .execute(connection)
            .await?;
        self.insert_relations(connection, projection.id).await?;
        for published in projection.published {
            if let Some(text) = self.texts.get(&published.locale) {
                project_text(connection, projection.id, &published.locale, text, now).await?;
            }
        }
        Ok(())
    }

    async fn withdraw(connection: &mut AsyncPgConnection, id: Uuid, locales: &[String]) -> QueryResult<()> {
        diesel::delete(service_texts::table)
            .filter(service_texts::service_id.eq(id))
            .filter(service_texts::locale.eq_any(locales))
            .execute(connection)
            .await?;
        Ok(())
    }

    async fn outdated(connection: &mut AsyncPgConnection) -> QueryResult<Vec<Uuid>> {
        let with_another = sql::<Bool>("jsonb_path_exists(sections, '$[*] ? (@.sanitiser_version != $present)', ")
            .bind::<Jsonb, _>(json!({"present": SANITISER_VERSION}))
            .sql(")");
        service_texts::table
            .filter(with_another)
            .order(service_texts::service_id)
            .select(service_texts::service_id)
            .distinct()
            .load(connection)
            .await
    }

    fn on_constraint(name: &str) -> Option<(&'static str, &'static str)> {
        let detail = "kind does not go with the others': only a treatment treats, and only a condition is treated";
        (name == "service_treats_condition_fkey").then_some(("/kind", detail))
    }

    async fn get_public(connection: &mut AsyncPgConnection, reading: &Reading<'_>) -> QueryResult<Option<Service>> {
        let row: Option<ServiceRow> = published_services::table
            .filter(published_services::id.eq(reading.id))
            .filter(published_services::locale.eq(reading.locale.as_str()))
            .select(ServiceRow::as_select())
            .first(connection)
            .await
            .optional()?;
        match row {
            Some(row) => Ok(Some(complete(connection, row, reading.now).await?)),
            None => Ok(None),
        }
    }
}

/// The faults of entries that stand before themselves in a list.
fn repeated<T: Hash + Eq>(field: &str, entries: impl IntoIterator<Item = T>) -> Vec<FieldError> {
    let mut seen = HashSet::new();
    let again = (0..)
        .zip(entries)
        .filter_map(|(i, entry)| (!seen.insert(entry)).then_some(i));
    again
        .map(|i: usize| FieldError::invalid_content(format!("/{field}/{i}"), "must not be there already"))
        .collect()
}

impl ServiceIn {
    async fn insert_relations(&self, connection: &mut AsyncPgConnection, id: Uuid) -> QueryResult<()> {
        let code = |code: &ServiceCodeIn| {
            (
                service_codes::service_id.eq(id),
                service_codes::system.eq(code.system.clone()),
                service_codes::code.eq(code.code.clone()),
                service_codes::display.eq(code.display.clone()),
            )
        };
        let codes: Vec<_> = self.codes.iter().map(code).collect();
        diesel::insert_into(service_codes::table)
            .values(codes)
            .execute(connection)
            .await?;
        let topic = |topic: &Uuid| (service_topics::service_id.eq(id), service_topics::topic_id.eq(*topic));
        let topics: Vec<_> = self.topics.iter().map(topic).collect();
        diesel::insert_into(service_topics::table)
            .values(topics)
            .execute(connection)
            .await?;
        let pair = |condition: &Uuid| {
            (
                service_treats::treatment_id.eq(id),
                service_treats::condition_id.eq(*condition),
            )
        };
        let pairs: Vec<_> = self.treats.iter().map(pair).collect();
        diesel::insert_into(service_treats::table)
            .values(pairs)
            .execute(connection)
            .await?;
        Ok(())
    }
}

async fn delete_relations(connection: &mut AsyncPgConnection, id: Uuid) -> QueryResult<()> {
    diesel::delete(service_codes::table.filter(service_codes::service_id.eq(id)))
        .execute(connection)
        .await?;
    diesel::delete(service_topics::table.filter(service_topics::service_id.eq(id)))
        .execute(connection)
        .await?;
    diesel::delete(service_treats::table.filter(service_treats::treatment_id.eq(id)))
        .execute(connection)
        .await?;
    Ok(())
}

async fn project_text(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    locale: &str,
    text: &ServiceTextIn,
    now: jiff_diesel::Timestamp,
) -> QueryResult<()> {
    let review = text.review.as_ref();
    let day = |day: Day| jiff_diesel::Date::from(day.date());
    let sections: Vec<Value> = text.sections.iter().map(rendered).collect();
    let words = (
        service_texts::slug.eq(text.slug.as_deref().unwrap_or_default()),
        service_texts::name.eq(&text.name),
        service_texts::summary.eq(&text.summary),
        service_texts::sections.eq(Value::from(sections)),
        service_texts::reviewed_by.eq(review.map(|review| &review.reviewed_by)),
        service_texts::last_reviewed_on.eq(review.map(|review| day(review.last_reviewed_on))),
        service_texts::next_review_due_on.eq(review.and_then(|review| review.next_review_due_on).map(day)),
        service_texts::status.eq("published"),
        service_texts::updated_at.eq(now),
    );
    diesel::insert_into(service_texts::table)
        .values((
            service_texts::service_id.eq(id),
            service_texts::locale.eq(locale),
            words.clone(),
        ))
        .on_conflict((service_texts::service_id, service_texts::locale))
        .do_update()
        .set(words)
        .execute(connection)
        .await?;
    Ok(())
}

/// A section as it is stored: what was written, and what is shown of it.
fn rendered(section: &ServiceSectionIn) -> Value {
    let body = section.body.render();
    json!({
        "title": section.title,
        "format": section.body.format,
        "source": body.source,
        "body_html": body.html,
        "body_text": body.text,
        "sanitiser_version": SANITISER_VERSION,
    })
}
