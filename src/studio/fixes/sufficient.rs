//! Of an allowed operation: the set of held ids of least cost that decides it, and the held privileges that it does not need.
//!
//! Some ids suffice if the operation stays allowed whichever of the other held ids are taken away. What is read both ways, or
//! negatively, is therefore never called decisive where holding it closes what the rest opens.

use super::candidates::FACT;
use super::grants::{granted, own};
use crate::bdd::{Bdd, BddManager, Price};
use crate::check::{Answer, Atom, Formula, Symbolic};
use crate::model::{PrivilegeKind, Verdict};
use crate::session::{Giver, Session, State};
use crate::studio::Studio;
use crate::studio::search::cone::ConeOfInfluence;
use crate::studio::search::notation::id_of;
use crate::studio::search::space::{Domain, Id, SearchSpace, valid_changes};
use crate::util::{collect_map, sort};
use litemap::LiteMap;

/// The ids that decide an allowed operation, and the other privileges that it reads and that the subject holds; both in policy
/// order, facts first. All of the latter can be taken away together. If the analysis exceeds a limit, all held ids decide.
/// O(size of the operation's decision diagram × held ids).
pub(in crate::studio) fn decisive_and_redundant(
    studio: &Studio,
    session: &Session,
    operation: usize,
) -> (Vec<String>, Vec<String>) {
    let held = held_ids(studio, session, operation);
    let unread = unread(session, &held);
    let decide = |kept: &[Id]| {
        let decisive = smallest_sufficient(studio, &unread, &held, kept, operation).ok().flatten();
        decisive.unwrap_or_else(|| in_policy_order(&held))
    };
    let mut decisive = decide(&[]);
    if !is_allowed_with(studio, session, &held, &decisive, operation) {
        decisive = decide(&hiding(session));
    }
    // A role in doubt may add to what is held, where the analysis takes that as given: then all that is held decides, without the
    // own grants that can be taken away one after the other.
    if !is_allowed_with(studio, session, &held, &decisive, operation) {
        decisive = in_policy_order(&held);
        for id in in_policy_order(&held).into_iter().rev() {
            let Id::Privilege(privilege) = id else { continue };
            let rest: Vec<Id> = decisive.iter().copied().filter(|other| *other != id).collect();
            let is_own = !own(session, privilege).is_empty();
            if is_own && is_allowed_with(studio, session, &held, &rest, operation) {
                decisive = rest;
            }
        }
    }
    let redundant = |id: &&Id| matches!(id, Id::Privilege(_)) && !decisive.contains(id);
    let redundant = held.keys().filter(redundant).map(|id| id_of(studio, *id)).collect();
    (decisive.into_iter().map(|id| id_of(studio, id)).collect(), redundant)
}

/// The ids that the operation reads and that the subject holds, each with the value that it has or does not have.
fn held_ids(studio: &Studio, session: &Session, operation: usize) -> LiteMap<Id, Domain> {
    let program = studio.policy().program();
    let cone = ConeOfInfluence::of(studio.checked().resolved(), program, [Formula::Atom(Atom::Allowed(operation))]);
    // An id without parts is not read itself; it is in the cone only because of roles.
    let read = cone.ids.iter().filter(|(_, parts)| !parts.is_empty());
    collect_map(read.filter_map(|(id, _)| {
        let values = match *id {
            Id::Role(_) | Id::Inline(..) => return None,
            Id::Fact(fact) => Domain::OneOf([Some(session.state().fact(fact)?)].into()),
            Id::Privilege(privilege) => {
                let held = granted(studio, session, privilege);
                match program.privileges.get(privilege)?.kind {
                    PrivilegeKind::Set if !held.is_empty() => Domain::Subset(held),
                    _ => Domain::OneOf([Some(*held.first()?)].into()),
                }
            }
        };
        Some((*id, values))
    }))
}

/// Whether the operation is allowed without the own grants that do not decide. Without its own choice or number, the subject has
/// what its roles give.
fn is_allowed_with(
    studio: &Studio,
    session: &Session,
    held: &LiteMap<Id, Domain>,
    decisive: &[Id],
    operation: usize,
) -> bool {
    let program = studio.policy().program();
    let mut state = session.state().clone();
    state.own.retain(|grant| {
        let id = Id::Privilege(grant.privilege as usize);
        decisive.contains(&id) || !held.contains_key(&id)
    });
    let decision = program.operations.get(operation).map(|operation| operation.decision);
    let allowed = |session: Session| decision.is_some_and(|slot| session.verdict(slot) == Verdict::Yes);
    Session::evaluate(program, state).is_ok_and(allowed)
}

/// The privileges of which an own grant hides or adds to what another giver grants.
fn hiding(session: &Session) -> Vec<Id> {
    let grants = session.grants_with_givers();
    let is_given =
        |privilege: u32| grants.iter().any(|(grant, giver)| grant.privilege == privilege && *giver != Giver::Own);
    let own = session.state().own.iter().filter(|grant| is_given(grant.privilege));
    own.map(|grant| Id::Privilege(grant.privilege as usize)).collect()
}

/// The facts and own grants that the operation does not read: they may prevent that roles conflict.
fn unread(session: &Session, held: &LiteMap<Id, Domain>) -> State {
    let (mut state, all) = (State::default(), session.state());
    let is_unread = |id: Id| !held.contains_key(&id);
    state.facts.extend(all.facts.iter().filter(|(fact, _)| is_unread(Id::Fact(*fact as usize))));
    state.own.extend(all.own.iter().filter(|grant| is_unread(Id::Privilege(grant.privilege as usize))));
    state
}

/// Facts come before privileges.
fn in_policy_order(held: &LiteMap<Id, Domain>) -> Vec<Id> {
    let mut ids: Vec<Id> = held.keys().copied().collect();
    sort::sort_by_key(&mut ids, |id| (!matches!(id, Id::Fact(_)), *id));
    ids
}

/// The set of ids of least cost that suffices and has those that are `kept`; of several, the first in policy order. Costs are those
/// of fixes.
fn smallest_sufficient(
    studio: &Studio,
    unread: &State,
    held: &LiteMap<Id, Domain>,
    kept: &[Id],
    operation: usize,
) -> Answer<Option<Vec<Id>>> {
    let resolved = studio.checked().resolved();
    let symbolic = &mut SearchSpace::symbolic(resolved, studio.policy().program(), unread, held);
    let allowed = symbolic.operation(operation)?.yes;
    let valid = valid_changes(symbolic)?;
    let Symbolic { bdds: manager, inputs: space, .. } = symbolic;
    let (mut sufficient, mut valid) = (allowed, valid);
    let mut variables = Vec::new();
    for id in in_policy_order(held) {
        let [assigned, options @ ..] = space.variables_of(id) else { continue };
        // A set is held as a whole.
        for option in options {
            sufficient = manager.restrict(sufficient, *option, true)?;
            valid = manager.restrict(valid, *option, true)?;
        }
        if kept.contains(&id) {
            let assigned = manager.variable(*assigned)?;
            valid = manager.and(valid, assigned)?;
        }
        variables.push((id, *assigned));
    }
    // Subjects that cannot be resolved refute nothing, but do not suffice.
    let alone = manager.and(sufficient, valid)?;
    let invalid = manager.not(valid)?;
    sufficient = manager.or(sufficient, invalid)?;
    for (_, variable) in &variables {
        let with = manager.restrict(sufficient, *variable, true)?;
        let without = manager.restrict(sufficient, *variable, false)?;
        let both = manager.and(with, without)?;
        let variable = manager.variable(*variable)?;
        sufficient = manager.ite(variable, with, both)?;
    }
    sufficient = manager.and(sufficient, alone)?;
    let cost = |id: Id| match id {
        Id::Privilege(privilege) => studio.checked().document().privileges.get(privilege).and_then(|it| it.cost),
        Id::Fact(_) => Some(FACT),
        Id::Role(_) | Id::Inline(..) => None,
    };
    let priced: Vec<(Id, u32, u64)> =
        variables.iter().map(|(id, variable)| (*id, *variable, cost(*id).unwrap_or(1).into())).collect();
    first_of_least(manager, sufficient, &priced)
}

/// The satisfying assignment whose true variables cost least; of several, the one whose variables come first.
fn first_of_least(manager: &mut BddManager, mut rest: Bdd, variables: &[(Id, u32, u64)]) -> Answer<Option<Vec<Id>>> {
    let costs = collect_map(variables.iter().map(|(_, variable, cost)| (*variable, *cost)));
    let price = |variable: u32| Price { costly_value: true, cost: costs.get(&variable).copied().unwrap_or_default() };
    let least = |manager: &BddManager, function: Bdd| Some(manager.cheapest(function, &[], &price, 1)?.cost);
    let Some(mut missing) = least(manager, rest) else { return Ok(None) };
    let mut chosen = Vec::new();
    for (id, variable, cost) in variables {
        let with = manager.restrict(rest, *variable, true)?;
        let others = missing.checked_sub(*cost).filter(|others| least(manager, with) == Some(*others));
        match others {
            Some(others) => {
                chosen.push(*id);
                (missing, rest) = (others, with);
            }
            None => rest = manager.restrict(rest, *variable, false)?,
        }
    }
    Ok(Some(chosen))
}
