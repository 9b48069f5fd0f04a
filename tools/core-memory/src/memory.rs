//! The memory of one instance: exactly as large as the host has made it, so that an access behind its end is one behind an allocation.

use std::cell::RefCell;

thread_local! {
    static WORDS: RefCell<Box<[u32]>> = RefCell::default();
}

/// The start of the block, as the linker's symbol is in WebAssembly.
pub(crate) fn base() -> *mut u32 {
    WORDS.with_borrow_mut(|words| words.as_mut_ptr())
}

/// Makes the memory so many words long, if it is shorter.
pub(crate) fn reserve(count: usize) {
    WORDS.with_borrow_mut(|words| {
        if count > words.len() {
            let mut longer = vec![0; count].into_boxed_slice();
            longer[..words.len()].copy_from_slice(words);
            *words = longer;
        }
    });
}

/// A new instance.
pub(crate) fn clear() {
    WORDS.set(Box::default());
}

pub(crate) fn write(at: usize, words: &[u32]) {
    WORDS.with_borrow_mut(|memory| memory[at..at + words.len()].copy_from_slice(words));
}

pub(crate) fn read() -> Vec<u32> {
    WORDS.with_borrow(|words| words.to_vec())
}
