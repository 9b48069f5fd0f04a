//! The pack that `privet embed` puts into the module.
#![expect(unsafe_code, reason = "the pack is where a tool wrote it into the module")]

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering::Relaxed;

/// The address and the length of the embedded pack; zeros in a module without one. `privet embed` overwrites these words by a data
/// segment, and puts the pack behind the memory that the module begins with.
#[unsafe(export_name = "embedded")]
static EMBEDDED_PACK: [AtomicU32; 2] = [AtomicU32::new(0), AtomicU32::new(0)];

/// The embedded pack, or no bytes.
pub(super) fn pack() -> &'static [u8] {
    let [address, length] = EMBEDDED_PACK.each_ref().map(|word| word.load(Relaxed) as usize);
    if address == 0 {
        return &[];
    }
    // SAFETY: only `privet embed` writes the two words, with the place of a data segment that it adds and that nothing else uses.
    unsafe { std::slice::from_raw_parts(address as *const u8, length) }
}
