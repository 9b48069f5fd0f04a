//! The allocator: that of the standard library, which leaves nothing in freed memory. A snapshot of the memory is then small, and
//! has no traces of what was read.
#![expect(unsafe_code, reason = "an allocator hands out memory")]

use std::alloc::{GlobalAlloc, Layout, System};

struct Zeroing;

#[global_allocator]
static ALLOCATOR: Zeroing = Zeroing;

// SAFETY: all calls go to the system's allocator with the layouts that were given. `realloc` is the provided one, which allocates,
// copies and frees.
unsafe impl GlobalAlloc for Zeroing {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the memory has the size of its layout and belongs to the caller until it is freed.
        unsafe {
            memory.write_bytes(0, layout.size());
            System.dealloc(memory, layout);
        }
    }
}
