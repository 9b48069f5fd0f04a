//! Checking: every fault of a document in one pass over all of it. Only what has no error becomes a [`Checked`].

mod absent;
mod analysis;
mod comparisons;
mod decision_step;
mod formula;
mod monotone;
mod names;
mod order;
mod references;
mod resolve;
mod resolved_expr;
mod resolved_exprs;
mod restricting;
mod rules;
mod shape;
mod symbolic;

pub use comparisons::Comparisons;
pub use decision_step::{DecisionStep, PerStep, step};
pub use formula::{Atom, Formula, Part, parts};
pub use resolved_expr::{Operand, ResolvedExpr, ResolvedExprKind, Test, TestKind, Whose};
pub use resolved_exprs::ResolvedExprs;
pub use symbolic::{AnalysisError, Answer, GrantSource, Inputs, Meaning, RoleQuery, Symbolic, granted, of_facts};

use crate::bdd::TooLarge;
use crate::diagnostic::{Code, Diagnostic, Findings, Severity};
use crate::document::Document;
use crate::model::limits;
use crate::source::{self, Pointer, ROOT};
use order::Order;
use std::cell::Cell;
use std::collections::BTreeSet;

/// A document without errors, with its requirements resolved and in order. Only [`checked`] makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checked {
    document: Document,
    trees: ResolvedExprs,
    steps: Vec<DecisionStep>,
    positions: PerStep<Option<usize>>,
    restricting: Vec<bool>,
    comparisons: Comparisons,
}

impl Checked {
    /// The document.
    pub const fn document(&self) -> &Document {
        &self.document
    }

    /// Its requirements.
    pub const fn trees(&self) -> &ResolvedExprs {
        &self.trees
    }

    /// Everything that is decided, each after what it reads.
    pub fn steps(&self) -> &[DecisionStep] {
        &self.steps
    }

    /// What its requirements mean.
    pub const fn meaning(&self) -> Meaning<'_> {
        let Self { document, trees, positions, comparisons, .. } = self;
        Meaning { document, trees, positions, comparisons }
    }

    /// Whether the privilege at this index is restricting.
    pub fn is_restricting(&self, privilege: usize) -> bool {
        self.restricting.get(privilege) == Some(&true)
    }

    /// The comparisons that it makes with numbers.
    pub const fn comparisons(&self) -> &Comparisons {
        &self.comparisons
    }
}

/// What the passes after resolving read.
struct Model<'a> {
    document: &'a Document,
    trees: &'a ResolvedExprs,
    order: &'a Order,
    meaning: Meaning<'a>,
    restricting: &'a [bool],
    comparisons: &'a Comparisons,
    /// Steps that the analysis may still take.
    steps_left: Cell<usize>,
}

/// Everything that is wrong with a document, in the order of the text. `spans` says whether the text is what the user
/// wrote, so that places in it mean something.
pub fn check(text: &str, spans: bool) -> Vec<Diagnostic> {
    run(text, spans, true).0
}

/// What compiling needs of checking: a document without errors, or nothing. The questions of which only warnings come, which
/// can take longer than all else, are not asked.
pub fn checked(text: &str) -> Option<Checked> {
    run(text, false, false).1
}

fn run(text: &str, spans: bool, analyse: bool) -> (Vec<Diagnostic>, Option<Checked>) {
    let shown = spans.then_some(text);
    let source = match source::parse(text) {
        Ok(source) => source,
        Err(error) => {
            let mut findings = Findings::new(shown, None);
            let code = if error.limit { Code::LimitExceeded } else { Code::Syntax };
            findings.add_at(code, ROOT, Some(error.span), error.message, error.help);
            return (findings.into_list(), None);
        }
    };
    let mut findings = Findings::new(shown, Some(source.root()));
    let checked =
        Document::read(source.root(), &mut findings).and_then(|document| passes(document, analyse, &mut findings));
    (findings.into_list(), checked)
}

fn passes(document: Document, analyse: bool, findings: &mut Findings) -> Option<Checked> {
    let names = names::Names::collect(&document, findings);
    shape::check(&document, &names, findings);
    references::check(&document, &names, findings);
    rules::check(&document, &names, findings);
    let trees = ResolvedExprs::resolve(&document, &names, findings);
    drop(names); // it borrows the document, which is moved at the end
    let order = order::order(&document, &trees, findings);
    let restricting = restricting::restricting(&document, &trees, findings);
    let comparisons = Comparisons::collect(&document, formulas(&document, &trees));
    let mut positions = PerStep::new(&document, None);
    (0..).zip(&order.steps).for_each(|(position, step)| positions.set(*step, Some(position)));
    let model = Model {
        document: &document,
        trees: &trees,
        order: &order,
        meaning: Meaning { document: &document, trees: &trees, positions: &positions, comparisons: &comparisons },
        restricting: &restricting,
        comparisons: &comparisons,
        steps_left: Cell::new(limits::ANALYSIS_STEPS),
    };
    absent::absent(&model, findings);
    if analyse {
        analysis::analyse(&model, findings);
        accept(&document, findings);
    }
    if findings.has_errors() {
        return None;
    }
    Some(Checked { document, trees, steps: order.steps, positions, restricting, comparisons })
}

/// Drops the warnings that the document accepts, and reports acceptances of warnings that were not given.
fn accept(document: &Document, findings: &mut Findings) {
    let mut used = vec![false; document.allow.len()];
    findings.accept(|found| {
        let accepted = document
            .allow
            .iter()
            .zip(&mut used)
            .find(|(allow, _)| allow.code == found.code.as_str() && allow.at == found.pointer);
        accepted.map(|(_, used)| *used = true).is_some()
    });
    let known = |code: &str| Code::ALL.iter().any(|it| it.as_str() == code && it.severity() == Severity::Warning);
    for ((at, allow), used) in document.allow.at(ROOT, "allow").zip(used) {
        if !used && known(&allow.code) {
            let message = format!("warning `{}` is not given at `{}`", allow.code, allow.at);
            findings.add(Code::UnusedAllow, &at, message, Some("take this entry away, or mend its `at`".into()));
        }
    }
}

/// Every formula of a document but those of change rules that compare two people.
fn formulas<'a>(document: &'a Document, trees: &'a ResolvedExprs) -> impl Iterator<Item = Formula> + 'a {
    let privileges = trees.privileges.iter().chain(trees.levels.iter().flatten());
    let operations = trees.operations.iter().chain(trees.obligations.iter().flatten());
    let guides = trees.guides.iter().flatten().chain(&trees.rules);
    let roles = trees.roles.iter().flatten().flatten();
    let all = privileges.chain(operations).chain(guides).flatten().chain(roles);
    all.map(|tree| Formula::of(document, tree))
}

impl<'a> Model<'a> {
    fn formulas(&self) -> impl Iterator<Item = Formula> + 'a {
        formulas(self.document, self.trees)
    }

    /// Visits the requirements that a session reads, with where they stand.
    fn requirements(&self, visit: &mut dyn FnMut(&Pointer, &'a ResolvedExpr)) {
        let (document, trees) = (self.document, self.trees);
        let mut add = |at: Pointer, tree: Option<&'a Option<ResolvedExpr>>| {
            tree.and_then(Option::as_ref).into_iter().for_each(|tree| visit(&at, tree));
        };
        for (index, (at, privilege)) in document.privileges.at(ROOT, "privileges").enumerate() {
            add(at.at("requires"), trees.privileges.get(index));
            for (tree, (at, _)) in trees.levels.get(index).into_iter().flatten().zip(privilege.levels.at(&at, "levels"))
            {
                add(at.at("requires"), Some(tree));
            }
        }
        for (index, (at, _)) in document.roles.at(ROOT, "roles").enumerate() {
            add(at.at("when"), trees.roles.get(index).and_then(Option::as_ref));
        }
        for (index, (at, operation)) in document.operations.at(ROOT, "operations").enumerate() {
            add(at.at("requires"), trees.operations.get(index));
            let owed = operation.obligations.at(&at, "obligations");
            for (tree, (at, _)) in trees.obligations.get(index).into_iter().flatten().zip(owed) {
                add(at.at("when"), Some(tree));
            }
        }
        for (index, (at, guide)) in document.guides.at(ROOT, "guides").enumerate() {
            for (tree, (at, _)) in trees.guides.get(index).into_iter().flatten().zip(guide.steps.at(&at, "steps")) {
                add(at.at("done"), Some(tree));
            }
        }
    }

    fn step(&self, atom: Atom) -> Option<DecisionStep> {
        step(self.document, atom)
    }

    /// Takes steps of the analysis, if as many are left.
    fn spend(&self, steps: usize) -> Result<(), TooLarge> {
        let left = self.steps_left.get().checked_sub(steps);
        self.steps_left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(TooLarge)
    }

    /// These steps and all that rest, however indirectly, on one of them.
    fn resting_on(&self, steps: impl Iterator<Item = DecisionStep>) -> BTreeSet<DecisionStep> {
        let mut seen = BTreeSet::new();
        let mut waiting: Vec<DecisionStep> = steps.collect();
        while let Some(step) = waiting.pop() {
            if seen.insert(step) {
                waiting.extend(self.order.readers.get(step).into_iter().flatten());
            }
        }
        seen
    }
}
