//! Reading the parameters of a query, strictly: what is unknown or out of range is refused.

use std::collections::HashSet;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use utoipa::{
    IntoParams,
    openapi::{RefOr, Schema, path::Parameter},
};
use validator::{Validate, ValidationErrors};

use crate::problem::{Code, Problem};

/// Parameters that a handler takes: they can be read, checked, documented and written back.
pub trait Parameters: DeserializeOwned + Serialize + IntoParams + Validate {}

impl<T: DeserializeOwned + Serialize + IntoParams + Validate> Parameters for T {}

/// The parameters of an endpoint that takes none.
#[derive(Debug, Clone, Deserialize, Serialize, IntoParams, Validate)]
pub struct NoParameters {}

/// Refuses parameters that none of the documented ones names.
pub fn refuse_unknown(raw: &str, documented: &[Parameter]) -> Result<(), Problem> {
    let known: HashSet<&str> = documented.iter().map(|parameter| parameter.name.as_str()).collect();
    let unknown = url::form_urlencoded::parse(raw.as_bytes()).find(|(name, _)| !known.contains(&**name));
    let Some((name, _)) = unknown else {
        return Ok(());
    };
    let mut names: Vec<&str> = known.into_iter().collect();
    names.sort_unstable();
    let detail = match names.is_empty() {
        true => "is not known; this address takes no parameters".to_owned(),
        false => format!("is not known; this address takes {}", names.join(", ")),
    };
    Err(Problem::query_parameter(
        Code::UnknownParameter,
        &shorten(&name),
        detail,
    ))
}

/// Refuses a second value of a parameter that is not documented as a list.
pub fn refuse_repeated(raw: &str, documented: &[Parameter]) -> Result<(), Problem> {
    let mut seen = HashSet::new();
    for (name, _) in url::form_urlencoded::parse(raw.as_bytes()) {
        let takes_many = documented
            .iter()
            .any(|parameter| parameter.name == name && matches!(parameter.schema, Some(RefOr::T(Schema::Array(_)))));
        if !takes_many && !seen.insert(name.clone()) {
            let detail = "may be given only once";
            return Err(Problem::query_parameter(Code::InvalidParameter, &name, detail));
        }
    }
    Ok(())
}

/// Reads parameters out of a raw query, passing over those of others.
pub fn read<T: Parameters>(raw: &str) -> Result<T, Problem> {
    let deserializer = serde_html_form::Deserializer::from_bytes(raw.as_bytes());
    let parameters: T = serde_path_to_error::deserialize(deserializer).map_err(|error| {
        let name = error.path().iter().next().map(ToString::to_string);
        let detail = shorten(&for_client(&error.inner().to_string()));
        Problem::query_parameter(Code::InvalidParameter, &name.unwrap_or_default(), detail)
    })?;
    parameters.validate().map_err(|errors| invalid(&errors))?;
    Ok(parameters)
}

/// The parameters in one order and spelling, whatever the client's were.
pub fn canonical(parameters: &impl Serialize) -> String {
    serde_html_form::to_string(parameters).unwrap_or_default()
}

/// The first rule that a parameter breaks, without the value that broke it.
fn invalid(errors: &ValidationErrors) -> Problem {
    let mut names: Vec<_> = errors.errors().keys().collect();
    names.sort_unstable();
    let name = names.first().map(|name| name.to_string()).unwrap_or_default();
    let message = errors
        .field_errors()
        .get(name.as_str())
        .and_then(|faults| faults.first())
        .and_then(|fault| fault.message.clone());
    let detail = message.unwrap_or_else(|| "is out of range".into());
    Problem::query_parameter(Code::InvalidParameter, &name, detail)
}

/// What serde says of a wrong value, without its own terms and the value.
fn for_client(message: &str) -> String {
    match message.rsplit_once(", expected ") {
        Some((_, expected)) => format!("must be {expected}"),
        None => message.to_owned(),
    }
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(300) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::for_client;

    #[test]
    fn says_what_is_expected_and_not_what_was_given() {
        let told = |message: &str| for_client(message);
        assert_eq!(
            told("unknown variant `x, expected y`, expected one of `a`, `b`"),
            "must be one of `a`, `b`"
        );
        assert_eq!(told("must be short"), "must be short");
    }
}
