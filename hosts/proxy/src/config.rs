//! The configuration of a guard, as JSON.

use crate::routes::{RouteConfig, Routes};
use base64ct::{Base64, Encoding};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Header};
use privet::{Policy, Value};
use privet_tower::{Claims, Guard, HookError};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::time::Duration;

/// What a guard is configured by. Unknown keys are refused.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// The packs in base64, the newest first.
    policies: Vec<String>,
    issuer: String,
    audience: String,
    algorithms: Vec<Algorithm>,
    /// The issuer's keys, or where they are.
    jwks: Keys,
    /// The claim that has the token.
    #[serde(default = "privet")]
    claim: String,
    /// Facts that hold for everybody, such as those of the installation.
    #[serde(default)]
    facts: BTreeMap<String, serde_json::Value>,
    /// The claim that has further facts, which the issuer signs.
    facts_claim: Option<String>,
    routes: Vec<RouteConfig>,
    /// How many verified tokens are kept, so that their signature is verified once; 0 for none.
    #[serde(default = "kept")]
    keep: usize,
}

fn privet() -> String {
    "privet".into()
}

const fn kept() -> usize {
    1024
}

/// The keys of the issuer.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Keys {
    Set(JwkSet),
    Source(KeySource),
}

/// Where the JWKS of the issuer is, as the proxy reaches it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySource {
    /// A cluster of Envoy, or a backend of Fastly.
    #[serde(alias = "backend")]
    pub cluster: String,
    /// The host of the issuer.
    pub authority: String,
    /// The path of the JWKS.
    pub path: String,
    /// After how many seconds the keys are got again.
    #[serde(default = "refresh")]
    refresh: u64,
}

const fn refresh() -> u64 {
    300
}

impl KeySource {
    /// After which time the keys are got again: at least a second.
    pub fn refresh(&self) -> Duration {
        Duration::from_secs(self.refresh.max(1))
    }
}

/// What the configuration says, checked.
#[derive(Debug)]
pub struct Setup {
    routes: Routes,
    guard: Guard,
    keep: usize,
    keys: Keys,
}

impl Setup {
    /// Reads and checks the configuration.
    ///
    /// # Errors
    /// What is wrong and where.
    pub fn read(json: &[u8]) -> Result<Self, String> {
        Self::new(serde_json::from_slice(json).map_err(|error| error.to_string())?)
    }

    /// Checks the configuration. Its policies are kept until the program ends.
    ///
    /// # Errors
    /// What is wrong and where.
    pub fn new(config: Config) -> Result<Self, String> {
        let policies = config.policies.iter().enumerate().map(|(index, pack)| {
            let bytes = Base64::decode_vec(pack).map_err(|_| format!("policy {index} is not base64"))?;
            let policy = Policy::open(&bytes).map_err(|error| format!("policy {index}: {error}"))?;
            // A configuration lives as long as the WebAssembly instance, which the proxy discards with it
            Ok(&*Box::leak(Box::new(policy)))
        });
        let policies: Vec<&'static Policy> = policies.collect::<Result<_, String>>()?;
        let routes = Routes::new(config.routes)?;
        let fixed = pairs(&config.facts);
        let no_keys = |_: &Header| Err("the guard has no keys".into());
        let guard = Guard::by_keys(&policies, no_keys, &config.issuer, &config.audience, &config.algorithms);
        let guard = guard.map_err(|error| error.to_string())?.claim(&config.claim);
        for operation in routes.operations() {
            guard.layer(operation).map_err(|error| format!("routes: {error}"))?;
        }
        let facts_claim = config.facts_claim;
        let facts = move |_: &http::HeaderMap, claims: &Claims| {
            let mut facts = fixed.clone();
            if let Some(given) = facts_claim.as_ref().and_then(|claim| claims.get(claim)) {
                let given = given.as_object().ok_or("the claim with the facts is no object")?;
                facts.retain(|(id, _)| !given.contains_key(id));
                facts.extend(pairs(given));
            }
            Ok::<_, HookError>(facts)
        };
        Ok(Self { routes, guard: guard.facts(facts), keep: config.keep, keys: config.jwks })
    }

    /// The table of routes.
    pub const fn routes(&self) -> &Routes {
        &self.routes
    }

    /// Where the keys are, if they are not configured.
    pub const fn source(&self) -> Option<&KeySource> {
        match &self.keys {
            Keys::Set(_) => None,
            Keys::Source(source) => Some(source),
        }
    }

    /// The guard with the configured keys; without such keys it refuses everything with 503.
    pub fn guard(&self) -> Guard {
        match &self.keys {
            Keys::Set(set) => {
                let set = set.clone();
                self.guard_by(move |header| find_key(&set, header))
            }
            Keys::Source(_) => self.guard_by(|_| Err("the keys of the issuer did not arrive yet".into())),
        }
    }

    /// The guard with a function that finds the key of a token by its header, such as by [`find_key`]. A token without a key is
    /// invalid; an error refuses it with 503. Tokens that another guard kept are verified again.
    pub fn guard_by(
        &self,
        find: impl Fn(&Header) -> Result<Option<DecodingKey>, HookError> + Send + Sync + 'static,
    ) -> Guard {
        // A secret is of no public key's family, so it verifies nothing
        let keys = move |header: &Header| Ok(find(header)?.unwrap_or_else(|| DecodingKey::from_secret(&[])));
        self.guard.clone().keys(keys).keep(self.keep)
    }
}

/// The one key that a token may be signed by: the one with its `kid`, or the only one if it has none.
///
/// # Errors
/// The key is broken.
pub fn find_key(set: &JwkSet, header: &Header) -> Result<Option<DecodingKey>, HookError> {
    let mut keys = set.keys.iter().filter(|key| match &header.kid {
        Some(kid) => key.common.key_id.as_ref() == Some(kid),
        None => true,
    });
    match (keys.next(), keys.next()) {
        (Some(key), None) => Ok(Some(DecodingKey::from_jwk(key)?)),
        _ => Ok(None),
    }
}

/// Facts as the library has them.
fn pairs<'j>(facts: impl IntoIterator<Item = (&'j String, &'j serde_json::Value)>) -> Vec<(String, Value)> {
    facts.into_iter().map(|(id, value)| (id.clone(), Value::from(value))).collect()
}
