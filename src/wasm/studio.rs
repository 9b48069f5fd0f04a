//! The engine of the studio: checks and compiles documents, and answers everything that may be asked of a policy.

use super::kept::Kept;
use super::people::Linked;
use crate::check;
use crate::diagnostic::{self, Diagnostic};
use crate::ground::{Json, Value};
use crate::program::{PackError, Policy};
use crate::session::{Change, Session, State, Subject, SubjectError, SubjectFault};
use crate::studio::{Actors, FixOptions, Kind, Studio, Target, describe};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;
use wasm_bindgen::prelude::*;

/// The engine of an instance: the policies that it has open, by the handles that it gave out.
#[wasm_bindgen]
#[derive(Default)]
pub struct StudioEngine {
    pub(super) studios: Kept<Studio>,
    pub(super) linked: Linked,
}

#[wasm_bindgen]
impl StudioEngine {
    /// An engine with nothing open.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Everything that is wrong with a document: a list of diagnostics.
    ///
    /// # Errors
    /// None that the document can cause.
    pub fn check(&self, document: &[u8], spans: bool) -> Result<JsValue, JsValue> {
        plain(&check::check(text(document), spans))
    }

    /// Compiles a document into a pack.
    ///
    /// # Errors
    /// `{ message, diagnostics }`.
    pub fn compile(&self, document: &[u8], spans: bool) -> Result<Vec<u8>, JsValue> {
        match Studio::compile(text(document), spans) {
            Ok(studio) => Ok(studio.policy().pack().to_vec()),
            Err(report) => {
                let refused = Refused { message: format!("{report}"), diagnostics: plain(&report.diagnostics)? };
                Err(serde_wasm_bindgen::to_value(&refused)?)
            }
        }
    }

    /// Diagnostics as a compiler prints them.
    ///
    /// # Errors
    /// Where they are no diagnostics: the JSON text of an error.
    pub fn render(&self, diagnostics: &str, text: &str) -> Result<String, JsValue> {
        let diagnostics = Diagnostic::list(&wire(diagnostics)?);
        let not_these =
            || thrown(SubjectFault::InvalidOptions.code(), "", "not diagnostics; give what `check` returned");
        Ok(diagnostic::render(&diagnostics.ok_or_else(not_these)?, text))
    }

    /// Opens a pack with its studio section and returns its handle.
    ///
    /// # Errors
    /// `invalid-pack`, as the JSON text of an error.
    pub fn open(&mut self, pack: &[u8]) -> Result<u32, JsValue> {
        if let Some(handle) = self.studios.find(|known| known.policy().pack() == pack) {
            return Ok(handle);
        }
        let studio = Studio::open_pack(pack).map_err(pack_error)?;
        Ok(self.studios.keep(studio))
    }

    /// Everything that a policy says.
    ///
    /// # Errors
    /// `null` where the handle is no longer open.
    pub fn describe(&self, handle: u32) -> Result<JsValue, JsValue> {
        js_sys::JSON::parse(&describe(self.studios.get(handle)?).text())
    }

    /// Why an operation is allowed, denied or undecided for a session of words.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn explain(&self, handle: u32, state: &[u32], operation: &str) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        let session = resume(studio.policy(), state)?;
        plain(&studio.explain(&session, operation).map_err(subject_error)?)
    }

    /// The smallest changes after which an operation is allowed, or denied, for a session of words.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn fixes(&self, handle: u32, state: &[u32], operation: &str, options: &str) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        let options = FixOptions::from_value(&wire(options)?).map_err(subject_error)?;
        plain(&studio.fixes(&resume(studio.policy(), state)?, operation, &options).map_err(subject_error)?)
    }

    /// The smallest grants for a list of operations, and the roles that come nearest.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    #[wasm_bindgen(js_name = leastPrivilege)]
    pub fn least_privilege(&self, handle: u32, operations: Vec<String>, options: &str) -> Result<JsValue, JsValue> {
        let options = FixOptions::from_value(&wire(options)?).map_err(subject_error)?;
        let operations: Vec<&str> = operations.iter().map(String::as_str).collect();
        plain(&self.studios.get(handle)?.least_privilege(&operations, &options).map_err(subject_error)?)
    }

    /// What a privilege, role, fact or operation opens, closes and needs.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn impact(&self, handle: u32, target: &str) -> Result<JsValue, JsValue> {
        let target = Target::from_value(wire(target)?).map_err(subject_error)?;
        plain(&self.studios.get(handle)?.impact(&target).map_err(subject_error)?)
    }

    /// What a later version of a policy means differently.
    ///
    /// # Errors
    /// `null` where a handle is no longer open.
    pub fn compare(&self, before: u32, after: u32) -> Result<JsValue, JsValue> {
        plain(&self.studios.get(before)?.compare(self.studios.get(after)?))
    }

    /// What a change would do to a session of words.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn preview(&self, handle: u32, state: &[u32], change: &str) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        let change = Change::from_value(wire(change)?).map_err(subject_error)?;
        plain(&studio.preview(&resume(studio.policy(), state)?, &change).map_err(subject_error)?)
    }

    /// The dormant grants of a session of words.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn dormant(&self, handle: u32, state: &[u32]) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        plain(&studio.dormant(&resume(studio.policy(), state)?))
    }

    /// Whether the session of words may turn the one subject into the other, and which change rules that breaks.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn review(
        &self,
        handle: u32,
        actor: &[u32],
        before: &str,
        after: &str,
        kind: Option<String>,
    ) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        let [before, after] = [before, after].map(|text| Subject::from_value(wire(text)?).map_err(subject_error));
        let kind = kind.map(|word| Kind::named(&word)).transpose().map_err(subject_error)?;
        plain(&studio.review(&resume(studio.policy(), actor)?, &before?, &after?, kind).map_err(subject_error)?)
    }

    /// How the steps of a guide stand: with `names` for the session of each name, else for the first session alone.
    /// Each session is the number of its words, then its words.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn guide(
        &self,
        handle: u32,
        names: Option<Vec<String>>,
        sessions: &[u32],
        guide: &str,
    ) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        let everybody = names.is_none();
        let people = people(studio.policy(), names.unwrap_or_else(|| alloc::vec![String::new()]), sessions)?;
        let one = people.first().filter(|_| everybody).map(|(_, session)| Actors::One(session));
        plain(&studio.guide(one.unwrap_or(Actors::Named(&people)), guide).map_err(subject_error)?)
    }
}

/// A document, which comes in the bytes of an encoder: as a string, `wasm-bindgen` would write it letter by letter. Bytes
/// that are no text are refused as a document without any.
fn text(document: &[u8]) -> &str {
    core::str::from_utf8(document).unwrap_or_default()
}

/// The session of words that the core gave out.
fn resume<'p>(policy: &'p Policy, state: &[u32]) -> Result<Session<'p>, JsValue> {
    let state = State::from_words(policy.program(), state);
    let state = state.ok_or_else(|| invalid("not a session of this policy"))?;
    Session::resolve(policy.program(), state).map_err(subject_error)
}

/// A value as JavaScript sends it.
pub(super) fn wire(text: &str) -> Result<Value, JsValue> {
    Value::from_wire(text).ok_or_else(|| invalid("value cannot be read; subjects and changes are plain objects"))
}

pub(super) fn invalid(message: &str) -> JsValue {
    thrown(SubjectFault::InvalidSubject.code(), "", message)
}

/// What JavaScript turns into an error: `{ code, id, message }` as JSON text.
fn thrown(code: &str, id: &str, message: &str) -> JsValue {
    JsValue::from_str(&Json::object().with("code", code).with("id", id).with("message", message).text())
}

pub(super) fn subject_error(error: SubjectError) -> JsValue {
    thrown(error.fault().code(), error.id(), &error.text())
}

fn pack_error(error: PackError) -> JsValue {
    thrown(PackError::CODE, "", &error.text())
}

/// The sessions of words that stand behind one another, each behind their number.
fn people<'p>(policy: &'p Policy, names: Vec<String>, words: &[u32]) -> Result<Vec<(String, Session<'p>)>, JsValue> {
    let mut rest = words;
    let mut next = |name| {
        let (count, after) = rest.split_first().unwrap_or((&0, &[]));
        let (state, after) = after.split_at_checked(*count as usize).unwrap_or_default();
        rest = after;
        Ok((name, resume(policy, state)?))
    };
    names.into_iter().map(&mut next).collect()
}

#[derive(Serialize)]
struct Refused {
    message: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    diagnostics: JsValue,
}

/// Plain objects, from JSON text: that crosses in one call, which takes less than a call for each value.
fn plain(value: &impl Serialize) -> Result<JsValue, JsValue> {
    js_sys::JSON::parse(&Json::of(value).map_err(|_| JsValue::NULL)?.text())
}
