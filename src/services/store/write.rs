//! Writing services.

use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::json;
use uuid::Uuid;

use crate::{
    changes::{self, Action, Actor, Change, EntityType},
    db::schema::{service_codes, service_texts, service_topics, service_treats, services},
    services::wire::{ServiceCode, ServiceKind},
    values::{Html, Locale, Slug},
};

/// A service to be made.
#[derive(Debug)]
pub struct NewService {
    /// What kind it is.
    pub kind: ServiceKind,
    /// Its codes.
    pub codes: Vec<ServiceCode>,
    /// Topics that it belongs to.
    pub topics: Vec<Uuid>,
    /// Conditions that it treats.
    pub treats: Vec<Uuid>,
    /// Its words, one for each language.
    pub texts: Vec<NewServiceText>,
}

/// The words of a service in one language.
#[derive(Debug)]
pub struct NewServiceText {
    /// The language.
    pub locale: Locale,
    /// Its slug.
    pub slug: Slug,
    /// Its name.
    pub name: String,
    /// What it is.
    pub summary: String,
    /// Headings and texts.
    pub sections: Vec<(String, Html)>,
}

/// Makes a published service; call it in a transaction.
pub async fn insert_service(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    new: &NewService,
) -> QueryResult<Uuid> {
    let id = Uuid::now_v7();
    let now = jiff_diesel::Timestamp::from(actor.now);
    diesel::insert_into(services::table)
        .values((
            services::id.eq(id),
            services::kind.eq(new.kind.as_str()),
            services::created_at.eq(now),
            services::updated_at.eq(now),
        ))
        .execute(connection)
        .await?;
    insert_relations(connection, id, new).await?;
    for text in &new.texts {
        insert_text(connection, actor, id, text).await?;
    }
    Ok(id)
}

async fn insert_relations(connection: &mut AsyncPgConnection, id: Uuid, new: &NewService) -> QueryResult<()> {
    let code = |code: &ServiceCode| {
        (
            service_codes::service_id.eq(id),
            service_codes::system.eq(code.system.clone()),
            service_codes::code.eq(code.code.clone()),
            service_codes::display.eq(code.display.clone()),
        )
    };
    let codes: Vec<_> = new.codes.iter().map(code).collect();
    diesel::insert_into(service_codes::table)
        .values(codes)
        .execute(connection)
        .await?;
    let topic = |topic: &Uuid| (service_topics::service_id.eq(id), service_topics::topic_id.eq(*topic));
    let topics: Vec<_> = new.topics.iter().map(topic).collect();
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
    let pairs: Vec<_> = new.treats.iter().map(pair).collect();
    diesel::insert_into(service_treats::table)
        .values(pairs)
        .execute(connection)
        .await?;
    Ok(())
}

async fn insert_text(
    connection: &mut AsyncPgConnection,
    actor: &Actor<'_>,
    id: Uuid,
    text: &NewServiceText,
) -> QueryResult<()> {
    let section = |(title, body): &(String, Html)| json!({"title": title, "source": body.source, "body_html": body.html, "body_text": body.text});
    let sections: Vec<_> = text.sections.iter().map(section).collect();
    diesel::insert_into(service_texts::table)
        .values((
            service_texts::service_id.eq(id),
            service_texts::locale.eq(text.locale.as_str()),
            service_texts::slug.eq(text.slug.as_str()),
            service_texts::name.eq(&text.name),
            service_texts::summary.eq(&text.summary),
            service_texts::sections.eq(json!(sections)),
            service_texts::status.eq("published"),
            service_texts::updated_at.eq(jiff_diesel::Timestamp::from(actor.now)),
        ))
        .execute(connection)
        .await?;
    let change = Change {
        entity_type: EntityType::Service,
        entity_id: id,
        locale: Some(text.locale.as_str()),
        action: Action::Published,
        version: 1,
    };
    changes::record(connection, actor, change).await
}
