//! An HTTP server that runs the same packs as browsers and edge workers, with the same decisions. `privet-tower` guards its routes.
//!
//! `server ISSUER AUDIENCE KEY.pem PACK..` listens on a free loopback port and prints its address. Each request carries
//! `Authorization: Bearer <JWT>`, signed with the Ed25519 key; its `privet` claim is a token, and its `facts` claim holds facts
//! about the person.
//!
//! - `GET /<policy>/do/<operation>`: 200 if allowed without obligations, otherwise an RFC 9457 problem
//! - `GET /<policy>`: all decisions with their obligations, and all menu items

mod answer;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Json, Response};
use axum::routing::get;
use jsonwebtoken::{Algorithm, DecodingKey};
use privet::{Policy, Value};
use privet_tower::{Claims, Guard, HookError};
use serde_json::json;
use std::error::Error;

/// The facts of a person, from a claim of the JWT.
fn facts(_: &HeaderMap, claims: &Claims) -> Result<Vec<(String, Value)>, HookError> {
    let Some(facts) = claims.get("facts") else { return Ok(Vec::new()) };
    let facts = facts.as_object().ok_or("the claim `facts` is no object")?;
    Ok(facts.iter().map(|(id, value)| (id.clone(), Value::from(value))).collect())
}

/// A route for each operation of a policy, and one that answers everything.
fn routes(policy: &'static Policy, guard: &Guard) -> Result<Router, Box<dyn Error>> {
    let mut routes = Router::new();
    for operation in policy.operations() {
        let done = get(move || async move { Json(json!({ "done": operation })) });
        routes = routes.route(&format!("/{}/do/{operation}", policy.id()), done.layer(guard.layer(operation)?));
    }
    let guard = guard.clone();
    let everything = move |headers: HeaderMap| async move {
        let session = guard.session(&headers).map_err(|problem| problem.response::<Body>())?;
        Ok::<_, Response>(Json(answer::everything(policy, &session)))
    };
    Ok(routes.route(&format!("/{}", policy.id()), get(everything)))
}

async fn not_found() -> (StatusCode, Json<serde_json::Value>) {
    (StatusCode::NOT_FOUND, Json(json!({ "code": "not-found" })))
}

/// The routes of the files that are named on the command line.
fn server(mut arguments: impl Iterator<Item = String>) -> Result<Router, Box<dyn Error>> {
    let mut next = || arguments.next().ok_or("usage: server ISSUER AUDIENCE KEY.pem PACK..");
    let (issuer, audience, key) = (next()?, next()?, DecodingKey::from_ed_pem(&std::fs::read(next()?)?)?);
    let mut router = Router::new().fallback(not_found);
    for file in arguments {
        let policy = Policy::open(&std::fs::read(&file)?).map_err(|error| format!("{file}: {error}"))?;
        let policy: &'static Policy = Box::leak(Box::new(policy));
        let guard = Guard::new(&[policy], key.clone(), &issuer, &audience, &[Algorithm::EdDSA])?.facts(facts);
        router = router.merge(routes(policy, &guard)?);
    }
    Ok(router)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let router = server(std::env::args().skip(1))?;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, router).await?;
    Ok(())
}
