//! Impact: the operations that a privilege, level, role, fact or operation unlocks or takes away, the privileges that
//! it needs, and the operations to which it is the only way.
//!
//! The answers are computed over all possible subjects, from the decision diagrams of the operations; a search for the
//! id in the requirements would not be exact.

mod target;

pub use target::Target;

use crate::bdd::{Bdd, BddManager, Ternary, TooLarge};
use crate::check::{Answer, Atom, Formula, Inputs, Part, Symbolic, parts};
use crate::model::{Comparison, FactKind, PrivilegeKind, limits};
use crate::pack::Program;
use crate::session::{State, SubjectError};
use crate::studio::Studio;
use crate::studio::search::cone::ConeOfInfluence;
use crate::studio::search::domains::full_domains;
use crate::studio::search::space::{Domain, Id, SearchSpace, name, valid_changes};
use serde::Serialize;
use std::cell::Cell;
use std::rc::Rc;
use target::{ResolvedTarget, look_up};

/// The effects of a privilege, role, fact or operation over all possible subjects. All lists are in policy order.
///
/// # Examples
/// ```
/// use privet::{Studio, Target};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let impact = studio.impact(&Target::Privilege("can-approve-campaigns".into(), None))?;
/// assert_eq!(impact.unlocks, ["campaigns.approve"]);
/// assert_eq!(impact.sole_way_to, ["campaigns.approve"]);
/// assert_eq!(impact.needed, ["can-send-without-approval", "sender"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Impact {
    /// Operations that are allowed to some subject with the target, and not allowed to the same subject without it. If
    /// the target is an operation: operations that are allowed to every subject to whom the target is allowed.
    #[cfg_attr(feature = "schema", ts(type = "readonly OperationId<S>[]"))]
    pub unlocks: Vec<String>,
    /// Operations that are allowed to some subject without the target, and not allowed to the same subject with it. If
    /// the target is an operation: operations that are allowed to no subject to whom the target is allowed.
    #[serde(rename = "takesAway")]
    #[cfg_attr(feature = "schema", ts(type = "readonly OperationId<S>[]"))]
    pub takes_away: Vec<String>,
    /// Privileges without which the target has no effect; if the target is an operation, privileges without which it is
    /// never allowed. Exactly: those for which no possible subject would have it, if nobody held the privilege, whoever grants it
    /// (the subject, or a role that is listed or assumed by a fact). What merely comes together with it is not needed.
    #[cfg_attr(feature = "schema", ts(type = "readonly PrivilegeId<S>[]"))]
    pub needed: Vec<String>,
    /// Operations that are allowed to some subject, and only by the target. Of a privilege or role exactly: those that no
    /// possible subject would be allowed, if nobody held the privilege (or a value as large as the given one; of several options, one
    /// of them) or the role, whoever grants it and whatever makes the role held. Of a fact: those that read it and that no subject is
    /// allowed for whom it is unknown or has another value. Of a number: those for which this is so of any number and that no
    /// subject is allowed with another number. Of an operation: those that no subject is allowed who is not allowed the operation.
    #[serde(rename = "soleWayTo")]
    #[cfg_attr(feature = "schema", ts(type = "readonly OperationId<S>[]"))]
    pub sole_way_to: Vec<String>,
    /// Operations whose analysis exceeded a limit. They are in none of the other lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", ts(optional, type = "readonly OperationId<S>[]"))]
    pub unanswered: Vec<String>,
}

/// Computes the impact of a target. O(operations × size of their decision diagrams).
///
/// # Errors
/// [`SubjectFault::UnknownId`], [`SubjectFault::InvalidGrant`] and [`SubjectFault::InvalidFact`].
pub(in crate::studio) fn impact(studio: &Studio, target: &Target) -> Result<Impact, SubjectError> {
    let target = look_up(studio, target)?;
    let domains = full_domains(studio);
    let empty = State::default();
    let program = studio.policy().program();
    let mut impact = Impact::default();
    let budget = Rc::new(Cell::new(limits::SWEEP_STEPS));
    for (index, operation) in program.operations.iter().enumerate() {
        let mut symbolic = SearchSpace::symbolic(studio.checked().resolved(), program, &empty, &domains);
        symbolic.inputs.share(&budget);
        if let Ok(effect) = effects_on(symbolic, &target, index) {
            let lists = [&mut impact.unlocks, &mut impact.takes_away, &mut impact.sole_way_to];
            for (list, is_in) in lists.into_iter().zip(effect) {
                list.extend(is_in.then(|| operation.id.clone()));
            }
        } else {
            // The steps of the diagram that became too large were not counted
            budget.set(budget.get().saturating_sub(limits::DIAGRAM_STEPS));
            impact.unanswered.push(operation.id.clone());
        }
    }
    let symbolic = SearchSpace::symbolic(studio.checked().resolved(), program, &empty, &domains);
    impact.needed = needed(symbolic, &target).unwrap_or_default();
    Ok(impact)
}

/// Whether the target unlocks the operation, takes it away, and is the only way to it.
fn effects_on(mut space: Symbolic<SearchSpace>, target: &ResolvedTarget, operation: usize) -> Answer<[bool; 3]> {
    let symbolic = &mut space;
    let decided = symbolic.operation(operation)?.yes;
    let valid = valid_changes(symbolic)?;
    let allowed = symbolic.bdds.and(decided, valid)?;
    let empty = |it: Bdd| it == Bdd::FALSE;
    match target {
        ResolvedTarget::Operation(other) => {
            let other_allowed = symbolic.operation(*other)?.yes;
            let manager = &mut symbolic.bdds;
            let other_allowed = manager.and(other_allowed, valid)?;
            let (alone, both) = (manager.and_not(other_allowed, allowed)?, manager.and(allowed, other_allowed)?);
            let without = manager.and_not(allowed, other_allowed)?;
            symbolic.settle()?;
            let is_some = *other != operation && !empty(allowed) && !empty(other_allowed);
            Ok([empty(alone), empty(both), empty(without)].map(|holds| is_some && holds))
        }
        ResolvedTarget::Assigned(id, _) if symbolic.inputs.variables_of(*id).is_empty() || empty(allowed) => {
            Ok([false; 3])
        }
        ResolvedTarget::Assigned(id, value) => {
            let (chosen, other) = chosen_and_other(symbolic, *id, value.as_deref())?;
            let held = known_to_hold(symbolic, *id, value.as_deref())?;
            let is_sole = match (id, held) {
                (_, Some(held)) => empty(symbolic.bdds.and_not(allowed, held)?),
                _ => true,
            };
            let own = symbolic.inputs.variables_of(*id).to_vec();
            let manager = &mut symbolic.bdds;
            let denied = manager.and_not(valid, decided)?;
            // Quantifies over the variables of the target: the assignments of the other variables for which some value
            // of the target gives the decision.
            let mut possible = |decision, choice| {
                let both = manager.and(decision, choice)?;
                manager.exists(both, &|variable| own.contains(&variable))
            };
            let (with, lost) = (possible(allowed, chosen)?, possible(denied, chosen)?);
            let (without, denied_without) = (possible(allowed, other)?, possible(denied, other)?);
            let (unlocks, takes) = (manager.and(with, denied_without)?, manager.and(without, lost)?);
            symbolic.settle()?;
            let (unlocks, takes) = (!empty(unlocks), !empty(takes));
            let is_sole = is_sole && is_never_without(space, *id, value.as_deref(), valid, operation)?;
            Ok([unlocks, takes, is_sole])
        }
    }
}

/// The assignments in which the id has the given value (without one: any value), and those to compare
/// them with: the id has no value; or, if it is a fact with a given value, it has another known value.
fn chosen_and_other(symbolic: &mut Symbolic<SearchSpace>, id: Id, value: Option<&[u32]>) -> Answer<(Bdd, Bdd)> {
    let Symbolic { bdds: manager, inputs: space, .. } = symbolic;
    let [assigned, options @ ..] = space.variables_of(id) else { return Ok((Bdd::FALSE, Bdd::TRUE)) };
    let assigned = manager.variable(*assigned)?;
    let mut chosen = assigned;
    // The empty set is not a grant, so at least one option must be chosen.
    if let (Some(Domain::Subset(_)), None) = (space.domains.get(&id), value) {
        let some = options.iter().try_fold(Bdd::FALSE, |any, option| {
            let option = manager.variable(*option)?;
            manager.or(any, option)
        })?;
        chosen = manager.and(assigned, some)?;
    }
    for value in value.into_iter().flatten() {
        let value = space.representative(id, *value);
        let this = space.test_value(manager, id, false, &|it| it == Some(value))?;
        chosen = manager.and(chosen, this)?;
    }
    let other = match id {
        Id::Fact(_) if value.is_some() => manager.and_not(assigned, chosen)?,
        _ => manager.not(assigned)?,
    };
    Ok((chosen, other))
}

/// The assignments in which a fact, or the number of a privilege, has the value; `None` for any other target, which
/// [`is_never_without`] decides.
fn known_to_hold(symbolic: &mut Symbolic<SearchSpace>, id: Id, value: Option<&[u32]>) -> Answer<Option<Bdd>> {
    let number = value.and_then(<[u32]>::first).copied().filter(|_| is_number(symbolic.inputs.program, id));
    // If no comparison tells the number from others, another number has the same effect, so this one is never the only
    // way to an operation.
    if number.is_some_and(|number| !symbolic.inputs.is_distinguished(id, number)) {
        return Ok(Some(Bdd::FALSE));
    }
    match (id, number) {
        (Id::Fact(_), _) => Ok(Some(chosen_and_other(symbolic, id, value)?.0)),
        (Id::Privilege(privilege), Some(number)) => {
            let part = Part::Compared(Comparison::Equal(number));
            Ok(Some(symbolic.inputs.granted(&mut symbolic.bdds, privilege, part)?.yes))
        }
        _ => Ok(None),
    }
}

/// Whether an operation is never allowed where nobody holds the target; of several options, where nobody holds one of them.
fn is_never_without(
    symbolic: Symbolic<SearchSpace>,
    id: Id,
    value: Option<&[u32]>,
    valid: Bdd,
    operation: usize,
) -> Answer<bool> {
    let program = symbolic.inputs.program;
    let formula = Formula::Atom(Atom::Allowed(operation));
    let resolved = symbolic.inputs.resolved;
    match id {
        Id::Fact(_) | Id::Inline(..) => Ok(true),
        // What a role gives, own grants give as well.
        Id::Role(_) => Ok(false),
        Id::Privilege(privilege) => {
            let kind = program.privileges.get(privilege).map(|it| it.kind);
            let values = value.filter(|_| !is_number(program, id));
            let first: Vec<Part> = match (kind, values) {
                (Some(PrivilegeKind::Level), Some([rank, ..])) => vec![Part::Value((*rank as usize).saturating_sub(1))],
                (Some(PrivilegeKind::Choice | PrivilegeKind::Set), Some(options)) => {
                    options.iter().map(|option| Part::Value(*option as usize)).collect()
                }
                _ => vec![Part::Whole],
            };
            let (mut space, mut bdds) = (symbolic.inputs, symbolic.bdds);
            for part in first {
                let mut symbolic = Symbolic::new(resolved, bdds, Without { space, privilege, kind, part });
                let allowed = symbolic.formula(&formula)?.yes;
                if symbolic.bdds.and(allowed, valid)? != Bdd::FALSE {
                    return Ok(false);
                }
                (space, bdds) = (symbolic.inputs.space, symbolic.bdds);
            }
            Ok(true)
        }
    }
}

/// A space in which nobody holds a part of a privilege: all of it (`Part::Whole`), a level and those above it, or an option.
struct Without<'a> {
    space: SearchSpace<'a>,
    privilege: usize,
    kind: Option<PrivilegeKind>,
    part: Part,
}

impl Inputs for Without<'_> {
    fn fact(&mut self, bdds: &mut BddManager, fact: usize, part: Part) -> Answer<Ternary> {
        self.space.fact(bdds, fact, part)
    }

    fn granted(&mut self, bdds: &mut BddManager, privilege: usize, part: Part) -> Answer<Ternary> {
        let is_taken = privilege == self.privilege
            && match (self.part, part, self.kind) {
                (Part::Value(taken), Part::Value(level), Some(PrivilegeKind::Level)) => level >= taken,
                (Part::Value(taken), Part::Value(option), _) => option == taken,
                _ => true,
            };
        if is_taken { Ok(Ternary::NO) } else { self.space.granted(bdds, privilege, part) }
    }

    fn spend(&self, steps: usize) -> Result<(), TooLarge> {
        self.space.spend(steps)
    }
}

fn is_number(program: &Program, id: Id) -> bool {
    match id {
        Id::Fact(fact) => program.facts.get(fact).is_some_and(|it| it.kind == FactKind::Number),
        Id::Privilege(privilege) => {
            program.privileges.get(privilege).is_some_and(|it| it.kind == PrivilegeKind::Number)
        }
        Id::Role(_) | Id::Inline(..) => false,
    }
}

/// The privileges without which the target has no effect or is never allowed.
fn needed(mut symbolic: Symbolic<SearchSpace>, target: &ResolvedTarget) -> Answer<Vec<String>> {
    let program = symbolic.inputs.program;
    let formula = match target {
        ResolvedTarget::Operation(operation) => Formula::Atom(Atom::Allowed(*operation)),
        ResolvedTarget::Assigned(Id::Privilege(privilege), value) => {
            let document = symbolic.inputs.resolved.document;
            let level = value.as_ref().and_then(|value| value.first()).map(|rank| (*rank as usize).saturating_sub(1));
            let is_level = program.privileges.get(*privilege).is_some_and(|it| it.kind == PrivilegeKind::Level);
            let parts = parts(document, *privilege).into_iter();
            let part = |part: Part| Formula::Atom(Atom::Effective(*privilege, part));
            match level.filter(|_| is_level) {
                Some(level) => part(Part::Value(level)),
                None => Formula::Any(parts.map(part).collect()),
            }
        }
        ResolvedTarget::Assigned(..) => return Ok(Vec::new()),
    };
    let (decided, valid) = (symbolic.formula(&formula)?.yes, valid_changes(&mut symbolic)?);
    if symbolic.bdds.and(decided, valid)? == Bdd::FALSE {
        return Ok(Vec::new());
    }
    let resolved = symbolic.inputs.resolved;
    let cone = ConeOfInfluence::of(resolved, program, [formula.clone()]);
    let (mut space, mut bdds) = (symbolic.inputs, symbolic.bdds);
    let mut needed = Vec::new();
    for id in cone.ids.keys() {
        let Id::Privilege(privilege) = *id else { continue };
        if matches!(target, ResolvedTarget::Assigned(Id::Privilege(own), _) if *own == privilege) {
            continue;
        }
        let kind = program.privileges.get(privilege).map(|it| it.kind);
        let mut symbolic = Symbolic::new(resolved, bdds, Without { space, privilege, kind, part: Part::Whole });
        let holds = symbolic.formula(&formula)?.yes;
        if symbolic.bdds.and(holds, valid)? == Bdd::FALSE {
            needed.push(name(program, *id).into());
        }
        (space, bdds) = (symbolic.inputs.space, symbolic.bdds);
    }
    Ok(needed)
}
