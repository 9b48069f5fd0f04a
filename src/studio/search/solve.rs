//! Finds the cheapest assignments that satisfy a goal. The result is exact.

use super::space::{Domain, Id, SearchSpace, valid_changes};
use crate::bdd::{Bdd, Price};
use crate::check::{Answer, Symbolic};
use crate::util::{collect_map, collect_set, insert_all};
use litemap::LiteMap;
use std::cmp::Ordering;
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

/// On which side of the present value of an id a value is, and its distance. Of an option of a set: 0 if the set contains it
/// at present.
pub(in crate::studio) type Distance<'a> = dyn Fn(Id, Option<u32>) -> (Ordering, u64) + 'a;

/// The maximum number of assigned ids of which values on both sides are searched.
const MAX_TWO_SIDED: usize = 6;

/// A search for assignments in a space.
pub(in crate::studio) struct SearchQuery<'q, 'a> {
    pub(super) symbolic: &'q mut Symbolic<'a, SearchSpace<'a>>,
    /// The cost of each id.
    pub(super) costs: &'q LiteMap<Id, u64>,
    /// On which side of the present value a value is, and its distance.
    pub(super) distance: &'q Distance<'q>,
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
        distance: &'q Distance<'q>,
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
        let Some(found) = self.symbolic.bdds.cheapest(self.feasible_ids, &[], &price, limit) else { return Ok(None) };
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

    /// All assignments of exactly these ids whose values are nearest to the present ones: on each side of the present value
    /// of a level or number, and for each combination of sides, the sum of the distances is the least.
    fn nearest(&mut self, ids: &BTreeSet<u32>, limit: usize) -> Answer<Solutions> {
        let mut rest = self.satisfying;
        for variable in self.ids_by_variable.keys() {
            rest = self.symbolic.bdds.restrict(rest, *variable, ids.contains(variable))?;
        }
        let assigned: Vec<Id> = ids.iter().filter_map(|variable| self.ids_by_variable.get(variable)).copied().collect();
        for id in &assigned {
            let one = self.one_value(*id)?;
            rest = self.symbolic.bdds.and(rest, one)?;
        }
        let mut solutions = Solutions { cost: 0, assignments: Vec::new(), complete: true };
        let mut regions = vec![rest];
        let two_sided: Vec<Id> = assigned.iter().filter(|id| self.has_two_sides(**id)).copied().collect();
        for id in two_sided {
            if regions.len() >> MAX_TWO_SIDED > 0 {
                solutions.complete = false;
                break;
            }
            let mut halves = Vec::new();
            for side in [Ordering::Less, Ordering::Greater] {
                let on_side = self.on_side(id, side)?;
                for region in &regions {
                    halves.push(self.symbolic.bdds.and(*region, on_side)?);
                }
            }
            halves.retain(|half| *half != Bdd::FALSE);
            regions = halves;
        }
        let costs = self.distances(&assigned);
        let both: Vec<u32> = costs.iter().filter(|(_, price)| price.cost == 0).map(|(variable, _)| *variable).collect();
        let price = |variable: u32| costs.get(&variable).copied().unwrap_or(Price { costly_value: true, cost: 1 });
        for region in regions {
            let Some(found) = self.symbolic.bdds.cheapest(region, &both, &price, limit) else { continue };
            solutions.complete &= found.complete;
            for chosen in found.assignments {
                let chosen = collect_set(chosen);
                let holds = |variable: &u32| chosen.contains(variable) == price(*variable).costly_value;
                let value = |id: &Id| Some((*id, self.assigned_value(*id, &holds)?));
                let assignment = collect_map(assigned.iter().filter_map(value));
                // The present value is on both sides.
                if !solutions.assignments.contains(&assignment) {
                    solutions.assignments.push(assignment);
                }
            }
        }
        Ok(solutions)
    }

    /// Whether the domain of an id has values on both sides of the present one.
    fn has_two_sides(&self, id: Id) -> bool {
        let Some(Domain::OneOf(values)) = self.symbolic.inputs.domains.get(&id) else { return false };
        let has = |side| values.iter().any(|value| (self.distance)(id, *value).0 == side);
        has(Ordering::Less) && has(Ordering::Greater)
    }

    /// Where the value of an id is on a side of the present one, or is the present one.
    fn on_side(&mut self, id: Id, side: Ordering) -> Answer<Bdd> {
        let Some(Domain::OneOf(values)) = self.symbolic.inputs.domains.get(&id) else { return Ok(Bdd::TRUE) };
        let is_on =
            |value: &Option<u32>| if (self.distance)(id, *value).0 == side.reverse() { Bdd::FALSE } else { Bdd::TRUE };
        let mut chosen = values.last().map_or(Bdd::TRUE, is_on);
        for (value, variable) in values.iter().zip(self.selectors(id).to_vec()).rev() {
            let variable = self.symbolic.bdds.variable(variable)?;
            chosen = self.symbolic.bdds.ite(variable, is_on(value), chosen)?;
        }
        Ok(chosen)
    }

    /// Where at most one variable selects a value of the id, so that each value is selected in one way only.
    fn one_value(&mut self, id: Id) -> Answer<Bdd> {
        let Some(Domain::OneOf(_)) = self.symbolic.inputs.domains.get(&id) else { return Ok(Bdd::TRUE) };
        let (mut none, mut one) = (Bdd::TRUE, Bdd::TRUE);
        for variable in self.selectors(id).to_vec().into_iter().rev() {
            let bdds = &mut self.symbolic.bdds;
            let variable = bdds.variable(variable)?;
            one = bdds.ite(variable, none, one)?;
            none = bdds.and_not(none, variable)?;
        }
        Ok(one)
    }

    /// The variables that select the value of an id.
    fn selectors(&self, id: Id) -> &[u32] {
        self.symbolic.inputs.variables_of(id).get(1..).unwrap_or_default()
    }

    /// The costs of the variables that select values, by distance from the present value.
    fn distances(&self, ids: &[Id]) -> LiteMap<u32, Price> {
        let mut costs = LiteMap::new_vec();
        for id in ids {
            let variables = self.selectors(*id).iter().copied();
            match self.symbolic.inputs.domains.get(id) {
                Some(Domain::OneOf(values)) => {
                    let least = values.last().map_or(0, |value| (self.distance)(*id, *value).1);
                    let cost = |value: &Option<u32>| (self.distance)(*id, *value).1.saturating_sub(least);
                    let priced = values.iter().map(|value| Price { costly_value: true, cost: cost(value) });
                    insert_all(&mut costs, variables.zip(priced));
                }
                Some(Domain::Subset(options)) => {
                    let present = |option: &u32| (self.distance)(*id, Some(*option)).1 == 0;
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
