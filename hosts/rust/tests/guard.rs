//! The requests of `hosts/test/guard.json` through axum, with the answers of `privet/edge`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "tests")]

use axum::body::Body;
use axum::{Extension, Router, routing::get};
use base64ct::{Base64, Encoding};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use jsonwebtoken::{Algorithm, DecodingKey};
use privet::{Policy, Session, SubjectFault, Value};
use privet_tower::{Guard, Refusal};
use serde_json::{Value as Json, json};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};
use tower::ServiceExt;

static FILE: LazyLock<Json> =
    LazyLock::new(|| serde_json::from_str(&std::fs::read_to_string("../test/guard.json").unwrap()).unwrap());
static POLICY: LazyLock<Policy> =
    LazyLock::new(|| Policy::open(&Base64::decode_vec(FILE["pack"].as_str().unwrap()).unwrap()).unwrap());

fn text(key: &str) -> &'static str {
    FILE[key].as_str().unwrap()
}

fn guard() -> Guard {
    let key = DecodingKey::from_ec_pem(text("pem").as_bytes()).unwrap();
    Guard::new(&[&POLICY], key, text("issuer"), text("audience"), &[Algorithm::ES256]).unwrap()
}

fn request(case: &Json) -> Request<Body> {
    let mut request = Request::get("/");
    for header in case["authorization"].as_array().unwrap() {
        request = request.header("authorization", header.as_str().unwrap());
    }
    request.body(Body::empty()).unwrap()
}

fn pairs(facts: &Json) -> Vec<(String, Value)> {
    facts.as_object().unwrap().iter().map(|(id, value)| (id.clone(), Value::from(value))).collect()
}

async fn allowed(Extension(session): Extension<Session<'static>>) -> String {
    session.allowed().join(",")
}

#[tokio::test]
async fn requests() {
    let cases = FILE["cases"].as_array().unwrap();
    // The same guard twice: the second time, what was verified is kept. It keeps two tokens at most.
    let guard = guard().keep(2);
    for case in cases.iter().chain(cases).chain(cases.iter().flat_map(|case| [case, case])) {
        let facts = pairs(&case["facts"]);
        let guard = guard
            .clone()
            .facts(move |_, _| Ok(facts.clone()))
            .revoked(|claims| Ok(claims.get("sub").is_some_and(|sub| sub == "mallory")));
        let discharges: Vec<&str> =
            case["discharges"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        let layer = guard.layer(case["operation"].as_str().unwrap()).unwrap().discharges(&discharges);
        let app: Router = Router::new().route("/", get(allowed).layer(layer));
        let response = app.oneshot(request(case)).await.unwrap();
        let mut answer = json!({ "status": response.status().as_u16() });
        if response.status() != StatusCode::OK {
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            answer["challenge"] =
                response.headers().get("www-authenticate").map_or(Json::Null, |it| it.to_str().unwrap().into());
            let body = response.into_body().collect().await.unwrap().to_bytes();
            let details: Json = serde_json::from_slice(&body).unwrap();
            for key in ["code", "title", "detail"] {
                answer[key] = details[key].clone();
            }
        }
        assert_eq!(answer, case["is"], "{}", case["why"]);
    }
    assert!(cases.len() > 30);
}

#[test]
fn kept_tokens_are_verified_once() {
    let headers = request(&FILE["cases"][0]).headers().clone();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let guard = guard().keep(8).keys(move |_| {
        count.fetch_add(1, Relaxed);
        Ok(DecodingKey::from_ec_pem(text("pem").as_bytes())?)
    });
    for _ in 0..3 {
        guard.require(&headers, "orders.list", &[]).unwrap();
    }
    assert_eq!(asked.load(Relaxed), 1);
    guard.clone().keep(8).require(&headers, "orders.list", &[]).unwrap();
    assert_eq!(asked.load(Relaxed), 2, "keeping anew forgets");
}

#[test]
fn hooks_that_fail_refuse() {
    let headers = request(&FILE["cases"][0]).headers().clone();
    let refusal = |guard: Guard| guard.require(&headers, "orders.list", &[]).unwrap_err();
    let facts = refusal(guard().facts(|_, _| Err("down".into())));
    assert_eq!((facts.refusal(), facts.status().as_u16()), (Refusal::FactsUnavailable, 503));
    assert_eq!(refusal(guard().revoked(|_| Err("down".into()))).code(), "revocation-unavailable");
    assert_eq!(refusal(guard().keys(|_| Err("down".into()))).code(), "keys-unavailable");
}

#[test]
fn unsafe_options_and_unknown_operations_are_refused() {
    let key = || DecodingKey::from_ec_pem(text("pem").as_bytes()).unwrap();
    let make = |issuer: &str, audience: &str, algorithms: &[Algorithm]| {
        Guard::new(&[&POLICY], key(), issuer, audience, algorithms).is_ok()
    };
    assert!(make("i", "a", &[Algorithm::ES256]));
    assert!(!make("", "a", &[Algorithm::ES256]) && !make("i", "", &[Algorithm::ES256]));
    assert!(!make("i", "a", &[]) && !make("i", "a", &[Algorithm::HS256]));
    for wrong in [&[Algorithm::ES384], &[Algorithm::EdDSA], &[Algorithm::RS256]] {
        assert!(!make("i", "a", wrong) && !make("i", "a", &[Algorithm::ES256, wrong[0]]));
    }
    let secret = DecodingKey::from_secret(&[7; 32]);
    let error = Guard::new(&[&POLICY], secret, "i", "a", &[Algorithm::ES256]).unwrap_err();
    assert_eq!(error.code(), "invalid-options");
    assert!(Guard::new(&[], key(), "i", "a", &[Algorithm::ES256]).is_err());
    assert!(
        Guard::by_keys(&[&POLICY], |_| Err("none".into()), "i", "a", &[Algorithm::ES256, Algorithm::RS256]).is_ok()
    );
    let error = guard().layer("orders.lits").unwrap_err();
    assert_eq!((error.fault(), error.help()), (SubjectFault::UnknownId, "did you mean `orders.list`?"));
    let headers = request(&FILE["cases"][0]).headers().clone();
    assert_eq!(guard().require(&headers, "orders.lits", &[]).unwrap_err().refusal(), Refusal::Denied);
}
