//! The seeded random generator of the tests: equal seeds give equal sequences in every run.

/// A seeded generator.
pub(crate) struct Random(fastrand::Rng);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(fastrand::Rng::with_seed(seed))
    }

    /// A number from 0 to `count - 1`.
    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.0.usize(..count)
    }

    /// 64 random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0.u64(..)
    }

    /// One of `values`.
    pub(crate) fn of<T: Clone>(&mut self, values: &[T]) -> T {
        self.0.choice(values).expect("there is a value").clone()
    }
}
