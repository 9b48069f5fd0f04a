//! What sets two populations apart: the subjects to whom an operation is allowed in only one of them.

use super::answers::{Matches, non_empty, rows};
use super::decisions::Population;
use crate::model::Delta;
use crate::pack::{Operation, Table};

impl Population<'_> {
    /// The subjects to whom an operation is allowed only in `other` (`added`) or only here (`removed`), by operation, without
    /// those that restrict. Both must contain the same subjects in the same order, but may be of different versions of the
    /// policy: operations are matched by id, and an undeclared operation is allowed to no subject. Subjects that are invalid
    /// in one of the two are left out. `None` if the sizes differ. O(operations × subjects / 32 + answer).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let before = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let (old, new) = (r#""requires": "programs""#, r#""requires": "programs or sender""#);
    /// let after = Policy::compile(&privet::policies::DOTDIGITAL.replace(old, new))?;
    /// let staff = [Subject { grants: vec![("sender".into(), Value::Flag(true))], ..Subject::default() }];
    /// let (before, after) = (before.population(&staff), after.population(&staff));
    /// let differences = before.differences(&after).unwrap_or_default();
    /// assert_eq!(differences.added, [("programs.access", vec![0])]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn differences<'a>(&'a self, other: &'a Population) -> Option<Delta<Matches<&'a str>>> {
        if self.size() != other.size() {
            return None;
        }
        let mut found = Delta::default();
        let (here, there) = (&self.policy.program().operations, &other.policy.program().operations);
        let added = there.iter().filter(|operation| here.find(&operation.id).is_none());
        for operation in here.iter().chain(added) {
            let restricts = |operations: &Table<Operation>| {
                operations.find(&operation.id).and_then(|at| operations.get(at)).is_some_and(|it| it.restricts)
            };
            if restricts(here) || restricts(there) {
                continue;
            }
            let empty = vec![0; self.stride];
            let old = here.find(&operation.id).map_or(empty.as_slice(), |index| self.allowed(index));
            let new = there.find(&operation.id).map_or(empty.as_slice(), |index| other.allowed(index));
            self.add_differences(other, old, new, operation.id.as_str(), &mut found);
        }
        Some(found)
    }

    /// Adds the subjects that have a bit in only one of two planes and are valid in both populations.
    fn add_differences<T: Copy>(
        &self,
        other: &Population,
        old: &[u32],
        new: &[u32],
        key: T,
        found: &mut Delta<Matches<T>>,
    ) {
        let valid = || self.refused().iter().zip(other.refused()).map(|(a, b)| !(a | b));
        let only = |a: &[u32], b: &[u32]| rows(a.iter().zip(b).zip(valid()).map(|((a, b), valid)| a & !b & valid));
        found.added.extend(non_empty([(key, only(new, old))].into_iter()));
        found.removed.extend(non_empty([(key, only(old, new))].into_iter()));
    }
}
