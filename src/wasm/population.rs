//! The exports for populations. JavaScript stores the packed rows and evaluates a query in blocks.

use super::convert::{from_json, invalid, seconds, subject_error};
use super::engine::{CachedGivers, CachedQuery, QueryCache, StudioEngine};
use crate::model::Value;
use crate::pack::Policy;
use crate::population::{CompiledQuery, PackedSubjects, Query, add_lists};
use crate::session::{Change, Subject};
use crate::studio::{GiverQuery, Givers};
use crate::util::to_u32;
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

    /// Packs a list of subjects: their rows, padded to whole words, then the words of their inline roles. An invalid subject has
    /// a row of zeros.
    ///
    /// # Errors
    /// If it is not a list; `null` for an evicted handle.
    #[wasm_bindgen(js_name = packSubjects)]
    pub fn pack_subjects(&self, handle: u32, subjects: &str, now: Option<f64>) -> Result<Vec<u32>, JsValue> {
        let Value::List(subjects) = from_json(subjects)? else { return Err(bad_input()) };
        let policy = self.studios.get(handle)?.policy();
        let states = subjects.into_iter().map(|subject| policy.state(&Subject::from_value(subject)?, now.map(seconds)));
        let (subjects, _) = PackedSubjects::pack(policy, states);
        Ok(subjects.words(policy.program()))
    }

    /// Decides all operations for rows with their inline roles. The bits of those who are allowed an operation are written to its plane, one
    /// of as many of equal length in `planes`, from the word `at` of the plane. Returns the number of refused subjects, then the number of
    /// subjects to whom each operation is allowed.
    ///
    /// # Errors
    /// If the rows are invalid or do not fit into a plane; `null` for an evicted handle.
    #[wasm_bindgen(js_name = decideRows)]
    pub fn decide_rows(
        &mut self,
        handle: u32,
        rows: &[u8],
        inline: &[u32],
        planes: &js_sys::Uint32Array,
        at: u32,
    ) -> Result<Vec<u32>, JsValue> {
        let policy = self.studios.get(handle)?.policy();
        let subjects = PackedSubjects::read(policy, rows, inline).ok_or_else(bad_input)?;
        let query = self.queries.find(handle, policy, &subjects, ALLOWED)?;
        let (words, mut counts) = subjects.decide(policy, query);
        let operations = to_u32(policy.program().operations.len()).max(1);
        let (stride, part) = (planes.length() / operations, to_u32(words.len()) / operations);
        if part > 0 && at.checked_add(part).is_none_or(|end| end > stride) {
            return Err(bad_input());
        }
        for (plane, bits) in (0..).zip(words.chunks(part.max(1) as usize)) {
            let start = plane * stride + at;
            planes.subarray(start, start + part).copy_from(bits);
            counts.push(bits.iter().map(|word| word.count_ones()).sum());
        }
        Ok(counts)
    }

    /// Evaluates a query for rows with their inline roles. The answer is the number of refused subjects, followed by the planes
    /// of the answer (see [`Query`]) as lists of rows, each after its index and length.
    ///
    /// | query | meaning |
    /// |---|---|
    /// | `a` | the subjects to whom each operation is allowed |
    /// | `u` and an index | the subjects for whom that operation is undecided |
    /// | `d` | the subjects whose grant is dormant, by privilege |
    /// | `c`, the time in seconds or nothing, and a change as JSON | the effects of the change |
    ///
    /// # Errors
    /// If the rows or the query are invalid; `null` for an evicted handle.
    #[wasm_bindgen(js_name = evaluateQuery)]
    pub fn evaluate_query(
        &mut self,
        handle: u32,
        rows: &[u8],
        inline: &[u32],
        query: &str,
    ) -> Result<Vec<u32>, JsValue> {
        let policy = self.studios.get(handle)?.policy();
        let subjects = PackedSubjects::read(policy, rows, inline).ok_or_else(bad_input)?;
        Ok(subjects.evaluate_to_words(policy, self.queries.find(handle, policy, &subjects, query)?))
    }

    /// Which people of rows get something by a giver: a word that is 0, then lists as those of [`StudioEngine::evaluate_query`], whose
    /// indices are the places of [`GiverQuery`]. `of` is the index of a role if `is_role`, else of an operation.
    ///
    /// # Errors
    /// If the rows are invalid; `null` for an evicted handle.
    pub fn givers(
        &mut self,
        handle: u32,
        rows: &[u8],
        inline: &[u32],
        of: usize,
        is_role: bool,
    ) -> Result<Vec<u32>, JsValue> {
        let studio = self.studios.get(handle)?;
        let subjects = PackedSubjects::read(studio.policy(), rows, inline).ok_or_else(bad_input)?;
        let query = if is_role { GiverQuery::Role(of) } else { GiverQuery::Operation(of) };
        let known = self.givers.take().filter(|known| known.handle == handle && known.query == query);
        let givers = known.map_or_else(|| Givers::new(studio, query), |known| known.givers);
        let cached = self.givers.insert(CachedGivers { handle, query, givers });
        let states = (0..subjects.size()).filter_map(|row| Some((row, subjects.state(studio.policy(), row).ok()?)));
        let mut words = vec![0];
        add_lists(&mut words, &cached.givers.lists(studio, states));
        Ok(words)
    }

    /// The subjects that a query of [`StudioEngine::evaluate_query`] refuses: pairs of row and error.
    ///
    /// # Errors
    /// As [`StudioEngine::evaluate_query`].
    #[wasm_bindgen(js_name = rowErrors)]
    pub fn row_errors(&self, handle: u32, rows: &[u8], inline: &[u32], query: &str) -> Result<js_sys::Array, JsValue> {
        let policy = self.studios.get(handle)?.policy();
        let subjects = PackedSubjects::read(policy, rows, inline).ok_or_else(bad_input)?;
        let errors = subjects.refused(policy, &parse_query(policy, query)?).into_iter();
        let pair = |(row, error)| js_sys::Array::of2(&JsValue::from_f64(row as f64), &subject_error(error));
        Ok(errors.map(pair).collect())
    }
}

const ALLOWED: &str = "a";

impl QueryCache {
    /// The compiled query for these subjects.
    fn find(
        &mut self,
        handle: u32,
        policy: &Policy,
        subjects: &PackedSubjects,
        text: &str,
    ) -> Result<&CompiledQuery, JsValue> {
        let slot = self.0.get_mut(usize::from(subjects.has_inline())).ok_or_else(bad_input)?;
        let cached = slot.take().filter(|cached| cached.handle == handle && cached.text == text);
        let cached = match cached {
            Some(cached) => cached,
            None => {
                let query = subjects.compile(policy, &parse_query(policy, text)?);
                CachedQuery { handle, text: text.into(), query }
            }
        };
        Ok(&slot.insert(cached).query)
    }
}

/// Parses a query of [`StudioEngine::evaluate_query`].
fn parse_query(policy: &Policy, query: &str) -> Result<Query, JsValue> {
    let change = |text: &str| {
        let (now, json) = text.split_at_checked(text.find('{').unwrap_or(0)).unwrap_or_default();
        let now = if now.is_empty() { None } else { Some(now.parse().map_err(|_| bad_input())?) };
        let change = Change::from_value(from_json(json)?).map_err(subject_error)?;
        Query::change(policy, &change, now).map_err(subject_error)
    };
    match query.split_at_checked(1) {
        Some((ALLOWED, "")) => Ok(Query::Allowed),
        Some(("u", index)) => index.parse().map(Query::Undecided).map_err(|_| bad_input()),
        Some(("d", "")) => Ok(Query::Dormant),
        Some(("c", text)) => change(text),
        _ => Err(bad_input()),
    }
}

/// The error for rows and queries in another format than this module's.
fn bad_input() -> JsValue {
    invalid("not rows of this policy; create the population with this policy")
}
