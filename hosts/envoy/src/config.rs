//! The configuration of the filter, as JSON.

use crate::routes::Routes;
use base64ct::{Base64, Encoding};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey};
use privet::{Policy, Value};
use privet_tower::{Claims, Guard, HookError};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// What the filter is configured by. Unknown keys are refused.
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

/// A route, as it is configured.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouteConfig {
    /// The method; any without one.
    pub method: Option<String>,
    /// The path: `{name}` or `*` is one segment, `**` at the end is the rest.
    pub path: String,
    /// The operation that the route needs.
    pub operation: Option<String>,
    /// The obligations that the upstream fulfils.
    #[serde(default)]
    pub discharges: Vec<String>,
    /// Whether the route is open to everybody.
    #[serde(default)]
    pub public: bool,
}

/// The keys of the issuer.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Keys {
    Set(JwkSet),
    Source(KeySource),
}

/// Where the JWKS of the issuer is, as Envoy reaches it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeySource {
    /// A cluster of Envoy.
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
    /// The table of routes.
    pub routes: Arc<Routes>,
    /// Where the keys are, if they are not configured.
    pub source: Option<KeySource>,
    guard: Guard,
    keep: usize,
    set: Option<JwkSet>,
    is_unknown_key_asked: Arc<AtomicBool>,
}

impl Setup {
    /// Reads and checks the configuration.
    ///
    /// # Errors
    /// What is wrong and where.
    pub fn read(json: &[u8]) -> Result<Self, String> {
        let config: Config = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        let policies = config.policies.iter().enumerate().map(|(index, pack)| {
            let bytes = Base64::decode_vec(pack).map_err(|_| format!("policy {index} is not base64"))?;
            let policy = Policy::open(&bytes).map_err(|error| format!("policy {index}: {error}"))?;
            // A configuration lives as long as the virtual machine, which Envoy discards with it
            Ok(&*Box::leak(Box::new(policy)))
        });
        let policies: Vec<&'static Policy> = policies.collect::<Result<_, String>>()?;
        let routes = Routes::new(config.routes)?;
        let fixed = pairs(&config.facts);
        let no_key = DecodingKey::from_secret(&[]);
        let guard = Guard::new(&policies, no_key, &config.issuer, &config.audience, &config.algorithms);
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
        let (set, source) = match config.jwks {
            Keys::Set(set) => (Some(set), None),
            Keys::Source(source) => (None, Some(source)),
        };
        Ok(Self {
            routes: Arc::new(routes),
            source,
            guard: guard.facts(facts),
            keep: config.keep,
            set,
            is_unknown_key_asked: Arc::default(),
        })
    }

    /// The guard with the configured keys; without such keys it refuses everything.
    pub fn guard(&self) -> Guard {
        match &self.set {
            Some(set) => self.guard_with(set.clone()),
            None => self.guard.clone().keys(|_| Err("the keys of the issuer did not arrive yet".into())),
        }
    }

    /// Whether a token named a key that is not known, since this was called before.
    pub fn is_unknown_key_asked(&self) -> bool {
        self.is_unknown_key_asked.swap(false, Relaxed)
    }

    /// The guard with these keys. Tokens that were kept are verified again.
    pub fn guard_with(&self, set: JwkSet) -> Guard {
        let is_unknown = self.is_unknown_key_asked.clone();
        let guard = self.guard.clone().keys(move |header| {
            let mut keys = set.keys.iter().filter(|key| match &header.kid {
                Some(kid) => key.common.key_id.as_ref() == Some(kid),
                None => true,
            });
            match (keys.next(), keys.next()) {
                (Some(key), None) => Ok(DecodingKey::from_jwk(key)?),
                (found, _) => {
                    is_unknown.fetch_or(found.is_none(), Relaxed);
                    Ok(DecodingKey::from_secret(&[])) // of no public key's family, so it verifies nothing
                }
            }
        });
        guard.keep(self.keep)
    }
}

/// Facts as the library has them.
fn pairs<'j>(facts: impl IntoIterator<Item = (&'j String, &'j serde_json::Value)>) -> Vec<(String, Value)> {
    facts.into_iter().map(|(id, value)| (id.clone(), Value::from(value))).collect()
}
