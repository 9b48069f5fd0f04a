//! Warnings about policies that probably do not mean what their author intended. They are decided exactly, by BDDs over
//! all subjects, not by patterns in the text.

use super::analysis_limit::answer_or_report;
use super::contradictions::{self, described};
use super::decision_step::DecisionStep;
use super::formula::Formula;
use super::input::AnalysisInput;
use super::menu;
use super::monotone::{contingent_steps, is_contingent};
use super::privileges;
use super::resolved_expr::{ResolvedExpr, ResolvedExprKind, TestKind};
use super::symbolic::{AllSubjects, Answer, Inputs, Symbolic};
use super::without_grants;
use crate::bdd::{Bdd, Ternary};
use crate::diagnostic::{Code, Findings};
use crate::document::{Document, Operation};
use crate::source::{Pointer, ROOT};
use hashbrown::{HashMap, HashSet};
use litemap::LiteMap;
use std::collections::{BTreeMap, BTreeSet};

/// Runs all analyses. They and the proofs about `absent` values share one budget of
/// [`limits::ANALYSIS_STEPS`](crate::model::limits::ANALYSIS_STEPS) steps.
pub(super) fn analyse(input: &AnalysisInput, findings: &mut Findings) {
    constant_requirements(input, findings);
    redundant_alternatives(input, findings);
    equal_and_implied_operations(input, findings);
    privileges::unused(input, findings);
    privileges::never_granted(input, findings);
    menu::check(input, findings);
    without_grants::check(input, findings);
    privileges::whose_grant_takes_away(input, findings);
    differing_obligations(input, findings);
}

/// Reports operations that are never or always allowed, and dependencies of privileges and levels that never hold.
fn constant_requirements(input: &AnalysisInput, findings: &mut Findings) {
    let contingent = contingent_steps(input.document, input.exprs, &input.order.steps);
    for (index, (at, operation)) in input.document.operations.at(ROOT, "operations").enumerate() {
        if contingent.get(DecisionStep::Operation(index)) == Some(&true) {
            continue;
        }
        let at = at.at("requires");
        let decided = Symbolic::over_all_subjects(input, false).operation(index);
        match answer_or_report(decided, &at, "this operation is always or never allowed", findings) {
            Some(Ternary { yes: Bdd::FALSE, .. }) => {
                let expr = input.exprs.operations.get(index).and_then(Option::as_ref);
                let contradiction = expr.and_then(|expr| described(input.document, operation.requires.as_str(), expr));
                let reason = contradiction.unwrap_or_else(|| "no subject meets this requirement".into());
                let message = format!("operation `{}` is never allowed: {reason}", operation.id);
                findings.add(Code::NeverAllowed, &at, message, None);
            }
            Some(Ternary { no: Bdd::FALSE, .. }) => {
                let message =
                    format!("operation `{}` is always allowed: every subject meets this requirement", operation.id);
                findings.add(Code::AlwaysAllowed, &at, message, None);
            }
            _ => {}
        }
    }
    for (index, (at, privilege)) in input.document.privileges.at(ROOT, "privileges").enumerate() {
        let own = input.exprs.privileges.get(index).zip(privilege.requires.as_ref());
        let own = own.map(|(expr, requires)| (at, requires, expr));
        let levels = privilege.levels.at(&at, "levels").zip(input.exprs.levels.get(index).into_iter().flatten());
        let levels = levels.filter_map(|((at, level), expr)| Some((at, level.requires.as_ref()?, expr)));
        for (at, requires, expr) in own.into_iter().chain(levels) {
            let Some(expr) = expr else { continue };
            let formula = Formula::of(input.document, expr);
            if is_contingent(input.document, &formula, &contingent) {
                continue;
            }
            let at = at.at("requires");
            let decided = Symbolic::over_all_subjects(input, false).formula(&formula);
            if let Some(Ternary { yes: Bdd::FALSE, .. }) =
                answer_or_report(decided, &at, "this requirement can hold", findings)
            {
                let mut message = format!("no subject meets this requirement of privilege `{}`", privilege.id);
                if let Some(contradiction) = described(input.document, requires.as_str(), expr) {
                    message = format!("{message}: {contradiction}");
                }
                let help = Some("fix this requirement: a grant that depends on it never has an effect".into());
                findings.add(Code::DependencyNeverHolds, &at, message, help);
            }
        }
    }
}

/// Reports alternatives without which the requirement means the same. They are tried from last to first, so that the
/// later one of two equal alternatives is reported.
fn redundant_alternatives(input: &AnalysisInput, findings: &mut Findings) {
    input.requirements(&mut |at, expr| {
        let mut paths = Vec::new();
        collect_alternatives(expr, &mut Vec::new(), &mut paths);
        if paths.is_empty() {
            return;
        }
        let mut symbolic = Symbolic::over_all_subjects(input, true);
        let whole = symbolic.formula(&Formula::of(input.document, expr));
        let Some(whole) = answer_or_report(whole, at, "every alternative of this requirement is needed", findings)
        else {
            return;
        };
        let mut reduced = expr.clone();
        for (path, alternative) in paths.into_iter().rev() {
            let Some((span, shorter)) = without_alternative(&reduced, &path, alternative) else { continue };
            if symbolic.formula(&Formula::of(input.document, &shorter)) == Ok(whole) {
                let message = if contradicts_itself(input.document, &reduced, &path, alternative) {
                    "this alternative contradicts itself: no subject meets it"
                } else {
                    "this alternative is redundant: the other alternatives include it"
                };
                findings.add_within(Code::RedundantAlternative, at, &span, message.into(), Some("remove it".into()));
                reduced = shorter;
            }
        }
    });
}

/// Whether the alternative at this place of an expression demands a test and its opposite.
fn contradicts_itself(document: &Document, expr: &ResolvedExpr, path: &[usize], alternative: usize) -> bool {
    let mut place = Some(expr);
    for step in path.iter().chain([&alternative]) {
        place = place.and_then(|expr| expr.parts().get(*step));
    }
    place.is_some_and(|expr| contradictions::pair(document, expr).is_some())
}

/// Collects the alternatives of an expression: for each, the path of child indices to its disjunction or `in` test, and
/// its index there.
fn collect_alternatives(expr: &ResolvedExpr, path: &mut Vec<usize>, found: &mut Vec<(Vec<usize>, usize)>) {
    let count = match &expr.kind {
        ResolvedExprKind::Any(parts) => parts.len(),
        ResolvedExprKind::Test(test) => match &test.kind {
            TestKind::Options(_, options, _) => options.len(),
            _ => 0,
        },
        _ => 0,
    };
    if count > 1 {
        found.extend((0..count).map(|alternative| (path.clone(), alternative)));
    }
    for (index, part) in expr.parts().iter().enumerate() {
        path.push(index);
        collect_alternatives(part, path, found);
        path.pop();
    }
}

/// The expression without one alternative, and the byte range of that alternative. A removed part of a disjunction is
/// replaced by `false`, so that the indices of the others stay valid. `None` if no other alternative is left.
fn without_alternative(
    expr: &ResolvedExpr,
    path: &[usize],
    alternative: usize,
) -> Option<(std::ops::Range<usize>, ResolvedExpr)> {
    let mut shorter = expr.clone();
    let mut target = &mut shorter;
    for step in path {
        target = match &mut target.kind {
            ResolvedExprKind::All(parts) | ResolvedExprKind::Any(parts) => parts.get_mut(*step)?,
            ResolvedExprKind::Not(inner) => inner,
            ResolvedExprKind::Test(_) => return None,
        };
    }
    let constant_false = ResolvedExpr { span: 0..0, kind: ResolvedExprKind::Any(Vec::new()) };
    let span = match &mut target.kind {
        ResolvedExprKind::Any(parts) => {
            let left = parts.iter().filter(|part| **part != constant_false).count();
            let part = parts.get_mut(alternative).filter(|_| left > 1)?;
            std::mem::replace(part, constant_false).span
        }
        ResolvedExprKind::Test(test) => match &mut test.kind {
            TestKind::Options(_, options, _) if options.len() > 1 && alternative < test.options.len() => {
                options.remove(alternative);
                test.options.remove(alternative)
            }
            _ => return None,
        },
        _ => return None,
    };
    Some((span, shorter))
}

/// An operation on a menu item, with its BDD.
struct PlacedOperation<'a> {
    index: usize,
    operation: &'a Operation,
    decision: Ternary,
}

/// Reports operations with the same verbs, or none, on the same menu item that are allowed for the same subjects, or of which
/// one makes another superfluous (see [`implied_by`]). Different verbs are reason enough for two operations.
fn equal_and_implied_operations(input: &AnalysisInput, findings: &mut Findings) {
    let at = |index| input.document.operations.pointer(ROOT, "operations", index);
    let what = "another operation on its menu item makes this one superfluous";
    let mut reported = HashSet::new();
    let mut placed: HashMap<&str, BTreeMap<BTreeSet<&str>, Vec<_>>> = HashMap::new();
    for (index, operation) in input.document.operations.iter().enumerate() {
        for item in operation.menu.iter() {
            let of_item = placed.entry(item).or_default();
            let operations = of_item.entry(operation.verbs.iter().map(|verb| &**verb).collect()).or_default();
            if operations.last().is_none_or(|(last, _)| *last != index) {
                operations.push((index, operation));
            }
        }
    }
    let of_items = input.document.menu.iter().filter_map(|item| Some((item, placed.remove(&*item.id)?)));
    let alike: Vec<_> = of_items.flat_map(|(item, of_item)| of_item.into_values().map(move |it| (item, it))).collect();
    for (item, operations) in alike.into_iter().filter(|(_, operations)| operations.len() > 1) {
        let mut symbolic = Symbolic::over_all_subjects(input, true);
        let mut known: Vec<PlacedOperation> = Vec::new();
        for (index, operation) in operations {
            let Some(decision) = answer_or_report(symbolic.operation(index), &at(index).at("requires"), what, findings)
            else {
                continue;
            };
            known.push(PlacedOperation { index, operation, decision });
        }
        let mut first: LiteMap<(Bdd, Bdd), &PlacedOperation> = LiteMap::new_vec();
        for this in &known {
            let entry = at(this.index);
            let requires = entry.at("requires");
            let decision = (this.decision.yes, this.decision.no);
            let same = first.get(&decision).copied().unwrap_or(this);
            first.insert(decision, same);
            let (other, code, message) = if same.index != this.index {
                let (id, first_id, label) = (&this.operation.id, &same.operation.id, &item.label);
                let verbs = if this.operation.verbs.is_empty() { "" } else { " with the same verbs" };
                let message = format!(
                    "operation `{id}` is allowed exactly when `{first_id}` is, and both are on menu item `{label}`{verbs}"
                );
                (same, Code::EqualRequirement, message)
            } else if let Some(wider) =
                answer_or_report(implied_by(&mut symbolic, &known, this), &requires, what, findings).flatten()
            {
                let (id, wider_id, label) = (&this.operation.id, &wider.operation.id, &item.label);
                let verbs = if this.operation.verbs.is_empty() { "" } else { " with the same verbs" };
                let message = format!(
                    "operation `{id}` is allowed only when `{wider_id}` is, and both are on menu item `{label}`{verbs}"
                );
                (wider, Code::ImpliedOperation, message)
            } else {
                continue;
            };
            if !reported.insert((this.index, code)) {
                continue;
            }
            let help = match code {
                Code::EqualRequirement => "merge the two operations, or accept this warning in `allow`",
                _ => "give it another verb, or accept this warning in `allow`",
            };
            findings.add(code, &requires, message, Some(help.into()));
            findings.relate(&at(other.index).at("requires"), "the other operation".into());
        }
    }
}

/// An operation that makes this one superfluous: it is allowed whenever this one is, and in other cases, too, but not always. One satisfying assignment of this operation is evaluated first, which rules out
/// most pairs without building a BDD.
fn implied_by<'p, 'd>(
    symbolic: &mut Symbolic<AllSubjects>,
    known: &'p [PlacedOperation<'d>],
    this: &PlacedOperation,
) -> Answer<Option<&'p PlacedOperation<'d>>> {
    let Some(witness) = symbolic.bdds.any_satisfying(this.decision.yes).filter(|_| !this.operation.restricts) else {
        return Ok(None);
    };
    for other in known {
        let PlacedOperation { operation, decision, .. } = other;
        symbolic.inputs.spend(1)?;
        let bdds = &mut symbolic.bdds;
        if *decision != this.decision
            && decision.no != Bdd::FALSE
            && !operation.restricts
            && bdds.evaluate(decision.yes, &witness)
        {
            let implied = bdds.and_not(this.decision.yes, decision.yes) == Ok(Bdd::FALSE);
            symbolic.settle()?;
            if implied {
                return Ok(Some(other));
            }
        }
    }
    Ok(None)
}

/// Reports obligations that share an id but differ in label or `when`. Formulas are compared by structure, not by
/// meaning.
fn differing_obligations(input: &AnalysisInput, findings: &mut Findings) {
    let mut first: LiteMap<&str, (Pointer, &str, Formula)> = LiteMap::new_vec();
    let operations: Vec<_> = input.document.operations.at(ROOT, "operations").collect();
    for (index, (at, operation)) in operations.iter().enumerate() {
        for (place, (at, owed)) in operation.obligations.at(at, "obligations").enumerate() {
            let Some(when) = input.exprs.obligation(input.document, index, place) else { continue };
            match first.get(&*owed.id) {
                Some((_, label, same)) if *label == owed.label && *same == when => {}
                Some((other, ..)) => {
                    let message =
                        format!("obligation `{}` is declared elsewhere with another label or `when`", owed.id);
                    findings.add(
                        Code::ObligationDiffers,
                        &at,
                        message,
                        Some("use the same label and `when`, or another id".into()),
                    );
                    findings.relate(other, format!("`{}` is first declared here", owed.id));
                }
                None => {
                    first.insert(&owed.id, (at, &owed.label, when));
                }
            }
        }
    }
}
