//! The handler: the conformance suite, the requests of all guards, keys and headers.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::needless_pass_by_value, reason = "tests")]

use http::{Request, Response};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, encode};
use p256::SecretKey;
use p256::elliptic_curve::rand_core::OsRng;
use p256::pkcs8::EncodePrivateKey;
use privet_fastly::{Age, Site};
use privet_tower::Problem;
use serde_json::{Value as Json, json};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, LazyLock};

static GUARD: LazyLock<Json> = LazyLock::new(|| read(Path::new("../test/guard.json")));
const ISSUER: &str = "https://id.shop.example";
const AUDIENCE: &str = "https://api.shop.example";

fn read(path: &Path) -> Json {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A key of an issuer.
struct Issuer {
    key: EncodingKey,
    kid: Option<String>,
}

impl Issuer {
    fn new(kid: Option<&str>) -> Self {
        let der = SecretKey::random(&mut OsRng).to_pkcs8_der().unwrap();
        Self { key: EncodingKey::from_ec_der(der.as_bytes()), kid: kid.map(String::from) }
    }

    fn jwk(&self) -> Jwk {
        let mut jwk = Jwk::from_encoding_key(&self.key, Algorithm::ES256).unwrap();
        jwk.common.key_id.clone_from(&self.kid);
        jwk
    }

    fn bearer(&self, claims: Json) -> String {
        let mut all = json!({ "iss": ISSUER, "aud": AUDIENCE, "exp": 4_102_444_800_u64 });
        all.as_object_mut().unwrap().extend(claims.as_object().unwrap().clone());
        let mut header = jsonwebtoken::Header::new(Algorithm::ES256);
        header.kid.clone_from(&self.kid);
        format!("Bearer {}", encode(&header, &all, &self.key).unwrap())
    }
}

fn site(pack: &Json, jwks: Json, routes: Json, more: Json) -> Result<Site, String> {
    let mut guard = json!({ "policies": [pack], "issuer": ISSUER, "audience": AUDIENCE, "algorithms": ["ES256"] });
    guard["jwks"] = jwks;
    guard["routes"] = routes;
    guard.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    Site::read(json!({ "backend": "origin", "guard": guard }).to_string().as_bytes())
}

fn request(method: &str, path: &str, authorization: &[&str]) -> Request<()> {
    let mut request = Request::builder().method(method).uri(format!("https://shop.example{path}"));
    for value in authorization {
        request = request.header("authorization", *value);
    }
    request.body(()).unwrap()
}

/// The status, and `allowed` or the code of the refusal.
fn outcome(answer: &Result<Request<()>, Problem>) -> (u16, &'static str) {
    match answer {
        Ok(_) => (200, "allowed"),
        Err(problem) => (problem.status().as_u16(), problem.code()),
    }
}

fn no_keys(_: &privet_proxy::KeySource, _: Age) -> Result<JwkSet, privet_tower::HookError> {
    Err("keys are configured".into())
}

#[test]
fn conformance() {
    let issuer = Issuer::new(None);
    let jwks = json!({ "keys": [issuer.jwk()] });
    let mut count = 0;
    for entry in std::fs::read_dir("../../conformance/5/policies").unwrap() {
        let file = read(&entry.unwrap().path());
        let cases = file["cases"].as_array().unwrap();
        let steps: Vec<&Json> = cases.iter().filter_map(|case| case["tokens"].as_array()).flatten().collect();
        let operations = operations_of(&file["pack"]);
        let routes = operations.iter().enumerate().map(|(at, id)| json!({ "path": format!("/{at}"), "operation": id }));
        let more = json!({ "facts_claim": "facts" });
        let site = site(&file["pack"], jwks.clone(), routes.collect(), more).unwrap();
        let guard = site.guard(no_keys);
        for step in steps {
            let facts = if step["facts"].is_null() { json!({}) } else { step["facts"].clone() };
            let bearer = issuer.bearer(json!({ "privet": step["token"], "facts": facts }));
            let ask = |at: usize| outcome(&site.handle(&guard, request("GET", &format!("/{at}"), &[&bearer])));
            if let Some(code) = step["is"]["error"]["code"].as_str() {
                let expected = match code {
                    "invalid-token" | "stale-token" => (401, code),
                    "conflicting-choice" => (403, code),
                    _ => (500, "invalid-facts"),
                };
                assert_eq!(ask(0), expected, "{step}");
                count += 1;
            }
            for (at, expected) in step["is"]["operations"].as_array().into_iter().flatten().enumerate() {
                let is_owed = expected[0] == "allowed" && expected[1] != json!([]);
                let code = if is_owed { "obligation-owed" } else { expected[0].as_str().unwrap() };
                let status = if code == "allowed" { 200 } else { 403 };
                assert_eq!(ask(at), (status, code), "{} of {step}", operations[at]);
                count += 1;
            }
        }
    }
    assert!(count > 3000, "{count}");
}

/// The ids of the operations of a pack.
fn operations_of(pack: &Json) -> Vec<String> {
    use base64ct::{Base64, Encoding};
    let policy = privet::Policy::open(&Base64::decode_vec(pack.as_str().unwrap()).unwrap()).unwrap();
    policy.operations().map(String::from).collect()
}

#[test]
fn requests_of_all_guards() {
    let cases = GUARD["cases"].as_array().unwrap();
    let mut count = 0;
    // The guest has no list of revoked tokens
    for case in cases.iter().filter(|case| case["why"] != "revoked") {
        let routes = json!([{ "path": "/", "operation": case["operation"], "discharges": case["discharges"] }]);
        let more = json!({ "facts": case["facts"] });
        let site = site(&GUARD["pack"], json!({ "keys": [GUARD["jwk"]] }), routes, more).unwrap();
        let guard = site.guard(no_keys);
        let sent: Vec<&str> = case["authorization"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
        for _ in 0..2 {
            let answer = site.handle(&guard, request("GET", "/", &sent));
            let mut actual = json!({ "status": outcome(&answer).0 });
            if let Err(problem) = answer {
                let refusal: Response<String> = problem.response();
                let header = |name: &str| refusal.headers().get(name).map(|it| it.to_str().unwrap());
                assert_eq!(header("content-type"), Some("application/problem+json"));
                assert_eq!(header("cache-control"), Some("no-store"));
                actual["challenge"] = header("www-authenticate").into();
                let details: Json = serde_json::from_str(refusal.body()).unwrap();
                for key in ["code", "title", "detail"] {
                    actual[key] = details[key].clone();
                }
            }
            assert_eq!(actual, case["is"], "{}", case["why"]);
            count += 1;
        }
    }
    assert!(count > 60);
}

#[test]
fn headers_for_the_service() {
    let routes = json!([
        { "method": "GET", "path": "/orders", "operation": "orders.list" },
        { "path": "/health", "public": true },
    ]);
    let site = site(&GUARD["pack"], json!({ "keys": [GUARD["jwk"]] }), routes, json!({})).unwrap();
    let guard = site.guard(no_keys);
    let ask = |method: &str, path: &str| {
        let good = GUARD["cases"][0]["authorization"][0].as_str().unwrap();
        let mut request = request(method, path, &[good]);
        for (name, value) in [("x-privet-decision", "forged"), ("x-privet-roles", "owner"), ("x-other", "1")] {
            request.headers_mut().append(name, value.parse().unwrap());
        }
        site.handle(&guard, request)
    };
    let got = |path: &str| {
        let mut request = ask("GET", path).unwrap();
        request.headers_mut().remove("authorization");
        let mut headers: Vec<String> =
            request.headers().iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect();
        headers.sort();
        headers.join(", ")
    };
    let allowed = "x-other: 1, x-privet-decision: allowed, x-privet-obligations: , x-privet-operation: orders.list";
    assert_eq!(got("/orders?page=2"), allowed);
    assert_eq!(got("/health"), "x-other: 1");
    assert_eq!(outcome(&ask("POST", "/orders")), (403, "denied"), "another method has no route");
    assert_eq!(outcome(&ask("GET", "/orders/../health")), (403, "denied"));
}

#[test]
fn keys_of_the_issuer() {
    let (old, new) = (Arc::new(Issuer::new(Some("1"))), Arc::new(Issuer::new(Some("2"))));
    let token = json!({ "privet": claim() });
    let jwks = json!({ "backend": "issuer", "authority": "id.shop.example", "path": "/jwks.json", "refresh": 60 });
    let routes = json!([{ "path": "/", "operation": "orders.list" }]);
    let site = site(&GUARD["pack"], jwks, routes, json!({ "keep": 0 })).unwrap();
    let (asked_anew, is_down) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let guard = {
        let (old, new, asked_anew, is_down) = (old.clone(), new.clone(), asked_anew.clone(), is_down.clone());
        site.guard(move |source, age| {
            assert_eq!((source.cluster.as_str(), source.refresh().as_secs()), ("issuer", 60));
            if is_down.load(Relaxed) {
                return Err("down".into());
            }
            asked_anew.fetch_add(usize::from(age == Age::New), Relaxed);
            let keys = if age == Age::New { vec![old.jwk(), new.jwk()] } else { vec![old.jwk()] };
            Ok(JwkSet { keys })
        })
    };
    let ask = |issuer: &Issuer| outcome(&site.handle(&guard, request("GET", "/", &[&issuer.bearer(token.clone())]))).1;
    assert_eq!((ask(&old), asked_anew.load(Relaxed)), ("allowed", 0));
    assert_eq!((ask(&new), asked_anew.load(Relaxed)), ("allowed", 1));
    assert_eq!((ask(&Issuer::new(Some("3"))), asked_anew.load(Relaxed)), ("invalid-token", 2));
    assert_eq!(ask(&Issuer::new(Some("1"))), "invalid-token", "another key with the same name");
    assert_eq!((ask(&Issuer::new(None)), asked_anew.load(Relaxed)), ("invalid-token", 2), "the only key");
    is_down.store(true, Relaxed);
    assert_eq!(ask(&old), "keys-unavailable");
}

/// The token of a clerk, from the first request of all guards.
fn claim() -> Json {
    use base64ct::{Base64UrlUnpadded, Encoding};
    let jwt = GUARD["cases"][0]["authorization"][0].as_str().unwrap();
    let claims = Base64UrlUnpadded::decode_vec(jwt.split('.').nth(1).unwrap()).unwrap();
    serde_json::from_slice::<Json>(&claims).unwrap()["privet"].clone()
}

#[test]
fn wrong_configurations_are_refused() {
    let read = |json: &str| Site::read(json.as_bytes()).unwrap_err();
    assert!(read("{}").contains("missing field"));
    assert!(read(r#"{ "x": 1 }"#).contains("unknown field `x`"));
    assert!(read(r#"{ "requests": 0 }"#).contains("nonzero"));
    assert!(read(r#"{ "guard": { "audiance": "x" } }"#).contains("unknown field `audiance`"));
    let routes = |routes: Json| site(&GUARD["pack"], json!({ "keys": [GUARD["jwk"]] }), routes, json!({})).unwrap_err();
    assert!(routes(json!([{ "path": "/x", "operation": "orders.lst" }])).contains("did you mean `orders.list`"));
    assert!(routes(json!([{ "path": "/x" }])).contains("give `operation`, or `public: true` alone"));
    assert!(routes(json!([{ "path": "x", "public": true }])).contains("must begin with `/`"));
    assert!(routes(json!([{ "path": "/**/x", "public": true }])).contains("must be the last part"));
    let pack = site(&json!("AAAA"), json!({ "keys": [] }), json!([]), json!({})).unwrap_err();
    assert!(pack.starts_with("policy 0: "), "{pack}");
    let secret =
        site(&GUARD["pack"], json!({ "keys": [] }), json!([]), json!({ "algorithms": ["HS256"] })).unwrap_err();
    assert!(secret.contains("algorithms of public keys"), "{secret}");
}
