//! Solving: the cheapest assignments after which something holds, exactly.

use super::space::{Id, SearchSpace, Values, valid};
use crate::bdd::{Bdd, Price};
use crate::check::{Answer, Symbolic};
use crate::util::{collect_map, collect_set, insert_all};
use litemap::LiteMap;
use std::collections::BTreeSet;

/// What is assigned to one id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::studio) enum Assigned {
    /// A role is listed that was not, or the reverse.
    Flip,
    /// This value, or none.
    Value(Option<u32>),
    /// Of a set, each of these options or not.
    Options(Vec<(u32, bool)>),
}

/// Assignments that together make one change.
pub(in crate::studio) type Assignment = LiteMap<Id, Assigned>;

/// The assignments of least cost.
#[derive(Clone, Debug)]
pub(in crate::studio) struct Solved {
    pub(in crate::studio) cost: u64,
    pub(in crate::studio) assignments: Vec<Assignment>,
    /// Whether these are all.
    pub(in crate::studio) complete: bool,
}

impl Solved {
    /// Nothing needs to be assigned.
    pub(in crate::studio) fn nothing() -> Self {
        Self { cost: 0, assignments: [Assignment::new()].into(), complete: true }
    }
}

/// A question: where something holds, in a space.
pub(in crate::studio) struct Question<'q, 'a> {
    pub(super) of: &'q mut Symbolic<'a, SearchSpace<'a>>,
    /// What each id costs.
    pub(super) prices: &'q LiteMap<Id, u64>,
    /// How far a value is from the present one.
    pub(super) distance: &'q dyn Fn(Id, Option<u32>) -> u64,
    /// Where it holds, and a session accepts the change.
    holds: Bdd,
    /// For which ids it can hold.
    over: Bdd,
    assigned: LiteMap<u32, Id>,
}

impl<'q, 'a> Question<'q, 'a> {
    /// Asks where `goal` holds.
    ///
    /// # Errors
    /// [`AnalysisError`](crate::check::AnalysisError) where it is too large.
    pub(in crate::studio) fn new(
        of: &'q mut Symbolic<'a, SearchSpace<'a>>,
        prices: &'q LiteMap<Id, u64>,
        distance: &'q dyn Fn(Id, Option<u32>) -> u64,
        goal: Bdd,
    ) -> Answer<Self> {
        let valid = valid(of)?;
        let holds = of.bdds.and(goal, valid)?;
        let space = &of.inputs;
        let variable = |id: &Id| space.variables_of(*id).first().map(|it| (*it, *id));
        let assigned = collect_map(space.axes.keys().filter_map(variable));
        let over = of.bdds.exists(holds, &|variable| !assigned.contains_key(&variable))?;
        Ok(Self { of, prices, distance, holds, over, assigned })
    }

    /// The cheapest assignments, with at most `limit` sets of ids; nothing where there is none.
    pub(in crate::studio) fn cheapest(&mut self, limit: usize) -> Answer<Option<Solved>> {
        let (prices, assigned) = (self.prices, &self.assigned);
        let cost = |variable: &u32| assigned.get(variable).and_then(|id| prices.get(id)).copied();
        let price = |variable: u32| Price { when: true, cost: cost(&variable).unwrap_or(1) };
        let Some(found) = self.of.bdds.cheapest(self.over, &price, limit) else { return Ok(None) };
        let mut solved = Solved { cost: found.cost, assignments: Vec::new(), complete: found.complete };
        for ids in found.assignments {
            let ids = collect_set(ids);
            let room = limit.saturating_sub(solved.assignments.len()).max(1);
            let nearest = self.nearest(&ids, room)?;
            solved.complete &= nearest.complete;
            solved.assignments.extend(nearest.assignments);
        }
        Ok(Some(solved))
    }

    /// From here on only assignments that do not contain one of these.
    pub(in crate::studio) fn exclude(&mut self, solved: &Solved) -> Answer<()> {
        let of_id = collect_map(self.assigned.iter().map(|(variable, id)| (*id, *variable)));
        for assignment in &solved.assignments {
            let mut all = Bdd::TRUE;
            for variable in assignment.keys().filter_map(|id| of_id.get(id)) {
                let variable = self.of.bdds.variable(*variable)?;
                all = self.of.bdds.and(all, variable)?;
            }
            self.over = self.of.bdds.and_not(self.over, all)?;
        }
        Ok(())
    }

    /// With exactly these ids assigned, the values nearest to the present ones.
    fn nearest(&mut self, ids: &BTreeSet<u32>, limit: usize) -> Answer<Solved> {
        let mut rest = self.holds;
        for variable in self.assigned.keys() {
            rest = self.of.bdds.restrict(rest, *variable, ids.contains(variable))?;
        }
        let prices = self.distances(ids);
        let price = |variable: u32| prices.get(&variable).copied().unwrap_or(Price { when: true, cost: 1 });
        let found = self.of.bdds.cheapest(rest, &price, limit);
        let mut solved = Solved { cost: 0, assignments: Vec::new(), complete: true };
        for dear in found.iter().flat_map(|found| &found.assignments) {
            let dear = collect_set(dear.iter().copied());
            let holds = |variable: &u32| dear.contains(variable) == price(*variable).when;
            let of_id = ids.iter().filter_map(|variable| self.assigned.get(variable));
            let assignment = collect_map(of_id.filter_map(|id| Some((*id, self.assigned_to(*id, &holds)?))));
            if !solved.assignments.contains(&assignment) {
                solved.assignments.push(assignment);
            }
        }
        solved.complete = found.is_some_and(|found| found.complete);
        Ok(solved)
    }

    /// The variables that choose an id's value.
    fn choosing(&self, id: Id) -> &[u32] {
        self.of.inputs.variables_of(id).get(1..).unwrap_or_default()
    }

    /// What each of the variables that choose values costs, by how far that is from the present value.
    fn distances(&self, ids: &BTreeSet<u32>) -> LiteMap<u32, Price> {
        let mut prices = LiteMap::new_vec();
        for id in ids.iter().filter_map(|variable| self.assigned.get(variable)) {
            let variables = self.choosing(*id).iter().copied();
            match self.of.inputs.axes.get(id) {
                Some(Values::OneOf(values)) => {
                    let least = values.last().map_or(0, |value| (self.distance)(*id, *value));
                    let cost = |value: &Option<u32>| (self.distance)(*id, *value).saturating_sub(least);
                    let priced = values.iter().map(|value| Price { when: true, cost: cost(value) });
                    insert_all(&mut prices, variables.zip(priced));
                }
                Some(Values::Each(options)) => {
                    let present = |option: &u32| self.of.inputs.has(*id, *option);
                    let priced = options.iter().map(|option| Price { when: !present(option), cost: 1 });
                    insert_all(&mut prices, variables.zip(priced));
                }
                Some(Values::Flip) | None => {}
            }
        }
        prices
    }

    fn assigned_to(&self, id: Id, holds: &dyn Fn(&u32) -> bool) -> Option<Assigned> {
        let variables = self.choosing(id);
        Some(match self.of.inputs.axes.get(&id)? {
            Values::Flip => Assigned::Flip,
            Values::OneOf(values) => {
                let chosen = variables.iter().position(holds).and_then(|place| values.get(place));
                Assigned::Value(*chosen.or(values.last())?)
            }
            Values::Each(options) => {
                let chosen = options.iter().zip(variables).map(|(option, variable)| (*option, holds(variable)));
                Assigned::Options(chosen.collect())
            }
        })
    }
}
