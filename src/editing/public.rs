//! What a preview's link answers.

use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header,
    web::{Data, Path},
};

use serde_json::Value;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    content::NO_LOCALE,
    kind::Kind,
    preview::{self, Showing},
    store,
    wire::Previewed,
};
use crate::{
    db::Ending,
    http::{query, state::State},
    problem::Problem,
};

/// The kinds of content that there are.
pub struct Kinds(pub &'static [Kind]);

/// Mounts the route.
pub fn configure(config: &mut ServiceConfig) {
    config.service(get_preview);
}

/// Gets the newest content of a document in its public form.
///
/// For whoever holds the link: its secret is a key to this document alone, and for a time.
#[utoipa::path(
    tag = "previews",
    params(("token" = String, Path, description = "The secret in the link.", max_length = 100, pattern = "^[A-Za-z0-9_-]+$")),
    responses((status = 200, body = Previewed, description = "The document as the public will see it.", headers(("Cache-Control" = String, description = "Nobody keeps a preview."), ("Content-Language"))))
)]
#[get("/v1/preview/{token}")]
async fn get_preview(
    token: Path<String>,
    request: HttpRequest,
    state: Data<State>,
    kinds: Data<Kinds>,
) -> Result<HttpResponse, Problem> {
    query::refuse_undocumented(request.query_string(), [&[], &[]])?;
    let locales = state.locales().await?;
    let now = state.clock.now();
    let shown = state.database.write(async |connection| {
        let found = store::find_preview(connection, &preview::hash(&token), now).await?;
        let found = found.ok_or_else(preview::ended)?;
        let kind = kinds
            .0
            .iter()
            .find(|kind| kind.names.entity_type.as_str() == found.entity_type);
        let kind = kind.ok_or_else(preview::ended)?;
        let showing = Showing {
            preview: &found,
            default_locale: &locales.default,
            site: &state.settings.public_url,
            now,
        };
        match (kind.preview)(connection, &showing).await {
            Ok(Some(value)) => Ok(Ending::Undo((found.locale, *kind, value))),
            Ok(None) => Err(preview::ended()),
            // What may not become public is not shown this way either.
            Err(problem) if problem.is_refusal() => Err(preview::ended()),
            Err(problem) => Err(problem),
        }
    });
    let (locale, kind, value) = shown.await?;
    // A quote says its own language; all else without texts is shown in the clinic's.
    let own = value["locale"].as_str().unwrap_or(locales.default.as_str());
    let locale = if locale == NO_LOCALE { own } else { &locale };
    Ok(HttpResponse::Ok()
        .insert_header((header::CACHE_CONTROL, "private, no-store"))
        .insert_header((header::CONTENT_LANGUAGE, locale))
        .json(previewed(&kind, value, &kinds)))
}

/// What is shown under the name of its kind, and nothing under those of the others.
fn previewed(of: &Kind, value: Value, kinds: &Kinds) -> Previewed {
    let entity_type = of.names.entity_type;
    let none = kinds.0.iter().map(|kind| (kind.names.entity_type.as_str(), None));
    Previewed {
        entity_type,
        shown: none.chain([(entity_type.as_str(), Some(value))]).collect(),
    }
}
