//! Explains decisions: the tree of the requirement with the needed and held value of each test, and the
//! same explanation in words.
//!
//! The verdicts in the tree are read from the session, so an explanation cannot disagree with the decision.

mod dormant;
pub(super) mod evaluation;
pub(super) mod explainer;
pub(super) mod model;
pub(super) mod reason;
mod reasons;
pub(super) mod section;
mod section_words;
pub(super) mod sentences;
pub(super) mod tree;
mod unknown_facts;
pub(super) mod words;

use super::Studio;
use crate::session::{Session, SubjectError};
use explainer::{Explained, Explainer};
use model::Explanation;

/// Explains the decision on an operation. `deciding`, if it is allowed: the ids that decide, and those that are held and not needed.
/// [`Studio::explain`] then adds the near misses.
pub(super) fn explain(
    studio: &Studio,
    session: &Session,
    operation: &str,
    deciding: Option<(Vec<String>, Vec<String>)>,
) -> Result<Explanation, SubjectError> {
    let decided = session.decide(operation)?;
    let declared = studio.checked().document().operations.iter().enumerate().find(|(_, it)| &*it.id == operation);
    let (index, declared) = declared.map_or((usize::MAX, None), |(index, it)| (index, Some(it)));
    let owed = declared.into_iter().flat_map(|it| it.obligations.iter());
    let explained = Explained {
        id: operation,
        label: declared.map_or("", |it| it.label.as_str()),
        sources: declared.map_or(&[], |it| &it.sources),
        owed: owed.filter(|owed| decided.obligations.contains(&&*owed.id)).collect(),
        deciding,
    };
    let mut explainer = Explainer::for_session(studio, session);
    let tree = explainer.operation(index);
    Ok(explainer.explanation(explained, tree))
}
