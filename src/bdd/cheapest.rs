//! The cheapest assignments for which a function holds, with all their ties.

use super::{Bdd, BddManager, TooLarge};
use hashbrown::HashMap;

/// What a variable costs: one of its two values is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Price {
    /// The value that costs something.
    pub when: bool,
    /// What that costs.
    pub cost: u64,
}

/// The cheapest assignments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cheapest {
    /// What each of them costs.
    pub cost: u64,
    /// For each, the variables that have the value that costs something; all others have the other value.
    pub assignments: Vec<Vec<u32>>,
    /// Whether these are all.
    pub complete: bool,
}

impl BddManager {
    /// The function that holds where some values of these variables make another one hold.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn exists(&mut self, of: Bdd, variables: &dyn Fn(u32) -> bool) -> Result<Bdd, TooLarge> {
        self.exists_cached(of, variables, &mut HashMap::new())
    }

    fn exists_cached(
        &mut self,
        of: Bdd,
        variables: &dyn Fn(u32) -> bool,
        results: &mut HashMap<Bdd, Bdd>,
    ) -> Result<Bdd, TooLarge> {
        let Some(node) = self.split(of) else { return Ok(of) };
        if let Some(known) = results.get(&of) {
            return Ok(*known);
        }
        let then = self.exists_cached(node.then, variables, results)?;
        let other = self.exists_cached(node.other, variables, results)?;
        let result = if variables(node.variable) {
            self.or(then, other)?
        } else {
            self.node(super::Node { variable: node.variable, then, other })?
        };
        results.insert(of, result);
        Ok(result)
    }

    /// The cheapest assignments for which a function holds, at most `limit` of them; nothing where it never does.
    /// O(nodes + assignments × variables).
    pub fn cheapest(&self, of: Bdd, price: &dyn Fn(u32) -> Price, limit: usize) -> Option<Cheapest> {
        let mut search = Search { bdds: self, price, costs: HashMap::new() };
        let cost = search.cost(of)?;
        let mut found = Cheapest { cost, assignments: Vec::new(), complete: true };
        search.walk(of, &mut Vec::new(), limit, &mut found);
        Some(found)
    }
}

struct Search<'a> {
    bdds: &'a BddManager,
    price: &'a dyn Fn(u32) -> Price,
    /// The least cost of each function.
    costs: HashMap<Bdd, Option<u64>>,
}

impl Search<'_> {
    /// The cheap branch of a node and the dear one with what it adds.
    fn branches(&self, of: Bdd) -> Option<(u32, Bdd, Bdd, u64)> {
        let node = self.bdds.split(of)?;
        let Price { when, cost } = (self.price)(node.variable);
        let (dear, cheap) = if when { (node.then, node.other) } else { (node.other, node.then) };
        Some((node.variable, cheap, dear, cost))
    }

    fn cost(&mut self, of: Bdd) -> Option<u64> {
        let Some((_, cheap, dear, price)) = self.branches(of) else { return (of == Bdd::TRUE).then_some(0) };
        if let Some(known) = self.costs.get(&of) {
            return *known;
        }
        let cheap = self.cost(cheap);
        let dear = self.cost(dear).map(|cost| cost.saturating_add(price));
        let least = cheap.into_iter().chain(dear).min();
        self.costs.insert(of, least);
        least
    }

    /// Follows every branch that stays on a cheapest way.
    fn walk(&mut self, of: Bdd, taken: &mut Vec<u32>, limit: usize, found: &mut Cheapest) {
        let Some((variable, cheap, dear, price)) = self.branches(of) else {
            if found.assignments.len() < limit {
                found.assignments.push(taken.clone());
            } else {
                found.complete = false;
            }
            return;
        };
        let least = self.cost(of);
        if self.cost(cheap) == least {
            self.walk(cheap, taken, limit, found);
        }
        if found.complete && self.cost(dear).map(|cost| cost.saturating_add(price)) == least {
            taken.push(variable);
            self.walk(dear, taken, limit, found);
            taken.pop();
        }
    }
}
