//! Parameters: that the server takes what the document allows of them, and nothing more.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vertebra::{
    articles::wire::{ArticleQuery, CitationQuery, RelatedQuery},
    audit::wire::ChangeQuery,
    http::{
        page::PageQuery,
        query::{self, Parameters},
        write::WriteQuery,
    },
    services::wire::ServiceQuery,
    testimonials::wire::TestimonialQuery,
};

use super::{documents, operations, resolved, text};

/// The schemas of an operation's parameters in the query, by name, each with the example of its parameter.
pub(super) fn of<'a>(document: &'a Value, id: &str) -> BTreeMap<&'a str, Value> {
    let (_, operation) = operations(document)
        .find(|(_, operation)| operation["operationId"] == id)
        .unwrap_or_else(|| panic!("{id} is no operation"));
    operation["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|parameter| parameter["in"] == "query")
        .map(|parameter| {
            let mut schema = resolved(document, &parameter["schema"]).clone();
            match &parameter["example"] {
                Value::Array(items) if schema["items"]["type"] == "string" => {
                    schema["items"]["example"] = items[0].clone()
                }
                Value::String(example) => schema["example"] = json!(example),
                _ => {}
            }
            (text(parameter, "name"), schema)
        })
        .collect()
}

/// Values of a parameter that its schema allows and forbids, at the edges of what it allows.
fn edges(document: &Value, schema: &Value) -> (Vec<Vec<String>>, Vec<Vec<String>>) {
    let number = |name: &str| schema[name].as_i64();
    let mut allowed = Vec::new();
    let mut forbidden = vec![vec![String::new()]];
    if let (Some(least), Some(most)) = (number("minimum"), number("maximum")) {
        allowed.extend([least, most].map(|n| vec![n.to_string()]));
        forbidden.extend([least - 1, most + 1].map(|n| vec![n.to_string()]));
    } else if schema["type"] == "array" {
        let (items, _) = edges(document, resolved(document, &schema["items"]));
        let most = usize::try_from(number("maxItems").expect("a list has an end")).expect("it is small");
        let item = items[0][0].clone();
        allowed.extend([vec![item.clone()], vec![item.clone(); most]]);
        forbidden.push(vec![item; most + 1]);
    } else if let Some(values) = schema["enum"].as_array() {
        allowed.extend(
            values
                .iter()
                .filter_map(Value::as_str)
                .map(|value| vec![value.to_owned()]),
        );
        forbidden.push(vec!["no-such-value".to_owned()]);
    } else if schema["type"] == "boolean" {
        allowed.extend(["true", "false"].map(|value| vec![value.to_owned()]));
        forbidden.push(vec!["yes".to_owned()]);
    } else {
        let most = usize::try_from(number("maxLength").expect("a text has an end")).expect("it is small");
        let usual = if schema["format"] == "uuid" {
            "01a2097f-10e8-741a-83cf-d6db6b582513"
        } else {
            "a"
        };
        let example = schema["example"].as_str().unwrap_or(usual).to_owned();
        allowed.push(vec![example]);
        forbidden.push(vec!["a".repeat(most + 1)]);
    }
    (allowed, forbidden)
}

/// Holds what a type of parameters takes against what the document says of them.
fn agree<T: Parameters>(id: &str) {
    let documents = documents();
    let has = |document: &&Value| operations(document).any(|(_, operation)| operation["operationId"] == id);
    let document = documents
        .iter()
        .find(has)
        .unwrap_or_else(|| panic!("{id} is no operation"));
    let documented: Vec<String> = T::into_params(|| None)
        .into_iter()
        .map(|parameter| parameter.name)
        .collect();
    for (name, schema) in of(document, id) {
        // `fields` takes its names in one value or in several; which there are the handler checks.
        if !documented.iter().any(|own| own == name) || name == "fields" {
            continue;
        }
        let query = |values: &[String]| {
            url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(values.iter().map(|value| (name, value)))
                .finish()
        };
        let (allowed, forbidden) = edges(document, &schema);
        for values in allowed {
            let read = query::read::<T>(&query(&values));
            assert!(read.is_ok(), "{id}: {name} must take {values:?}: {:?}", read.err());
        }
        for values in forbidden {
            // A place in a list is checked when it is used.
            if name != "cursor" {
                assert!(
                    query::read::<T>(&query(&values)).is_err(),
                    "{id}: {name} must refuse {values:?}"
                );
            }
        }
    }
}

#[test]
fn the_server_takes_what_the_document_allows_and_nothing_more() {
    agree::<ArticleQuery>("listArticles");
    agree::<PageQuery>("listArticles");
    agree::<RelatedQuery>("listRelatedArticles");
    agree::<CitationQuery>("getArticleCitation");
    agree::<ServiceQuery>("listServices");
    agree::<TestimonialQuery>("listTestimonials");
    agree::<ChangeQuery>("listChanges");
    agree::<PageQuery>("listApiKeys");
    agree::<WriteQuery>("createApiKey");
}
