//! What a key may do.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, RefOr, Schema, Type},
};

/// Declares the scopes: each with its name and what it allows.
macro_rules! scopes {
    ($(#[doc = $help:literal] $variant:ident $name:literal,)+) => {
        /// What a key may do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Scope {
            $(#[doc = $help] #[serde(rename = $name)] $variant,)+
        }

        impl Scope {
            /// All scopes, in the order in which they are listed everywhere.
            pub const ALL: &[Self] = &[$(Self::$variant,)+];

            /// The name that clients and the database use.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// What it allows, as a sentence.
            pub fn help(self) -> &'static str {
                match self { $(Self::$variant => $help.trim_ascii(),)+ }
            }
        }
    };
}

scopes! {
    /// Read everything that editors see, drafts too, but testimonials; make and revoke links to previews.
    ContentRead "content:read",
    /// Create and change drafts.
    ContentWrite "content:write",
    /// Publish, unpublish, schedule, archive and restore.
    ContentPublish "content:publish",
    /// Read, make, edit, approve, reject and withdraw testimonials.
    TestimonialsModerate "testimonials:moderate",
    /// Read the consent and the contact of patients, record consent on paper, erase testimonials.
    TestimonialsPersonal "testimonials:personal",
    /// List, make, revoke and rotate keys.
    Keys "keys",
    /// Read who changed what and when.
    AuditRead "audit:read",
}

// Written by hand: the derived schema does not see names that come from a macro.
impl PartialSchema for Scope {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("What a key may do."))
            .enum_values(Some(Self::ALL.iter().map(|scope| scope.as_str())))
            .into()
    }
}

impl ToSchema for Scope {}

/// A word that is no scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {}", all_names())]
pub struct UnknownScope;

fn all_names() -> String {
    let names: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    names.join(", ")
}

impl FromStr for Scope {
    type Err = UnknownScope;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.iter().find(|scope| scope.as_str() == text);
        found.copied().ok_or(UnknownScope)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn every_scope_has_one_name_for_clients_and_the_database() {
        for scope in Scope::ALL {
            assert_eq!(scope.as_str().parse(), Ok(*scope));
            assert_eq!(serde_json::json!(scope), scope.as_str());
        }
        let refused = "content:all".parse::<Scope>().expect_err("there is no such scope");
        assert!(refused.to_string().ends_with("testimonials:personal, keys, audit:read"));
    }
}
