//! Evaluates the assignments that a search found, ranks them by what else they open, and makes fixes of them; and says why
//! there is none.

use super::candidates::Candidates;
use super::find::cheapest;
use super::fix::{Fix, FixResult};
use super::goal::{Constraints, Goal, SearchGoal};
use super::grants::read;
use crate::document::GrantedThrough;
use crate::model::Verdict;
use crate::session::{Change, Session};
use crate::studio::Studio;
use crate::studio::fixes::change;
use crate::studio::fixes::reduce;
use crate::studio::fixes::sentences;
use crate::studio::search::notation::id_of;
use crate::studio::search::solve::{AssignedValue, Assignment, Solutions};
use crate::studio::search::space::Id;
use crate::util::collect_set;
use crate::util::sort;
use std::collections::BTreeSet;

/// The additional cost of an id that may not change when the search is for the ids that prevent a fix: more than all other
/// ids together.
const BLOCKED_COST: u64 = 1 << 40;
/// The number of ties that are evaluated, so that those that open the least come first, even if fewer are asked for.
const RANKED: usize = 1_000;
/// The maximum of slots of the program that are evaluated to rank ties.
const RANKED_SLOTS: usize = 20_000_000;

/// What a result answers.
#[derive(Clone, Copy)]
pub(super) struct Verification<'a> {
    pub(super) studio: &'a Studio,
    pub(super) session: &'a Session<'a>,
    pub(super) goal: &'a SearchGoal,
    pub(super) constraints: &'a Constraints,
    /// The maximum number of fixes.
    pub(super) limit: usize,
    /// The candidates by whose distances fixes are ordered, after what they open.
    pub(super) nearest_by: Option<&'a Candidates>,
}

/// An assignment that reaches the goal. The session after it is not kept, since there may be a thousand of them.
struct Verified<'a> {
    assignment: &'a Assignment,
    change: Change,
    /// The number of operations that it opens besides, or closes.
    excess: usize,
}

impl Verification<'_> {
    /// The maximum number of ties to search for.
    pub(super) fn most_ties(&self) -> usize {
        let size = self.studio.policy().program().slots().max(1);
        self.limit.max(RANKED).min(RANKED_SLOTS / size).max(1)
    }

    /// The solutions that evaluation confirms, in order.
    pub(super) fn result(&self, solutions: &Solutions) -> FixResult {
        let mut result = FixResult { complete: solutions.complete, ..FixResult::empty() };
        let mut verified: Vec<Verified> = Vec::new();
        for assignment in &solutions.assignments {
            let change = change::change(self.studio, self.session, assignment);
            match self.session.with(&change) {
                Ok(after) if self.goal.holds(&after) => {
                    let excess = self.excess(&after);
                    verified.push(Verified { assignment, change, excess });
                }
                // A solution that evaluation does not confirm is dropped, and the result is marked as stopped.
                _ => result.mark_stopped("verification"),
            }
        }
        let distance =
            |assignment| self.nearest_by.map(|candidates| candidates.total_distance(self.studio, assignment));
        sort::sort_by_key(&mut verified, |it| (it.excess, distance(it.assignment), self.policy_order(it)));
        verified.dedup_by(|one, other| one.change == other.change);
        result.complete &= verified.len() <= self.limit;
        verified.truncate(self.limit);
        result.fixes = verified.into_iter().filter_map(|it| self.fix(it, solutions.cost)).collect();
        result
    }

    /// The number of operations that a change opens besides those of the goal; if the goal is to deny, that it closes.
    pub(super) fn excess(&self, after: &Session) -> usize {
        let (less, more) = if self.goal.to == Goal::Allowed { (self.session, after) } else { (after, self.session) };
        let operations = self.studio.policy().program().operations.iter().enumerate();
        let opened = operations.filter(|(index, operation)| {
            let allowed = |session: &Session| session.verdict(operation.decision) == Verdict::Yes;
            !operation.restricts && !self.goal.operations.contains(index) && allowed(more) && !allowed(less)
        });
        opened.count()
    }

    fn fix(&self, verified: Verified, cost: u64) -> Option<Fix> {
        let Verified { assignment, change, .. } = verified;
        let after = self.session.with(&change).ok()?;
        let mut steps = change::steps(self.studio, self.session, assignment, &change);
        reduce::record_excess(self.studio, &mut steps, &after, self.goal, self.constraints);
        let side_effects = self.studio.difference(self.session, &after);
        let others = |operations: &[String]| {
            let find = |id: &String| self.studio.policy().program().operations.find(id);
            let is_other = |id: &&String| find(id).is_none_or(|index| !self.goal.operations.contains(&index));
            operations.iter().filter(is_other).cloned().collect::<Vec<_>>()
        };
        let (opens, closes) = (others(&side_effects.gained), others(&side_effects.lost));
        let besides = if self.goal.to == Goal::Allowed { &opens } else { &closes };
        let sentence = sentences::fix(self.studio, &steps, self.goal.to, besides);
        Some(Fix { change, cost, steps, opens, closes, side_effects, sentence })
    }

    /// The result where no change reaches the goal: it names the ids that would have to change and may not.
    pub(super) fn no_fix(&self) -> FixResult {
        let Self { studio, session, goal, .. } = *self;
        let relaxed =
            Constraints { frozen: BTreeSet::new(), through: Some(GrantedThrough::Both), ..self.constraints.clone() };
        let permitted = Candidates::new(studio, session, goal, self.constraints);
        let mut candidates = Candidates::new(studio, session, goal, &relaxed);
        let may = |id: &Id| permitted.domains.get(id) == candidates.domains.get(id);
        let blocked = collect_set(candidates.domains.keys().filter(|id| !may(id)).copied());
        for (_, cost) in candidates.costs.iter_mut().filter(|(id, _)| blocked.contains(id)) {
            *cost += BLOCKED_COST;
        }
        let mut result = FixResult::empty();
        let found = if blocked.is_empty() { Ok(None) } else { cheapest(studio, session, goal, candidates, RANKED) };
        let Ok(found) = found else {
            result.mark_stopped("diagram-size");
            return result;
        };
        let ids = found.into_iter().flat_map(|found| found.assignments).flatten().map(|(id, _)| id);
        let of_privilege = |id| if let Id::Inline(_, privilege) = id { Id::Privilege(privilege) } else { id };
        let ids = collect_set(ids.filter(|id| blocked.contains(id)).map(of_privilege));
        result.sentence = Some(sentences::blocked(studio, ids.iter().copied(), self.constraints));
        result.blocked_by = ids.into_iter().map(|id| id_of(studio, id)).collect();
        result
    }

    /// The result where the search exceeded a limit: a change of which no part can be left out, if one is found.
    pub(super) fn reduced(&self) -> FixResult {
        let found = reduce::reduce(self.studio, self.session, self.goal, self.constraints);
        let solutions =
            found.map(|(cost, assignment)| Solutions { cost, assignments: [assignment].into(), complete: false });
        let mut result = solutions.map_or_else(FixResult::empty, |solutions| self.result(&solutions));
        result.mark_stopped("diagram-size");
        result
    }

    /// The order of changes of equal cost: by ids in policy order, then by values.
    fn policy_order(&self, verified: &Verified) -> (Vec<Id>, Vec<Vec<u32>>) {
        let Change { set, amend, .. } = &verified.change;
        let values = |(id, assigned): (&Id, &AssignedValue)| match (id, assigned) {
            (_, AssignedValue::Toggle) => Vec::new(),
            (Id::Privilege(privilege) | Id::Inline(_, privilege), _) => {
                let declared = self.studio.policy().program().privileges.get(*privilege);
                let set = match id {
                    Id::Inline(place, _) => amend.iter().find(|it| it.index as usize == *place).map(|it| &it.set),
                    _ => Some(set),
                };
                let assigned = |id: &str| set?.iter().find(|(known, _)| known == id).map(|(_, it)| it);
                declared.and_then(|declared| Some(read(declared, assigned(&declared.id)?))).unwrap_or_default()
            }
            (_, AssignedValue::Value(value)) => value.iter().copied().collect(),
            (_, AssignedValue::Options(_)) => Vec::new(),
        };
        (verified.assignment.keys().copied().collect(), verified.assignment.iter().map(values).collect())
    }
}
