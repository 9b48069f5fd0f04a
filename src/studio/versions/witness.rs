//! Finds the smallest subject for which two versions of a policy decide an item differently.
//!
//! Both versions are evaluated over the same variables; the witness is the cheapest assignment for which they differ.

use super::alignment::{AlignedVersion, INLINE};
use super::item::Item;
use crate::bdd::{Bdd, BddManager, Ternary};
use crate::check::{Answer, Formula, Inputs, Part, Symbolic};
use crate::model::Verdict;
use crate::pack::Grant;
use crate::session::{RoleRef, Session, State, Subject};
use crate::studio::Studio;
use crate::studio::explain::sentences;
use crate::studio::search::notation::{id_of, value};
use crate::studio::search::solve::{AssignedValue, Assignment, SearchQuery};
use crate::studio::search::space::{Domain, Id, SearchSpace, valid_changes};
use crate::util::collect_map;
use std::borrow::Cow;
use std::cell::Cell;
use std::cmp::Ordering;
use std::rc::Rc;

/// A subject for which two versions differ.
pub(super) struct Witness {
    pub(super) subject: Subject,
    pub(super) decisions: [&'static str; 2],
    pub(super) owed: Option<bool>,
}

/// The smallest subject for which two versions decide an item differently, if there is one.
///
/// The steps are taken from the budget of the comparison.
pub(super) fn find_witness(
    (before, after): &(AlignedVersion, AlignedVersion),
    item: &Item,
    budget: &Rc<Cell<usize>>,
) -> Answer<Option<Witness>> {
    let empty = State::default();
    let mut old = before.space(&empty, budget);
    let (old_decision, old_relevant) = decision_function(&mut old, before.studio, item, 0)?;
    let old_valid = valid_changes(&mut old)?;
    let mut new = after.space(&empty, budget);
    transfer(&mut old, &mut new);
    let (new_decision, new_relevant) = decision_function(&mut new, after.studio, item, 1)?;
    let new_valid = valid_changes(&mut new)?;
    let manager = &mut new.bdds;
    let yes_and_no = [manager.and(old_decision.yes, new_decision.no)?, manager.and(old_decision.no, new_decision.yes)?];
    let [gained, lost] = yes_and_no;
    let mut definite = manager.or(gained, lost)?;
    let mut differs = if matches!(item, Item::Obligation(_)) {
        unequal(manager, old_decision.no, new_decision.no)?
    } else {
        let yes = unequal(manager, old_decision.yes, new_decision.yes)?;
        let no = unequal(manager, old_decision.no, new_decision.no)?;
        manager.or(yes, no)?
    };
    for condition in [old_valid, new_valid, old_relevant, new_relevant] {
        differs = manager.and(differs, condition)?;
    }
    // Requirements are compared for subjects without roles. Differences in the grants of roles show at the operations
    // that they affect.
    if matches!(item, Item::Requires(_) | Item::Role(_)) {
        for role in new.inputs.domains.keys().filter(|id| matches!(id, Id::Role(_))).copied().collect::<Vec<_>>() {
            if let [variable, ..] = new.inputs.variables_of(role) {
                differs = new.bdds.restrict(differs, *variable, false)?;
            }
        }
    }
    if differs == Bdd::FALSE {
        return Ok(None);
    }
    definite = new.bdds.and(definite, differs)?;
    let only_old = unmatched_variables(&old, &new, before);
    let only_new = unmatched_variables(&new, &new, after);
    let without = |manager: &mut BddManager, function: Bdd, variables: &[u32]| {
        variables.iter().try_fold(function, |rest, variable| manager.restrict(rest, *variable, false))
    };
    // A subject to whom both versions give a known answer shows a difference better than one with unknown facts.
    let neither: Vec<u32> = only_old.iter().chain(&only_new).copied().collect();
    for (excluded, function) in [(&neither, definite), (&neither, differs), (&only_old, definite), (&only_old, differs)]
    {
        let rest = without(&mut new.bdds, function, excluded)?;
        if let Some(found) = smallest_assignment(&mut new, rest)? {
            let old = translate(after, before, &found);
            return Ok(Some(witness([before, after], item, [&old, &found], 1)));
        }
    }
    let mut rest = without(&mut new.bdds, definite, &only_new)?;
    if rest == Bdd::FALSE {
        rest = without(&mut new.bdds, differs, &only_new)?;
    }
    transfer(&mut new, &mut old);
    let found = smallest_assignment(&mut old, rest)?;
    Ok(found.map(|found| witness([before, after], item, [&found, &translate(before, after, &found)], 0)))
}

impl AlignedVersion<'_> {
    /// The grant of a role that stands for an inline one.
    fn inline_grant(&self, id: Id) -> Option<Grant> {
        let Id::Role(role) = id else { return None };
        let role = self.program.roles.get(role).filter(|role| role.id.starts_with(INLINE))?;
        role.grants.first().copied()
    }

    fn space<'s>(&'s self, empty: &'s State, budget: &Rc<Cell<usize>>) -> Symbolic<'s, SearchSpace<'s>> {
        let mut symbolic = SearchSpace::symbolic(self.studio.checked().resolved(), &self.program, empty, &self.domains);
        symbolic.inputs.share(budget);
        symbolic.inputs.aliases = Cow::Borrowed(&self.aliases);
        symbolic
    }
}

/// Moves the BDDs of one evaluation to another and shares the variables.
fn transfer(from: &mut Symbolic<SearchSpace>, to: &mut Symbolic<SearchSpace>) {
    to.bdds = std::mem::take(&mut from.bdds);
    to.inputs.variables = from.inputs.variables.clone();
}

fn unequal(manager: &mut BddManager, a: Bdd, b: Bdd) -> Answer<Bdd> {
    let (more, less) = (manager.and_not(a, b)?, manager.and_not(b, a)?);
    Ok(manager.or(more, less)?)
}

/// The decision of one version on an item, and the assignments in which it matters.
fn decision_function(
    symbolic: &mut Symbolic<SearchSpace>,
    studio: &Studio,
    item: &Item,
    side: usize,
) -> Answer<(Ternary, Bdd)> {
    let checked = studio.checked();
    let (document, exprs) = (checked.document(), checked.exprs());
    match item {
        Item::Operation(indices) => {
            let operation = indices.get(side).copied().unwrap_or(usize::MAX);
            Ok((symbolic.operation(operation)?, Bdd::TRUE))
        }
        Item::Requires(indices) => {
            let (privilege, part) = indices.get(side).copied().unwrap_or((usize::MAX, Part::Whole));
            let requirement = exprs.requirement(document, privilege, part).unwrap_or(Formula::All(Vec::new()));
            let required = symbolic.formula(&requirement)?;
            let granted = symbolic.inputs.granted(&mut symbolic.bdds, privilege, part)?;
            Ok((required, granted.yes))
        }
        Item::Role(indices) => {
            let when = indices.get(side).and_then(|role| exprs.when(document, *role));
            Ok((when.map_or(Ok(Ternary::NO), |when| symbolic.formula(&when))?, Bdd::TRUE))
        }
        Item::Obligation(indices) => {
            let (operation, owed) = indices.get(side).copied().unwrap_or((usize::MAX, None));
            let allowed = symbolic.operation(operation)?.yes;
            let when = owed.and_then(|owed| exprs.obligation(document, operation, owed));
            let owed = when.map_or(Ok(Ternary::NO), |when| symbolic.formula(&when))?;
            Ok((owed, allowed))
        }
    }
}

/// The assignment variables of the ids that have no counterpart.
fn unmatched_variables(
    of: &Symbolic<SearchSpace>,
    latest: &Symbolic<SearchSpace>,
    version: &AlignedVersion,
) -> Vec<u32> {
    let variables = &latest.inputs.variables;
    let variable = |id: &Id| variables.get(of.inputs.name(*id)).first().copied();
    version.unmatched.iter().filter_map(variable).collect()
}

fn smallest_assignment<'a>(symbolic: &mut Symbolic<'a, SearchSpace<'a>>, goal: Bdd) -> Answer<Option<Assignment>> {
    // Fewer ids come first. Among as many, grants are preferred to roles, whose definitions may differ between the
    // versions, then facts, and inline roles come last.
    let cost = |id: &Id| match id {
        Id::Privilege(_) => (*id, 1000),
        Id::Inline(..) => (*id, 1003),
        Id::Role(_) if symbolic.inputs.name(*id).starts_with(INLINE) => (*id, 1003),
        Id::Role(_) => (*id, 1001),
        Id::Fact(_) => (*id, 1002),
    };
    let costs = collect_map(symbolic.inputs.domains.keys().map(cost));
    let distance = |_, value: Option<u32>| (Ordering::Greater, 1 + u64::from(value.unwrap_or(0)));
    let found = SearchQuery::new(symbolic, &costs, &distance, goal)?.cheapest(1)?;
    Ok(found.and_then(|found| found.assignments.into_iter().next()))
}

/// The same assignment in the other version, without ids that have no counterpart.
fn translate(from: &AlignedVersion, to: &AlignedVersion, assignment: &Assignment) -> Assignment {
    let comparison_name = |version: &AlignedVersion, id: Id| {
        let name = || crate::studio::search::space::name(version.studio.policy().program(), id).into();
        version.aliases.get(&id).cloned().unwrap_or_else(name)
    };
    let ids_by_name = collect_map(to.domains.keys().map(|id| (comparison_name(to, *id), *id)));
    let value = |from: &Domain, to: &Domain, value: u32| match (from, to) {
        (Domain::OneOf(from), Domain::OneOf(to)) => {
            from.iter().position(|it| *it == Some(value)).and_then(|index| to.get(index).copied().flatten())
        }
        (Domain::Subset(from), Domain::Subset(to)) => {
            from.iter().position(|it| *it == value).and_then(|index| to.get(index).copied())
        }
        _ => None,
    };
    let translated = |(id, assigned): (&Id, &AssignedValue)| {
        let counterpart = ids_by_name.get(&comparison_name(from, *id))?;
        let (here, other) = (from.domains.get(id)?, to.domains.get(counterpart)?);
        let assigned = match assigned {
            AssignedValue::Toggle => AssignedValue::Toggle,
            AssignedValue::Value(it) => AssignedValue::Value(it.and_then(|it| value(here, other, it))),
            AssignedValue::Options(options) => {
                let option = |(option, held): &(u32, bool)| Some((value(here, other, *option)?, *held));
                AssignedValue::Options(options.iter().filter_map(option).collect())
            }
        };
        Some((*counterpart, assigned))
    };
    collect_map(assignment.iter().filter_map(translated))
}

/// The empty subject with the assignments.
fn subject(version: &AlignedVersion, assignment: &Assignment) -> Subject {
    let studio = version.studio;
    let mut subject = Subject::default();
    for (id, assigned) in assignment {
        let name = id_of(studio, *id);
        if let Some(grant) = version.inline_grant(*id) {
            let privilege = Id::Privilege(grant.privilege as usize);
            let grants = vec![(id_of(studio, privilege), value(studio, privilege, &[grant.value]))];
            subject.roles.push(RoleRef::Inline(grants));
            continue;
        }
        let values: Vec<u32> = match assigned {
            AssignedValue::Toggle => {
                subject.roles.push(RoleRef::Known(name));
                continue;
            }
            AssignedValue::Value(value) => value.iter().copied().collect(),
            AssignedValue::Options(options) => options.iter().filter(|(_, held)| *held).map(|(it, _)| *it).collect(),
        };
        let list = if matches!(id, Id::Fact(_)) { &mut subject.facts } else { &mut subject.grants };
        list.push((name, value(studio, *id, &values)));
    }
    subject
}

/// The witness of an assignment, in the ids of the version at `side`, with the decisions of both versions.
fn witness(versions: [&AlignedVersion; 2], item: &Item, assignments: [&Assignment; 2], witness_side: usize) -> Witness {
    let subjects: Vec<Subject> =
        versions.iter().zip(assignments).map(|(version, assignment)| subject(version, assignment)).collect();
    let sides = versions.iter().zip(&subjects);
    let decided =
        sides.map(|(version, subject)| Some((version.studio, version.studio.policy().session(subject).ok()?)));
    let decided: Vec<_> = decided.collect();
    let mut decisions = ["undecided"; 2];
    let mut owed = None;
    for (side, (decision, decided)) in decisions.iter_mut().zip(&decided).enumerate() {
        let Some((studio, session)) = decided else { continue };
        let (verdict, is_owed) = verdict(studio, session, item, side);
        *decision = sentences::decision(verdict);
        owed = is_owed;
    }
    let subject = subjects.into_iter().nth(witness_side).unwrap_or_default();
    Witness { subject, decisions, owed }
}

/// The decision of a session on an item, and whether the obligation is owed.
fn verdict(studio: &Studio, session: &Session, item: &Item, side: usize) -> (Verdict, Option<bool>) {
    let program = studio.policy().program();
    let operation = |index: usize| program.operations.get(index);
    match item {
        Item::Operation(indices) => {
            let operation = indices.get(side).and_then(|index| operation(*index));
            (operation.map_or(Verdict::Unknown, |it| session.verdict(it.decision)), None)
        }
        Item::Requires(indices) => {
            let Some((privilege, part)) = indices.get(side) else { return (Verdict::Unknown, None) };
            let index = if let Part::Value(value) = part { *value } else { 0 };
            let effect = program.privileges.get(*privilege).and_then(|it| it.effective.get(index));
            (effect.map_or(Verdict::Unknown, |effect| session.verdict(*effect)), None)
        }
        // The witness does not list the role, so it is held exactly if its `when` holds.
        Item::Role(indices) => {
            let role = indices.get(side).and_then(|index| program.roles.get(*index));
            (role.map_or(Verdict::Unknown, |role| session.verdict(role.held)), None)
        }
        Item::Obligation(indices) => {
            let Some((index, owed)) = indices.get(side) else { return (Verdict::Unknown, None) };
            let Some(operation) = operation(*index) else { return (Verdict::Unknown, None) };
            let owed = owed.and_then(|owed| operation.obligations.get(owed));
            let owed = owed.is_some_and(|owed| session.verdict(owed.owed) != Verdict::No);
            (session.verdict(operation.decision), Some(owed))
        }
    }
}
