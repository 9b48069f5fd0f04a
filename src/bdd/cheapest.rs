//! Existential quantification, and the satisfying assignments of least cost.

use super::{Bdd, BddManager, TooLarge};
use hashbrown::HashMap;

/// The cost of a variable: one of its two values costs something, the other is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// The value that is not free.
    pub costly_value: bool,
    /// The cost of that value.
    pub cost: u64,
}

/// The satisfying assignments of least cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cheapest {
    /// The cost of each of them.
    pub cost: u64,
    /// For each assignment, the ascending list of variables that have the value that is not free. All other variables
    /// have their free value.
    pub assignments: Vec<Vec<u32>>,
    /// Whether `assignments` has all of them; false if there are more than the limit.
    pub complete: bool,
}

impl BddManager {
    /// Existential quantification: the function that holds where some values of `variables` satisfy `f`.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn exists(&mut self, f: Bdd, variables: &dyn Fn(u32) -> bool) -> Result<Bdd, TooLarge> {
        self.exists_cached(f, variables, &mut HashMap::new())
    }

    fn exists_cached(
        &mut self,
        f: Bdd,
        variables: &dyn Fn(u32) -> bool,
        cache: &mut HashMap<Bdd, Bdd>,
    ) -> Result<Bdd, TooLarge> {
        let Some(node) = self.node_of(f) else { return Ok(f) };
        if let Some(cached) = cache.get(&f) {
            return Ok(*cached);
        }
        let high = self.exists_cached(node.high, variables, cache)?;
        let low = self.exists_cached(node.low, variables, cache)?;
        let result = if variables(node.variable) {
            self.or(high, low)?
        } else {
            self.make_node(super::Node { variable: node.variable, high, low })?
        };
        cache.insert(f, result);
        Ok(result)
    }

    /// The satisfying assignments of least cost, at most `limit` of them. A variable that does not occur on a path has
    /// the value that costs nothing; those of `both`, which is sorted and whose variables cost nothing, have each of their
    /// values. `None` if the function is [`Bdd::FALSE`]. O(nodes + assignments × variables).
    pub fn cheapest(&self, f: Bdd, both: &[u32], price: &dyn Fn(u32) -> Price, limit: usize) -> Option<Cheapest> {
        let mut search = Search { bdds: self, price, costs: HashMap::new() };
        let cost = search.least_cost(f)?;
        let mut found = Cheapest { cost, assignments: Vec::new(), complete: true };
        search.collect(f, both, &mut Vec::new(), limit, &mut found);
        Some(found)
    }

    /// For a function of the choice of some items: where a part of the chosen items, or all of them, satisfies `f`. The
    /// other variables keep their values. It grows with the chosen items.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn upward(&mut self, f: Bdd, is_item: &dyn Fn(u32) -> bool) -> Result<Bdd, TooLarge> {
        self.upward_cached(f, is_item, &mut HashMap::new())
    }

    fn upward_cached(
        &mut self,
        f: Bdd,
        is_item: &dyn Fn(u32) -> bool,
        cache: &mut HashMap<Bdd, Bdd>,
    ) -> Result<Bdd, TooLarge> {
        let Some(node) = self.node_of(f) else { return Ok(f) };
        if let Some(cached) = cache.get(&f) {
            return Ok(*cached);
        }
        let low = self.upward_cached(node.low, is_item, cache)?;
        let mut high = self.upward_cached(node.high, is_item, cache)?;
        if is_item(node.variable) {
            high = self.or(high, low)?;
        }
        let result = self.make_node(super::Node { variable: node.variable, high, low })?;
        cache.insert(f, result);
        Ok(result)
    }
}

struct Search<'a> {
    bdds: &'a BddManager,
    price: &'a dyn Fn(u32) -> Price,
    /// The least cost of a satisfying assignment of each function; `None` if it has none.
    costs: HashMap<Bdd, Option<u64>>,
}

/// A node with its branches ordered by price.
struct Priced {
    variable: u32,
    free: Bdd,
    costly: Bdd,
    /// The cost of taking the costly branch.
    price: u64,
}

impl Search<'_> {
    fn priced(&self, f: Bdd) -> Option<Priced> {
        let node = self.bdds.node_of(f)?;
        let Price { costly_value, cost } = (self.price)(node.variable);
        let (costly, free) = if costly_value { (node.high, node.low) } else { (node.low, node.high) };
        Some(Priced { variable: node.variable, free, costly, price: cost })
    }

    fn least_cost(&mut self, f: Bdd) -> Option<u64> {
        let Some(node) = self.priced(f) else { return (f == Bdd::TRUE).then_some(0) };
        if let Some(cached) = self.costs.get(&f) {
            return *cached;
        }
        let free = self.least_cost(node.free);
        let costly = self.least_cost(node.costly).map(|cost| cost.saturating_add(node.price));
        let least = free.into_iter().chain(costly).min();
        self.costs.insert(f, least);
        least
    }

    /// Depth-first search along the branches that preserve the least cost. It stops at the first assignment beyond the
    /// limit. `both` has the variables of which each value is taken, from here on.
    fn collect(&mut self, f: Bdd, both: &[u32], taken: &mut Vec<u32>, limit: usize, found: &mut Cheapest) {
        let node = self.priced(f);
        let skipped = |variable: &u32| node.as_ref().is_none_or(|node| *variable < node.variable);
        if let Some((variable, rest)) = both.split_first().filter(|(variable, _)| skipped(variable)) {
            self.collect(f, rest, taken, limit, found);
            if found.complete {
                taken.push(*variable);
                self.collect(f, rest, taken, limit, found);
                taken.pop();
            }
            return;
        }
        let Some(node) = node else {
            if found.assignments.len() < limit {
                found.assignments.push(taken.clone());
            } else {
                found.complete = false;
            }
            return;
        };
        let both = both.strip_prefix(&[node.variable]).unwrap_or(both);
        let least = self.least_cost(f);
        if self.least_cost(node.free) == least {
            self.collect(node.free, both, taken, limit, found);
        }
        if found.complete && self.least_cost(node.costly).map(|cost| cost.saturating_add(node.price)) == least {
            taken.push(node.variable);
            self.collect(node.costly, both, taken, limit, found);
            taken.pop();
        }
    }
}
