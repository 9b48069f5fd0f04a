//! Fixes: the smallest changes after which an operation is allowed, or denied. All of them, and exactly.
//!
//! The decision becomes a diagram over everything that may be assigned; its cheapest ways to *yes* are the fixes. A bound on
//! the size of diagrams is the only thing that makes an answer incomplete, and the answer says so.

use super::candidates::{Asked, Candidates, Terms, distance_from, id_of};
use super::change::{FixStep, StepKind};
use super::options::{FixOptions, Goal};
use crate::check::{Answer, Atom, Formula, Symbolic};
use crate::ground::Set;
use crate::ground::sort::sort_by_key;
use crate::ground::{Gather, Verdict};
use crate::logic::Diagram;
use crate::session::{Change, Session, SubjectError};
use crate::studio::Studio;
use crate::studio::changes::preview::Preview;
use crate::studio::somebody::cone::Cone;
use crate::studio::somebody::solve::{Question, Solved};
use crate::studio::somebody::space::{Id, Space};
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// A change of least cost after which an operation is what it is to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fix {
    /// The change; [`Session::with`] accepts it.
    pub change: Change,
    /// The sum of what its assignments cost: each id once.
    pub cost: u64,
    /// The change step by step.
    pub steps: Vec<FixStep>,
    /// Everything that it does.
    #[serde(rename = "sideEffects")]
    pub side_effects: Preview,
    /// The steps in plain English.
    pub sentence: String,
}

/// The smallest fixes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FixResult {
    /// Each verified by deciding again.
    pub fixes: Vec<Fix>,
    /// Whether these are all of the smallest.
    pub complete: bool,
    /// Whether none is smaller.
    pub minimal: bool,
    /// The bound that stopped the search.
    #[serde(rename = "stoppedBy", skip_serializing_if = "Option::is_none")]
    pub stopped_by: Option<&'static str>,
    /// Where there is none: what is frozen and stands in the way.
    #[serde(rename = "blockedBy")]
    pub blocked_by: Vec<String>,
}

/// What is to be the case.
pub(super) struct Wanted {
    pub(super) operations: Vec<usize>,
    pub(super) to: Goal,
}

impl Wanted {
    pub(super) fn formulas(&self) -> impl Iterator<Item = Formula> + '_ {
        self.operations.iter().map(|operation| Formula::Atom(Atom::Allowed(*operation)))
    }

    /// Whether it is the case.
    pub(super) fn holds(&self, session: &Session) -> bool {
        let wanted = match self.to {
            Goal::Allowed => Verdict::Yes,
            Goal::Denied => Verdict::No,
        };
        let decision = |operation: &usize| session.program().operations.get(*operation).map(|it| it.decision);
        self.operations.iter().all(|it| decision(it).is_some_and(|decision| session.verdict(decision) == wanted))
    }

    /// Where it is the case.
    pub(super) fn goal(&self, symbolic: &mut Symbolic<Space>) -> Answer<Diagram> {
        let mut goal = Diagram::YES;
        for operation in &self.operations {
            let decided = symbolic.operation(*operation)?;
            let part = if self.to == Goal::Allowed { decided.yes } else { decided.no };
            goal = symbolic.diagrams.and(goal, part)?;
        }
        Ok(goal)
    }
}

/// What frozen ids cost where the question is which of them stand in the way: more than everything else together.
const FROZEN: u64 = 1 << 40;

impl Studio {
    /// All smallest changes of a session of this policy after which the operation is allowed, or denied. O(size of the
    /// operation's decision diagram), bounded by [`limits`](crate::ground::limits).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    pub fn fixes(&self, session: &Session, operation: &str, options: &FixOptions) -> Result<FixResult, SubjectError> {
        session.decide(operation)?;
        let operations: Vec<usize> = self.policy().program().operations.find(operation).into_iter().listed();
        let restricts = |it: &usize| self.policy().program().operations.get(*it).is_some_and(|it| it.restricts);
        let opens_nothing = operations.iter().any(restricts);
        let wanted = Wanted { operations, to: options.to };
        let terms = options.terms(self)?;
        if opens_nothing && !wanted.holds(session) {
            return Ok(FixResult::none());
        }
        Ok(self.smallest(session, &wanted, &terms, options.most()))
    }

    /// The smallest changes after which everything that is wanted holds.
    pub(super) fn smallest(&self, session: &Session, wanted: &Wanted, terms: &Terms, limit: usize) -> FixResult {
        let mut result = FixResult::none();
        match self.search(session, wanted, terms, limit) {
            Ok(Some(solved)) => self.add(&mut result, session, wanted, terms, &solved),
            Ok(None) if terms.frozen.is_empty() => {}
            Ok(None) => match self.frozen_in_the_way(session, wanted, terms) {
                Ok(ids) => result.blocked_by = ids.into_iter().map(|id| id_of(self, id)).listed(),
                Err(_) => result.stop("diagram-size"),
            },
            Err(_) => {
                result.stop("diagram-size");
                let found = self.reduce(session, wanted, terms);
                let solved = |(cost, assignment)| Solved { cost, assignments: [assignment].into(), complete: false };
                if let Some(solved) = found.map(solved) {
                    self.add(&mut result, session, wanted, terms, &solved);
                }
            }
        }
        result
    }

    /// The candidates of a question.
    pub(super) fn candidates(&self, session: &Session, wanted: &Wanted, terms: &Terms) -> Candidates {
        let program = self.policy().program();
        let cone = Cone::of(self.checked().meaning(), program, wanted.formulas());
        Candidates::of(Asked { studio: self, session, cone: &cone, terms, to: wanted.to })
    }

    fn search(&self, session: &Session, wanted: &Wanted, terms: &Terms, limit: usize) -> Answer<Option<Solved>> {
        if wanted.holds(session) {
            return Ok(Some(Solved::nothing()));
        }
        self.cheapest(session, wanted, self.candidates(session, wanted, terms), limit)
    }

    fn cheapest(
        &self,
        session: &Session,
        wanted: &Wanted,
        candidates: Candidates,
        limit: usize,
    ) -> Answer<Option<Solved>> {
        self.beyond_forced(session, wanted, candidates, |with, candidates| {
            Ok(self.solve(with, session, wanted, candidates, limit)?.into_iter().listed())
        })
        .map(|mut solved| solved.pop())
    }

    /// Answers a question about a session that has what is forced, and adds that to the answers again.
    pub(super) fn beyond_forced(
        &self,
        session: &Session,
        wanted: &Wanted,
        mut candidates: Candidates,
        ask: impl FnOnce(&Session, &Candidates) -> Answer<Vec<Solved>>,
    ) -> Answer<Vec<Solved>> {
        let forced = self.forced(session, wanted, &candidates);
        if forced.is_empty() {
            return ask(session, &candidates);
        }
        // What is forced may need something else beside it: a switch may assume a role that clashes with another.
        let Ok(with) = session.with(&self.change(session, &forced)) else { return ask(session, &candidates) };
        candidates.axes.retain(|id, _| !forced.contains_key(id));
        let paid: u64 = forced.keys().filter_map(|id| candidates.prices.get(id)).sum();
        let mut found = ask(&with, &candidates)?;
        for solved in &mut found {
            solved.cost += paid;
            for assignment in &mut solved.assignments {
                assignment.extend(forced.iter().map(|(id, assigned)| (*id, assigned.clone())));
            }
        }
        Ok(found)
    }

    /// The cheapest of the candidates' assignments to a session; what is near is measured from another one.
    fn solve(
        &self,
        session: &Session,
        from: &Session,
        wanted: &Wanted,
        candidates: &Candidates,
        limit: usize,
    ) -> Answer<Option<Solved>> {
        if wanted.holds(session) {
            return Ok(Some(Solved::nothing()));
        }
        let symbolic = &mut self.space(session, candidates);
        let goal = wanted.goal(symbolic)?;
        let distance = |id, value| distance_from(self, from, id, value);
        Question::new(symbolic, &candidates.prices, &distance, goal)?.cheapest(limit)
    }

    /// The decisions as functions of what may be assigned.
    pub(super) fn space<'a>(&'a self, session: &'a Session, candidates: &'a Candidates) -> Symbolic<'a, Space<'a>> {
        Space::symbolic(self.checked().meaning(), self.policy().program(), session.state(), &candidates.axes)
    }

    /// The frozen ids that would have to change, by the cheapest ways.
    fn frozen_in_the_way(&self, session: &Session, wanted: &Wanted, terms: &Terms) -> Answer<Set<Id>> {
        let thawed = Terms { frozen: Set::new(), ..terms.clone() };
        let mut candidates = self.candidates(session, wanted, &thawed);
        for (_, price) in candidates.prices.iter_mut().filter(|(id, _)| terms.frozen.contains(id)) {
            *price += FROZEN;
        }
        let found = self.cheapest(session, wanted, candidates, FixOptions::LIMIT)?;
        let ids = found.into_iter().flat_map(|found| found.assignments).flatten().map(|(id, _)| id);
        Ok(ids.filter(|id| terms.frozen.contains(id)).gather())
    }

    /// Adds what was found, each verified.
    fn add(&self, result: &mut FixResult, session: &Session, wanted: &Wanted, terms: &Terms, solved: &Solved) {
        result.complete &= solved.complete;
        for assignment in &solved.assignments {
            let change = self.change(session, assignment);
            match session.with(&change) {
                Ok(after) if wanted.holds(&after) => {
                    let mut steps = self.steps(session, assignment, &change);
                    self.name_excess(&mut steps, &after, wanted, terms);
                    let sentence = self.say_steps(&steps);
                    let side_effects = self.difference(session, &after);
                    result.fixes.push(Fix { change, cost: solved.cost, steps, side_effects, sentence });
                }
                // What deciding does not confirm is never shown.
                _ => result.stop("verification"),
            }
        }
        // Of equal cost, single grants come before roles, and what takes fewer steps first.
        let roles = |fix: &Fix| fix.steps.iter().filter(|step| step.kind == StepKind::Role).count();
        sort_by_key(&mut result.fixes, |fix| (roles(fix), fix.steps.len()));
    }
}

impl FixResult {
    pub(super) const fn none() -> Self {
        Self { fixes: Vec::new(), complete: true, minimal: true, stopped_by: None, blocked_by: Vec::new() }
    }

    const fn stop(&mut self, bound: &'static str) {
        self.complete = false;
        self.minimal = false;
        self.stopped_by = Some(bound);
    }
}
