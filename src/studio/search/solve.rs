//! Finds the cheapest assignments that satisfy a goal. The result is exact.

use super::space::{Domain, Id, SearchSpace, valid_changes};
use crate::bdd::{Bdd, Price};
use crate::check::{Answer, Symbolic};
use crate::util::{collect_map, collect_set, insert_all};
use litemap::LiteMap;
use std::collections::BTreeSet;

/// The value that is assigned to an id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::studio) enum AssignedValue {
    /// Adds a role that is not listed, or removes one that is.
    Toggle,
    /// This value, or none.
    Value(Option<u32>),
    /// Options of a set, each with whether the set contains it afterwards.
    Options(Vec<(u32, bool)>),
}

/// The assignments of one change.
pub(in crate::studio) type Assignment = LiteMap<Id, AssignedValue>;

/// The assignments of least cost.
#[derive(Clone, Debug)]
pub(in crate::studio) struct Solutions {
    pub(in crate::studio) cost: u64,
    pub(in crate::studio) assignments: Vec<Assignment>,
    /// Whether all assignments of least cost are included.
    pub(in crate::studio) complete: bool,
}

impl Solutions {
    /// The solution that assigns nothing.
    pub(in crate::studio) fn trivial() -> Self {
        Self { cost: 0, assignments: [Assignment::new()].into(), complete: true }
    }
}

/// A search for assignments in a space.
pub(in crate::studio) struct SearchQuery<'q, 'a> {
    pub(super) symbolic: &'q mut Symbolic<'a, SearchSpace<'a>>,
    /// The cost of each id.
    pub(super) costs: &'q LiteMap<Id, u64>,
    /// The distance of a value from the present one.
    pub(super) distance: &'q dyn Fn(Id, Option<u32>) -> u64,
    /// The assignments that satisfy the goal and that a session accepts.
    satisfying: Bdd,
    /// The sets of assigned ids that can satisfy the goal: `satisfying` with the values quantified away.
    feasible_ids: Bdd,
    ids_by_variable: LiteMap<u32, Id>,
}

impl<'q, 'a> SearchQuery<'q, 'a> {
    /// A search for assignments that satisfy `goal`.
    ///
    /// # Errors
    /// [`AnalysisError`](crate::check::AnalysisError) if a BDD exceeds its size limit.
    pub(in crate::studio) fn new(
        symbolic: &'q mut Symbolic<'a, SearchSpace<'a>>,
        costs: &'q LiteMap<Id, u64>,
        distance: &'q dyn Fn(Id, Option<u32>) -> u64,
        goal: Bdd,
    ) -> Answer<Self> {
        let valid = valid_changes(symbolic)?;
        let satisfying = symbolic.bdds.and(goal, valid)?;
        let space = &symbolic.inputs;
        let variable = |id: &Id| space.variables_of(*id).first().map(|it| (*it, *id));
        let ids_by_variable = collect_map(space.domains.keys().filter_map(variable));
        let feasible_ids = symbolic.bdds.exists(satisfying, &|variable| !ids_by_variable.contains_key(&variable))?;
        Ok(Self { symbolic, costs, distance, satisfying, feasible_ids, ids_by_variable })
    }

    /// The cheapest assignments, with at most `limit` sets of ids; `None` if there are no more.
    pub(in crate::studio) fn cheapest(&mut self, limit: usize) -> Answer<Option<Solutions>> {
        let (costs, ids_by_variable) = (self.costs, &self.ids_by_variable);
        let cost = |variable: &u32| ids_by_variable.get(variable).and_then(|id| costs.get(id)).copied();
        let price = |variable: u32| Price { costly_value: true, cost: cost(&variable).unwrap_or(1) };
        let Some(found) = self.symbolic.bdds.cheapest(self.feasible_ids, &price, limit) else { return Ok(None) };
        let mut solutions = Solutions { cost: found.cost, assignments: Vec::new(), complete: found.complete };
        for ids in found.assignments {
            let ids = collect_set(ids);
            let remaining = limit.saturating_sub(solutions.assignments.len()).max(1);
            let nearest = self.nearest(&ids, remaining)?;
            solutions.complete &= nearest.complete;
            solutions.assignments.extend(nearest.assignments);
        }
        Ok(Some(solutions))
    }

    /// Excludes all assignments that contain one of these.
    pub(in crate::studio) fn exclude(&mut self, solutions: &Solutions) -> Answer<()> {
        let variables = collect_map(self.ids_by_variable.iter().map(|(variable, id)| (*id, *variable)));
        for assignment in &solutions.assignments {
            let mut all = Bdd::TRUE;
            for variable in assignment.keys().filter_map(|id| variables.get(id)) {
                let variable = self.symbolic.bdds.variable(*variable)?;
                all = self.symbolic.bdds.and(all, variable)?;
            }
            self.feasible_ids = self.symbolic.bdds.and_not(self.feasible_ids, all)?;
        }
        Ok(())
    }

    /// The assignments of exactly these ids whose values are nearest to the present ones.
    fn nearest(&mut self, ids: &BTreeSet<u32>, limit: usize) -> Answer<Solutions> {
        let mut rest = self.satisfying;
        for variable in self.ids_by_variable.keys() {
            rest = self.symbolic.bdds.restrict(rest, *variable, ids.contains(variable))?;
        }
        let costs = self.distances(ids);
        let price = |variable: u32| costs.get(&variable).copied().unwrap_or(Price { costly_value: true, cost: 1 });
        let found = self.symbolic.bdds.cheapest(rest, &price, limit);
        let mut solutions = Solutions { cost: 0, assignments: Vec::new(), complete: true };
        for chosen in found.iter().flat_map(|found| &found.assignments) {
            let chosen = collect_set(chosen.iter().copied());
            let holds = |variable: &u32| chosen.contains(variable) == price(*variable).costly_value;
            let variables = ids.iter().filter_map(|variable| self.ids_by_variable.get(variable));
            let assignment = collect_map(variables.filter_map(|id| Some((*id, self.assigned_value(*id, &holds)?))));
            if !solutions.assignments.contains(&assignment) {
                solutions.assignments.push(assignment);
            }
        }
        solutions.complete = found.is_some_and(|found| found.complete);
        Ok(solutions)
    }

    /// The variables that select the value of an id.
    fn selectors(&self, id: Id) -> &[u32] {
        self.symbolic.inputs.variables_of(id).get(1..).unwrap_or_default()
    }

    /// The costs of the variables that select values, by distance from the present value.
    fn distances(&self, ids: &BTreeSet<u32>) -> LiteMap<u32, Price> {
        let mut costs = LiteMap::new_vec();
        for id in ids.iter().filter_map(|variable| self.ids_by_variable.get(variable)) {
            let variables = self.selectors(*id).iter().copied();
            match self.symbolic.inputs.domains.get(id) {
                Some(Domain::OneOf(values)) => {
                    let least = values.last().map_or(0, |value| (self.distance)(*id, *value));
                    let cost = |value: &Option<u32>| (self.distance)(*id, *value).saturating_sub(least);
                    let priced = values.iter().map(|value| Price { costly_value: true, cost: cost(value) });
                    insert_all(&mut costs, variables.zip(priced));
                }
                Some(Domain::Subset(options)) => {
                    let present = |option: &u32| self.symbolic.inputs.own_set_contains(*id, *option);
                    let priced = options.iter().map(|option| Price { costly_value: !present(option), cost: 1 });
                    insert_all(&mut costs, variables.zip(priced));
                }
                Some(Domain::Toggle) | None => {}
            }
        }
        costs
    }

    fn assigned_value(&self, id: Id, holds: &dyn Fn(&u32) -> bool) -> Option<AssignedValue> {
        let variables = self.selectors(id);
        Some(match self.symbolic.inputs.domains.get(&id)? {
            Domain::Toggle => AssignedValue::Toggle,
            Domain::OneOf(values) => {
                let chosen = variables.iter().position(holds).and_then(|index| values.get(index));
                AssignedValue::Value(*chosen.or(values.last())?)
            }
            Domain::Subset(options) => {
                let chosen = options.iter().zip(variables).map(|(option, variable)| (*option, holds(variable)));
                AssignedValue::Options(chosen.collect())
            }
        })
    }
}
