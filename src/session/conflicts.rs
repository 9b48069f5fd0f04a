//! The error for roles that grant different options of a choice.

use super::error::{SubjectError, SubjectFault};
use super::inputs::Giver;
use crate::pack::{Grant, Privilege, Program};

/// The error for held roles that grant different options of a choice. It names the first two in `grants`.
pub(super) fn conflict_error(program: &Program, choice: &Privilege, grants: &[(Grant, Giver)]) -> SubjectError {
    let id = &choice.id;
    let is_held = |(grant, giver): &&(Grant, Giver)| {
        !matches!(giver, Giver::Possible(_)) && program.privileges.at(grant.privilege).is_some_and(|it| it.id == *id)
    };
    let first = grants.iter().find(is_held);
    let differs = |(grant, _): &&(Grant, Giver)| first.is_some_and(|(first, _)| first.value != grant.value);
    let other = grants.iter().filter(is_held).find(differs);
    let option = |found: Option<&(Grant, Giver)>| {
        found.and_then(|(grant, _)| choice.values.get(grant.value as usize)).map_or("", String::as_str)
    };
    let giver = |found: Option<&(Grant, Giver)>| found.map(|(_, it)| giver_name(program, *it)).unwrap_or_default();
    let (one, two) = (giver(first), giver(other));
    let (option, other) = (option(first), option(other));
    let message = format!("{one} grants option `{option}` of choice `{id}`, {two} grants `{other}`");
    let help = "grant the subject its own option, or remove one of the roles".into();
    SubjectError::new(SubjectFault::ConflictingChoice, id, message, help)
}

/// The name of a giver in messages.
pub(super) fn giver_name(program: &Program, giver: Giver) -> String {
    match giver {
        Giver::Own => "the subject".into(),
        Giver::Inline(index) => format!("inline role {}", index + 1),
        Giver::Role(index) | Giver::Possible(index) => {
            program.roles.get(index).map_or_else(String::new, |role| format!("role `{}`", role.id))
        }
    }
}
