//! The header and the claims of a JWT, read by the rule of all guards (`docs/host.md`).

use base64ct::{Base64UrlUnpadded, Encoding};
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::problem::Refusal;

/// The claims of a verified JWT.
pub type Claims = Map<String, Value>;

/// The most seconds of a time before or after 1970: 2^53 - 1.
const MOST_SECONDS: f64 = 9_007_199_254_740_991.0;

/// A JSON object without names that come twice, at any depth. `serde_json` itself refuses more than 127 levels, numbers that no float of
/// 64 bits has, and what is not UTF-8.
#[derive(Debug)]
pub(crate) struct Strict(pub(crate) Claims);

impl<'de> Deserialize<'de> for Strict {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match deserializer.deserialize_any(StrictVisitor)? {
            Value::Object(claims) => Ok(Self(claims)),
            _ => Err(D::Error::custom("not an object")),
        }
    }
}

/// Whether the header of a compact JWS is a strict JSON object without `crit`: no extension is understood.
pub(crate) fn is_header_plain(token: &str) -> bool {
    let header = token.split('.').next().and_then(|part| Base64UrlUnpadded::decode_vec(part).ok());
    let header: Option<Strict> = header.and_then(|json| serde_json::from_slice(&json).ok());
    header.is_some_and(|header| !header.0.contains_key("crit"))
}

/// Checks the registered claims, but for the time.
pub(crate) fn check(claims: &Claims, issuer: &str, audience: &str) -> Result<(), Refusal> {
    let are = |names: [&str; 3], is: fn(&Value) -> bool| names.iter().all(|name| claims.get(*name).is_none_or(is));
    let is_time = |value: &Value| value.as_f64().is_some_and(|seconds| seconds.abs() <= MOST_SECONDS);
    let audiences = match claims.get("aud") {
        Some(Value::Array(list)) => list.as_slice(),
        one => one.map(std::slice::from_ref).unwrap_or_default(),
    };
    let is_formed = are(["iss", "sub", "jti"], Value::is_string)
        && audiences.iter().all(Value::is_string)
        && are(["exp", "nbf", "iat"], is_time)
        && ["iss", "aud", "exp"].iter().all(|name| claims.contains_key(*name));
    if !is_formed {
        return Err(Refusal::InvalidToken);
    }
    if claims.get("iss").is_none_or(|is| is != issuer) {
        return Err(Refusal::WrongIssuer);
    }
    if !audiences.iter().any(|one| one == audience) {
        return Err(Refusal::WrongAudience);
    }
    Ok(())
}

/// The seconds since 1970; if the clock is not set, a time when everything is expired.
pub(crate) fn now() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(f64::INFINITY, |time| time.as_secs_f64())
}

/// Checks the times of checked claims. There is no leeway.
pub(crate) fn in_time(claims: &Claims, now: f64) -> Result<(), Refusal> {
    let number = |claim| claims.get(claim).and_then(Value::as_f64);
    match number("exp") {
        Some(exp) if now < exp => {}
        _ => return Err(Refusal::ExpiredToken),
    }
    match number("nbf") {
        Some(nbf) if now < nbf => Err(Refusal::InvalidToken),
        _ => Ok(()),
    }
}

struct StrictVisitor;

/// A value of which no object has a name twice.
struct Part(Value);

impl<'de> Deserialize<'de> for Part {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(StrictVisitor).map(Part)
    }
}

impl<'de> Visitor<'de> for StrictVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("a number is not finite"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(Part(value)) = list.next_element()? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some((name, Part(value))) = object.next_entry::<String, Part>()? {
            if members.insert(name, value).is_some() {
                return Err(A::Error::custom("a name comes twice"));
            }
        }
        Ok(members.into())
    }
}
