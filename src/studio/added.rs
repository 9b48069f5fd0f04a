//! What a change adds: every grant that counts after it and did not before, whoever gives it.

use crate::ground::PrivilegeKind;
use crate::program::{Grant, Program};
use crate::session::{Giver, Session};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;

/// The grants of one session that another has not from the same giver, or only where they did not count: own grants,
/// those of roles listed, inline or assumed from facts, and roles' choices and numbers that an own value no longer hides.
/// A role that an unknown fact may assume gives what it grants. O(grants × givers of a privilege).
pub(super) fn added(before: &Session, after: &Session) -> BTreeSet<Grant> {
    let mut had: BTreeMap<u32, Vec<(u32, Giver, bool)>> = BTreeMap::new();
    for (grant, giver) in before.given() {
        had.entry(grant.privilege).or_default().push((grant.value, giver, counts(before, grant, giver)));
    }
    let is_new = |grant: &Grant, giver: Giver| {
        let counting = counts(after, *grant, giver);
        let had = had.get(&grant.privilege).into_iter().flatten();
        !had.into_iter().any(|(value, by, counted)| {
            is_same(giver, *by) && (*counted || !counting) && covers(after.program(), *grant, *value)
        })
    };
    after.given().filter(|(grant, giver)| is_new(grant, *giver)).map(|(grant, _)| grant).collect()
}

/// Whether a grant counts: of a choice or number an own value hides those of roles.
fn counts(session: &Session, grant: Grant, giver: Giver) -> bool {
    let privilege = session.program().privileges.at(grant.privilege);
    let single = privilege.is_some_and(|it| matches!(it.kind, PrivilegeKind::Choice | PrivilegeKind::Number));
    giver == Giver::Own || !single || !session.state().own.iter().any(|own| own.privilege == grant.privilege)
}

/// Whether the giver after the change gave before it as well. Inline roles have no names to tell them apart.
fn is_same(giver: Giver, before: Giver) -> bool {
    match (giver, before) {
        (Giver::Inline(_), Giver::Inline(_)) => true,
        (Giver::Perhaps(role), Giver::Role(sure)) => role == sure,
        (giver, before) => giver == before,
    }
}

/// Whether a value of before is as much as the grant.
fn covers(program: &Program, grant: Grant, before: u32) -> bool {
    match program.privileges.at(grant.privilege).map(|it| it.kind) {
        Some(PrivilegeKind::Level | PrivilegeKind::Number) => before >= grant.value,
        _ => before == grant.value,
    }
}
