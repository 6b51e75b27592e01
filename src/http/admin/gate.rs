//! Who is at the gate: reads the key of a request, limits guesses, and asks the database.

use actix_web::{
    HttpMessage,
    dev::ServiceRequest,
    http::header::{AUTHORIZATION, HeaderMap},
};
use quick_cache::sync::Cache;

use super::{Operations, refusal};
use crate::{
    access::{Caller, Secret, store},
    config::Rate,
    db::{DbError, Ending},
    http::{client_address, limits::Limiter, state::State},
    problem::{Code, Problem},
};

/// Keys that an instance remembers to have let in.
const PROVEN_KEYS: usize = 1_000;

const INVALID: &str = ", error=\"invalid_token\"";

/// What the guard knows: the operations, and how often each address may try.
pub struct Gate {
    operations: Operations,
    attempts: Limiter,
    // By hash. It saves no question to the database: it only tells who need not be limited.
    proven: Cache<[u8; 32], ()>,
}

impl Gate {
    /// A gate before these operations.
    pub fn new(operations: Operations, attempts: Rate) -> Self {
        Self {
            operations,
            attempts: Limiter::new("attempts", attempts),
            proven: Cache::new(PROVEN_KEYS),
        }
    }

    /// The operations behind the gate.
    pub fn operations(&self) -> &Operations {
        &self.operations
    }

    /// Who calls, or why that is not known.
    ///
    /// An attempt counts against its address unless the key was good before: then neither a guesser
    /// nor a forgotten program with an old key locks out whoever shares its address.
    pub async fn authenticate(&self, request: &ServiceRequest, state: &State) -> Result<Caller, Problem> {
        let headers = request.headers();
        let given = bearer(headers)?;
        let secret = given.parse::<Secret>();
        let hash = secret.as_ref().map(Secret::hash).unwrap_or_default();
        if self.proven.get(&hash).is_none() {
            let address = client_address::of(headers, request.peer_addr(), &state.settings.trusted_proxies);
            let left = self.attempts.check(address)?;
            request.extensions_mut().insert(left);
        }
        let secret = secret.map_err(|_| invalid("is not the text of a key: check that it is whole"))?;
        let found = state
            .database
            .read(async |c| store::find_by_secret(c, &secret).await)
            .await?;
        let key = found.ok_or_else(|| invalid("is no key that this server knows"))?;
        let now = state.clock.now();
        match key.standing(now) {
            store::Standing::Valid => self.proven.insert(hash, ()),
            standing => {
                self.proven.remove(&hash);
                return Err(ended(standing));
            }
        }
        if key.needs_touch(now) {
            let touched = state.database.write(async |c| {
                store::touch_key(c, key.id, now).await?;
                Ok::<_, DbError>(Ending::Commit(()))
            });
            if let Err(error) = touched.await {
                log::warn!("The last use of the key {} was not written down: {error}", key.id);
            }
        }
        Ok(key.caller())
    }
}

/// The text after `Bearer` in the one Authorization header.
fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(AUTHORIZATION);
    let given = match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    };
    let token = given.and_then(|value| {
        let (scheme, token) = value.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
    });
    token.ok_or_else(|| {
        let detail = "must be sent once, as Bearer and a key";
        refusal(
            Code::KeyRequired,
            "Send a key in the header Authorization: Bearer vtb_….",
            detail,
            "",
        )
    })
}

fn invalid(why: &str) -> Problem {
    refusal(Code::KeyInvalid, &format!("What was sent {why}."), why, INVALID)
}

fn ended(standing: store::Standing) -> Problem {
    let (code, why) = match standing {
        store::Standing::Revoked => (Code::KeyRevoked, "was revoked"),
        _ => (Code::KeyExpired, "has expired"),
    };
    refusal(code, &format!("This key {why}; ask for a new one."), why, INVALID)
}
