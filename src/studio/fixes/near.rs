//! What decides, and how far another decision is: of an allowed operation the grants on which it rests and those that it
//! does not need; of another one the changes that would open it, the smallest first.

use super::candidates::{Candidates, Terms, distance_from, granted, id_of};
use super::fix::Wanted;
use super::options::Goal;
use crate::check::{Answer, Atom, Formula};
use crate::ground::{Gather, PrivilegeKind, Verdict, size};
use crate::program::Grant;
use crate::session::{Session, State, SubjectError};
use crate::studio::Studio;
use crate::studio::somebody::cone::Cone;
use crate::studio::somebody::solve::{Assigned, Question, Solved};
use crate::studio::somebody::space::{Id, Space, Values};
use crate::studio::why::explain::{Explanation, NearMiss};
use crate::studio::why::explainer::{Explainer, Subject};
use alloc::string::String;
use alloc::vec::Vec;

/// How many near misses are told.
const NEAR: usize = 5;

impl Studio {
    /// Explains the decision on an operation. The session must be one of this policy. O(operations + roles + what the
    /// operation reads).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    pub fn explain(&self, session: &Session, operation: &str) -> Result<Explanation, SubjectError> {
        let decided = session.decide(operation)?;
        let operations = &self.checked().document().operations;
        let index = operations.iter().position(|it| &*it.id == operation).unwrap_or(usize::MAX);
        let declared = operations.get(index);
        let owed = declared.into_iter().flat_map(|it| it.obligations.iter());
        let mut explainer = Explainer::alone(self.checked(), session);
        let tree = explainer.operation(index);
        let of = Subject {
            id: operation,
            label: declared.map_or("", |it| it.label.as_str()),
            sources: declared.map_or(&[], |it| &it.sources),
            owed: owed.filter(|owed| decided.obligations.contains(&&*owed.id)).listed(),
        };
        let mut explanation = explainer.explanation(&of, tree);
        if decided.verdict == Verdict::Yes {
            (explanation.decisive, explanation.redundant) = self.support(session, index);
        } else {
            explanation.near_misses = self.near_misses(session, index);
        }
        Ok(explanation)
    }

    /// The changes that would open an operation, the smallest first. Facts cost more than grants, so what an
    /// administrator can grant comes before what somebody else has to switch.
    pub(super) fn near_misses(&self, session: &Session, operation: usize) -> Vec<NearMiss> {
        let wanted = Wanted { operations: [operation].into(), to: Goal::Allowed };
        let restricts = self.policy().program().operations.get(operation).is_some_and(|it| it.restricts);
        if restricts {
            return Vec::new();
        }
        self.nearest_ways(session, &wanted).unwrap_or_default()
    }

    fn nearest_ways(&self, session: &Session, wanted: &Wanted) -> Answer<Vec<NearMiss>> {
        let candidates = self.candidates(session, wanted, &Terms::default());
        let solved = self.beyond_forced(session, wanted, candidates, |with, candidates| {
            if wanted.holds(with) {
                return Ok([Solved::nothing()].into());
            }
            let symbolic = &mut self.space(with, candidates);
            let goal = wanted.goal(symbolic)?;
            let distance = |id, value| distance_from(self, session, id, value);
            let mut question = Question::new(symbolic, &candidates.prices, &distance, goal)?;
            let (mut found, mut count) = (Vec::new(), 0);
            while let Some(solved) = question.cheapest(NEAR)?.filter(|_| count < NEAR) {
                count += solved.assignments.len();
                question.exclude(&solved)?;
                found.push(solved);
            }
            Ok(found)
        })?;
        let mut found = Vec::new();
        for (cost, assignment) in solved.iter().flat_map(|solved| solved.assignments.iter().map(|it| (solved.cost, it)))
        {
            let change = self.change(session, assignment);
            if session.with(&change).is_ok_and(|after| wanted.holds(&after)) {
                found.push(NearMiss { change, cost });
            }
        }
        found.truncate(NEAR);
        Ok(found)
    }

    /// Of an allowed operation: the smallest set of grants and known facts on which it can rest alone, and the grants
    /// that it reads besides.
    pub(super) fn support(&self, session: &Session, operation: usize) -> (Vec<String>, Vec<String>) {
        let program = self.policy().program();
        let meaning = self.checked().meaning();
        let cone = Cone::of(meaning, program, [Formula::Atom(Atom::Allowed(operation))]);
        let (state, candidates) = self.held(session, &cone);
        let decisive = self.rests_on(session, &state, &candidates, operation);
        let decisive = decisive.ok().flatten().unwrap_or_else(|| candidates.axes.keys().copied().listed());
        let redundant = |id: &&Id| matches!(id, Id::Privilege(_)) && !decisive.contains(id);
        let redundant = candidates.axes.keys().filter(redundant).map(|id| id_of(self, *id)).listed();
        (decisive.into_iter().map(|id| id_of(self, id)).listed(), redundant)
    }

    /// Somebody who has only what restricts the operation of a session, and what else of it is read, as candidates.
    fn held(&self, session: &Session, cone: &Cone) -> (State, Candidates) {
        let program = self.policy().program();
        let (mut state, mut candidates) = (State::default(), Candidates::default());
        // What has no parts is no more than what roles give, and may clash on.
        for (id, _) in cone.ids.iter().filter(|(_, parts)| !parts.is_empty()) {
            let values = match *id {
                Id::Role(_) => continue,
                Id::Fact(fact) => session.state().fact(fact).map(|value| Values::OneOf([Some(value)].into())),
                Id::Privilege(privilege) => {
                    let held = granted(self, session, privilege);
                    if self.checked().is_restricting(privilege) && !cone.reads_positively(privilege) {
                        let index = size(privilege);
                        state.own.extend(held.into_iter().map(|value| Grant { privilege: index, value }));
                        continue;
                    }
                    let kind = program.privileges.get(privilege).map(|it| it.kind);
                    match (kind, held.as_slice()) {
                        (_, []) => None,
                        (Some(PrivilegeKind::Set), options) => Some(Values::Each(options.into())),
                        (_, [value, ..]) => Some(Values::OneOf([Some(*value)].into())),
                    }
                }
            };
            let cost = match *id {
                Id::Privilege(privilege) => super::candidates::cost(self, &Terms::default(), privilege),
                _ => 1,
            };
            if let Some(values) = values {
                candidates.axes.insert(*id, values);
                candidates.prices.insert(*id, cost);
            }
        }
        (state, candidates)
    }

    fn rests_on(
        &self,
        session: &Session,
        state: &State,
        candidates: &Candidates,
        operation: usize,
    ) -> Answer<Option<Vec<Id>>> {
        let program = self.policy().program();
        let symbolic = &mut Space::symbolic(self.checked().meaning(), program, state, &candidates.axes);
        let goal = symbolic.operation(operation)?.yes;
        let distance = |id, value| distance_from(self, session, id, value);
        let found = Question::new(symbolic, &candidates.prices, &distance, goal)?.cheapest(1)?;
        let first = found.and_then(|found| found.assignments.into_iter().next());
        let is_held = |assigned: &Assigned| *assigned != Assigned::Value(None);
        Ok(first.map(|first| first.into_iter().filter(|(_, it)| is_held(it)).map(|(id, _)| id).listed()))
    }
}
