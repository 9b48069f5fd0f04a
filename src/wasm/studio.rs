//! The exports of the studio: they check and compile documents, and evaluate queries about policies.
//!
//! Subjects, changes and options are passed as JSON, since one string crosses the boundary faster than many values; session
//! state as u32 words. Answers are plain objects. An error throws `{ code, id, message }`, an evicted handle `null`.

use super::convert::{from_json, invalid, pack_error, seconds, subject_error, thrown, to_js};
use super::engine::StudioEngine;
use crate::check;
use crate::diagnostic::{self, Diagnostic};
use crate::document::requirement_words;
use crate::index;
use crate::pack::Policy;
use crate::session::{Change, Session, State, Subject, SubjectFault};
use crate::studio::{Actors, FixOptions, LeastPrivilegeOptions, ReviewKind, ReviewOptions, Studio, Target};
use serde::Serialize;
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl StudioEngine {
    /// The diagnostics of a document, with the names and texts of the files that it may include. `spans` adds their positions.
    ///
    /// # Errors
    /// Only if the answer cannot be converted, which no document causes.
    pub fn check(
        &self,
        document: &[u8],
        spans: bool,
        names: Vec<String>,
        texts: Vec<String>,
    ) -> Result<JsValue, JsValue> {
        to_js(&check::check_files(text(document), &files(&names, &texts), spans))
    }

    /// Where the ids of a document stand, with the names and texts of the files that it may include.
    ///
    /// # Errors
    /// Only if the answer cannot be converted, which no document causes.
    pub fn index(&self, document: &[u8], names: Vec<String>, texts: Vec<String>) -> Result<JsValue, JsValue> {
        to_js(&index::index_files(text(document), &files(&names, &texts)))
    }

    /// The words of a requirement, and what may follow.
    ///
    /// # Errors
    /// Only if the answer cannot be converted, which no text causes.
    pub fn words(&self, requirement: &str) -> Result<JsValue, JsValue> {
        to_js(&requirement_words(requirement))
    }

    /// Compiles a document with the files that it includes into a pack; with its reasons unless `localized` is absent, and if it is true in
    /// the words of the messages and labels.
    ///
    /// # Errors
    /// `{ message, diagnostics }`; `invalid-options` for labels of ids that the policy does not have.
    pub fn compile(
        &self,
        document: &[u8],
        spans: bool,
        names: Vec<String>,
        texts: Vec<String>,
        localized: Option<bool>,
    ) -> Result<Vec<u8>, JsValue> {
        match Studio::compile_files(text(document), &files(&names, &texts), spans) {
            Ok(studio) => match localized {
                None => Ok(studio.policy().pack().to_vec()),
                Some(false) => Ok(studio.pack_with_reasons()),
                Some(true) => {
                    let studio = studio.with_messages(self.messages.clone()).with_labels(&self.labels);
                    Ok(studio.map_err(subject_error)?.pack_with_reasons())
                }
            },
            Err(report) => {
                let error = CompileError { message: report.to_string(), diagnostics: &report.diagnostics };
                Err(to_js(&error)?)
            }
        }
    }

    /// A pack without its document and reasons.
    ///
    /// # Errors
    /// `invalid-pack`.
    pub fn strip(&self, pack: &[u8]) -> Result<Vec<u8>, JsValue> {
        Policy::strip(pack).map_err(pack_error)
    }

    /// Renders diagnostics with excerpts of the document, as a compiler does.
    ///
    /// # Errors
    /// `invalid-options` if `diagnostics` is not a list of diagnostics.
    pub fn render(
        &self,
        diagnostics: &str,
        text: &str,
        names: Vec<String>,
        texts: Vec<String>,
    ) -> Result<String, JsValue> {
        let diagnostics = super::diagnostics::read(&from_json(diagnostics)?).ok_or_else(|| {
            thrown(
                SubjectFault::InvalidOptions.code(),
                "",
                "not a list of diagnostics; pass the diagnostics that `check` returned",
            )
        })?;
        Ok(diagnostic::render_files(&diagnostics, text, &files(&names, &texts)))
    }

    /// Opens a pack with a document and returns its handle.
    ///
    /// # Errors
    /// `invalid-pack`; `invalid-options` for labels of ids that the policy does not have.
    pub fn open(&mut self, pack: &[u8]) -> Result<u32, JsValue> {
        if let Some(handle) = self.studios.find(|known| known.policy().pack() == pack) {
            return Ok(handle);
        }
        let studio = Studio::open_pack(pack).map_err(pack_error)?.with_messages(self.messages.clone());
        Ok(self.studios.insert(studio.with_labels(&self.labels).map_err(subject_error)?))
    }

    /// The content of a policy.
    ///
    /// # Errors
    /// `null` for an evicted handle.
    pub fn describe(&self, handle: u32) -> Result<JsValue, JsValue> {
        to_js(&self.studios.get(handle)?.describe())
    }

    /// Why an operation is allowed, denied or undecided.
    ///
    /// # Errors
    /// As [`Studio::explain`]; `null` for an evicted handle.
    pub fn explain(&self, handle: u32, state: &[u32], operation: &str) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        let session = resume(studio.policy(), state)?;
        to_js(&studio.explain(&session, operation).map_err(subject_error)?)
    }

    /// The changes of least cost after which an operation is allowed, or denied.
    ///
    /// # Errors
    /// As [`Studio::fixes`]; `null` for an evicted handle.
    pub fn fixes(&self, handle: u32, state: &[u32], operation: &str, options: &str) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        let options = FixOptions::from_value(&from_json(options)?).map_err(subject_error)?;
        to_js(&studio.fixes(&resume(studio.policy(), state)?, operation, &options).map_err(subject_error)?)
    }

    /// The grants of least cost for a list of operations, and the nearest roles.
    ///
    /// # Errors
    /// As [`Studio::least_privilege`]; `null` for an evicted handle.
    #[wasm_bindgen(js_name = leastPrivilege)]
    pub fn least_privilege(&self, handle: u32, operations: Vec<String>, options: &str) -> Result<JsValue, JsValue> {
        let options = LeastPrivilegeOptions::from_value(from_json(options)?).map_err(subject_error)?;
        let operations: Vec<&str> = operations.iter().map(String::as_str).collect();
        to_js(&self.studios.get(handle)?.least_privilege(&operations, &options).map_err(subject_error)?)
    }

    /// What a privilege, role, fact or operation unlocks, removes and requires.
    ///
    /// # Errors
    /// As [`Studio::impact`]; `null` for an evicted handle.
    pub fn impact(&self, handle: u32, target: &str) -> Result<JsValue, JsValue> {
        let target = Target::from_value(from_json(target)?).map_err(subject_error)?;
        to_js(&self.studios.get(handle)?.impact(&target).map_err(subject_error)?)
    }

    /// The differences between the decisions of two versions of a policy.
    ///
    /// # Errors
    /// `null` for an evicted handle.
    pub fn compare(&self, before: u32, after: u32) -> Result<JsValue, JsValue> {
        to_js(&self.studios.get(before)?.compare(self.studios.get(after)?))
    }

    /// The effects of a change.
    ///
    /// # Errors
    /// As [`Studio::preview`]; `null` for an evicted handle.
    pub fn preview(&self, handle: u32, state: &[u32], change: &str, now: Option<f64>) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        let change = Change::from_value(from_json(change)?).map_err(subject_error)?;
        to_js(&studio.preview(&resume_at(studio.policy(), state, now)?, &change).map_err(subject_error)?)
    }

    /// What remains of an operation's requirement over the facts that a session does not give.
    ///
    /// # Errors
    /// As [`Studio::residual`]; `null` for an evicted handle.
    pub fn residual(&self, handle: u32, state: &[u32], operation: &str) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        to_js(&studio.residual(&resume(studio.policy(), state)?, operation).map_err(subject_error)?)
    }

    /// The dormant grants of a session.
    ///
    /// # Errors
    /// `null` for an evicted handle.
    pub fn dormant(&self, handle: u32, state: &[u32]) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        to_js(&studio.dormant(&resume(studio.policy(), state)?))
    }

    /// Whether the actor may change one subject into the other, and which change rules the change violates. `others` contains
    /// the other people, each session as the number of its state words and these words; `now` is in seconds since 1970.
    ///
    /// # Errors
    /// As [`Studio::review`]; `null` for an evicted handle.
    pub fn review(
        &self,
        handle: u32,
        actor: &[u32],
        before: &str,
        after: &str,
        kind: Option<String>,
        now: Option<f64>,
        others: &[u32],
    ) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        let people = sessions(studio.policy(), others)?;
        let others: Vec<&Session> = people.iter().collect();
        let [before, after] = [before, after].map(|text| Subject::from_value(from_json(text)?).map_err(subject_error));
        let kind = kind.map(|word| ReviewKind::named(&word)).transpose().map_err(subject_error)?;
        let options = ReviewOptions { kind, now: now.map(seconds), others: &others };
        to_js(&studio.review(&resume(studio.policy(), actor)?, &before?, &after?, options).map_err(subject_error)?)
    }

    /// The steps of a guide with their states. With `names`, `sessions` contains one session for each name, otherwise one
    /// session for all steps. A session is encoded as the number of its state words and these words.
    ///
    /// # Errors
    /// As [`Studio::guide`]; `null` for an evicted handle.
    pub fn guide(
        &self,
        handle: u32,
        names: Option<Vec<String>>,
        sessions: &[u32],
        guide: &str,
    ) -> Result<JsValue, JsValue> {
        let studio = self.studios.get(handle)?;
        let is_one = names.is_none();
        let names = names.unwrap_or_else(|| vec![String::new()]);
        let actors: Vec<_> = names.into_iter().zip(self::sessions(studio.policy(), sessions)?).collect();
        let one = actors.first().filter(|_| is_one).map(|(_, session)| Actors::One(session));
        to_js(&studio.guide(one.unwrap_or(Actors::Named(&actors)), guide).map_err(subject_error)?)
    }
}

/// Decodes a document. It is passed as UTF-8 bytes, since `wasm-bindgen` copies a string character by character. Invalid UTF-8
/// is treated as an empty document, which is an error.
fn text(document: &[u8]) -> &str {
    std::str::from_utf8(document).unwrap_or_default()
}

/// Files as pairs of name and text.
fn files<'a>(names: &'a [String], texts: &'a [String]) -> Vec<(&'a str, &'a str)> {
    names.iter().map(String::as_str).zip(texts.iter().map(String::as_str)).collect()
}

/// Evaluates the state in `state` (see [`State::words`]).
fn resume<'p>(policy: &'p Policy, state: &[u32]) -> Result<Session<'p>, JsValue> {
    resume_at(policy, state, None)
}

/// [`resume`] at a time in seconds since 1970.
fn resume_at<'p>(policy: &'p Policy, state: &[u32], now: Option<f64>) -> Result<Session<'p>, JsValue> {
    let state = State::from_words(policy.program(), state).ok_or_else(|| invalid("not a session of this policy"))?;
    Session::evaluate(policy.program(), State { now: now.map(seconds), ..state }).map_err(subject_error)
}

/// Sessions, each as the number of its state words and these words.
fn sessions<'p>(policy: &'p Policy, words: &[u32]) -> Result<Vec<Session<'p>>, JsValue> {
    let mut rest = words;
    let mut sessions = Vec::new();
    while let Some((count, after)) = rest.split_first() {
        let (state, after) = after.split_at_checked(*count as usize).unwrap_or_default();
        rest = after;
        sessions.push(resume(policy, state)?);
    }
    Ok(sessions)
}

/// The error of a document that does not compile.
#[derive(Serialize)]
struct CompileError<'a> {
    message: String,
    diagnostics: &'a [Diagnostic],
}
