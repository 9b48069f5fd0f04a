//! The cheapest assignments for which a function holds, with all their ties.

use super::{Diagram, Diagrams, TooLarge};
use crate::ground::known::Known;
use alloc::vec::Vec;

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

impl Diagrams {
    /// The function that holds where some values of these variables make another one hold.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn exists(&mut self, of: Diagram, variables: &dyn Fn(u32) -> bool) -> Result<Diagram, TooLarge> {
        self.exists_known(of, variables, &mut Known::default())
    }

    fn exists_known(
        &mut self,
        of: Diagram,
        variables: &dyn Fn(u32) -> bool,
        known: &mut Known<Diagram>,
    ) -> Result<Diagram, TooLarge> {
        let Some(node) = self.split(of) else { return Ok(of) };
        if let Some(known) = known.get([of.0; 3]) {
            return Ok(known);
        }
        let then = self.exists_known(node.then, variables, known)?;
        let other = self.exists_known(node.other, variables, known)?;
        let result = if variables(node.variable) {
            self.or(then, other)?
        } else {
            self.node(super::Node { variable: node.variable, then, other })?
        };
        known.add([of.0; 3], result);
        Ok(result)
    }

    /// The cheapest assignments for which a function holds, at most `limit` of them; nothing where it never does.
    /// O(nodes + assignments × variables).
    pub fn cheapest(&self, of: Diagram, price: &dyn Fn(u32) -> Price, limit: usize) -> Option<Cheapest> {
        let mut search = Search { diagrams: self, price, known: Known::default() };
        let cost = search.cost(of)?;
        let mut found = Cheapest { cost, assignments: Vec::new(), complete: true };
        search.walk(of, &mut Vec::new(), limit, &mut found);
        Some(found)
    }
}

struct Search<'a> {
    diagrams: &'a Diagrams,
    price: &'a dyn Fn(u32) -> Price,
    known: Known<Option<u64>>,
}

impl Search<'_> {
    /// The cheap branch of a node and the dear one with what it adds.
    fn branches(&self, of: Diagram) -> Option<(u32, Diagram, Diagram, u64)> {
        let node = self.diagrams.split(of)?;
        let Price { when, cost } = (self.price)(node.variable);
        let (dear, cheap) = if when { (node.then, node.other) } else { (node.other, node.then) };
        Some((node.variable, cheap, dear, cost))
    }

    fn cost(&mut self, of: Diagram) -> Option<u64> {
        let Some((_, cheap, dear, price)) = self.branches(of) else { return (of == Diagram::YES).then_some(0) };
        if let Some(known) = self.known.get([of.0; 3]) {
            return known;
        }
        let cheap = self.cost(cheap);
        let dear = self.cost(dear).map(|cost| cost.saturating_add(price));
        let least = cheap.into_iter().chain(dear).min();
        self.known.add([of.0; 3], least);
        least
    }

    /// Follows every branch that stays on a cheapest way.
    fn walk(&mut self, of: Diagram, taken: &mut Vec<u32>, limit: usize, found: &mut Cheapest) {
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
