//! The engine of the core: opens packs, resolves sessions.

use super::kept::Kept;
use crate::ground::Value;
use crate::program::{PackError, Policy, quote};
use crate::session::{Change, Holding, Prepared, Session, State, Subject, SubjectError, SubjectFault};
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

/// The engine of an instance: the policies that it has open, by the handles that it gave out.
#[wasm_bindgen]
#[derive(Default)]
pub struct Engine {
    policies: Kept<Policy>,
}

#[wasm_bindgen]
impl Engine {
    /// An engine with nothing open.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Opens a pack and returns its handle.
    ///
    /// # Errors
    /// `invalid-pack`, as the JSON text of an error.
    pub fn open(&mut self, pack: &[u8]) -> Result<u32, JsValue> {
        match self.policies.find(|known| known.pack() == pack) {
            Some(handle) => Ok(handle),
            None => Ok(self.policies.keep(Policy::open(pack).map_err(pack_error)?)),
        }
    }

    /// The outline of a policy, as JSON text.
    ///
    /// # Errors
    /// `null` where the handle is no longer open: open the pack again.
    pub fn outline(&self, handle: u32) -> Result<String, JsValue> {
        Ok(self.policies.get(handle)?.outline())
    }

    /// Resolves a subject: the length of its state, its state, the planes.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn session(&self, handle: u32, subject: &str) -> Result<Vec<u32>, JsValue> {
        let subject = Subject::from_value(wire(subject)?).map_err(subject_error)?;
        self.policies.get(handle)?.session(&subject).map(|session| words(&session)).map_err(subject_error)
    }

    /// Resolves a session again after a change.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn with(&self, handle: u32, state: &[u32], change: &str) -> Result<Vec<u32>, JsValue> {
        let change = Change::from_value(wire(change)?).map_err(subject_error)?;
        let policy = self.policies.get(handle)?;
        let change = policy.look_up(&change).map_err(subject_error)?;
        let after = Prepared::changed(policy.program(), &state_of(policy, state)?, &change).map_err(subject_error)?;
        Ok(words(&after.decide()))
    }

    /// What a session holds of a privilege, as the JSON text of `[granted, effective]`, where nothing is `null` and a
    /// value stands in a list: `[value]`, or `[]` when it is undecided.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn holds(&self, handle: u32, state: &[u32], privilege: &str) -> Result<String, JsValue> {
        let (granted, effective) =
            resume(self.policies.get(handle)?, state)?.holds(privilege).map_err(subject_error)?;
        Ok(["[", &holding(&granted), ",", &holding(&effective), "]"].concat())
    }

    /// The subject of a session, or what of it an operation reads, as JSON text; the whole for no operation (`""`).
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn inputs(&self, handle: u32, state: &[u32], operation: &str) -> Result<String, JsValue> {
        let operation = (!operation.is_empty()).then_some(operation);
        resume(self.policies.get(handle)?, state)?.inputs(operation).map_err(subject_error)
    }

    /// The token of a session.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn token(&self, handle: u32, state: &[u32]) -> Result<String, JsValue> {
        Ok(resume(self.policies.get(handle)?, state)?.token())
    }

    /// Resolves a token with the facts of a subject that has nothing else.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn restore(&self, handle: u32, token: &str, facts: &str) -> Result<Vec<u32>, JsValue> {
        let Subject { facts, .. } = Subject::from_value(wire(facts)?).map_err(subject_error)?;
        let session = self.policies.get(handle)?.restore(token, &facts);
        session.map(|session| words(&session)).map_err(subject_error)
    }

    /// The error for an id that the policy lacks: `kind` is `operation` or `menu item`.
    ///
    /// # Errors
    /// Always: the JSON text of the error, or `null` where the handle is no longer open.
    pub fn unknown(&self, handle: u32, kind: &str, id: &str) -> Result<(), JsValue> {
        Err(subject_error(self.policies.get(handle)?.unknown(kind, id)))
    }
}

/// The session of words that this module gave out.
pub(super) fn resume<'p>(policy: &'p Policy, state: &[u32]) -> Result<Session<'p>, JsValue> {
    Session::resolve(policy.program(), state_of(policy, state)?).map_err(subject_error)
}

fn state_of(policy: &Policy, state: &[u32]) -> Result<State, JsValue> {
    let state = State::from_words(policy.program(), state);
    state.ok_or_else(|| thrown(SubjectFault::InvalidSubject.code(), "", "not a session of this policy"))
}

/// A value as JavaScript sends it.
pub(super) fn wire(text: &str) -> Result<Value, JsValue> {
    Value::from_wire(text).ok_or_else(|| {
        thrown(SubjectFault::InvalidSubject.code(), "", "value cannot be read; subjects and changes are plain objects")
    })
}

fn words(session: &Session) -> Vec<u32> {
    let state = session.state().words();
    let mut words = Vec::with_capacity(1 + state.len());
    words.push(u32::try_from(state.len()).unwrap_or(u32::MAX));
    words.extend(state);
    words.extend(session.planes());
    words
}

fn holding(holding: &Holding) -> String {
    match holding {
        Holding::Nothing => "null".into(),
        Holding::Undecided => "[]".into(),
        Holding::Value(value) => ["[", &json(value), "]"].concat(),
    }
}

/// A value that a session holds: levels and options are ids, which need no escapes.
fn json(value: &Value) -> String {
    match value {
        Value::Text(id) => ["\"", id, "\""].concat(),
        Value::List(items) => ["[", &items.iter().map(json).collect::<Vec<_>>().join(","), "]"].concat(),
        other => other.shown(),
    }
}

/// What JavaScript turns into an error: `{ code, id, message }` as JSON text.
pub(super) fn thrown(code: &str, id: &str, message: &str) -> JsValue {
    let mut text = ["{\"code\":\"", code, "\",\"id\":"].concat();
    quote(&mut text, id);
    text += ",\"message\":";
    quote(&mut text, message);
    text.push('}');
    JsValue::from_str(&text)
}

pub(super) fn subject_error(error: SubjectError) -> JsValue {
    thrown(error.fault().code(), error.id(), &error.text())
}

pub(super) fn pack_error(error: PackError) -> JsValue {
    thrown(PackError::CODE, "", &error.text())
}
