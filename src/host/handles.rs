//! Handles: numbers for what is open.

/// Bits of the place in a handle. The bits above count how often the place was used, so that an old handle is refused.
const PLACE_BITS: u32 = 16;
/// How often a place is used before its handles begin again.
const USES: u32 = 1 << (31 - PLACE_BITS);

/// What is open, by handle. A handle is a positive number.
pub(super) struct Handles<T> {
    slots: Vec<(u32, Option<T>)>,
    free: Vec<usize>,
}

impl<T> Handles<T> {
    pub(super) const fn new() -> Self {
        Self { slots: Vec::new(), free: Vec::new() }
    }

    /// Stores a value and returns its handle; `None` if too many are open. O(1).
    pub(super) fn add(&mut self, value: T) -> Option<i32> {
        let place = match self.free.pop() {
            Some(place) => place,
            None if self.slots.len() < (1 << PLACE_BITS) - 1 => {
                self.slots.push((0, None));
                self.slots.len() - 1
            }
            None => return None,
        };
        let (uses, slot) = self.slots.get_mut(place)?;
        *slot = Some(value);
        i32::try_from(*uses << PLACE_BITS | (u32::try_from(place).ok()? + 1)).ok()
    }

    fn place(&self, handle: i32) -> Option<usize> {
        let handle = u32::try_from(handle).ok()?;
        let place = ((handle & ((1 << PLACE_BITS) - 1)) as usize).checked_sub(1)?;
        let (uses, _) = self.slots.get(place)?;
        (*uses == handle >> PLACE_BITS).then_some(place)
    }

    /// The value of a handle. O(1).
    pub(super) fn get(&self, handle: i32) -> Option<&T> {
        self.slots.get(self.place(handle)?)?.1.as_ref()
    }

    /// The value of a handle. O(1).
    pub(super) fn get_mut(&mut self, handle: i32) -> Option<&mut T> {
        let place = self.place(handle)?;
        self.slots.get_mut(place)?.1.as_mut()
    }

    /// Frees a handle. O(1).
    pub(super) fn remove(&mut self, handle: i32) -> Option<T> {
        let place = self.place(handle)?;
        let (uses, slot) = self.slots.get_mut(place)?;
        let value = slot.take()?;
        *uses = (*uses + 1) % USES;
        self.free.push(place);
        Some(value)
    }

    /// Frees all values that are not wanted. O(open).
    pub(super) fn retain(&mut self, is_wanted: impl Fn(&T) -> bool) {
        for (place, (uses, slot)) in self.slots.iter_mut().enumerate() {
            if slot.as_ref().is_some_and(|value| !is_wanted(value)) {
                *slot = None;
                *uses = (*uses + 1) % USES;
                self.free.push(place);
            }
        }
    }
}
