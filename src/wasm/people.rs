//! Populations to JavaScript: people are packed rows, block by block, and questions are asked about a block.

use super::studio::{StudioEngine, invalid, subject_error, wire};
use crate::ground::Value;
use crate::program::Policy;
use crate::session::{Assignments, Change, Subject};
use crate::studio::{Asked, People, Question};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use wasm_bindgen::prelude::*;

/// The question that was linked last, for people without inline roles and for others: it is asked about block after block.
#[derive(Default)]
pub(super) struct Linked([Option<(u32, String, Question)>; 2]);

#[wasm_bindgen]
impl StudioEngine {
    /// The layout of packed rows and, behind a space, their width.
    ///
    /// # Errors
    /// `null` where the handle is no longer open.
    #[wasm_bindgen(js_name = rowLayout)]
    pub fn row_layout(&self, handle: u32) -> Result<String, JsValue> {
        let policy = self.studios.get(handle)?.policy();
        Ok(format!("{} {}", policy.row_layout(), policy.row_width()))
    }

    /// Packs people, a list of subjects: their rows, filled up to whole words, then the words of their inline roles. Who is
    /// refused has a row of zeros.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn people(&self, handle: u32, people: &str) -> Result<Vec<u32>, JsValue> {
        let Value::List(people) = wire(people)? else { return Err(foreign()) };
        let policy = self.studios.get(handle)?.policy();
        let states = people.into_iter().map(|person| policy.state(&Subject::from_value(person)?));
        let (people, _) = People::pack(policy, states);
        Ok(people.words(policy.program()))
    }

    /// Answers a question about rows with their inline roles: how many are refused, and then the planes of who is allowed
    /// what (`a`), or else lists, each behind its number and its length: for whom the operation of an index is undecided
    /// (`u` and the index), whose grants are dormant (`d`), what a change does (`c` and the change).
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn ask(&mut self, handle: u32, rows: &[u8], inline: &[u32], asked: &str) -> Result<Vec<u32>, JsValue> {
        let policy = self.studios.get(handle)?.policy();
        let people = People::read(policy, rows, inline).ok_or_else(foreign)?;
        let slot = self.linked.0.get_mut(usize::from(!inline.is_empty())).ok_or_else(foreign)?;
        let linked = slot.take().filter(|(known, text, _)| *known == handle && text == asked);
        let linked = match linked {
            Some(linked) => linked,
            None => (handle, asked.into(), people.question(policy, &read(policy, asked)?)),
        };
        let question = &slot.insert(linked).2;
        Ok(people.told(policy, question, asked == ALLOWED))
    }

    /// Those who are refused of a question as of [`StudioEngine::ask`]: of each the row and the JSON text of the error.
    ///
    /// # Errors
    /// The JSON text of an error, or `null` where the handle is no longer open.
    pub fn refused(&self, handle: u32, rows: &[u8], inline: &[u32], asked: &str) -> Result<js_sys::Array, JsValue> {
        let policy = self.studios.get(handle)?.policy();
        let people = People::read(policy, rows, inline).ok_or_else(foreign)?;
        let errors = people.refused(policy, &read(policy, asked)?).into_iter();
        let told = |(row, error)| js_sys::Array::of2(&JsValue::from_f64(row as f64), &subject_error(error));
        Ok(errors.map(told).collect())
    }
}

const ALLOWED: &str = "a";

/// What is asked, as JavaScript writes it.
fn read(policy: &Policy, asked: &str) -> Result<Asked, JsValue> {
    let change = |text| -> Result<Assignments, JsValue> {
        let change = Change::from_value(wire(text)?).map_err(subject_error)?;
        policy.look_up(&change).map_err(subject_error)
    };
    match asked.split_at_checked(1) {
        Some((ALLOWED, "")) => Ok(Asked::Allowed),
        Some(("u", index)) => index.parse().map(Asked::Undecided).map_err(|_| foreign()),
        Some(("d", "")) => Ok(Asked::Dormant),
        Some(("c", text)) => change(text).map(Asked::Change),
        _ => Err(foreign()),
    }
}

/// The error for what this module did not give out.
fn foreign() -> JsValue {
    invalid("not people of this policy; make a population of them")
}
