//! The core's engine: two functions over a block of bytes in linear memory. JavaScript owns the memory above the stack, lays a
//! program's image out there, sets its inputs and reads what was decided behind it; nothing is kept between two calls, so there
//! is nothing to open or to free.
//!
//! With checked slices deciding took 420 bytes, without packing what was decided, instead of 196 with it, of the six thousand that
//! the whole core may take.
#![expect(unsafe_code, reason = "the memory that JavaScript writes to is known by its address alone")]

use crate::crc;

/// Decides: [`decide::run`](crate::decide::run) over one lane of bytes. Instructions are from `step` to `outputs`, outputs from there
/// to `memory`, inputs from there to `next`. Behind the working memory it then packs the outputs, two bits each, the first the
/// lowest: whether it holds, and whether it does not.
///
/// # Safety
/// The block is an image as `Program` writes it, at a multiple of 4 above the stack: every operand comes before its instruction,
/// every output is a slot, and of outputs there are a multiple of 8, since the pack that it came from had the right checksum.
/// Behind the inputs the memory has two bytes for each instruction and one for four outputs. So everything that is read or
/// written lies in the block. A pack that somebody made up can at worst read or write this memory, which holds the
/// block and pieces of what was checked before, or end in a trap.
#[unsafe(no_mangle)]
unsafe extern "C" fn decide(mut step: *const u32, outputs: *const u32, memory: *mut u8, mut next: *mut u8) {
    // SAFETY: as above.
    unsafe {
        while step < outputs {
            let (left, right) = (step.read() as usize, step.add(1).read() as usize);
            next.write(memory.add(left).read() & memory.add(right).read());
            next.add(1).write(memory.add(left ^ 1).read() | memory.add(right ^ 1).read());
            next = next.add(2);
            step = step.add(2);
        }
        while step.addr() < memory.addr() {
            // Bits come in at the top and move down; when the one that began below them is gone, eight outputs are in.
            let mut bits: u32 = 1 << 15;
            loop {
                let output = step.read() as usize;
                let verdict = u32::from(memory.add(output).read()) | u32::from(memory.add(output ^ 1).read()) << 1;
                bits = bits >> 2 | verdict << 30;
                step = step.add(1);
                if bits & 0xffff == 0 {
                    break;
                }
            }
            next.cast::<u16>().write((bits >> 16) as u16);
            next = next.add(2);
        }
    }
}

/// What more bytes make of a checksum. A pack is read once, before anything is compiled: in JavaScript that took a third of the
/// time until a first decision.
///
/// # Safety
/// The bytes from `next` to `end` are in memory, where JavaScript has just written them.
#[unsafe(no_mangle)]
unsafe extern "C" fn crc(mut crc: u32, mut next: *const u8, end: *const u8) -> u32 {
    while next < end {
        // SAFETY: as above.
        unsafe {
            crc = crc::step(crc, next.read());
            next = next.add(1);
        }
    }
    crc
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
