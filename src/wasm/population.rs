//! Populations for JavaScript: subjects are packed rows in blocks, and a query is evaluated block by block.

use super::convert::{from_json, invalid, subject_error};
use super::engine::{CachedQuery, StudioEngine};
use crate::model::Value;
use crate::pack::Policy;
use crate::population::{PackedSubjects, Query};
use crate::session::{Change, Subject};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
impl StudioEngine {
    /// The layout of packed rows and their width in bytes, separated by a space.
    ///
    /// # Errors
    /// `null` for an evicted handle.
    #[wasm_bindgen(js_name = rowLayout)]
    pub fn row_layout(&self, handle: u32) -> Result<String, JsValue> {
        let policy = self.studios.get(handle)?.policy();
        Ok(format!("{} {}", policy.row_layout(), policy.row_width()))
    }

    /// Packs a list of subjects: their rows, padded to whole words, then the words of their inline roles. A subject that is
    /// refused has a row of zeros.
    ///
    /// # Errors
    /// If it is not a list of subjects; `null` for an evicted handle.
    pub fn people(&self, handle: u32, people: &str) -> Result<Vec<u32>, JsValue> {
        let Value::List(people) = from_json(people)? else { return Err(foreign()) };
        let policy = self.studios.get(handle)?.policy();
        let states = people.into_iter().map(|person| policy.state(&Subject::from_value(person)?));
        let (people, _) = PackedSubjects::pack(policy, states);
        Ok(people.words(policy.program()))
    }

    /// Evaluates a query for rows with their inline roles. The answer is the number of refused subjects and then, for `a`, the
    /// bit planes of who is allowed what; for the others lists, each after its index and length: `u` and an index, for whom
    /// that operation is undecided; `d`, whose grants are dormant; `c` and a change as JSON, what the change does.
    ///
    /// # Errors
    /// If the rows or the query are invalid; `null` for an evicted handle.
    pub fn ask(&mut self, handle: u32, rows: &[u8], inline: &[u32], query: &str) -> Result<Vec<u32>, JsValue> {
        let policy = self.studios.get(handle)?.policy();
        let people = PackedSubjects::read(policy, rows, inline).ok_or_else(foreign)?;
        let slot = self.queries.0.get_mut(usize::from(!inline.is_empty())).ok_or_else(foreign)?;
        let cached = slot.take().filter(|cached| cached.handle == handle && cached.text == query);
        let cached = match cached {
            Some(cached) => cached,
            None => CachedQuery { handle, text: query.into(), query: people.compile(policy, &read(policy, query)?) },
        };
        Ok(people.evaluate_to_words(policy, &slot.insert(cached).query, query == ALLOWED))
    }

    /// The subjects that are refused for a query of [`StudioEngine::ask`]: pairs of row and error.
    ///
    /// # Errors
    /// As [`StudioEngine::ask`].
    pub fn refused(&self, handle: u32, rows: &[u8], inline: &[u32], query: &str) -> Result<js_sys::Array, JsValue> {
        let policy = self.studios.get(handle)?.policy();
        let people = PackedSubjects::read(policy, rows, inline).ok_or_else(foreign)?;
        let errors = people.refused(policy, &read(policy, query)?).into_iter();
        let pair = |(row, error)| js_sys::Array::of2(&JsValue::from_f64(row as f64), &subject_error(error));
        Ok(errors.map(pair).collect())
    }
}

const ALLOWED: &str = "a";

/// Parses a query of [`StudioEngine::ask`].
fn read(policy: &Policy, query: &str) -> Result<Query, JsValue> {
    let change = |json| {
        let change = Change::from_value(from_json(json)?).map_err(subject_error)?;
        policy.look_up(&change).map(Query::Change).map_err(subject_error)
    };
    match query.split_at_checked(1) {
        Some((ALLOWED, "")) => Ok(Query::Allowed),
        Some(("u", index)) => index.parse().map(Query::Undecided).map_err(|_| foreign()),
        Some(("d", "")) => Ok(Query::Dormant),
        Some(("c", json)) => change(json),
        _ => Err(foreign()),
    }
}

/// The error for rows and queries that this module did not make.
fn foreign() -> JsValue {
    invalid("not people of this policy; make a population of them")
}
