//! The error for roles that grant different options of a choice.

use super::error::{SubjectError, SubjectFault};
use super::givers::Giver;
use crate::pack::{Grant, Privilege, Program};
use crate::util::messages::message;

/// The error for held roles that grant different options of a choice. It names the first two in `grants`.
pub(super) fn conflict_error(program: &Program, choice: &Privilege, grants: &[(Grant, Giver)]) -> SubjectError {
    let id = &choice.id;
    let is_held = |(grant, giver): &&(Grant, Giver)| {
        !matches!(giver, Giver::Possible(_)) && program.privileges.at(grant.privilege).is_some_and(|it| it.id == *id)
    };
    let first = grants.iter().find(is_held);
    let differs = |(grant, _): &&(Grant, Giver)| first.is_some_and(|(first, _)| first.value != grant.value);
    let other = grants.iter().filter(is_held).find(differs);
    let giver = |(_, giver): &(Grant, Giver)| giver_name(program, *giver);
    let option = |(grant, _): &(Grant, Giver)| choice.values.get(grant.value as usize).map_or("", String::as_str);
    // In a pack that does not come from the compiler, the program and the grants of roles may say different things.
    let text = if let (Some(one), Some(other)) = (first, other) {
        message!(options_conflict, giver(one), option(one), id, giver(other), option(other))
    } else {
        message!(roles_conflict, id)
    };
    SubjectError::say(SubjectFault::ConflictingChoice, id, text)
}

/// The name of a giver in messages.
pub(super) fn giver_name(program: &Program, giver: Giver) -> String {
    match giver {
        Giver::Own => "the subject".into(),
        Giver::Inline(index) => message!(inline_role, index + 1),
        Giver::Role(index) | Giver::Possible(index) => {
            program.roles.get(index).map_or_else(String::new, |role| message!(role, role.id))
        }
    }
}
