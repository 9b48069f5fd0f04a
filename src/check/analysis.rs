//! What a policy says that its author hardly meant: decided exactly, not guessed from patterns.

use super::decision_step::DecisionStep;
use super::formula::{Atom, Formula};
use super::model::Model;
use super::monotone::{is_plain, plain};
use super::resolved_expr::{Operand, ResolvedExpr, ResolvedExprKind, TestKind};
use super::symbolic::{AnalysisError, Answer, Symbolic};
use crate::bdd::{Bdd, BddManager, Ternary};
use crate::diagnostic::{Code, Findings};
use crate::document::Operation;
use crate::source::{Pointer, ROOT};
use hashbrown::HashSet;
use litemap::LiteMap;
use std::collections::BTreeSet;

pub(super) fn analyse(model: &Model, findings: &mut Findings) {
    constants(model, findings);
    alternatives(model, findings);
    equal_requirements(model, findings);
    unused(model, findings);
    takers(model, findings);
    obligations(model, findings);
}

/// Reports a question that was too large. One that rests on a fault has been reported by that fault.
fn unanswered<T>(answer: Result<T, AnalysisError>, at: &Pointer, what: &str, findings: &mut Findings) -> Option<T> {
    if matches!(answer, Err(AnalysisError::TooLarge)) && !findings.has(Code::AnalysisLimit) {
        let message = format!("too large to tell whether {what}; other questions may have gone unanswered too");
        findings.add(Code::AnalysisLimit, at, message, None);
    }
    answer.ok()
}

/// Never and always allowed; dependencies that never hold.
fn constants(model: &Model, findings: &mut Findings) {
    let plain = plain(model.document, model.exprs, &model.order.steps);
    for (index, (at, operation)) in model.document.operations.at(ROOT, "operations").enumerate() {
        if plain.get(DecisionStep::Operation(index)) == Some(&true) {
            continue;
        }
        let at = at.at("requires");
        let decided = Symbolic::of_everybody(model, false).operation(index);
        match unanswered(decided, &at, "it is always or never allowed", findings) {
            Some(Ternary { yes: Bdd::FALSE, .. }) => {
                let message = format!("operation `{}` is never allowed: no subject meets this", operation.id);
                findings.add(Code::NeverAllowed, &at, message, None);
            }
            Some(Ternary { no: Bdd::FALSE, .. }) => {
                let message = format!("operation `{}` is always allowed: every subject meets this", operation.id);
                findings.add(Code::AlwaysAllowed, &at, message, None);
            }
            _ => {}
        }
    }
    for (index, (at, privilege)) in model.document.privileges.at(ROOT, "privileges").enumerate() {
        let own = model.exprs.privileges.get(index).filter(|_| privilege.requires.is_some());
        let levels = privilege.levels.at(&at, "levels").zip(model.exprs.levels.get(index).into_iter().flatten());
        let levels = levels.filter(|((_, level), _)| level.requires.is_some()).map(|((at, _), tree)| (at, tree));
        for (at, tree) in own.map(|tree| (at, tree)).into_iter().chain(levels) {
            let Some(tree) = tree else { continue };
            let formula = Formula::of(model.document, tree);
            if is_plain(model.document, &formula, &plain) {
                continue;
            }
            let at = at.at("requires");
            let decided = Symbolic::of_everybody(model, false).formula(&formula);
            if let Some(Ternary { yes: Bdd::FALSE, .. }) = unanswered(decided, &at, "it can hold", findings) {
                let message = format!("no subject meets what `{}` requires here", privilege.id);
                let help = Some("no grant of it has an effect".into());
                findings.add(Code::DependencyNeverHolds, &at, message, help);
            }
        }
    }
}

/// Alternatives without which the requirement means the same, last first, so that of two equal ones the later is named.
fn alternatives(model: &Model, findings: &mut Findings) {
    model.requirements(&mut |at, tree| {
        let mut paths = Vec::new();
        branches(tree, &mut Vec::new(), &mut paths);
        if paths.is_empty() {
            return;
        }
        let mut symbolic = Symbolic::of_everybody(model, true);
        let whole = symbolic.formula(&Formula::of(model.document, tree));
        let Some(whole) = unanswered(whole, at, "all its alternatives are needed", findings) else { return };
        let mut reduced = tree.clone();
        for (path, last) in paths.into_iter().rev() {
            let Some((span, shorter)) = without(&reduced, &path, last) else { continue };
            if symbolic.formula(&Formula::of(model.document, &shorter)) == Ok(whole) {
                let message = "this alternative changes nothing: the others cover it".into();
                findings.add_within(Code::RedundantAlternative, at, &span, message, Some("leave it out".into()));
                reduced = shorter;
            }
        }
    });
}

/// The alternatives of a tree: the path to each branching, and which of its branches.
fn branches(tree: &ResolvedExpr, path: &mut Vec<usize>, found: &mut Vec<(Vec<usize>, usize)>) {
    let count = match &tree.kind {
        ResolvedExprKind::Any(parts) => parts.len(),
        ResolvedExprKind::Test(test) => match &test.kind {
            TestKind::Options(_, options, _) => options.len(),
            _ => 0,
        },
        _ => 0,
    };
    if count > 1 {
        found.extend((0..count).map(|branch| (path.clone(), branch)));
    }
    for (index, part) in tree.parts().iter().enumerate() {
        path.push(index);
        branches(part, path, found);
        path.pop();
    }
}

/// The tree without one alternative, and where that stood. Nothing where it is the last that is left.
fn without(tree: &ResolvedExpr, path: &[usize], branch: usize) -> Option<(std::ops::Range<usize>, ResolvedExpr)> {
    let mut shorter = tree.clone();
    let mut here = &mut shorter;
    for step in path {
        here = match &mut here.kind {
            ResolvedExprKind::All(parts) | ResolvedExprKind::Any(parts) => parts.get_mut(*step)?,
            ResolvedExprKind::Not(inner) => inner,
            ResolvedExprKind::Test(_) => return None,
        };
    }
    let never = ResolvedExpr { span: 0..0, kind: ResolvedExprKind::Any(Vec::new()) };
    let span = match &mut here.kind {
        ResolvedExprKind::Any(parts) => {
            let left = parts.iter().filter(|part| **part != never).count();
            let part = parts.get_mut(branch).filter(|_| left > 1)?;
            std::mem::replace(part, never).span
        }
        ResolvedExprKind::Test(test) => match &mut test.kind {
            TestKind::Options(_, options, _) if options.len() > 1 && branch < test.options.len() => {
                options.remove(branch);
                test.options.remove(branch)
            }
            _ => return None,
        },
        _ => return None,
    };
    Some((span, shorter))
}

/// What two operations on one menu item have to do with each other.
struct Placed<'a> {
    index: usize,
    operation: &'a Operation,
    meaning: Ternary,
    verbs: Vec<&'a str>,
}

/// Operations on one menu item that mean the same, or of which one says nothing there that another does not.
fn equal_requirements(model: &Model, findings: &mut Findings) {
    let at = |index| model.document.operations.pointer(ROOT, "operations", index);
    let what = "others on its menu item mean the same";
    let mut reported = HashSet::new();
    let mut placed: LiteMap<&str, Vec<_>> = LiteMap::new_vec();
    for (index, operation) in model.document.operations.iter().enumerate() {
        for item in operation.menu.iter() {
            let here = placed.entry(item).or_default();
            if here.last().is_none_or(|(last, _)| *last != index) {
                here.push((index, operation));
            }
        }
    }
    for item in &*model.document.menu {
        let Some(here) = placed.get_mut(&*item.id).map(std::mem::take).filter(|here| here.len() > 1) else { continue };
        let mut symbolic = Symbolic::of_everybody(model, true);
        let mut known: Vec<Placed> = Vec::new();
        for (index, operation) in here {
            let Some(meaning) = unanswered(symbolic.operation(index), &at(index).at("requires"), what, findings) else {
                continue;
            };
            let verbs = operation.verbs.iter().map(|verb| &**verb).collect();
            known.push(Placed { index, operation, meaning, verbs });
        }
        let mut first: LiteMap<(Bdd, Bdd), &Placed> = LiteMap::new_vec();
        for this in &known {
            let here = at(this.index);
            let here = here.at("requires");
            let meaning = (this.meaning.yes, this.meaning.no);
            let same = first.get(&meaning).copied().unwrap_or(this);
            first.insert(meaning, same);
            let (other, code, message) = if same.index != this.index {
                let (id, first_id, label) = (&this.operation.id, &same.operation.id, &item.label);
                let message =
                    format!("`{id}` is allowed exactly when `{first_id}` is, on the same menu item `{label}`");
                (same, Code::EqualRequirement, message)
            } else if let Some(wider) =
                unanswered(wider(model, &mut symbolic.bdds, &known, this), &here, what, findings).flatten()
            {
                let (id, wider_id, label) = (&this.operation.id, &wider.operation.id, &item.label);
                let message = format!(
                    "`{id}` is allowed only when `{wider_id}` is, which does the same on the menu item `{label}`"
                );
                (wider, Code::ImpliedOperation, message)
            } else {
                continue;
            };
            if !reported.insert((this.index, code)) {
                continue;
            }
            let help = match code {
                Code::EqualRequirement => "make them one operation, or accept this with the reason for keeping both",
                _ => "give it a verb of its own, or accept this with the reason for keeping both",
            };
            findings.add(code, &here, message, Some(help.into()));
            findings.relate(&at(other.index).at("requires"), "the other one".into());
        }
    }
}

/// An operation with every verb of this one that is allowed whenever this one is, and not only then. One that is not for
/// somebody who may do this is none: that is seen at once, and spares most pairs the exact question.
fn wider<'p, 'd>(
    model: &Model,
    bdds: &mut BddManager,
    known: &'p [Placed<'d>],
    this: &Placed,
) -> Answer<Option<&'p Placed<'d>>> {
    let Some(witness) = bdds.any_satisfying(this.meaning.yes).filter(|_| !this.operation.restricts) else {
        return Ok(None);
    };
    for other in known {
        let Placed { operation, meaning, verbs, .. } = other;
        if *meaning != this.meaning
            && meaning.no != Bdd::FALSE
            && !operation.restricts
            && bdds.evaluate(meaning.yes, &witness)
            && this.verbs.iter().all(|verb| verbs.contains(verb))
        {
            model.spend(1)?;
            if bdds.and_not(this.meaning.yes, meaning.yes) == Ok(Bdd::FALSE) {
                return Ok(Some(other));
            }
        }
    }
    Ok(None)
}

/// Privileges that no requirement, guide or change rule reads.
fn unused(model: &Model, findings: &mut Findings) {
    if findings.has_broken() || model.exprs.have_faults() {
        return; // what could not be read may be what reads them
    }
    let mut read = BTreeSet::new();
    for formula in model.formulas() {
        formula.atoms(&mut |atom, _| {
            if let Atom::Effective(privilege, _) = atom {
                read.insert(privilege);
            }
        });
    }
    for tree in model.exprs.rules.iter().flatten() {
        against(tree, &mut read);
    }
    let mut seen = HashSet::new();
    for (index, (at, privilege)) in model.document.privileges.at(ROOT, "privileges").enumerate() {
        if !privilege.id.is_empty() && seen.insert(&privilege.id) && !read.contains(&index) {
            let message = format!("nothing reads privilege `{}`", privilege.id);
            let help = Some("no grant of it has an effect".into());
            findings.add(Code::UnusedPrivilege, &at, message, help);
        }
    }
}

/// Privileges that change rules compare with somebody else's.
fn against(tree: &ResolvedExpr, read: &mut BTreeSet<usize>) {
    tree.parts().iter().for_each(|part| against(part, read));
    if let ResolvedExprKind::Test(test) = &tree.kind
        && let TestKind::CompareSubjects(left, _, _, right) = &test.kind
    {
        let privilege = |owner: &Operand| match owner {
            Operand::Privilege(privilege) => Some(*privilege),
            Operand::Fact(_) => None,
        };
        read.extend([left, right].into_iter().filter_map(privilege));
    }
}

/// Restricting privileges whose grant takes an operation away from somebody.
fn takers(model: &Model, findings: &mut Findings) {
    let restricting = |index: &usize| model.restricting.get(*index) == Some(&true);
    for index in (0..model.document.privileges.len()).filter(restricting) {
        let at = model.document.privileges.pointer(ROOT, "privileges", index);
        let parts = model.document.privileges.get(index).map_or(1, |privilege| privilege.levels.len().max(1));
        let resting = model.resting_on((0..parts).map(|level| DecisionStep::Effect(index, level)));
        let operations = resting.into_iter().filter_map(|step| match step {
            DecisionStep::Operation(operation) => Some(operation),
            DecisionStep::Effect(..) => None,
        });
        for operation in operations {
            let taken = takes(model, operation, index);
            if unanswered(taken, &at, "granting it can take something away", findings) == Some(true) {
                let id = |id: &str| String::from(id);
                let privilege = model.document.privileges.get(index).map(|it| id(&it.id)).unwrap_or_default();
                let operation = model.document.operations.get(operation).map(|it| id(&it.id)).unwrap_or_default();
                let message = format!("granting `{privilege}` can take something away: `{operation}`");
                let help =
                    "administrators expect a grant to open, not to close: say it as a restriction, and accept this";
                findings.add(Code::GrantTakesAway, &at, message, Some(help.into()));
                break;
            }
        }
    }
}

fn takes(model: &Model, operation: usize, privilege: usize) -> Result<bool, AnalysisError> {
    let mut symbolic = Symbolic::of_everybody(model, false);
    let Ternary { yes, .. } = symbolic.operation(operation)?;
    for variable in symbolic.inputs.variables_of(privilege) {
        let without = symbolic.bdds.restrict(yes, variable, false)?;
        let with = symbolic.bdds.restrict(yes, variable, true)?;
        if symbolic.bdds.and_not(without, with)? != Bdd::FALSE {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Obligations that share an id but not a meaning.
fn obligations(model: &Model, findings: &mut Findings) {
    let mut first: LiteMap<&str, (Pointer, &str, Formula)> = LiteMap::new_vec();
    let operations: Vec<_> = model.document.operations.at(ROOT, "operations").collect();
    for (index, (at, operation)) in operations.iter().enumerate() {
        for (place, (at, owed)) in operation.obligations.at(at, "obligations").enumerate() {
            let Some(when) = model.exprs.obligation(model.document, index, place) else { continue };
            match first.get(&*owed.id) {
                Some((_, label, same)) if *label == owed.label && *same == when => {}
                Some((other, ..)) => {
                    let message = format!("obligation `{}` means something else elsewhere", owed.id);
                    findings.add(Code::ObligationDiffers, &at, message, Some("give it another id".into()));
                    findings.relate(other, "it is first declared here".into());
                }
                None => {
                    first.insert(&owed.id, (at, &owed.label, when));
                }
            }
        }
    }
}
