//! Telling two versions of a policy apart.
//!
//! Both are decided over one set of variables; where they differ, the cheapest assignment is the smallest subject that
//! tells them apart.

use super::alignment::Version;
use super::item::Item;
use crate::bdd::{Bdd, BddManager, Ternary};
use crate::check::{Answer, Formula, Inputs, Part, Symbolic};
use crate::model::Verdict;
use crate::session::{RoleRef, Session, State, Subject};
use crate::studio::Studio;
use crate::studio::explain::english;
use crate::studio::fixes::candidates::value;
use crate::studio::search::solve::{Assigned, Assignment, Question};
use crate::studio::search::space::{Id, SearchSpace, Values, valid};
use crate::util::collect_map;

/// A subject for whom two versions differ.
pub(super) struct Witness {
    pub(super) subject: Subject,
    pub(super) decisions: [&'static str; 2],
    pub(super) owed: Option<bool>,
}

/// The smallest subject that tells two versions of an item apart, if there is one.
pub(super) fn tell_apart((early, late): &(Version, Version), item: &Item) -> Answer<Option<Witness>> {
    let nobody = State::default();
    let mut old = early.space(&nobody);
    let (old_is, old_counts) = functions(&mut old, early.studio, item, 0)?;
    let old_valid = valid(&mut old)?;
    let mut new = late.space(&nobody);
    hand_over(&mut old, &mut new);
    let (new_is, new_counts) = functions(&mut new, late.studio, item, 1)?;
    let new_valid = valid(&mut new)?;
    let logic = &mut new.bdds;
    let mut differs = if matches!(item, Item::Obligation(_)) {
        unequal(logic, old_is.no, new_is.no)?
    } else {
        let yes = unequal(logic, old_is.yes, new_is.yes)?;
        let no = unequal(logic, old_is.no, new_is.no)?;
        logic.or(yes, no)?
    };
    for condition in [old_valid, new_valid, old_counts, new_counts] {
        differs = logic.and(differs, condition)?;
    }
    // What a dependency means is one thing, what a role gives another: that shows in what becomes of the operations.
    if matches!(item, Item::Requires(_)) {
        for role in new.inputs.axes.keys().filter(|id| matches!(id, Id::Role(_))).copied().collect::<Vec<_>>() {
            if let [variable, ..] = new.inputs.variables_of(role) {
                differs = new.bdds.restrict(differs, *variable, false)?;
            }
        }
    }
    if differs == Bdd::FALSE {
        return Ok(None);
    }
    let only_old = alone(&old, &new, early);
    let only_new = alone(&new, &new, late);
    let without = |logic: &mut BddManager, variables: &[u32]| {
        variables.iter().try_fold(differs, |rest, variable| logic.restrict(rest, *variable, false))
    };
    let neither: Vec<u32> = only_old.iter().chain(&only_new).copied().collect();
    for hidden in [&neither, &only_old] {
        let rest = without(&mut new.bdds, hidden)?;
        if let Some(found) = smallest(&mut new, rest)? {
            let old = translate(late, early, &found);
            return Ok(Some(witness([early, late], item, [&old, &found], 1)));
        }
    }
    let rest = without(&mut new.bdds, &only_new)?;
    hand_over(&mut new, &mut old);
    let found = smallest(&mut old, rest)?;
    Ok(found.map(|found| witness([early, late], item, [&found, &translate(early, late, &found)], 0)))
}

impl Version<'_> {
    fn space<'s>(&'s self, nobody: &'s State) -> Symbolic<'s, SearchSpace<'s>> {
        let mut symbolic =
            SearchSpace::symbolic(self.studio.checked().meaning(), self.studio.policy().program(), nobody, &self.axes);
        symbolic.inputs.aliases.clone_from(&self.aliases);
        symbolic
    }
}

/// Goes on with the diagrams and variables of another space.
fn hand_over(from: &mut Symbolic<SearchSpace>, to: &mut Symbolic<SearchSpace>) {
    to.bdds = std::mem::take(&mut from.bdds);
    to.inputs.variables = from.inputs.variables.clone();
}

fn unequal(logic: &mut BddManager, a: Bdd, b: Bdd) -> Answer<Bdd> {
    let (more, less) = (logic.and_not(a, b)?, logic.and_not(b, a)?);
    Ok(logic.or(more, less)?)
}

/// What one version decides about an item, and where that counts.
fn functions(
    symbolic: &mut Symbolic<SearchSpace>,
    studio: &Studio,
    item: &Item,
    side: usize,
) -> Answer<(Ternary, Bdd)> {
    let checked = studio.checked();
    let (document, trees) = (checked.document(), checked.exprs());
    match item {
        Item::Operation(places) => {
            let operation = places.get(side).copied().unwrap_or(usize::MAX);
            Ok((symbolic.operation(operation)?, Bdd::TRUE))
        }
        Item::Requires(places) => {
            let (privilege, part) = places.get(side).copied().unwrap_or((usize::MAX, Part::Whole));
            let requirement = trees.requirement(document, privilege, part).unwrap_or(Formula::All(Vec::new()));
            let required = symbolic.formula(&requirement)?;
            let granted = symbolic.inputs.granted(&mut symbolic.bdds, privilege, part)?;
            Ok((required, granted.yes))
        }
        Item::Obligation(places) => {
            let (operation, owed) = places.get(side).copied().unwrap_or((usize::MAX, None));
            let allowed = symbolic.operation(operation)?.yes;
            let when = owed.and_then(|owed| trees.obligation(document, operation, owed));
            let owed = when.map_or(Ok(Ternary::NO), |when| symbolic.formula(&when))?;
            Ok((owed, allowed))
        }
    }
}

/// The variables that say that an id which only one version has is assigned.
fn alone(of: &Symbolic<SearchSpace>, latest: &Symbolic<SearchSpace>, version: &Version) -> Vec<u32> {
    let known = &latest.inputs.variables;
    let variable = |id: &Id| known.get(of.inputs.name(*id)).first().copied();
    version.alone.iter().filter_map(variable).collect()
}

fn smallest<'a>(symbolic: &mut Symbolic<'a, SearchSpace<'a>>, goal: Bdd) -> Answer<Option<Assignment>> {
    // A grant says more than a role, which may change; what is known of a fact comes last.
    let price = |id: &Id| match id {
        Id::Privilege(_) => (*id, 1000),
        Id::Role(_) => (*id, 1001),
        Id::Fact(_) => (*id, 1002),
    };
    let prices = collect_map(symbolic.inputs.axes.keys().map(price));
    let distance = |_, value: Option<u32>| u64::from(value.unwrap_or(0));
    let found = Question::new(symbolic, &prices, &distance, goal)?.cheapest(1)?;
    Ok(found.and_then(|found| found.assignments.into_iter().next()))
}

/// The same assignment in the other version; what only one has is left out.
fn translate(from: &Version, to: &Version, assignment: &Assignment) -> Assignment {
    let called = |version: &Version, id: Id| {
        let name = || crate::studio::search::space::name(version.studio.policy().program(), id).into();
        version.aliases.get(&id).cloned().unwrap_or_else(name)
    };
    let there = collect_map(to.axes.keys().map(|id| (called(to, *id), *id)));
    let value = |from: &Values, to: &Values, value: u32| match (from, to) {
        (Values::OneOf(from), Values::OneOf(to)) => {
            from.iter().position(|it| *it == Some(value)).and_then(|place| to.get(place).copied().flatten())
        }
        (Values::Each(from), Values::Each(to)) => {
            from.iter().position(|it| *it == value).and_then(|place| to.get(place).copied())
        }
        _ => None,
    };
    let one = |(id, assigned): (&Id, &Assigned)| {
        let twin = there.get(&called(from, *id))?;
        let (here, other) = (from.axes.get(id)?, to.axes.get(twin)?);
        let assigned = match assigned {
            Assigned::Flip => Assigned::Flip,
            Assigned::Value(it) => Assigned::Value(it.and_then(|it| value(here, other, it))),
            Assigned::Options(options) => {
                let option = |(option, held): &(u32, bool)| Some((value(here, other, *option)?, *held));
                Assigned::Options(options.iter().filter_map(option).collect())
            }
        };
        Some((*twin, assigned))
    };
    collect_map(assignment.iter().filter_map(one))
}

/// Somebody who has nothing else.
fn subject(studio: &Studio, assignment: &Assignment) -> Subject {
    let mut subject = Subject::default();
    for (id, assigned) in assignment {
        let name = crate::studio::fixes::candidates::id_of(studio, *id);
        let values: Vec<u32> = match assigned {
            Assigned::Flip => {
                subject.roles.push(RoleRef::Known(name));
                continue;
            }
            Assigned::Value(value) => value.iter().copied().collect(),
            Assigned::Options(options) => options.iter().filter(|(_, held)| *held).map(|(it, _)| *it).collect(),
        };
        let list = if matches!(id, Id::Fact(_)) { &mut subject.facts } else { &mut subject.grants };
        list.push((name, value(studio, *id, &values)));
    }
    subject
}

/// The subject of an assignment, in the words of the version at `told_by`, and what either version decides for it.
fn witness(versions: [&Version; 2], item: &Item, assignments: [&Assignment; 2], told_by: usize) -> Witness {
    let subjects: Vec<Subject> =
        versions.iter().zip(assignments).map(|(version, assignment)| subject(version.studio, assignment)).collect();
    let sides = versions.iter().zip(&subjects);
    let decided =
        sides.map(|(version, subject)| Some((version.studio, version.studio.policy().session(subject).ok()?)));
    let decided: Vec<_> = decided.collect();
    let mut decisions = ["undecided"; 2];
    let mut owed = None;
    for (side, (decision, decided)) in decisions.iter_mut().zip(&decided).enumerate() {
        let Some((studio, session)) = decided else { continue };
        let (verdict, is_owed) = verdict(studio, session, item, side);
        *decision = english::decision(verdict);
        owed = is_owed;
    }
    let subject = subjects.into_iter().nth(told_by).unwrap_or_default();
    Witness { subject, decisions, owed }
}

/// What a session decides about an item, and whether it is owed.
fn verdict(studio: &Studio, session: &Session, item: &Item, side: usize) -> (Verdict, Option<bool>) {
    let program = studio.policy().program();
    let operation = |place: usize| program.operations.get(place);
    match item {
        Item::Operation(places) => {
            let operation = places.get(side).and_then(|place| operation(*place));
            (operation.map_or(Verdict::Unknown, |it| session.verdict(it.decision)), None)
        }
        Item::Requires(places) => {
            let Some((privilege, part)) = places.get(side) else { return (Verdict::Unknown, None) };
            let place = if let Part::Value(value) = part { *value } else { 0 };
            let effect = program.privileges.get(*privilege).and_then(|it| it.effective.get(place));
            (effect.map_or(Verdict::Unknown, |effect| session.verdict(*effect)), None)
        }
        Item::Obligation(places) => {
            let Some((place, owed)) = places.get(side) else { return (Verdict::Unknown, None) };
            let Some(operation) = operation(*place) else { return (Verdict::Unknown, None) };
            let owed = owed.and_then(|owed| operation.obligations.get(owed));
            let owed = owed.is_some_and(|owed| session.verdict(owed.owed) != Verdict::No);
            (session.verdict(operation.decision), Some(owed))
        }
    }
}
