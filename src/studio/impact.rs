//! Impact: what a privilege, a level of it, a role, a fact or an operation opens, closes, needs, and is the only way to.
//! Decided over everybody that there may be, not by looking for its name.

use crate::bdd::Bdd;
use crate::check::{Answer, Atom, Formula, Inputs, Part, Symbolic, parts};
use crate::model::{Comparison, FactKind, PrivilegeKind, Value, validate};
use crate::pack::Program;
use crate::session::{State, SubjectError, SubjectFault};
use crate::studio::Studio;
use crate::studio::search::cone::Cone;
use crate::studio::search::domains::everything;
use crate::studio::search::space::{Id, SearchSpace, Values, name, valid};
use serde::Serialize;

/// What an impact is asked of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A privilege: that this value of it is granted, or any.
    Privilege(String, Option<Value>),
    /// A role: that it is held.
    Role(String),
    /// A fact: that it has this value; on for a switch, any known one for others.
    Fact(String, Option<Value>),
    /// An operation: that it is allowed.
    Operation(String),
}

impl Target {
    /// Reads `{ privilege | role | fact | operation; value? }`.
    ///
    /// # Errors
    /// [`SubjectFault::InvalidOptions`] where the value has not that shape. Ids are looked up later.
    pub fn from_value(value: Value) -> Result<Self, SubjectError> {
        let wrong = |shown: String| {
            let help =
                "give one of `privilege`, `role`, `fact` and `operation`, and with the first and third a `value`";
            let message = format!("`{shown}` is nothing that has an impact");
            SubjectError::new(SubjectFault::InvalidOptions, "", message, help.into())
        };
        let shown = value.shown();
        let Value::Map(mut entries) = value else { return Err(wrong(shown)) };
        let place = entries.iter().position(|(key, _)| key == "value");
        let value = place.map(|place| entries.remove(place).1).filter(|value| *value != Value::Null);
        match (entries.pop(), entries.is_empty(), value) {
            (Some((key, Value::Text(id))), true, value) => match (key.as_str(), value) {
                ("privilege", value) => Ok(Self::Privilege(id, value)),
                ("fact", value) => Ok(Self::Fact(id, value)),
                ("role", None) => Ok(Self::Role(id)),
                ("operation", None) => Ok(Self::Operation(id)),
                _ => Err(wrong(shown)),
            },
            _ => Err(wrong(shown)),
        }
    }
}

/// What something opens and closes. Everything is in policy order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Impact {
    /// Operations that somebody is allowed with it and not without; of an operation, those that everybody is allowed who
    /// is allowed it.
    pub unlocks: Vec<String>,
    /// Operations that somebody is allowed without it and not with it; of an operation, those that nobody is allowed who
    /// is allowed it.
    #[serde(rename = "takesAway")]
    pub takes_away: Vec<String>,
    /// Privileges without which it has no effect, or is not allowed.
    pub needed: Vec<String>,
    /// Operations that nobody is allowed without it.
    #[serde(rename = "soleWayTo")]
    pub sole_way_to: Vec<String>,
    /// Operations about which the question was too large to be answered; they are in none of the other lists.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unanswered: Vec<String>,
}

/// A target with its names looked up.
enum Asked {
    Assigned(Id, Option<Vec<u32>>),
    Operation(usize),
}

/// What something opens, closes, needs and is the only way to. O(operations × size of their diagrams).
///
/// # Errors
/// [`SubjectFault::UnknownId`], [`SubjectFault::InvalidGrant`] and [`SubjectFault::InvalidFact`].
pub(in crate::studio) fn impact(studio: &Studio, target: &Target) -> Result<Impact, SubjectError> {
    let asked = look_up(studio, target)?;
    let axes = everything(studio);
    let nobody = State::default();
    let program = studio.policy().program();
    let mut impact = Impact::default();
    for (index, operation) in program.operations.iter().enumerate() {
        let mut symbolic = SearchSpace::symbolic(studio.checked().meaning(), program, &nobody, &axes);
        match effect(&mut symbolic, &asked, index) {
            Ok(effect) => {
                let lists = [&mut impact.unlocks, &mut impact.takes_away, &mut impact.sole_way_to];
                for (list, is_in) in lists.into_iter().zip(effect) {
                    list.extend(is_in.then(|| operation.id.clone()));
                }
            }
            Err(_) => impact.unanswered.push(operation.id.clone()),
        }
    }
    let mut symbolic = SearchSpace::symbolic(studio.checked().meaning(), program, &nobody, &axes);
    impact.needed = needed(&mut symbolic, &asked).unwrap_or_default();
    Ok(impact)
}

fn look_up(studio: &Studio, target: &Target) -> Result<Asked, SubjectError> {
    let program = studio.policy().program();
    let unknown = |what: &str, id: &String| studio.policy().unknown(what, id);
    match target {
        Target::Operation(id) => {
            program.operations.find(id).map(Asked::Operation).ok_or_else(|| unknown("operation", id))
        }
        Target::Role(id) => {
            let role = program.roles.find(id).ok_or_else(|| unknown("role", id))?;
            Ok(Asked::Assigned(Id::Role(role), None))
        }
        Target::Fact(id, value) => {
            let index = program.facts.find(id).ok_or_else(|| unknown("fact", id))?;
            let read = |value: &Value| {
                let fact = program.facts.get(index);
                let value = fact.map_or(Ok(0), |fact| validate::fact(id, fact.kind, &fact.options, value));
                value.map_err(|misfit| SubjectError::misfit(SubjectFault::InvalidFact, id, misfit))
            };
            let value = value.as_ref().map(read).transpose()?;
            let is_switch = program.facts.get(index).is_some_and(|it| it.kind == FactKind::Switch);
            let value = value.or(is_switch.then_some(1));
            Ok(Asked::Assigned(Id::Fact(index), value.map(|value| [value].into())))
        }
        Target::Privilege(id, value) => {
            let index = program.privileges.find(id).ok_or_else(|| unknown("privilege", id))?;
            let read = |value: &Value| {
                let Some(it) = program.privileges.get(index) else { return Ok(Vec::new()) };
                let read = validate::grant(id, it.kind, &it.values, (it.min, it.max), value);
                read.map_err(|misfit| SubjectError::misfit(SubjectFault::InvalidGrant, id, misfit))
            };
            let value = value.as_ref().map(read).transpose()?.filter(|value| !value.is_empty());
            Ok(Asked::Assigned(Id::Privilege(index), value))
        }
    }
}

/// Whether an operation is unlocked, is taken away, and has no other way.
fn effect(symbolic: &mut Symbolic<SearchSpace>, asked: &Asked, operation: usize) -> Answer<[bool; 3]> {
    let decided = symbolic.operation(operation)?.yes;
    let valid = valid(symbolic)?;
    let allowed = symbolic.bdds.and(decided, valid)?;
    let empty = |it: Bdd| it == Bdd::FALSE;
    match asked {
        Asked::Operation(other) => {
            let other_allowed = symbolic.operation(*other)?.yes;
            let logic = &mut symbolic.bdds;
            let other_allowed = logic.and(other_allowed, valid)?;
            let (alone, both) = (logic.and_not(other_allowed, allowed)?, logic.and(allowed, other_allowed)?);
            let without = logic.and_not(allowed, other_allowed)?;
            let is_some = *other != operation && !empty(allowed) && !empty(other_allowed);
            Ok([empty(alone), empty(both), empty(without)].map(|holds| is_some && holds))
        }
        Asked::Assigned(id, _) if symbolic.inputs.variables_of(*id).is_empty() || empty(allowed) => Ok([false; 3]),
        Asked::Assigned(id, value) => {
            let (chosen, other) = alternatives(symbolic, *id, value.as_deref())?;
            let held = held(symbolic, *id, value.as_deref())?;
            let own = symbolic.inputs.variables_of(*id).to_vec();
            let logic = &mut symbolic.bdds;
            let denied = logic.and_not(valid, decided)?;
            // Where the same subject may otherwise be, with it and without.
            let mut somewhere = |decision, choice| {
                let both = logic.and(decision, choice)?;
                logic.exists(both, &|variable| own.contains(&variable))
            };
            let (with, lost) = (somewhere(allowed, chosen)?, somewhere(denied, chosen)?);
            let (without, closed) = (somewhere(allowed, other)?, somewhere(denied, other)?);
            let (unlocks, takes) = (logic.and(with, closed)?, logic.and(without, lost)?);
            Ok([!empty(unlocks), !empty(takes), empty(logic.and_not(allowed, held)?)])
        }
    }
}

/// Where a subject is given the value, or any; and where another one, or for what is granted none.
fn alternatives(symbolic: &mut Symbolic<SearchSpace>, id: Id, value: Option<&[u32]>) -> Answer<(Bdd, Bdd)> {
    let Symbolic { bdds: logic, inputs: space, .. } = symbolic;
    let [assigned, options @ ..] = space.variables_of(id) else { return Ok((Bdd::FALSE, Bdd::TRUE)) };
    let assigned = logic.variable(*assigned)?;
    let mut chosen = assigned;
    // No option of a set is no value of it.
    if let (Some(Values::Each(_)), None) = (space.axes.get(&id), value) {
        let some = options.iter().try_fold(Bdd::FALSE, |any, option| {
            let option = logic.variable(*option)?;
            logic.or(any, option)
        })?;
        chosen = logic.and(assigned, some)?;
    }
    for value in value.into_iter().flatten() {
        let value = space.representative(id, *value);
        let this = space.value(logic, id, false, &|it| it == Some(value))?;
        chosen = logic.and(chosen, this)?;
    }
    let other = match id {
        Id::Fact(_) if value.is_some() => logic.and_not(assigned, chosen)?,
        _ => logic.not(assigned)?,
    };
    Ok((chosen, other))
}

/// Where it is held for sure, whoever gives it.
fn held(symbolic: &mut Symbolic<SearchSpace>, id: Id, value: Option<&[u32]>) -> Answer<Bdd> {
    // Of numbers that no test tells apart none is the only way.
    if let (true, Some([number])) = (is_number(symbolic.inputs.program, id), value)
        && !symbolic.inputs.is_told_apart(id, *number)
    {
        return Ok(Bdd::FALSE);
    }
    match id {
        Id::Fact(_) => Ok(alternatives(symbolic, id, value)?.0),
        Id::Role(role) => Ok(symbolic.inputs.held(&mut symbolic.bdds, role)?.yes),
        Id::Privilege(privilege) => {
            let Symbolic { bdds: logic, inputs: space, .. } = symbolic;
            let Some(declared) = space.program.privileges.get(privilege) else { return Ok(Bdd::FALSE) };
            let part = |value: u32| match declared.kind {
                PrivilegeKind::Flag => Part::Whole,
                PrivilegeKind::Number => Part::Compared(Comparison::Equal(value)),
                PrivilegeKind::Level => Part::Value((value as usize).saturating_sub(1)),
                PrivilegeKind::Choice | PrivilegeKind::Set => Part::Value(value as usize),
            };
            let Some(values) = value else { return any(symbolic, privilege) };
            values.iter().try_fold(Bdd::TRUE, |all, value| {
                let granted = space.granted(logic, privilege, part(*value))?;
                Ok(logic.and(all, granted.yes)?)
            })
        }
    }
}

fn is_number(program: &Program, id: Id) -> bool {
    match id {
        Id::Fact(fact) => program.facts.get(fact).is_some_and(|it| it.kind == FactKind::Number),
        Id::Privilege(privilege) => {
            program.privileges.get(privilege).is_some_and(|it| it.kind == PrivilegeKind::Number)
        }
        Id::Role(_) => false,
    }
}

/// Where some value of a privilege is granted for sure.
fn any(symbolic: &mut Symbolic<SearchSpace>, privilege: usize) -> Answer<Bdd> {
    let Symbolic { bdds: logic, inputs: space, .. } = symbolic;
    parts(space.meaning.document, privilege).into_iter().try_fold(Bdd::FALSE, |any, part| {
        let granted = space.granted(logic, privilege, part)?;
        Ok(logic.or(any, granted.yes)?)
    })
}

/// The privileges without which a target has no effect or is not allowed.
fn needed(symbolic: &mut Symbolic<SearchSpace>, asked: &Asked) -> Answer<Vec<String>> {
    let program = symbolic.inputs.program;
    let formula = match asked {
        Asked::Operation(operation) => Formula::Atom(Atom::Allowed(*operation)),
        Asked::Assigned(Id::Privilege(privilege), value) => {
            let document = symbolic.inputs.meaning.document;
            let level = value.as_ref().and_then(|value| value.first()).map(|rank| (*rank as usize).saturating_sub(1));
            let is_level = program.privileges.get(*privilege).is_some_and(|it| it.kind == PrivilegeKind::Level);
            let parts = parts(document, *privilege).into_iter();
            let part = |part: Part| Formula::Atom(Atom::Effective(*privilege, part));
            match level.filter(|_| is_level) {
                Some(level) => part(Part::Value(level)),
                None => Formula::Any(parts.map(part).collect()),
            }
        }
        Asked::Assigned(..) => return Ok(Vec::new()),
    };
    let holds = symbolic.formula(&formula)?.yes;
    if holds == Bdd::FALSE {
        return Ok(Vec::new());
    }
    let cone = Cone::of(symbolic.inputs.meaning, program, [formula]);
    let mut needed = Vec::new();
    for id in cone.ids.keys() {
        let Id::Privilege(privilege) = *id else { continue };
        let own = matches!(asked, Asked::Assigned(Id::Privilege(own), _) if *own == privilege);
        let granted = any(symbolic, privilege)?;
        if !own && symbolic.bdds.and_not(holds, granted)? == Bdd::FALSE {
            needed.push(name(program, *id).into());
        }
    }
    Ok(needed)
}
