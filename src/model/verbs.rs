//! The verbs of operations.

bitflags::bitflags! {
    /// A set of verbs, which describe what an operation does. The policy defines the bits: verb `n` of the document is bit
    /// `n`. Every bit is therefore valid, and no bit has a constant here.
    ///
    /// # Examples
    /// ```
    /// use privet::Verbs;
    ///
    /// let (add, edit, delete) = (Verbs::nth(0), Verbs::nth(1), Verbs::nth(2));
    /// let verbs = add | delete;
    /// assert!(verbs.contains(delete) && !verbs.contains(edit));
    /// assert_eq!(verbs.indices().collect::<Vec<_>>(), [0, 2]);
    /// assert!(Verbs::nth(32).is_empty());
    /// ```
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct Verbs: u32 {
        const _ = !0;
    }
}

impl Verbs {
    /// The set with only the verb at `index`; empty if the index is 32 or more.
    pub fn nth(index: usize) -> Self {
        let bit = u32::try_from(index).ok().and_then(|index| 1_u32.checked_shl(index));
        Self::from_bits_retain(bit.unwrap_or(0))
    }

    /// The indices of the verbs in the set, in policy order.
    pub fn indices(self) -> impl Iterator<Item = usize> {
        (0..32).filter(move |&index| self.contains(Self::nth(index)))
    }
}
