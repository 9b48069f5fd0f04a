//! The exports of `core.wasm`: the [`Engine`] over the linear memory. A WebAssembly instance holds one program; JavaScript makes
//! one for each policy that it opens.
//!
//! The block begins at `__heap_base`, behind the stack. Before a call JavaScript grows the memory so that the program, the
//! arguments and the results fit. Positions are numbers of bytes from the start of the block.
#![expect(unsafe_code, reason = "the linear memory is read and written only here")]

use crate::engine::{self, Block, Engine};
use core::sync::atomic::AtomicU32;
use core::sync::atomic::Ordering::Relaxed;

unsafe extern "C" {
    /// The linker's symbol for the end of the stack and of static data. Its address is aligned to 16 bytes.
    static mut __heap_base: u32;
}

/// The words from `__heap_base` to the end of the memory.
#[derive(Clone, Copy)]
struct Linear;

/// The positions of answer and arguments.
static PLACES: [AtomicU32; 2] = [AtomicU32::new(0), AtomicU32::new(0)];

impl Block for Linear {
    fn get(self, at: u32) -> u32 {
        // SAFETY: the engine uses only positions of a program that was validated, of its memory and answer, and of arguments.
        // JavaScript has grown the memory beyond them. Every word of linear memory is initialised, and no reference to one
        // exists: there is no allocator, and `__heap_base` has no other use.
        unsafe { (&raw const __heap_base).byte_add(at as usize).read() }
    }

    fn load(self, at: u32) -> u32 {
        self.get(at)
    }

    fn set(self, at: u32, word: u32) {
        // SAFETY: as for `get`. The engine never writes to the program, and static data and the stack are before it.
        unsafe { (&raw mut __heap_base).byte_add(at as usize).write(word) }
    }

    fn answer(self) -> u32 {
        let [answer, _] = &PLACES;
        answer.load(Relaxed)
    }

    fn arguments(self) -> u32 {
        let [_, arguments] = &PLACES;
        arguments.load(Relaxed)
    }
}

const ENGINE: Engine<Linear> = Engine(Linear);

/// [`engine::feed`].
#[unsafe(no_mangle)]
extern "C" fn crc(before: u32, bytes: u32) -> u32 {
    engine::feed(Linear, before, bytes)
}

/// Validates the program of `length` bytes at the start of the block. Returns the position of the answer, or 0 if it is invalid.
/// Only after this the functions below may be called.
#[unsafe(no_mangle)]
extern "C" fn open(length: u32) -> u32 {
    if !ENGINE.is_valid(length) {
        return 0;
    }
    let places = ENGINE.places();
    PLACES.iter().zip(places).for_each(|(place, at)| place.store(at, Relaxed));
    Linear.answer()
}

/// The position of the arguments.
#[unsafe(no_mangle)]
extern "C" fn arguments() -> u32 {
    Linear.arguments()
}

/// [`Engine::decide`].
#[unsafe(no_mangle)]
extern "C" fn decide(own: u32, inline: u32) {
    ENGINE.decide(own, inline);
}

/// [`Engine::holding`].
#[unsafe(no_mangle)]
extern "C" fn holding(own: u32, inline: u32, privilege: u32) {
    ENGINE.holding(own, inline, privilege);
}

/// [`Engine::menu`].
#[unsafe(no_mangle)]
extern "C" fn menu() {
    ENGINE.menu();
}

/// [`Engine::reads`].
#[unsafe(no_mangle)]
extern "C" fn reads(count: u32) {
    ENGINE.reads(count);
}

/// [`Engine::token`].
#[unsafe(no_mangle)]
extern "C" fn token(own: u32, inline: u32, letters: u32) -> u32 {
    ENGINE.token(own, inline, letters)
}
