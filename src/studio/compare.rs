//! Comparing two versions of a policy by what they mean: for whom they decide otherwise, however they are written.
//!
//! Both are decided over one set of variables; where they differ, the cheapest assignment is the smallest subject that
//! tells them apart.

use super::Studio;
use super::candidates::value;
use super::shared::{Version, versions};
use super::solve::{Assigned, Assignment, Question};
use super::space::{Id, Space, Values, valid};
use super::touched::Touched;
use crate::check::{Answer, Atom, Formula, Inputs, Part, Symbolic, parts};
use crate::ground::{Gather, Verdict};
use crate::logic::{Diagram, Diagrams, Pair};
use crate::session::{RoleRef, Session, State, Subject};
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// What two versions of a policy mean differently.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PolicyDifference {
    /// Ids that only the later one has; a level or option as `privilege/level`.
    pub added: Vec<String>,
    /// Ids that only the earlier one has.
    pub removed: Vec<String>,
    /// What the later one declares as renamed: by what it was, what it is.
    pub renamed: BTreeMap<String, String>,
    /// What is decided otherwise for somebody.
    pub changed: Vec<Difference>,
    /// Operations, privileges and obligations about which the question was too large to be answered.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unanswered: Vec<String>,
}

/// Something that is decided otherwise for somebody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The operation, or the privilege whose requirement changed.
    pub id: String,
    /// What has changed about it.
    pub kind: DifferenceKind,
    /// The obligation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub obligation: Option<String>,
    /// The level or option.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    /// The smallest subject that tells the two apart, in the words of the later version. It has what only one version
    /// knows only where nothing else tells them apart.
    pub witness: Subject,
    /// What the earlier version decides about it: of a requirement, whether the grant has its effect; of an obligation,
    /// whether the operation is allowed.
    pub before: &'static str,
    /// What the later version decides.
    pub after: &'static str,
    /// Of an obligation, whether the later version asks for it; the earlier one then does not, or the reverse.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owed: Option<bool>,
}

/// What has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DifferenceKind {
    /// For whom an operation is allowed or denied.
    Operation,
    /// When a grant has an effect.
    Requires,
    /// When an obligation is owed.
    Obligation,
}

/// Something that both versions decide: by its place in either.
#[derive(Clone, Debug)]
enum Item {
    Operation([usize; 2]),
    Requires([(usize, Part); 2]),
    Obligation([(usize, Option<usize>); 2]),
}

impl Item {
    /// Whether the versions may decide it differently.
    fn may_differ(&self, before: &Studio, after: &Studio, touched: &Touched) -> bool {
        let pair = |of: [Option<Formula>; 2]| {
            let [old, new] = of;
            touched.differ(after, old.as_ref(), new.as_ref())
        };
        let operation = |place: usize| Some(Formula::Atom(Atom::Allowed(place)));
        let [early, late] = [before.checked(), after.checked()];
        match *self {
            Self::Operation([old, new]) => pair([operation(old), operation(new)]),
            Self::Requires([(old, old_part), (new, new_part)]) => pair([
                early.trees().requirement(early.document(), old, old_part),
                late.trees().requirement(late.document(), new, new_part),
            ]),
            Self::Obligation([(old, old_owed), (new, new_owed)]) => {
                pair([operation(old), operation(new)])
                    || pair([
                        old_owed.and_then(|owed| early.trees().obligation(early.document(), old, owed)),
                        new_owed.and_then(|owed| late.trees().obligation(late.document(), new, owed)),
                    ])
            }
        }
    }
}

impl Studio {
    /// What a later version of this policy means differently: for each operation, requirement and obligation the
    /// smallest subject that tells the two apart. O(operations × size of their diagrams).
    pub fn compare(&self, after: &Self) -> PolicyDifference {
        let mut difference = PolicyDifference::default();
        let renamed = &after.checked().document().renamed;
        let (old, new) = (names(self), names(after));
        let is_renamed = |(from, to): &(&str, &str)| old.contains(*from) && new.contains(*to);
        let pairs = renamed.iter().map(|(from, to)| (&**from, &**to)).filter(is_renamed);
        difference.renamed = pairs.map(|(from, to)| (from.into(), to.into())).gather();
        let is_new = |id: &&String| !difference.renamed.values().any(|to| to == *id);
        difference.added = new.difference(&old).filter(is_new).cloned().collect();
        difference.removed = old.difference(&new).filter(|id| !difference.renamed.contains_key(*id)).cloned().collect();
        let versions = versions(self, after);
        let touched = Touched::between(self, after);
        let items = items(self, after, &difference.renamed);
        for (item, mut found) in items.into_iter().filter(|(item, _)| item.may_differ(self, after, &touched)) {
            match tell_apart(&versions, &item) {
                Ok(None) => {}
                Ok(Some(witness)) => {
                    found.witness = witness.subject;
                    [found.before, found.after] = witness.decisions;
                    found.owed = witness.owed;
                    difference.changed.push(found);
                }
                Err(_) => difference.unanswered.push(found.obligation.unwrap_or(found.id)),
            }
        }
        difference
    }
}

/// All ids of a policy, levels and options too.
fn names(studio: &Studio) -> BTreeSet<String> {
    let program = studio.policy().program();
    let privileges =
        program.privileges.iter().flat_map(|it| it.values.iter().map(|value| format!("{}/{value}", it.id)));
    let options = program.facts.iter().flat_map(|it| it.options.iter().map(|value| format!("{}/{value}", it.id)));
    let plain = program.facts.ids().chain(program.privileges.ids()).chain(program.roles.ids());
    let plain = plain.chain(program.operations.ids()).chain(program.menu.ids()).map(String::from);
    plain.chain(privileges).chain(options).gather()
}

/// Everything that both versions decide.
fn items(before: &Studio, after: &Studio, renamed: &BTreeMap<String, String>) -> Vec<(Item, Difference)> {
    let (old, new) = (before.policy().program(), after.policy().program());
    let called = |id: &String| renamed.get(id).cloned().unwrap_or_else(|| id.clone());
    let blank = |id: &String, kind| Difference {
        id: id.clone(),
        kind,
        obligation: None,
        level: None,
        witness: Subject::default(),
        before: "",
        after: "",
        owed: None,
    };
    let mut items = Vec::new();
    for (early, privilege) in old.privileges.iter().enumerate() {
        let id = called(&privilege.id);
        let Some(late) = new.privileges.find(&id) else { continue };
        let Some(twin) = new.privileges.get(late).filter(|twin| twin.kind == privilege.kind) else { continue };
        for part in parts(before.checked().document(), early) {
            let level = if let Part::Value(value) = part { privilege.values.get(value) } else { None };
            let twin_part = match level {
                Some(level) => twin.values.iter().position(|value| value == level).map(Part::Value),
                None => Some(part),
            };
            if let Some(twin_part) = twin_part {
                let item = Item::Requires([(early, part), (late, twin_part)]);
                items.push((item, Difference { level: level.cloned(), ..blank(&id, DifferenceKind::Requires) }));
            }
        }
    }
    for (early, operation) in old.operations.iter().enumerate() {
        let id = called(&operation.id);
        let Some(late) = new.operations.find(&id) else { continue };
        items.push((Item::Operation([early, late]), blank(&id, DifferenceKind::Operation)));
        let twins = new.operations.get(late).map(|it| it.obligations.as_slice()).unwrap_or_default();
        let place = |owed: &[crate::program::Obligation], id: &String| owed.iter().position(|it| it.id == *id);
        let all: BTreeSet<&String> = operation.obligations.iter().chain(twins).map(|owed| &owed.id).gather();
        for owed in all {
            let item = Item::Obligation([(early, place(&operation.obligations, owed)), (late, place(twins, owed))]);
            let obligation = Some(owed.clone());
            items.push((item, Difference { obligation, ..blank(&id, DifferenceKind::Obligation) }));
        }
    }
    items
}

/// A subject for whom two versions differ.
struct Witness {
    subject: Subject,
    decisions: [&'static str; 2],
    owed: Option<bool>,
}

/// The smallest subject that tells two versions of an item apart, if there is one.
fn tell_apart((early, late): &(Version, Version), item: &Item) -> Answer<Option<Witness>> {
    let nobody = State::default();
    let mut old = early.space(&nobody);
    let (old_is, old_counts) = functions(&mut old, early.studio, item, 0)?;
    let old_valid = valid(&mut old)?;
    let mut new = late.space(&nobody);
    hand_over(&mut old, &mut new);
    let (new_is, new_counts) = functions(&mut new, late.studio, item, 1)?;
    let new_valid = valid(&mut new)?;
    let logic = &mut new.diagrams;
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
                differs = new.diagrams.given(differs, *variable, false)?;
            }
        }
    }
    if differs == Diagram::NO {
        return Ok(None);
    }
    let only_old = alone(&old, &new, early);
    let only_new = alone(&new, &new, late);
    let without = |logic: &mut Diagrams, variables: &[u32]| {
        variables.iter().try_fold(differs, |rest, variable| logic.given(rest, *variable, false))
    };
    let neither: Vec<u32> = only_old.iter().chain(&only_new).copied().collect();
    for hidden in [&neither, &only_old] {
        let rest = without(&mut new.diagrams, hidden)?;
        if let Some(found) = smallest(&mut new, rest)? {
            let old = translate(late, early, &found);
            return Ok(Some(witness([early, late], item, [&old, &found], 1)));
        }
    }
    let rest = without(&mut new.diagrams, &only_new)?;
    hand_over(&mut new, &mut old);
    let found = smallest(&mut old, rest)?;
    Ok(found.map(|found| witness([early, late], item, [&found, &translate(early, late, &found)], 0)))
}

impl Version<'_> {
    fn space<'s>(&'s self, nobody: &'s State) -> Symbolic<'s, Space<'s>> {
        let mut symbolic =
            Space::symbolic(self.studio.checked().meaning(), self.studio.policy().program(), nobody, &self.axes);
        symbolic.inputs.aliases.clone_from(&self.aliases);
        symbolic
    }
}

/// Goes on with the diagrams and variables of another space.
fn hand_over(from: &mut Symbolic<Space>, to: &mut Symbolic<Space>) {
    to.diagrams = core::mem::take(&mut from.diagrams);
    to.inputs.variables = from.inputs.variables.clone();
}

fn unequal(logic: &mut Diagrams, a: Diagram, b: Diagram) -> Answer<Diagram> {
    let (more, less) = (logic.and_not(a, b)?, logic.and_not(b, a)?);
    Ok(logic.or(more, less)?)
}

/// What one version decides about an item, and where that counts.
fn functions(symbolic: &mut Symbolic<Space>, studio: &Studio, item: &Item, side: usize) -> Answer<(Pair, Diagram)> {
    let checked = studio.checked();
    let (document, trees) = (checked.document(), checked.trees());
    match item {
        Item::Operation(places) => {
            let operation = places.get(side).copied().unwrap_or(usize::MAX);
            Ok((symbolic.operation(operation)?, Diagram::YES))
        }
        Item::Requires(places) => {
            let (privilege, part) = places.get(side).copied().unwrap_or((usize::MAX, Part::Whole));
            let requirement = trees.requirement(document, privilege, part).unwrap_or(Formula::All(Vec::new()));
            let required = symbolic.formula(&requirement)?;
            let granted = symbolic.inputs.granted(&mut symbolic.diagrams, privilege, part)?;
            Ok((required, granted.yes))
        }
        Item::Obligation(places) => {
            let (operation, owed) = places.get(side).copied().unwrap_or((usize::MAX, None));
            let allowed = symbolic.operation(operation)?.yes;
            let when = owed.and_then(|owed| trees.obligation(document, operation, owed));
            let owed = when.map_or(Ok(Pair::NO), |when| symbolic.formula(&when))?;
            Ok((owed, allowed))
        }
    }
}

/// The variables that say that an id which only one version has is assigned.
fn alone(of: &Symbolic<Space>, latest: &Symbolic<Space>, version: &Version) -> Vec<u32> {
    let known = &latest.inputs.variables;
    let variable = |id: &Id| known.get(of.inputs.name(*id)).first().copied();
    version.alone.iter().filter_map(variable).collect()
}

fn smallest<'a>(symbolic: &mut Symbolic<'a, Space<'a>>, goal: Diagram) -> Answer<Option<Assignment>> {
    // A grant says more than a role, which may change; what is known of a fact comes last.
    let price = |id: &Id| match id {
        Id::Privilege(_) => (*id, 1000),
        Id::Role(_) => (*id, 1001),
        Id::Fact(_) => (*id, 1002),
    };
    let prices: BTreeMap<Id, u64> = symbolic.inputs.axes.keys().map(price).gather();
    let distance = |_, value: Option<u32>| u64::from(value.unwrap_or(0));
    let found = Question::new(symbolic, &prices, &distance, goal)?.cheapest(1)?;
    Ok(found.and_then(|found| found.assignments.into_iter().next()))
}

/// The same assignment in the other version; what only one has is left out.
fn translate(from: &Version, to: &Version, assignment: &Assignment) -> Assignment {
    let called = |version: &Version, id: Id| {
        let name = || super::space::name(version.studio.policy().program(), id).into();
        version.aliases.get(&id).cloned().unwrap_or_else(name)
    };
    let there: BTreeMap<String, Id> = to.axes.keys().map(|id| (called(to, *id), *id)).gather();
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
    assignment.iter().filter_map(one).gather()
}

/// Somebody who has nothing else.
fn subject(studio: &Studio, assignment: &Assignment) -> Subject {
    let mut subject = Subject::default();
    for (id, assigned) in assignment {
        let name = super::candidates::id_of(studio, *id);
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
        *decision = match verdict {
            Verdict::Yes => "allowed",
            Verdict::No => "denied",
            Verdict::Unknown => "undecided",
        };
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
