//! Tokens that were verified.

use crate::claims::{Claims, in_time, now};
use crate::problem::Problem;
use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

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
