//! Resolves conditions, each after those that it reads.

use super::conditions::{Condition, Conditions, exceeded};
use super::graph::{describe_cycle, topological};
use super::resolve::{Context, Resolver};
use super::resolved_expr::{ResolvedExpr, ResolvedExprKind, TestKind};
use crate::diagnostic::Code;
use crate::document::{Expression, ExpressionKind, RawTest};
use crate::source::ROOT;
use crate::util::sort;
use std::sync::Arc;

/// Resolves all conditions, each after those that it reads, and reports cycles. O(document).
pub(super) fn resolve(resolver: &mut Resolver) {
    let document = resolver.document;
    let reads: Vec<Vec<usize>> =
        document.conditions.iter().map(|it| read_by(resolver, it.requires.parse().ok())).collect();
    let (order, cycles) = topological(&reads);
    resolver.conditions.0 = vec![None; document.conditions.len()];
    for condition in order {
        let resolved = condition_at(resolver, condition);
        resolver.conditions.0.get_mut(condition).into_iter().for_each(|it| it.clone_from(&resolved));
    }
    for cycle in cycles {
        let name = |index: &usize| document.conditions.get(*index).map(|it| format!("`{}`", it.id)).unwrap_or_default();
        let message = describe_cycle("condition", "requires", &cycle.iter().map(name).collect::<Vec<_>>());
        let at = document.conditions.pointer(ROOT, "conditions", cycle.first().copied().unwrap_or_default());
        let help = Some("remove one of these requirements".into());
        resolver.findings.add(Code::Cycle, &at.at("requires"), message, help);
    }
}

/// The conditions that a requirement reads directly, without duplicates.
fn read_by(resolver: &Resolver, requirement: Option<Expression>) -> Vec<usize> {
    let mut found = Vec::new();
    let mut pending: Vec<Expression> = requirement.into_iter().collect();
    while let Some(expression) = pending.pop() {
        match expression.kind {
            ExpressionKind::All(parts) | ExpressionKind::Any(parts) => pending.extend(parts),
            ExpressionKind::Not(inner) => pending.push(*inner),
            ExpressionKind::Test(RawTest::Held(id)) => found.extend(resolver.names.conditions.get(id.text)),
            ExpressionKind::Test(_) => {}
        }
    }
    sort::sort(&mut found);
    found.dedup();
    found
}

fn condition_at(resolver: &mut Resolver, index: usize) -> Option<Condition> {
    let declared = resolver.document.conditions.get(index)?;
    let at = resolver.document.conditions.pointer(ROOT, "conditions", index);
    let at = at.at("requires");
    let tree = resolver.requirement(&at, &declared.requires, Context::Requirement)?;
    let reads_facts_only = reads_facts_only(&tree, &resolver.conditions);
    let (tests, depth) = resolver.conditions.size_of(&tree);
    // A condition that is another name for one test is nested, too: what reads it in place recurses.
    let size = (tests, depth.saturating_add(usize::from(matches!(tree.kind, ResolvedExprKind::Test(_)))));
    if let Some(message) = exceeded(size) {
        resolver.findings.add(Code::LimitExceeded, &at, message, Some("use smaller conditions".into()));
        return None;
    }
    Some(Condition { tree: Arc::new(tree), reads_facts_only, size })
}

fn reads_facts_only(tree: &ResolvedExpr, conditions: &Conditions) -> bool {
    match &tree.kind {
        ResolvedExprKind::Test(test) => match &test.kind {
            TestKind::On(_) => true,
            TestKind::Condition(condition, _) => conditions.get(*condition).is_none_or(|it| it.reads_facts_only),
            TestKind::Level(operand, ..) | TestKind::Options(operand, ..) | TestKind::Number(operand, ..) => {
                operand.is_fact()
            }
            TestKind::Held(_) | TestKind::IsSet(_) | TestKind::Allowed(_) | TestKind::CompareSubjects(..) => false,
        },
        _ => tree.parts().iter().all(|part| reads_facts_only(part, conditions)),
    }
}
