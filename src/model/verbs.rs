//! Verbs: what an operation does on a menu item.

bitflags::bitflags! {
    /// A set of verbs. The bits are defined by the policy: verb `n` of the document is bit `n`, so every bit is
    /// legal here and none has a name of its own.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
    pub struct Verbs: u32 {
        const _ = !0;
    }
}

impl Verbs {
    /// The verb at `index` alone; nothing when the index is 32 or more.
    pub fn nth(index: usize) -> Self {
        let bit = u32::try_from(index).ok().and_then(|index| 1_u32.checked_shl(index));
        Self::from_bits_retain(bit.unwrap_or(0))
    }

    /// The indices of its verbs, in policy order.
    pub fn indices(self) -> impl Iterator<Item = usize> {
        (0..32).filter(move |&index| self.contains(Self::nth(index)))
    }
}
