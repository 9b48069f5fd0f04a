//! Decision diagrams: exact answers about all assignments of some variables at once.
//!
//! A reduced ordered binary decision diagram has one form for each Boolean function, so equality is equality of
//! references, and "never" and "always" are the two constants. Its size may explode; a limit on nodes and variables
//! is the only thing that keeps a question from being answered, and the answer says so.

mod cheapest;
mod kleene;

pub use cheapest::{Cheapest, Price};
pub use kleene::Pair;

use crate::ground::known::{Keys, Known};
use crate::ground::limits;
use alloc::vec::Vec;

/// A Boolean function over the variables of a [`Diagrams`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagram(u32);

/// The question is larger than [`limits::DIAGRAM_NODES`] or [`VARIABLES`] allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Variables that a question may have: they bound how deep the recursion over a diagram goes.
pub const VARIABLES: u32 = 512;

impl Diagram {
    /// The function that never holds.
    pub const NO: Self = Self(0);
    /// The function that always holds.
    pub const YES: Self = Self(1);
}

/// A store of diagrams that share their parts.
#[derive(Default)]
pub struct Diagrams {
    /// The variable of each node, and what it is with and without it.
    nodes: Keys,
    computed: Known<Diagram>,
    steps: usize,
}

/// If the variable holds then one function, else another. Variables below have higher numbers.
#[derive(Clone, Copy)]
struct Node {
    variable: u32,
    then: Diagram,
    other: Diagram,
}

impl Diagrams {
    /// The variable itself.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn variable(&mut self, variable: u32) -> Result<Diagram, TooLarge> {
        self.node(Node { variable, then: Diagram::YES, other: Diagram::NO })
    }

    /// Both hold.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn and(&mut self, a: Diagram, b: Diagram) -> Result<Diagram, TooLarge> {
        self.choose(a, b, Diagram::NO)
    }

    /// At least one holds.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn or(&mut self, a: Diagram, b: Diagram) -> Result<Diagram, TooLarge> {
        self.choose(a, Diagram::YES, b)
    }

    /// It does not hold.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn not(&mut self, a: Diagram) -> Result<Diagram, TooLarge> {
        self.choose(a, Diagram::NO, Diagram::YES)
    }

    /// The first holds and the second does not.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn and_not(&mut self, a: Diagram, b: Diagram) -> Result<Diagram, TooLarge> {
        let not_b = self.not(b)?;
        self.and(a, not_b)
    }

    /// Variables of which it holds where they do and no others, in order; nothing of one that never holds. O(variables).
    pub fn example(&self, of: Diagram) -> Option<Vec<u32>> {
        let (mut here, mut held) = (of, Vec::new());
        while let Some(node) = self.split(here) {
            here = node.other;
            if here == Diagram::NO {
                held.push(node.variable);
                here = node.then;
            }
        }
        (here == Diagram::YES).then_some(held)
    }

    /// Whether it holds where these variables do, which are in order, and no others. O(variables).
    pub fn holds(&self, of: Diagram, held: &[u32]) -> bool {
        let mut here = of;
        while let Some(node) = self.split(here) {
            here = if held.binary_search(&node.variable).is_ok() { node.then } else { node.other };
        }
        here == Diagram::YES
    }

    /// The function where a variable is known.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn given(&mut self, of: Diagram, variable: u32, value: bool) -> Result<Diagram, TooLarge> {
        self.given_known(of, variable, value, &mut Known::default())
    }

    fn given_known(
        &mut self,
        of: Diagram,
        variable: u32,
        value: bool,
        known: &mut Known<Diagram>,
    ) -> Result<Diagram, TooLarge> {
        let Some(node) = self.split(of).filter(|node| node.variable <= variable) else { return Ok(of) };
        if node.variable == variable {
            return Ok(if value { node.then } else { node.other });
        }
        if let Some(known) = known.get([of.0; 3]) {
            return Ok(known);
        }
        let then = self.given_known(node.then, variable, value, known)?;
        let other = self.given_known(node.other, variable, value, known)?;
        let result = self.node(Node { variable: node.variable, then, other })?;
        known.add([of.0; 3], result);
        Ok(result)
    }

    /// How many steps were taken since this was last asked.
    pub fn take_steps(&mut self) -> usize {
        core::mem::take(&mut self.steps)
    }

    /// If the first holds then the second, else the third.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn choose(&mut self, a: Diagram, then: Diagram, other: Diagram) -> Result<Diagram, TooLarge> {
        match a {
            Diagram::YES => return Ok(then),
            Diagram::NO => return Ok(other),
            _ if then == other => return Ok(then),
            _ if (then, other) == (Diagram::YES, Diagram::NO) => return Ok(a),
            _ => {}
        }
        let key = [a.0, then.0, other.0];
        if let Some(known) = self.computed.get(key) {
            return Ok(known);
        }
        self.steps += 1;
        if self.computed.len() >= limits::DIAGRAM_STEPS {
            return Err(TooLarge);
        }
        let parts = [a, then, other];
        let top = parts.iter().filter_map(|part| self.split(*part)).map(|node| node.variable).min().unwrap_or(0);
        let [a_yes, then_yes, other_yes] = parts.map(|part| self.branch(part, top, true));
        let [a_no, then_no, other_no] = parts.map(|part| self.branch(part, top, false));
        let yes = self.choose(a_yes, then_yes, other_yes)?;
        let no = self.choose(a_no, then_no, other_no)?;
        let result = self.node(Node { variable: top, then: yes, other: no })?;
        self.computed.add(key, result);
        Ok(result)
    }

    fn branch(&self, of: Diagram, variable: u32, value: bool) -> Diagram {
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

    fn split(&self, of: Diagram) -> Option<Node> {
        let [variable, then, other] = self.nodes.get((of.0 as usize).checked_sub(2)?)?;
        Some(Node { variable, then: Diagram(then), other: Diagram(other) })
    }

    fn node(&mut self, node: Node) -> Result<Diagram, TooLarge> {
        if node.then == node.other {
            return Ok(node.then);
        }
        let key = [node.variable, node.then.0, node.other.0];
        let diagram = |place: usize| u32::try_from(place + 2).map(Diagram).map_err(|_| TooLarge);
        if let Some(place) = self.nodes.find(key) {
            return diagram(place);
        }
        if self.nodes.len() >= limits::DIAGRAM_NODES || node.variable >= VARIABLES {
            return Err(TooLarge);
        }
        self.nodes.add(key);
        diagram(self.nodes.len() - 1)
    }
}
