//! The exports of `core.wasm`: two functions over bytes of linear memory. JavaScript owns the memory above the stack: it writes
//! an image there, sets the inputs, and reads the packed outputs after it. There is no state between calls, so nothing must be
//! opened or freed.
//!
//! Bounds are not checked. With checked slices `decide` took 420 bytes of code without packing the outputs, instead of 196 with
//! it; the whole core, with its JavaScript, has about 6,400 bytes gzipped.
#![expect(unsafe_code, reason = "JavaScript passes addresses of linear memory")]

use crate::engine;

/// Evaluates an image in place: [`engine::eval`] for one subject, with one byte instead of a word. Instructions are from `step`
/// to `outputs`, outputs from there to `memory`, inputs from there to `next`, where the first result is written. After the
/// results it writes the packed outputs: two bits each, the first lowest, whether the output is yes and whether it is no.
///
/// # Safety
/// The block is an image as [`Program`](crate::pack::Program) writes it, aligned to 4 bytes and above the stack: operands come
/// before their instruction, outputs are slots, and the number of outputs is a multiple of 8. After the inputs there are two
/// bytes for each instruction and one for four outputs. Then all reads and writes are inside the block. The checksum of a pack
/// does not prove this: a forged pack can read or write other bytes of this instance's memory, which contains the block and
/// the rest of earlier blocks, or trap.
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
            // Each output enters as the two highest bits and is shifted down by later ones. After eight outputs the sentinel,
            // bit 15 of the initial value, is shifted out and the lower half is 0.
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

/// Feeds the bytes from `next` to `end` into an inverted CRC-32. It is here because a CRC in JavaScript took a third of the time
/// from loading to the first decision.
///
/// # Safety
/// The bytes from `next` to `end` are in linear memory, where JavaScript has just written them.
#[unsafe(no_mangle)]
unsafe extern "C" fn crc(mut crc: u32, mut next: *const u8, end: *const u8) -> u32 {
    while next < end {
        // SAFETY: as above.
        unsafe {
            crc = engine::update(crc, next.read());
            next = next.add(1);
        }
    }
    crc
}
