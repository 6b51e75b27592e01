//! Checking content before it is stored: every fault at once, and the slugs that are missing.

use diesel_async::AsyncPgConnection;
use ring::rand::{SecureRandom, SystemRandom};
use uuid::Uuid;

use super::{
    content::{Content, NO_LOCALE, TextFacts, TextSlug},
    store,
};
use crate::{
    changes::EntityType,
    problem::{Code, FieldError, Problem},
    values::{Locale, Slug, faults::field_errors},
};

/// What is wrong with a slug that something else has.
pub(super) const SLUG_TAKEN: &str = "slug belongs to something else, or leads to something that had it before";

/// Random bytes of a slug that says nothing of the content.
const RANDOM_BYTES: usize = 8;

/// How often a slug is numbered before its title is given up.
const MOST_ATTEMPTS: u32 = 1000;

/// The content with its slugs, where nothing is wrong with it.
pub(super) async fn complete<C: Content>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    mut content: C,
) -> Result<C, Problem> {
    let mut faults = content
        .validate()
        .map_or_else(|errors| field_errors(&errors, "/body"), |()| Vec::new());
    faults.extend(content.faults().into_iter().map(within_body));
    faults.extend(missing_references(connection, &content).await?);
    let stored = content.stored_faults(connection).await?;
    faults.extend(stored.into_iter().map(within_body));
    let texts = content.texts();
    faults.extend(reserved_slugs::<C>(&texts));
    let taken = taken_slugs(connection, C::NAMES.entity_type, id, &texts).await?;
    if faults.is_empty() && !taken.is_empty() {
        let problem = Problem::new(Code::SlugTaken, "A slug is not free; choose another or leave it out.");
        return Err(taken.into_iter().fold(problem, Problem::with_error));
    }
    faults.extend(taken);
    if !faults.is_empty() {
        return Err(Problem::invalid_content(faults));
    }
    if texts.iter().any(|text| text.slug == TextSlug::Missing) {
        // Two that are made from the same title at once are numbered one after the other.
        store::lock_slugs(connection, C::NAMES.entity_type).await?;
    }
    for text in &texts {
        let slug = match text.slug {
            TextSlug::Never | TextSlug::Given(_) => continue,
            TextSlug::Missing => free_slug::<C>(connection, id, text).await?,
            TextSlug::Random => random_slug::<C>()?,
        };
        content.set_slug(&text.locale, slug);
    }
    Ok(content)
}

fn within_body(mut fault: FieldError) -> FieldError {
    fault.pointer.insert_str(0, "/body");
    fault
}

async fn missing_references<C: Content>(
    connection: &mut AsyncPgConnection,
    content: &C,
) -> Result<Vec<FieldError>, Problem> {
    let references = content.references();
    let mut faults = Vec::new();
    for entity_type in EntityType::ALL {
        let of_type = || {
            references
                .iter()
                .filter(|reference| reference.entity_type == *entity_type)
        };
        let ids: Vec<Uuid> = of_type().map(|reference| reference.id).collect();
        if ids.is_empty() {
            continue;
        }
        let missing = store::missing_references(connection, *entity_type, &ids).await?;
        let pointers = of_type().filter(|reference| missing.contains(&reference.id));
        faults.extend(pointers.map(|reference| {
            let detail = format!("must be the id of a {}", entity_type.as_str());
            FieldError::invalid_content(format!("/body{}", reference.pointer), detail)
        }));
    }
    Ok(faults)
}

fn reserved_slugs<C: Content>(texts: &[TextFacts]) -> impl Iterator<Item = FieldError> {
    let reserved = texts
        .iter()
        .filter(|text| text.given_slug().is_some_and(|slug| C::NAMES.reserved.contains(&slug)));
    reserved.map(|text| {
        let pointer = format!("/body{}/slug", text.pointer);
        FieldError::invalid_content(pointer, "must be another word: this one is an address")
    })
}

async fn taken_slugs(
    connection: &mut AsyncPgConnection,
    entity_type: EntityType,
    id: Uuid,
    texts: &[TextFacts],
) -> Result<Vec<FieldError>, Problem> {
    let mut taken = Vec::new();
    for text in texts {
        // What is no slug was found already, and may be nothing that the database can hold.
        let Some(slug) = text.given_slug().filter(|slug| Slug::accept(slug).is_ok()) else {
            continue;
        };
        if text.locale != NO_LOCALE && Locale::accept(&text.locale).is_err() {
            continue;
        }
        if !store::slug_is_free(connection, entity_type, &text.locale, slug, id).await? {
            taken.push(FieldError {
                pointer: format!("/body{}/slug", text.pointer),
                code: Code::SlugTaken.as_str().to_owned(),
                detail: format!("this {SLUG_TAKEN}"),
            });
        }
    }
    Ok(taken)
}

/// A slug that says nothing of the content, random enough to be free.
fn random_slug<C: Content>() -> Result<Slug, Problem> {
    let mut number = [0; RANDOM_BYTES];
    SystemRandom::new().fill(&mut number).map_err(Problem::internal)?;
    let number = number
        .iter()
        .fold(0_u64, |number, byte| (number << 8) | u64::from(*byte));
    let kind = C::NAMES.singular.to_lowercase();
    format!("{kind}-{number:016x}").parse().map_err(Problem::internal)
}

/// A slug made from the title, numbered where others have it or where it is an address.
async fn free_slug<C: Content>(
    connection: &mut AsyncPgConnection,
    id: Uuid,
    text: &TextFacts,
) -> Result<Slug, Problem> {
    let base = Slug::from_title(&text.title).or_else(|| Slug::from_title(C::NAMES.singular));
    let base = base.ok_or_else(|| Problem::internal("a kind of content has a name without letters"))?;
    for number in 1..MOST_ATTEMPTS {
        let slug = match number {
            1 => base.clone(),
            _ => base.numbered(number),
        };
        if !C::NAMES.reserved.contains(&slug.as_str())
            && store::slug_is_free(connection, C::NAMES.entity_type, &text.locale, slug.as_str(), id).await?
        {
            return Ok(slug);
        }
    }
    Err(Problem::new(
        Code::SlugTaken,
        "Too many things have this title; give it a slug.",
    ))
}
