//! The comparisons of a policy with each number: they are inputs of the program, and their bounds are the only values
//! that the analysis has to distinguish.

use super::formula::{Atom, Formula, Part};
use crate::document::Document;
use crate::model::Comparison;
use crate::util::collect_set;
use std::collections::BTreeSet;

/// The comparisons with the number of each fact and privilege, without duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparisons {
    /// By fact index.
    pub facts: Vec<BTreeSet<Comparison>>,
    /// By privilege index.
    pub privileges: Vec<BTreeSet<Comparison>>,
}

impl Comparisons {
    /// Collects the comparisons in formulas. O(formulas × log comparisons).
    pub(super) fn collect(document: &Document, formulas: impl Iterator<Item = Formula>) -> Self {
        let mut all = Self {
            facts: vec![BTreeSet::new(); document.facts.len()],
            privileges: vec![BTreeSet::new(); document.privileges.len()],
        };
        for formula in formulas {
            formula.atoms(&mut |atom, _| {
                let (list, index, part) = match atom {
                    Atom::Fact(index, part) => (&mut all.facts, index, part),
                    Atom::Effective(index, part) => (&mut all.privileges, index, part),
                    Atom::Allowed(_) => return,
                };
                if let (Part::Compared(comparison), Some(of)) = (part, list.get_mut(index)) {
                    of.insert(comparison);
                }
            });
        }
        all
    }

    /// The numbers at which the result of a comparison with the fact changes.
    pub fn fact_bounds(&self, fact: usize) -> BTreeSet<u32> {
        bounds(self.facts.get(fact))
    }

    /// The numbers at which the result of a comparison with the privilege changes.
    pub fn privilege_bounds(&self, privilege: usize) -> BTreeSet<u32> {
        bounds(self.privileges.get(privilege))
    }
}

fn bounds(comparisons: Option<&BTreeSet<Comparison>>) -> BTreeSet<u32> {
    let of = |comparison: &Comparison| match *comparison {
        Comparison::AtLeast(bound) | Comparison::Below(bound) => [Some(bound), None],
        Comparison::Equal(number) => [Some(number), number.checked_add(1)],
    };
    collect_set(comparisons.into_iter().flatten().flat_map(of).flatten())
}
