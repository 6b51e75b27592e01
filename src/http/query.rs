//! Reading the parameters of a query, strictly: what is unknown or out of range is refused.

use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    sync::{PoisonError, RwLock},
};

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{DeserializeOwned, Error as _},
};
use utoipa::{
    IntoParams,
    openapi::{RefOr, Schema},
};
use validator::{Validate, ValidationErrors};

use crate::{
    problem::{Code, Problem},
    values::{
        faults::{expectation, field_errors},
        json::named,
    },
};

/// Parameters that a handler takes: they can be read, checked, documented and written back.
pub trait Parameters: DeserializeOwned + Serialize + IntoParams + Validate {}

impl<T: DeserializeOwned + Serialize + IntoParams + Validate> Parameters for T {}

/// The parameters of an endpoint that takes none.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
pub struct NoParameters {}

/// What the API's document says of one parameter.
#[derive(Debug)]
pub struct Documented {
    name: String,
    takes_many: bool,
}

/// What the document says of a group of parameters, worked out at its first use.
pub fn documented<T: Parameters + 'static>() -> &'static [Documented] {
    static GROUPS: RwLock<BTreeMap<TypeId, &'static [Documented]>> = RwLock::new(BTreeMap::new());
    let group = TypeId::of::<T>();
    let known = GROUPS
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&group)
        .copied();
    known.unwrap_or_else(|| {
        let parameters = T::into_params(|| None).into_iter().map(|parameter| Documented {
            takes_many: matches!(parameter.schema, Some(RefOr::T(Schema::Array(_)))),
            name: parameter.name,
        });
        // There are as many groups as types, so what is kept for ever stays small.
        let made = Vec::leak(parameters.collect());
        GROUPS
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(group, made);
        made
    })
}

/// Refuses parameters that no group documents, and a second value where only one is documented.
pub fn refuse_undocumented(raw: &str, groups: [&[Documented]; 2]) -> Result<(), Problem> {
    let mut seen = HashSet::new();
    for (name, _) in url::form_urlencoded::parse(raw.as_bytes()) {
        let Some(parameter) = groups.into_iter().flatten().find(|known| known.name == name) else {
            return Err(unknown(&name, groups));
        };
        if !parameter.takes_many && !seen.insert(&parameter.name) {
            let detail = "may be given only once";
            return Err(Problem::query_parameter(Code::InvalidParameter, &name, detail));
        }
    }
    Ok(())
}

fn unknown(name: &str, groups: [&[Documented]; 2]) -> Problem {
    let mut names: Vec<&str> = groups.into_iter().flatten().map(|known| known.name.as_str()).collect();
    names.sort_unstable();
    let detail = match names.is_empty() {
        true => "is not known; this address takes no parameters".to_owned(),
        false => format!("is not known; this address takes {}", names.join(", ")),
    };
    Problem::query_parameter(Code::UnknownParameter, &shorten(name), detail)
}

/// Reads parameters out of a raw query, passing over those of others.
pub fn read<T: Parameters>(raw: &str) -> Result<T, Problem> {
    let deserializer = serde_html_form::Deserializer::from_bytes(raw.as_bytes());
    let parameters: T = serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let message = error.inner().to_string();
        // What is missing has no place, but is named.
        let missing = || Some(named(&message)?.1.to_owned());
        let name = error.path().iter().next().map(ToString::to_string).or_else(missing);
        Problem::query_parameter(
            Code::InvalidParameter,
            &name.unwrap_or_default(),
            shorten(&expectation(&message)),
        )
    })?;
    parameters.validate().map_err(|errors| invalid(&errors))?;
    Ok(parameters)
}

/// The parameters in one order and spelling, whatever the client's were.
pub fn canonical(parameters: &impl Serialize) -> String {
    serde_html_form::to_string(parameters).unwrap_or_default()
}

/// Takes those two words alone; the form's own reader takes `on` too.
pub(super) fn true_or_false<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(D::Error::custom("must be `true` or `false`")),
    }
}

/// The first rule that a parameter breaks, without the value that broke it.
fn invalid(errors: &ValidationErrors) -> Problem {
    let found = field_errors(errors, "").into_iter().next();
    let (pointer, detail) = found.map(|fault| (fault.pointer, fault.detail)).unwrap_or_default();
    Problem::query_parameter(Code::InvalidParameter, pointer.trim_start_matches('/'), detail)
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
