//! Warnings about comparisons that hold for somebody who is granted nothing.
//!
//! `desk != south`, `plan < gold` and `plan <= gold` hold where nothing is granted, which is easily overlooked: an operation
//! that reads them may then be open to everybody. A comparison is reported where it is not negated and is a part of what can
//! allow its operation to somebody without any grant: every other part of each `and` around it can hold for them, too. Facts may
//! have any value there, each test by itself; roles that facts assume count as not held. Operations that restrict are meant to
//! apply to those who hold little, and are left out. `not` is not reported: it says what it means.

use super::decision_step::DecisionStep;
use super::formula::{Atom, Formula};
use super::input::AnalysisInput;
use super::resolved_expr::{Operand, ResolvedExpr, ResolvedExprKind, Test, TestKind};
use crate::diagnostic::{Code, Findings};
use crate::document::{Document, Op};
use crate::source::ROOT;
use std::ops::Range;

/// Whether something can be true and can be false for somebody who is granted nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Possible {
    yes: bool,
    no: bool,
}

/// Reports the comparisons. O(document).
pub(super) fn check(input: &AnalysisInput, findings: &mut Findings) {
    let (document, exprs) = (input.document, input.exprs);
    let mut operations = vec![Possible { yes: false, no: true }; document.operations.len()];
    for step in &input.order.steps {
        if let DecisionStep::Operation(index) = *step
            && let Some(formula) = exprs.operation(document, index)
        {
            let decided = possible(&formula, &operations);
            operations.get_mut(index).into_iter().for_each(|it| *it = decided);
        }
    }
    for (index, (at, operation)) in document.operations.at(ROOT, "operations").enumerate() {
        let Some(Some(expr)) = exprs.operations.get(index).filter(|_| !operation.restricts) else { continue };
        let mut found = Vec::new();
        comparisons(document, expr, &operations, &mut found);
        for (span, privilege) in found {
            let id = document.privileges.get(privilege).map_or("", |it| &*it.id);
            let message = format!(
                "this holds for somebody who is granted no `{id}`, so operation `{}` can be allowed without it",
                operation.id
            );
            let help = format!(
                "add what must be granted, as in `{}`, or accept this warning in `allow`",
                example(document, privilege)
            );
            findings.add_within(Code::HoldsWithoutGrant, &at.at("requires"), &span, message, Some(help));
        }
    }
}

/// A test that only somebody with a grant of the privilege meets.
fn example(document: &Document, privilege: usize) -> String {
    let Some(declared) = document.privileges.get(privilege) else { return String::new() };
    let values = declared.values();
    match values.first() {
        Some(first) if !declared.levels.is_empty() => format!("{} >= {first}", declared.id),
        Some(first) => format!("{} = {first}", declared.id),
        None => format!("{} is set", declared.id),
    }
}

fn possible(formula: &Formula, operations: &[Possible]) -> Possible {
    let of = |part: &Formula| possible(part, operations);
    match formula {
        Formula::All(parts) => parts.iter().map(of).fold(Possible { yes: true, no: false }, |all, part| Possible {
            yes: all.yes && part.yes,
            no: all.no || part.no,
        }),
        Formula::Any(parts) => parts.iter().map(of).fold(Possible { yes: false, no: true }, |any, part| Possible {
            yes: any.yes || part.yes,
            no: any.no && part.no,
        }),
        Formula::Not(inner) => {
            let Possible { yes, no } = of(inner);
            Possible { yes: no, no: yes }
        }
        Formula::Atom(Atom::Fact(..)) => Possible { yes: true, no: true },
        Formula::Atom(Atom::Effective(..)) => Possible { yes: false, no: true },
        Formula::Atom(Atom::Allowed(operation)) => {
            operations.get(*operation).copied().unwrap_or(Possible { yes: false, no: true })
        }
    }
}

/// Collects the comparisons of a requirement that can be a part of what allows it, each with its byte range and privilege. Those
/// of a condition have the range of the condition's id.
fn comparisons(
    document: &Document,
    expr: &ResolvedExpr,
    operations: &[Possible],
    found: &mut Vec<(Range<usize>, usize)>,
) {
    if !possible(&Formula::of(document, expr), operations).yes {
        return;
    }
    match &expr.kind {
        ResolvedExprKind::All(parts) | ResolvedExprKind::Any(parts) => {
            for part in parts {
                comparisons(document, part, operations, found);
            }
        }
        ResolvedExprKind::Not(_) => {}
        ResolvedExprKind::Test(Test { kind: TestKind::Condition(_, tree), .. }) => {
            let mut of_condition = Vec::new();
            comparisons(document, tree, operations, &mut of_condition);
            found.extend(of_condition.into_iter().take(1).map(|(_, privilege)| (expr.span.clone(), privilege)));
        }
        ResolvedExprKind::Test(test) => found.extend(compared(test).map(|privilege| (expr.span.clone(), privilege))),
    }
}

/// The privilege of a comparison that may hold without a grant.
const fn compared(test: &Test) -> Option<usize> {
    match test.kind {
        TestKind::Level(Operand::Privilege(privilege), Op::Below | Op::AtMost | Op::NotEqual, _)
        | TestKind::Options(Operand::Privilege(privilege), _, true)
        | TestKind::Number(Operand::Privilege(privilege), Op::NotEqual, _) => Some(privilege),
        _ => None,
    }
}
