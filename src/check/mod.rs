//! Checks a document: all faults are reported, not only the first. Only a document without errors becomes a
//! [`Checked`].

mod absent;
mod analysis;
mod analysis_limit;
mod checked;
mod comparisons;
mod conditions;
mod confusable;
mod contradictions;
mod decision_step;
mod formula;
mod graph;
mod inheritance;
mod input;
mod menu;
mod monotone;
mod names;
mod order;
mod polarity;
mod privileges;
mod references;
mod renamed;
mod resolve;
mod resolve_conditions;
mod resolved_expr;
mod resolved_exprs;
mod restricting;
mod rules;
mod shape;
mod symbolic;
mod without_grants;

pub use checked::Checked;
pub use comparisons::Comparisons;
pub use decision_step::{DecisionStep, PerStep, step};
pub use formula::{Atom, Formula, Part, parts};
pub use resolved_expr::{Operand, ResolvedExpr, ResolvedExprKind, Test, TestKind, Whose};
pub use resolved_exprs::ResolvedExprs;
pub use symbolic::{
    AnalysisError, Answer, GrantSource, Inputs, ResolvedPolicy, RoleQuery, Symbolic, evaluate_facts, granted,
};

use crate::diagnostic::{Code, Diagnostic, Findings, Severity};
use crate::document::Document;
use crate::model::limits;
use crate::source::{self, Files, Included, ROOT, SyntaxError, SyntaxErrorKind};
use hashbrown::HashMap;
use input::{AnalysisInput, formulas, granted_when};
use std::cell::Cell;

/// All errors and warnings about a document, in the order of the text. `spans` is whether the text is what the user
/// wrote; otherwise diagnostics have no spans. The analyses for warnings are limited by [`limits::ANALYSIS_STEPS`].
///
/// # Examples
/// ```
/// use privet::{Code, Severity};
///
/// let found = privet::check(r#"{
///   "format": 1, "id": "shop", "title": "Shop", "version": "1",
///   "operations": [{ "id": "orders.list", "label": "List orders", "requires": "true" }]
/// }"#, true);
/// assert_eq!((found[0].code, found[0].severity), (Code::AlwaysAllowed, Severity::Warning));
/// assert!(privet::check(privet::policies::CONTACT, false).is_empty());
/// ```
pub fn check(text: &str, spans: bool) -> Vec<Diagnostic> {
    check_files(text, &[], spans)
}

/// [`check`] of a document that includes files: pairs of name and text.
///
/// # Examples
/// ```
/// use privet::Code;
///
/// let document = r#"{ "format": 1, "id": "shop", "title": "Shop", "version": "1", "include": ["orders.jsonc"] }"#;
/// let orders = r#"{ "privileges": [{ "id": "orders", "kind": "flag", "label": "Orders" }] }"#;
/// let found = privet::check_files(document, &[("orders.jsonc", orders)], true);
/// assert_eq!((found[0].code, found[0].file.as_deref()), (Code::UnusedPrivilege, Some("orders.jsonc")));
/// assert_eq!(found[0].pointer, "/privileges/0");
/// ```
pub fn check_files(text: &str, files: &[(&str, &str)], spans: bool) -> Vec<Diagnostic> {
    run(text, files, spans, true).0
}

/// The checked document, or `None` if it has an error. The analyses that only yield warnings, which take most of the
/// time, are skipped.
pub fn checked(text: &str) -> Option<Checked> {
    checked_files(text, &[])
}

/// As `checked`, of a document that includes files: pairs of name and text.
pub fn checked_files(text: &str, files: &[(&str, &str)]) -> Option<Checked> {
    run(text, files, false, false).1
}

fn run(text: &str, files: &[(&str, &str)], spans: bool, analyse: bool) -> (Vec<Diagnostic>, Option<Checked>) {
    let first = match source::parse(text) {
        Ok(first) => first,
        Err(error) => {
            let files = Files::single(text);
            let mut findings = Findings::new(&files, spans, None);
            add_fault(&mut findings, error);
            return (findings.into_list(), None);
        }
    };
    let Included { source, faults, unused } = source::include(first, files);
    let mut findings = Findings::new(source.files(), spans, Some(source.root()));
    for comma in source.trailing_commas() {
        let help = Some("remove it: JSON has no comma after the last entry".into());
        findings.add_at(Code::Syntax, ROOT, Some(*comma), "trailing comma".into(), help);
    }
    for name in unused {
        let help = Some("add it to `include`".into());
        findings.add(Code::UnusedFile, ROOT, format!("file `{name}` is given and not included"), help);
    }
    if !faults.is_empty() {
        for fault in faults {
            add_fault(&mut findings, fault);
        }
        return (findings.into_list(), None);
    }
    let checked =
        Document::read(source.root(), &mut findings).and_then(|document| passes(document, analyse, &mut findings));
    (findings.into_list(), checked)
}

/// Reports why a text could not be parsed, or a file not be included.
fn add_fault(findings: &mut Findings, fault: SyntaxError) {
    let code = match fault.kind {
        SyntaxErrorKind::Syntax => Code::Syntax,
        SyntaxErrorKind::Limit => Code::LimitExceeded,
        SyntaxErrorKind::Missing => Code::MissingFile,
        SyntaxErrorKind::Value => Code::InvalidValue,
        SyntaxErrorKind::Key => Code::UnknownKey,
    };
    findings.add_at(code, ROOT, Some(fault.span), fault.message, fault.help);
}

fn passes(document: Document, analyse: bool, findings: &mut Findings) -> Option<Checked> {
    let names = names::Names::collect(&document, findings);
    shape::check(&document, &names, findings);
    references::check(&document, &names, findings);
    rules::check(&document, &names, findings);
    let renamed = renamed::resolve(&document, &names, findings);
    let grants = inheritance::join(&document, &names, findings);
    let exprs = ResolvedExprs { grants, ..ResolvedExprs::resolve(&document, &names, findings) };
    drop(names); // Names borrows the document, which is moved below.
    let order = order::order(&document, &exprs, findings);
    let restricting = restricting::find(&document, &exprs, findings);
    let comparisons = Comparisons::collect(&document, formulas(&document, &exprs));
    let granted_when = granted_when(&document, &exprs);
    let mut positions = PerStep::new(&document, None);
    (0..).zip(&order.steps).for_each(|(position, step)| positions.set(*step, Some(position)));
    let input = AnalysisInput {
        document: &document,
        exprs: &exprs,
        order: &order,
        resolved: ResolvedPolicy {
            document: &document,
            exprs: &exprs,
            positions: &positions,
            comparisons: &comparisons,
        },
        restricting: &restricting,
        comparisons: &comparisons,
        granted_when: &granted_when,
        steps_left: Cell::new(limits::ANALYSIS_STEPS),
    };
    absent::check(&input, findings);
    if analyse {
        confusable::check(&document, findings);
        analysis::analyse(&input, findings);
        remove_accepted(&document, findings);
    }
    if findings.has_errors() {
        return None;
    }
    Some(Checked { document, renamed, exprs, steps: order.steps, positions, restricting, comparisons })
}

/// Removes the warnings that `allow` entries accept, and reports the entries that accept none.
fn remove_accepted(document: &Document, findings: &mut Findings) {
    let mut used = vec![false; document.allow.len()];
    let mut places = HashMap::new();
    findings.remove_accepted(|found| {
        let accepted = document
            .allow
            .iter()
            .zip(&mut used)
            .find(|(allow, _)| allow.code == found.code.as_str() && allow.at == found.place);
        let is_accepted = accepted.map(|(_, used)| *used = true).is_some();
        if !is_accepted && found.pointer != found.place {
            places.insert((found.pointer.clone(), found.code.as_str()), found.place.clone());
        }
        is_accepted
    });
    let known = |code: &str| Code::ALL.iter().any(|it| it.as_str() == code && it.severity() == Severity::Warning);
    for ((at, allow), used) in document.allow.at(ROOT, "allow").zip(used) {
        if !used && known(&allow.code) {
            let message = format!("warning `{}` is not reported at `{}`", allow.code, allow.at);
            let named = places.get(&(allow.at.clone(), allow.code.as_str()));
            let help = match named {
                Some(place) => format!("`at` names entries by their ids: write `{place}`"),
                None => "remove this entry, or correct its `at`".into(),
            };
            findings.add(Code::UnusedAllow, &at, message, Some(help));
        }
    }
}
