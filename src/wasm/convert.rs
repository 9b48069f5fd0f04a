//! Conversions between Rust and JavaScript: JSON to values, answers to plain objects, errors to the fields of exceptions.

use crate::pack::PackError;
use crate::session::{SubjectError, SubjectFault};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;

/// Parses JSON.
pub(super) fn from_json<T: DeserializeOwned>(json: &str) -> Result<T, JsValue> {
    serde_json::from_str(json).map_err(|_| invalid("value is not valid JSON; pass plain objects"))
}

/// Converts an answer to plain JavaScript objects.
pub(super) fn to_js(answer: &impl Serialize) -> Result<JsValue, JsValue> {
    Ok(answer.serialize(&serde_wasm_bindgen::Serializer::json_compatible())?)
}

/// The fields from which the package builds an exception.
#[derive(Serialize)]
struct Thrown<'a> {
    code: &'a str,
    id: &'a str,
    message: &'a str,
}

pub(super) fn thrown(code: &str, id: &str, message: &str) -> JsValue {
    to_js(&Thrown { code, id, message }).unwrap_or_else(|error| error)
}

/// The error `invalid-subject`.
pub(super) fn invalid(message: &str) -> JsValue {
    thrown(SubjectFault::InvalidSubject.code(), "", message)
}

pub(super) fn subject_error(error: SubjectError) -> JsValue {
    thrown(error.fault().code(), error.id(), &error.text())
}

pub(super) fn pack_error(error: PackError) -> JsValue {
    thrown(PackError::CODE, "", &error.text())
}

/// Whole seconds of a time, which JavaScript has checked.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float is converted with saturation")]
pub(super) fn seconds(now: f64) -> u64 {
    now as u64
}
