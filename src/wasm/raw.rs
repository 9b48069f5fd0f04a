//! The core's engine: one function over words in linear memory. JavaScript owns the memory above the stack, lays a block out
//! there and reads what was decided; nothing is kept between two calls, so there is nothing to open or to free.
#![expect(unsafe_code, reason = "the memory that JavaScript writes to is known by its address alone")]

use crate::decide;
use core::arch::wasm32;

const PAGE: usize = 1 << 16;

/// Decides the block that begins at `at`.
///
/// # Safety
/// `at` is a multiple of 4, above the stack, within the memory.
#[unsafe(no_mangle)]
unsafe extern "C" fn decide(at: *mut u32) {
    let bytes = (wasm32::memory_size::<0>() * PAGE).saturating_sub(at.addr());
    // SAFETY: the caller's promise; everything from there to the end of the memory is JavaScript's, which waits.
    decide::block(unsafe { core::slice::from_raw_parts_mut(at, bytes / size_of::<u32>()) });
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    wasm32::unreachable()
}
