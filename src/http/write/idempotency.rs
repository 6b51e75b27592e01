//! `Idempotency-Key`: a repeated write is carried out once.
//!
//! The answer is kept encrypted under the client's key, of which only a hash is stored: an answer may
//! hold a secret that was to be shown once, or what a patient wrote.

use actix_web::http::{Method, header::HeaderMap};
use diesel::prelude::*;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::{SignedDuration, Timestamp};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    rand::{SecureRandom, SystemRandom},
};
use sha2::{Digest, Sha256};

use super::{Answer, IfMatch};
use crate::{
    db::schema::idempotency_keys,
    problem::{Code, Problem},
};

/// How long an answer is kept.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// The key of a request, bound to whoever sent it.
pub(super) struct IdempotencyKey {
    id: Vec<u8>,
    secret: [u8; 32],
}

impl IdempotencyKey {
    /// Reads the header, which may be absent.
    pub(super) fn read(headers: &HeaderMap, asker: &str) -> Result<Option<Self>, Problem> {
        let mut values = headers.get_all("idempotency-key");
        let Some(given) = values.next() else {
            return Ok(None);
        };
        let is_sound = values.next().is_none()
            && (16..=255).contains(&given.len())
            && given.as_bytes().iter().all(u8::is_ascii_graphic);
        match is_sound {
            true => Ok(Some(Self::new(asker, given.as_bytes()))),
            false => Err(malformed()),
        }
    }

    fn new(asker: &str, key: &[u8]) -> Self {
        let derive = |purpose: &str| {
            let parts = [purpose.as_bytes(), asker.as_bytes(), key];
            parts.iter().fold(Sha256::new(), |hash, part| {
                hash.chain_update((part.len() as u64).to_be_bytes()).chain_update(part)
            })
        };
        Self {
            id: derive("name").finalize().to_vec(),
            secret: derive("secret").finalize().into(),
        }
    }

    /// Takes the key for this transaction; gives the kept answer where the request was done before.
    pub(super) async fn begin(
        &self,
        connection: &mut AsyncPgConnection,
        request_hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<Answer>, Problem> {
        let number = self
            .id
            .iter()
            .take(8)
            .fold(0_i64, |number, byte| (number << 8) | i64::from(*byte));
        let is_ours: bool = diesel::select(pg_try_advisory_xact_lock(number))
            .get_result(connection)
            .await?;
        if !is_ours {
            return Err(Problem::new(
                Code::RequestInProgress,
                "A request with this Idempotency-Key is being carried out; ask again in a moment.",
            ));
        }
        let oldest = jiff_diesel::Timestamp::from(now - KEPT);
        let kept: Option<(Vec<u8>, Vec<u8>)> = idempotency_keys::table
            .find(&self.id)
            .filter(idempotency_keys::created_at.gt(oldest))
            .select((idempotency_keys::request_hash, idempotency_keys::sealed_answer))
            .first(connection)
            .await
            .optional()?;
        match kept {
            None => Ok(None),
            Some((known, sealed)) if known == request_hash => self.unseal(sealed).map(Some),
            Some(_) => Err(Problem::new(
                Code::IdempotencyKeyReused,
                "This Idempotency-Key was sent with another request; make a new one for each write.",
            )),
        }
    }

    /// Keeps the answer in the transaction that it belongs to.
    pub(super) async fn keep(
        &self,
        connection: &mut AsyncPgConnection,
        request_hash: &[u8],
        answer: &Answer,
        now: Timestamp,
    ) -> Result<(), Problem> {
        let row = (
            idempotency_keys::request_hash.eq(request_hash.to_vec()),
            idempotency_keys::sealed_answer.eq(self.seal(answer)?),
            idempotency_keys::document_id.eq(answer.document_id),
            idempotency_keys::created_at.eq(jiff_diesel::Timestamp::from(now)),
        );
        diesel::insert_into(idempotency_keys::table)
            .values((idempotency_keys::id.eq(&self.id), row.clone()))
            .on_conflict(idempotency_keys::id)
            .do_update()
            .set(row)
            .execute(connection)
            .await?;
        Ok(())
    }

    fn cipher(&self) -> Result<LessSafeKey, Problem> {
        let key = UnboundKey::new(&AES_256_GCM, &self.secret).map_err(Problem::internal)?;
        Ok(LessSafeKey::new(key))
    }

    fn seal(&self, answer: &Answer) -> Result<Vec<u8>, Problem> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(Problem::internal)?;
        let mut sealed = serde_json::to_vec(answer).map_err(Problem::internal)?;
        self.cipher()?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut sealed)
            .map_err(Problem::internal)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    fn unseal(&self, mut sealed: Vec<u8>) -> Result<Answer, Problem> {
        let broken = || Problem::internal("a kept answer cannot be read");
        let (nonce, answer) = sealed.split_at_mut_checked(NONCE_LEN).ok_or_else(broken)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(Problem::internal)?;
        let answer = self.cipher()?.open_in_place(nonce, Aad::empty(), answer);
        serde_json::from_slice(answer.map_err(|_| broken())?).map_err(Problem::internal)
    }
}

/// Removes the answers that are no longer kept.
pub async fn forget(connection: &mut AsyncPgConnection, now: Timestamp) -> QueryResult<usize> {
    let oldest = jiff_diesel::Timestamp::from(now - KEPT);
    diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.le(oldest)))
        .execute(connection)
        .await
}

/// What makes two requests the same.
pub(super) fn hash_request(method: &Method, path: &str, if_match: Option<&IfMatch>, body: &[u8]) -> Vec<u8> {
    let if_match = if_match.map(IfMatch::as_str).unwrap_or_default();
    let parts = [method.as_str().as_bytes(), path.as_bytes(), if_match.as_bytes(), body];
    let hash = parts.iter().fold(Sha256::new(), |hash, part| {
        hash.chain_update((part.len() as u64).to_be_bytes()).chain_update(part)
    });
    hash.finalize().to_vec()
}

#[diesel::declare_sql_function]
extern "SQL" {
    fn pg_try_advisory_xact_lock(number: diesel::sql_types::BigInt) -> diesel::sql_types::Bool;
}

fn malformed() -> Problem {
    Problem::header(
        "Idempotency-Key",
        "must be sent once, with 16 to 255 visible ASCII characters, such as a UUID",
    )
}

#[cfg(test)]
mod tests {
    use super::{Answer, IdempotencyKey};

    fn answer() -> Answer {
        Answer {
            status: 201,
            body: Some("{\"key\":\"vtb_secret\"}".to_owned()),
            etag: None,
            location: None,
            document_id: None,
        }
    }

    #[test]
    fn an_answer_is_read_with_its_key_alone() {
        let key = IdempotencyKey::new("one", b"0123456789abcdef");
        let sealed = key.seal(&answer()).expect("it can be sealed");
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_eq!(
            key.unseal(sealed.clone()).map(|kept| kept.body).ok(),
            Some(answer().body)
        );
        let other = IdempotencyKey::new("two", b"0123456789abcdef");
        assert!(other.unseal(sealed).is_err());
    }
}
