//! The grants of a session, as the search for fixes sees them: own grants, certain grants, and what a role adds or gives alone.

use crate::model::{PrivilegeKind, Value, Verdict, validate};
use crate::pack::{Grant, Privilege};
use crate::session::{Giver, Holding, Session};
use crate::studio::Studio;
use crate::studio::search::space::values_of;
use crate::util::collect_set;

/// The subject's own grants of a privilege.
pub(super) fn own(session: &Session, privilege: usize) -> Vec<u32> {
    values_of(&session.state().own, privilege)
}

/// What the subject's inline role at this place grants of a privilege.
pub(super) fn inline(session: &Session, place: usize, privilege: usize) -> Vec<u32> {
    session.state().inline.get(place).map(|role| values_of(role, privilege)).unwrap_or_default()
}

/// Whether a role is listed, regardless of its `when`.
pub(super) fn is_listed(session: &Session, role: usize) -> bool {
    session.state().roles.iter().any(|listed| *listed as usize == role)
}

/// The subject's grants of a privilege, its own and those of its roles, as far as they are known.
pub(in crate::studio) fn granted(studio: &Studio, session: &Session, privilege: usize) -> Vec<u32> {
    granted_and_effective(studio, session, privilege).0
}

/// The effective value of a privilege, from which fixes measure; what is certainly granted where it is undecided.
pub(super) fn effective(studio: &Studio, session: &Session, privilege: usize) -> Vec<u32> {
    granted_and_effective(studio, session, privilege).1
}

/// [`granted`] and [`effective`] by one look at the session.
pub(super) fn granted_and_effective(studio: &Studio, session: &Session, privilege: usize) -> (Vec<u32>, Vec<u32>) {
    let Some(declared) = studio.policy().program().privileges.get(privilege) else { return Default::default() };
    let Ok((granted, effective)) = session.holds(&declared.id) else { return Default::default() };
    let granted = match granted {
        Holding::Value(value) => read(declared, &value),
        Holding::Undecided => certain_grants(session, declared.kind, privilege),
        Holding::Nothing => Vec::new(),
    };
    let effective = match effective {
        Holding::Value(value) => read(declared, &value),
        Holding::Undecided => granted.clone(),
        Holding::Nothing => Vec::new(),
    };
    (granted, effective)
}

/// The certain part of an undecided grant. A role whose `when` is unknown can only add to it.
fn certain_grants(session: &Session, kind: PrivilegeKind, privilege: usize) -> Vec<u32> {
    let is_certain =
        |(grant, giver): &(Grant, Giver)| grant.privilege as usize == privilege && !matches!(giver, Giver::Possible(_));
    let certain =
        collect_set(session.grants_with_givers().into_iter().filter(is_certain).map(|(grant, _)| grant.value));
    match kind {
        PrivilegeKind::Set => certain.into_iter().collect(),
        // No option is certain, because another one may clash with it.
        PrivilegeKind::Choice => Vec::new(),
        PrivilegeKind::Flag | PrivilegeKind::Level | PrivilegeKind::Number => {
            certain.iter().last().copied().into_iter().collect()
        }
    }
}

/// A value of a privilege as numbers; empty for an invalid value.
pub(super) fn read(declared: &Privilege, value: &Value) -> Vec<u32> {
    let range = (declared.min, declared.max);
    validate::grant(&declared.id, declared.kind, &declared.values, range, value).unwrap_or_default()
}

/// The grants of a role that the subject is not known to hold already.
pub(super) fn grants_added(studio: &Studio, session: &Session, role: usize) -> Vec<Grant> {
    let program = studio.policy().program();
    let Some(role) = program.roles.get(role) else { return Vec::new() };
    let held = |grant: &Grant| {
        let privilege = grant.privilege as usize;
        let Some(declared) = program.privileges.get(privilege) else { return true };
        let holds =
            |place: usize| declared.granted.get(place).is_some_and(|slot| session.verdict(*slot) == Verdict::Yes);
        match declared.kind {
            PrivilegeKind::Flag => holds(0),
            PrivilegeKind::Level => holds((grant.value as usize).saturating_sub(1)),
            PrivilegeKind::Set => holds(grant.value as usize),
            // The own option or number counts, whatever a role gives.
            _ if !own(session, privilege).is_empty() => true,
            PrivilegeKind::Choice => holds(grant.value as usize),
            PrivilegeKind::Number => granted(studio, session, privilege).iter().any(|held| *held >= grant.value),
        }
    };
    role.grants.iter().filter(|grant| !held(grant)).copied().collect()
}

/// The grants of a listed role that the subject loses without the role.
pub(super) fn grants_lost(studio: &Studio, session: &Session, index: usize) -> Vec<Grant> {
    let program = studio.policy().program();
    let Some(role) = program.roles.get(index) else { return Vec::new() };
    // Evaluated as a subject, not applied as a change: a role that its `when` assumes as well is still held, and nothing is lost.
    let mut state = session.state().clone();
    state.roles.retain(|listed| *listed as usize != index);
    let Ok(without) = Session::evaluate(program, state) else { return role.grants.clone() };
    let lost = |grant: &&Grant| {
        let privilege = grant.privilege as usize;
        granted(studio, session, privilege) != granted(studio, &without, privilege)
    };
    role.grants.iter().filter(lost).copied().collect()
}
