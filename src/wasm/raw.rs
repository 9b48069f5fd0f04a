//! The core's engine: one function over a block of bytes in linear memory. JavaScript owns the memory above the stack, lays a
//! program's image out there, sets its inputs and reads what was decided behind it; nothing is kept between two calls, so there
//! is nothing to open or to free.
//!
//! With checked slices it took 420 bytes instead of 230, of the six thousand that the whole core may take.
#![expect(unsafe_code, reason = "the memory that JavaScript writes to is known by its address alone")]

/// Decides the image that begins at `at`: [`decide::run`](crate::decide::run) over one lane of bytes. Then packs what was decided,
/// from the byte `outputs` of the working memory on: eight bytes to the bits of one, behind that memory.
///
/// # Safety
/// At `at`, a multiple of 4 above the stack, is an image as `Program` writes it, of one instruction or more, and every operand
/// comes before its instruction: the pack that it came from had the right checksum. Behind it the memory has two bytes for each
/// slot, and as many again and eight. So everything that is read or written lies in the block. A pack that somebody made up
/// can at worst read or write this memory, which holds nothing but the block, or end in a trap.
#[unsafe(no_mangle)]
unsafe extern "C" fn decide(at: *const u32, outputs: usize) {
    // SAFETY: as above.
    unsafe {
        let mut step = at.add(2);
        let memory: *mut u8 = step.add(2 * at.add(1).read() as usize).cast_mut().cast();
        let mut next = memory.add(2 * at.read() as usize);
        loop {
            let (left, right) = (step.read() as usize, step.add(1).read() as usize);
            next.write(memory.add(left).read() & memory.add(right).read());
            next.add(1).write(memory.add(left ^ 1).read() | memory.add(right ^ 1).read());
            next = next.add(2);
            step = step.add(2);
            if step.addr() >= memory.addr() {
                break;
            }
        }
        let end = next;
        let mut from = memory.add(outputs);
        loop {
            // One product moves the lowest bit of each byte to the highest byte: no two of its terms fall on the same bit. Behind
            // the last output may lie anything: it is no output's either.
            let eight = from.cast::<u64>().read_unaligned() & 0x0101_0101_0101_0101;
            next.write((eight.wrapping_mul(0x0102_0408_1020_4080) >> 56) as u8);
            next = next.add(1);
            from = from.add(8);
            if from >= end {
                break;
            }
        }
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! {
    core::arch::wasm32::unreachable()
}
