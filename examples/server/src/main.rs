//! An HTTP server that runs the same packs as browsers and edge workers, with the same decisions.
//!
//! `server ISSUER AUDIENCE KEY.pem PACK..` listens on a free loopback port and prints its address. Each request carries
//! `Authorization: Bearer <JWT>`, signed with the Ed25519 key; its `privet` claim is a token, and its `facts` claim holds facts
//! about the person.
//!
//! - `GET /<policy>/do/<operation>`: 200 if allowed without obligations, otherwise an RFC 9457 problem
//! - `GET /<policy>`: all decisions with their obligations, and all menu items

mod answer;
mod problem;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header::AUTHORIZATION};
use axum::response::Json;
use axum::routing::get;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode};
use privet::{Policy, Session, SubjectFault, Value, Verdict};
use problem::Problem;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;

/// Maximum length of an Authorization header.
const MAX_HEADER: usize = 8192;

/// Key, validation rules and policies.
struct Guard {
    key: DecodingKey,
    validation: Validation,
    policies: BTreeMap<String, Policy>,
}

/// The claims of Privet; issuer, audience and expiry are verified by `decode`.
#[derive(Deserialize)]
struct Claims {
    privet: String,
    #[serde(default)]
    facts: serde_json::Map<String, serde_json::Value>,
}

impl Guard {
    /// Verifies the JWT of a request and restores its session.
    fn session(&self, policy: &str, headers: &HeaderMap) -> Result<Session<'_>, Problem> {
        let policy = self.policies.get(policy).ok_or(Problem::NotFound)?;
        let mut sent = headers.get_all(AUTHORIZATION).iter();
        let header = sent.next().ok_or(Problem::MissingToken)?;
        if sent.next().is_some() {
            return Err(Problem::InvalidToken); // a proxy may have checked the other header
        }
        if header.len() > MAX_HEADER {
            return Err(Problem::OversizedToken);
        }
        let header = header.to_str().map_err(|_| Problem::InvalidToken)?;
        let (scheme, jwt) = header.split_once(' ').ok_or(Problem::MissingToken)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Problem::MissingToken);
        }
        let claims = decode::<Claims>(jwt, &self.key, &self.validation).map_err(|_| Problem::InvalidToken)?.claims;
        let facts: Vec<_> = claims.facts.iter().map(|(id, value)| (id.clone(), Value::from(value))).collect();
        policy.restore(&claims.privet, &facts).map_err(|error| match error.fault() {
            SubjectFault::InvalidToken => Problem::InvalidToken,
            SubjectFault::StaleToken => Problem::StaleToken,
            SubjectFault::ConflictingChoice => Problem::ConflictingChoice,
            _ => Problem::InvalidFacts,
        })
    }
}

async fn require(
    State(guard): State<Arc<Guard>>,
    Path((policy, operation)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Json<serde_json::Value>, Problem> {
    let session = guard.session(&policy, &headers)?;
    let decision = session.decide(&operation).map_err(|_| Problem::NotFound)?;
    match decision.verdict {
        Verdict::Yes if decision.obligations.is_empty() => Ok(Json(serde_json::json!({ "done": operation }))),
        Verdict::Yes => Err(Problem::ObligationOwed),
        Verdict::No => Err(Problem::Denied),
        Verdict::Unknown => Err(Problem::Undecided),
    }
}

async fn everything(
    State(guard): State<Arc<Guard>>,
    Path(policy): Path<String>,
    headers: HeaderMap,
) -> Result<Json<serde_json::Value>, Problem> {
    let session = guard.session(&policy, &headers)?;
    let policy = guard.policies.get(&policy).ok_or(Problem::NotFound)?;
    Ok(Json(answer::everything(policy, &session)))
}

/// Reads the files named on the command line.
fn guard(mut arguments: impl Iterator<Item = String>) -> Result<Guard, Box<dyn Error>> {
    let mut next = || arguments.next().ok_or("usage: server ISSUER AUDIENCE KEY.pem PACK..");
    let (issuer, audience, key) = (next()?, next()?, next()?);
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    validation.leeway = 0;
    validation.validate_nbf = true;
    let mut policies = BTreeMap::new();
    for file in arguments {
        let policy = Policy::open(&std::fs::read(&file)?).map_err(|error| format!("{file}: {error}"))?;
        policies.insert(policy.id().to_owned(), policy);
    }
    Ok(Guard { key: DecodingKey::from_ed_pem(&std::fs::read(key)?)?, validation, policies })
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let guard = Arc::new(guard(std::env::args().skip(1))?);
    let routes = Router::new().route("/{policy}", get(everything)).route("/{policy}/do/{operation}", get(require));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, routes.with_state(guard)).await?;
    Ok(())
}
