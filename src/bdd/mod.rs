//! Reduced ordered binary decision diagrams (BDDs): exact answers about all assignments of Boolean variables.
//!
//! Each Boolean function has exactly one reduced diagram for a fixed variable order. So two functions are equal when
//! their references are equal, and a function that never or always holds is one of the two constants. A diagram can be
//! exponentially larger than its formula, so every operation that builds one is limited in nodes, steps and variables,
//! and returns [`TooLarge`] above a limit.

mod cheapest;
mod ternary;

pub use cheapest::{Cheapest, Price};
pub use ternary::Ternary;

use crate::model::limits;
use hashbrown::HashMap;

/// A Boolean function over the variables of a [`BddManager`]: a reference to its root node. It is meaningful only with
/// the manager that built it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bdd(u32);

/// An operation exceeded [`limits::DIAGRAM_NODES`], [`limits::DIAGRAM_STEPS`] or [`VARIABLES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// The number of variables: they are numbered from 0 to 511. It also bounds the depth of recursion over a diagram.
pub const VARIABLES: u32 = 512;

impl Bdd {
    /// The constant function false.
    pub const FALSE: Self = Self(0);
    /// The constant function true.
    pub const TRUE: Self = Self(1);
}

/// The node table, unique table and operation cache of a set of diagrams. Diagrams share equal sub-diagrams.
#[derive(Default)]
pub struct BddManager {
    /// The node of function `n` is at index `n - 2`: functions 0 and 1 are the constants, which have no node.
    nodes: Vec<Node>,
    /// The unique table: the function of each node.
    unique: HashMap<Node, Bdd>,
    /// The cached results of [`Self::ite`].
    ite_cache: HashMap<[Bdd; 3], Bdd>,
    steps: usize,
}

/// A decision node: `high` if the variable is true, else `low`. Variables increase from the root to the leaves.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Node {
    variable: u32,
    high: Bdd,
    low: Bdd,
}

impl BddManager {
    /// The function that equals one variable.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn variable(&mut self, variable: u32) -> Result<Bdd, TooLarge> {
        self.make_node(Node { variable, high: Bdd::TRUE, low: Bdd::FALSE })
    }

    /// Conjunction.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn and(&mut self, f: Bdd, g: Bdd) -> Result<Bdd, TooLarge> {
        self.ite(f, g, Bdd::FALSE)
    }

    /// Disjunction.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn or(&mut self, f: Bdd, g: Bdd) -> Result<Bdd, TooLarge> {
        self.ite(f, Bdd::TRUE, g)
    }

    /// Negation.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn not(&mut self, f: Bdd) -> Result<Bdd, TooLarge> {
        self.ite(f, Bdd::FALSE, Bdd::TRUE)
    }

    /// `f and not g`. It is [`Bdd::FALSE`] exactly when `f` implies `g`.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn and_not(&mut self, f: Bdd, g: Bdd) -> Result<Bdd, TooLarge> {
        let not_g = self.not(g)?;
        self.and(f, not_g)
    }

    /// One satisfying assignment, as the ascending list of variables that are true; all others are false. `None` if the
    /// function is [`Bdd::FALSE`]. O(variables).
    pub fn any_satisfying(&self, f: Bdd) -> Option<Vec<u32>> {
        let (mut here, mut assigned_true) = (f, Vec::new());
        while let Some(node) = self.node_of(here) {
            here = node.low;
            if here == Bdd::FALSE {
                assigned_true.push(node.variable);
                here = node.high;
            }
        }
        (here == Bdd::TRUE).then_some(assigned_true)
    }

    /// The value of the function where exactly the variables in `assigned_true`, which is sorted, are true.
    /// O(variables × log variables).
    pub fn evaluate(&self, f: Bdd, assigned_true: &[u32]) -> bool {
        let mut here = f;
        while let Some(node) = self.node_of(here) {
            here = if assigned_true.binary_search(&node.variable).is_ok() { node.high } else { node.low };
        }
        here == Bdd::TRUE
    }

    /// The function with one variable fixed to a value. O(nodes).
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn restrict(&mut self, f: Bdd, variable: u32, value: bool) -> Result<Bdd, TooLarge> {
        self.restrict_cached(f, variable, value, &mut HashMap::new())
    }

    fn restrict_cached(
        &mut self,
        f: Bdd,
        variable: u32,
        value: bool,
        cache: &mut HashMap<Bdd, Bdd>,
    ) -> Result<Bdd, TooLarge> {
        let Some(node) = self.node_of(f).filter(|node| node.variable <= variable) else { return Ok(f) };
        if node.variable == variable {
            return Ok(if value { node.high } else { node.low });
        }
        if let Some(cached) = cache.get(&f) {
            return Ok(*cached);
        }
        self.steps += 1;
        let high = self.restrict_cached(node.high, variable, value, cache)?;
        let low = self.restrict_cached(node.low, variable, value, cache)?;
        let result = self.make_node(Node { variable: node.variable, high, low })?;
        cache.insert(f, result);
        Ok(result)
    }

    /// The number of recursive steps since the last call; results from a cache are not counted.
    pub fn take_steps(&mut self) -> usize {
        std::mem::take(&mut self.steps)
    }

    /// If-then-else: `f and g or not f and h`. All other connectives are defined by it. O(|f| × |g| × |h|), |·| being
    /// the number of nodes.
    ///
    /// # Errors
    /// [`TooLarge`].
    pub fn ite(&mut self, f: Bdd, g: Bdd, h: Bdd) -> Result<Bdd, TooLarge> {
        match f {
            Bdd::TRUE => return Ok(g),
            Bdd::FALSE => return Ok(h),
            _ if g == h => return Ok(g),
            _ if (g, h) == (Bdd::TRUE, Bdd::FALSE) => return Ok(f),
            _ => {}
        }
        let key = [f, g, h];
        if let Some(cached) = self.ite_cache.get(&key) {
            return Ok(*cached);
        }
        self.steps += 1;
        if self.ite_cache.len() >= limits::DIAGRAM_STEPS {
            return Err(TooLarge);
        }
        let variables = key.iter().filter_map(|function| self.node_of(*function)).map(|node| node.variable);
        let top = variables.min().unwrap_or(0);
        let [f_high, g_high, h_high] = key.map(|function| self.cofactor(function, top, true));
        let [f_low, g_low, h_low] = key.map(|function| self.cofactor(function, top, false));
        let high = self.ite(f_high, g_high, h_high)?;
        let low = self.ite(f_low, g_low, h_low)?;
        let result = self.make_node(Node { variable: top, high, low })?;
        self.ite_cache.insert(key, result);
        Ok(result)
    }

    /// The function with `variable` fixed. `variable` is not below the root of `f`, so no node has to be built.
    fn cofactor(&self, f: Bdd, variable: u32, value: bool) -> Bdd {
        match self.node_of(f) {
            Some(node) if node.variable == variable => {
                if value {
                    node.high
                } else {
                    node.low
                }
            }
            _ => f,
        }
    }

    /// The root node; `None` for the constants.
    fn node_of(&self, f: Bdd) -> Option<Node> {
        self.nodes.get((f.0 as usize).checked_sub(2)?).copied()
    }

    /// The function of a node: reduced, and looked up in the unique table before it is stored.
    fn make_node(&mut self, node: Node) -> Result<Bdd, TooLarge> {
        if node.high == node.low {
            return Ok(node.high);
        }
        if let Some(existing) = self.unique.get(&node) {
            return Ok(*existing);
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
