//! Decision bdds: exact answers about all assignments of some variables at once.
//!
//! A reduced ordered binary decision diagram has one form for each Boolean function, so equality is equality of
//! references, and "never" and "always" are the two constants. Its size may explode; a limit on nodes and variables
//! is the only thing that keeps a question from being answered, and the answer says so.

mod cheapest;
mod ternary;

pub use cheapest::{Cheapest, Price};
pub use ternary::Ternary;

use crate::model::limits;
use hashbrown::HashMap;

/// A Boolean function over the variables of a [`BddManager`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bdd(u32);

/// The question is larger than [`limits::DIAGRAM_NODES`] or [`VARIABLES`] allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Variables that a question may have: they bound how deep the recursion over a diagram goes.
pub const VARIABLES: u32 = 512;

impl Bdd {
    /// The function that never holds.
    pub const FALSE: Self = Self(0);
    /// The function that always holds.
    pub const TRUE: Self = Self(1);
}

/// A store of bdds that share their parts.
#[derive(Default)]
pub struct BddManager {
    /// The nodes; the first two functions are the constants, which have none.
    nodes: Vec<Node>,
    /// The unique table: the function of each node.
    unique: HashMap<Node, Bdd>,
    /// The results of [`Self::ite`].
    computed: HashMap<[Bdd; 3], Bdd>,
    steps: usize,
}

/// If the variable holds then one function, else another. Variables below have higher numbers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    variable: u32,
    then: Bdd,
    other: Bdd,
}

impl BddManager {
    /// The variable itself.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn variable(&mut self, variable: u32) -> Result<Bdd, TooLarge> {
        self.node(Node { variable, then: Bdd::TRUE, other: Bdd::FALSE })
    }

    /// Both hold.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn and(&mut self, a: Bdd, b: Bdd) -> Result<Bdd, TooLarge> {
        self.ite(a, b, Bdd::FALSE)
    }

    /// At least one holds.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn or(&mut self, a: Bdd, b: Bdd) -> Result<Bdd, TooLarge> {
        self.ite(a, Bdd::TRUE, b)
    }

    /// It does not hold.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn not(&mut self, a: Bdd) -> Result<Bdd, TooLarge> {
        self.ite(a, Bdd::FALSE, Bdd::TRUE)
    }

    /// The first holds and the second does not.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn and_not(&mut self, a: Bdd, b: Bdd) -> Result<Bdd, TooLarge> {
        let not_b = self.not(b)?;
        self.and(a, not_b)
    }

    /// Variables of which it holds where they do and no others, in order; nothing of one that never holds. O(variables).
    pub fn example(&self, of: Bdd) -> Option<Vec<u32>> {
        let (mut here, mut held) = (of, Vec::new());
        while let Some(node) = self.split(here) {
            here = node.other;
            if here == Bdd::FALSE {
                held.push(node.variable);
                here = node.then;
            }
        }
        (here == Bdd::TRUE).then_some(held)
    }

    /// Whether it holds where these variables do, which are in order, and no others. O(variables).
    pub fn holds(&self, of: Bdd, held: &[u32]) -> bool {
        let mut here = of;
        while let Some(node) = self.split(here) {
            here = if held.binary_search(&node.variable).is_ok() { node.then } else { node.other };
        }
        here == Bdd::TRUE
    }

    /// The function where a variable is known.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn restrict(&mut self, of: Bdd, variable: u32, value: bool) -> Result<Bdd, TooLarge> {
        self.restrict_cached(of, variable, value, &mut HashMap::new())
    }

    fn restrict_cached(
        &mut self,
        of: Bdd,
        variable: u32,
        value: bool,
        results: &mut HashMap<Bdd, Bdd>,
    ) -> Result<Bdd, TooLarge> {
        let Some(node) = self.split(of).filter(|node| node.variable <= variable) else { return Ok(of) };
        if node.variable == variable {
            return Ok(if value { node.then } else { node.other });
        }
        if let Some(known) = results.get(&of) {
            return Ok(*known);
        }
        let then = self.restrict_cached(node.then, variable, value, results)?;
        let other = self.restrict_cached(node.other, variable, value, results)?;
        let result = self.node(Node { variable: node.variable, then, other })?;
        results.insert(of, result);
        Ok(result)
    }

    /// How many steps were taken since this was last asked.
    pub fn take_steps(&mut self) -> usize {
        std::mem::take(&mut self.steps)
    }

    /// If the first holds then the second, else the third.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn ite(&mut self, a: Bdd, then: Bdd, other: Bdd) -> Result<Bdd, TooLarge> {
        match a {
            Bdd::TRUE => return Ok(then),
            Bdd::FALSE => return Ok(other),
            _ if then == other => return Ok(then),
            _ if (then, other) == (Bdd::TRUE, Bdd::FALSE) => return Ok(a),
            _ => {}
        }
        let key = [a, then, other];
        if let Some(known) = self.computed.get(&key) {
            return Ok(*known);
        }
        self.steps += 1;
        if self.computed.len() >= limits::DIAGRAM_STEPS {
            return Err(TooLarge);
        }
        let parts = [a, then, other];
        let top = parts.iter().filter_map(|part| self.split(*part)).map(|node| node.variable).min().unwrap_or(0);
        let [a_yes, then_yes, other_yes] = parts.map(|part| self.branch(part, top, true));
        let [a_no, then_no, other_no] = parts.map(|part| self.branch(part, top, false));
        let yes = self.ite(a_yes, then_yes, other_yes)?;
        let no = self.ite(a_no, then_no, other_no)?;
        let result = self.node(Node { variable: top, then: yes, other: no })?;
        self.computed.insert(key, result);
        Ok(result)
    }

    fn branch(&self, of: Bdd, variable: u32, value: bool) -> Bdd {
        match self.split(of) {
            Some(node) if node.variable == variable => {
                if value {
                    node.then
                } else {
                    node.other
                }
            }
            _ => of,
        }
    }

    fn split(&self, of: Bdd) -> Option<Node> {
        self.nodes.get((of.0 as usize).checked_sub(2)?).copied()
    }

    fn node(&mut self, node: Node) -> Result<Bdd, TooLarge> {
        if node.then == node.other {
            return Ok(node.then);
        }
        if let Some(known) = self.unique.get(&node) {
            return Ok(*known);
        }
        if self.nodes.len() >= limits::DIAGRAM_NODES || node.variable >= VARIABLES {
            return Err(TooLarge);
        }
        let bdd = u32::try_from(self.nodes.len() + 2).map(Bdd).map_err(|_| TooLarge)?;
        self.nodes.push(node);
        self.unique.insert(node, bdd);
        Ok(bdd)
    }
}
