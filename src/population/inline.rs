//! The inline roles of packed subjects as words: for each subject that has some, ascending, the row, the number of words that
//! follow, and a [`State::words`] with these roles alone, without their names.

use crate::pack::{Grant, Program};
use crate::session::State;
use crate::util::to_u32;

/// The inline roles of subjects by row, ascending. Subjects without inline roles are left out.
pub(crate) type InlineRoles = Vec<(usize, Vec<Vec<Grant>>)>;

/// Writes inline roles. O(grants).
pub(super) fn words(program: &Program, inline: &InlineRoles) -> Vec<u32> {
    let subject = |(row, roles): &(usize, Vec<Vec<Grant>>)| {
        let state = State { inline: roles.clone(), ..State::default() }.words(program);
        [to_u32(*row), to_u32(state.len())].into_iter().chain(state)
    };
    inline.iter().flat_map(subject).collect()
}

/// Reads the inline roles of a number of rows. `None` if the words are not what [`words`] writes. O(words).
pub(super) fn read(program: &Program, rows: usize, mut words: &[u32]) -> Option<InlineRoles> {
    let mut inline = InlineRoles::new();
    while let Some(([row, count], rest)) = words.split_first_chunk() {
        let (state, rest) = rest.split_at_checked(*count as usize)?;
        let State { inline: roles, facts, own, roles: listed, names, .. } = State::from_words(program, state)?;
        let has_roles_alone = facts.is_empty() && own.is_empty() && listed.is_empty() && names.is_empty();
        (has_roles_alone && !roles.is_empty() && (*row as usize) < rows)
            .then(|| inline.push((*row as usize, roles)))?;
        words = rest;
    }
    (words.is_empty() && inline.is_sorted_by(|a, b| a.0 < b.0)).then_some(inline)
}
