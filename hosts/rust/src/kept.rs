//! Tokens that were verified.

use crate::guard::Claims;
use crate::problem::{Problem, Refusal};
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};
use std::time::{SystemTime, UNIX_EPOCH};

/// The claims of tokens whose signature, issuer and audience were verified, by the token.
pub(crate) struct Kept {
    most: usize,
    claims: RwLock<HashMap<String, Claims>>,
}

impl Kept {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, claims: RwLock::default() }
    }

    /// The claims of a token that was verified before, unless they are expired or not valid yet by now.
    pub(crate) fn find(&self, token: &str) -> Option<Result<Claims, Problem>> {
        let kept = self.claims.read().unwrap_or_else(PoisonError::into_inner);
        let claims = kept.get(token)?;
        Some(in_time(claims, now()).map(|()| claims.clone()).map_err(Problem::new))
    }

    /// Keeps the claims of a token. When there are too many, those that are expired go, and if there are none, all.
    pub(crate) fn keep(&self, token: &str, claims: &Claims) {
        let mut kept = self.claims.write().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= self.most {
            let now = now();
            kept.retain(|_, claims| in_time(claims, now).is_ok());
            if kept.len() >= self.most {
                kept.clear();
            }
        }
        kept.insert(token.into(), claims.clone());
    }
}

/// The seconds since 1970; if the clock is not set, a time when everything is expired.
fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(f64::INFINITY, |time| time.as_secs_f64())
}

fn in_time(claims: &Claims, now: f64) -> Result<(), Refusal> {
    let number = |claim| claims.get(claim).and_then(serde_json::Value::as_f64);
    match number("exp") {
        Some(exp) if now < exp => {}
        _ => return Err(Refusal::ExpiredToken),
    }
    match number("nbf") {
        Some(nbf) if now < nbf => Err(Refusal::InvalidToken),
        _ => Ok(()),
    }
}
