//! Warnings about privileges: that nothing reads, that no role grants, and whose grant takes an operation away.

use super::analysis_limit::answer_or_report;
use super::decision_step::DecisionStep;
use super::formula::Atom;
use super::input::AnalysisInput;
use super::resolved_expr::{Operand, ResolvedExpr, ResolvedExprKind, TestKind};
use super::symbolic::{AnalysisError, Symbolic};
use crate::bdd::{Bdd, Ternary};
use crate::diagnostic::{Code, Findings};
use crate::document::GrantedThrough;
use crate::model::Value;
use crate::source::ROOT;
use hashbrown::HashSet;
use std::collections::BTreeSet;

/// Reports privileges that no requirement, guide or change rule reads. Skipped if a part of the document could not be
/// read, since that part may read them.
pub(super) fn unused(input: &AnalysisInput, findings: &mut Findings) {
    if findings.has_broken() || input.exprs.have_faults() {
        return;
    }
    let mut read = BTreeSet::new();
    for formula in input.formulas() {
        formula.atoms(&mut |atom, _| {
            if let Atom::Effective(privilege, _) = atom {
                read.insert(privilege);
            }
        });
    }
    for expr in input.exprs.rules.iter().flatten() {
        compared_privileges(expr, &mut read);
    }
    let mut seen = HashSet::new();
    for (index, (at, privilege)) in input.document.privileges.at(ROOT, "privileges").enumerate() {
        if !privilege.id.is_empty() && seen.insert(&privilege.id) && !read.contains(&index) {
            let message = format!("no requirement reads privilege `{}`", privilege.id);
            let help = Some("a grant of it has no effect: read it in a requirement, or remove it".into());
            findings.add(Code::UnusedPrivilege, &at, message, help);
        }
    }
}

/// Reports privileges that only roles grant where no role of the document does. Skipped if a part of the document could not
/// be read, since that part may grant them.
pub(super) fn never_granted(input: &AnalysisInput, findings: &mut Findings) {
    if findings.has_broken() {
        return;
    }
    let is_grant = |value: &Value| *value != Value::Flag(false) && *value != Value::List(Vec::new());
    let grants = input.document.roles.iter().flat_map(|role| role.grants.iter());
    let granted: HashSet<&str> = grants.filter(|(_, value)| is_grant(value)).map(|(id, _)| &**id).collect();
    for (at, privilege) in input.document.privileges.at(ROOT, "privileges") {
        if privilege.granted_through == Some(GrantedThrough::Role) && !granted.contains(&*privilege.id) {
            let message = format!("privilege `{}` is granted only through roles, and no role grants it", privilege.id);
            let help = Some("grant it in a role, or accept this if only roles made at run time grant it".into());
            findings.add(Code::NeverGranted, &at, message, help);
        }
    }
}

/// Collects the privileges in comparisons between subjects. Such comparisons are not part of formulas.
fn compared_privileges(expr: &ResolvedExpr, read: &mut BTreeSet<usize>) {
    expr.parts().iter().for_each(|part| compared_privileges(part, read));
    if let ResolvedExprKind::Test(test) = &expr.kind
        && let TestKind::CompareSubjects(left, _, _, right) = &test.kind
    {
        let privilege = |operand: &Operand| match operand {
            Operand::Privilege(privilege) => Some(*privilege),
            Operand::Fact(_) => None,
        };
        read.extend([left, right].into_iter().filter_map(privilege));
    }
}

/// Reports restricting privileges whose grant makes an operation no longer allowed for some subject. One diagnostic for
/// each privilege.
pub(super) fn whose_grant_takes_away(input: &AnalysisInput, findings: &mut Findings) {
    let restricting = |index: &usize| input.restricting.get(*index) == Some(&true);
    for index in (0..input.document.privileges.len()).filter(restricting) {
        let at = input.document.privileges.pointer(ROOT, "privileges", index);
        let parts = input.document.privileges.get(index).map_or(1, |privilege| privilege.levels.len().max(1));
        let dependent = input.dependents_of((0..parts).map(|level| DecisionStep::Effect(index, level)));
        let what = "a grant of this privilege can make an operation no longer allowed";
        let Some(dependent) = answer_or_report(dependent.map_err(AnalysisError::from), &at, what, findings) else {
            continue;
        };
        let operations = dependent.into_iter().filter_map(|step| match step {
            DecisionStep::Operation(operation) => Some(operation),
            DecisionStep::Effect(..) => None,
        });
        for operation in operations {
            let taken = can_take_away(input, operation, index);
            if answer_or_report(taken, &at, what, findings) == Some(true) {
                let id = |id: &str| String::from(id);
                let privilege = input.document.privileges.get(index).map(|it| id(&it.id)).unwrap_or_default();
                let operation = input.document.operations.get(operation).map(|it| id(&it.id)).unwrap_or_default();
                let message = format!("granting `{privilege}` can make operation `{operation}` no longer allowed");
                let help =
                    "a grant is expected to allow more: label it as a restriction, and accept this warning in `allow`";
                findings.add(Code::GrantTakesAway, &at, message, Some(help.into()));
                break;
            }
        }
    }
}

/// Whether some subject loses an operation when one variable of the privilege changes from false to true.
fn can_take_away(input: &AnalysisInput, operation: usize, privilege: usize) -> Result<bool, AnalysisError> {
    let mut symbolic = Symbolic::over_all_subjects(input, false);
    let Ternary { yes, .. } = symbolic.operation(operation)?;
    for variable in symbolic.inputs.variables_of(privilege) {
        let without = symbolic.bdds.restrict(yes, variable, false)?;
        let with = symbolic.bdds.restrict(yes, variable, true)?;
        let taken = symbolic.bdds.and_not(without, with)?;
        symbolic.settle()?;
        if taken != Bdd::FALSE {
            return Ok(true);
        }
    }
    Ok(false)
}
