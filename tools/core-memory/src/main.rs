//! Calls every export of `core.wasm` as `pkg/src/core/engine.ts` does, for random states of a policy, and compares the memory afterwards with that of
//! the same engine over checked slices. It runs under Miri, AddressSanitizer and valgrind, which find what a comparison cannot.
//!
//! Arguments: how many rounds, and then files of policies.

mod memory;
#[expect(unsafe_code, dead_code, reason = "the module under test")]
mod core {
    include!(concat!(env!("OUT_DIR"), "/core.rs"));
}
pub(crate) use privet::engine;

use privet::engine::{Engine, Words, kind};
use privet::pack::Policy;

/// A small generator (SplitMix64), so that every run has the same states.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ mixed >> 31) % bound as u64).unwrap()
    }
}

const fn word(number: usize) -> u32 {
    number as u32
}

/// An instance with a program: the memory that is tested, and the block that it is compared with.
struct Pair<'a> {
    program: &'a [u32],
    places: [u32; 2],
    calls: usize,
}

impl<'a> Pair<'a> {
    fn open(program: &'a [u32]) -> Self {
        memory::clear();
        memory::reserve(program.len());
        memory::write(0, program);
        let answer = core::open(word(4 * program.len()));
        let places = [answer, core::arguments()];
        assert_eq!(places, Engine(Words::program(program)).places());
        Self { program, places, calls: 1 }
    }

    fn first(&self) -> usize {
        self.places[1] as usize / 4
    }

    /// Writes arguments, makes room for more, and calls both. All words must be equal afterwards.
    fn call<R: PartialEq + std::fmt::Debug>(
        &mut self,
        arguments: &[u32],
        more: usize,
        tested: impl FnOnce() -> R,
        expected: impl FnOnce(Engine<Words<'_>>) -> R,
    ) -> R {
        memory::reserve(self.first() + arguments.len() + more);
        memory::write(self.first(), arguments);
        let mut rest = memory::read().split_off(self.program.len());
        let result = tested();
        let engine = Engine(Words::new(self.program, &mut rest, self.places));
        assert_eq!(result, expected(engine));
        let now = memory::read();
        assert_eq!(now[..self.program.len()], *self.program, "the program was written to");
        // The word of the answer to `read` is written by the export
        assert!(now[self.program.len()..] == rest, "the memory differs from that of the checked engine");
        self.calls += 1;
        result
    }
}

/// Sorted pairs of entry and value, most of them valid.
fn pairs(engine: Engine<Words<'_>>, random: &mut Random) -> Vec<[u32; 2]> {
    let count = random.below(8);
    let mut pairs: Vec<[u32; 2]> = (0..count)
        .map(|_| [word(random.below(engine.entries() as usize)), [0, 1, 2, 3, 255, u32::MAX][random.below(6)]])
        .collect();
    pairs.sort_unstable();
    pairs
}

fn exercise(program: &[u32], rounds: usize, random: &mut Random) -> usize {
    let mut pair = Pair::open(program);
    let engine = Engine(Words::program(program));
    let letters = engine.token_letters() as usize;
    let (privileges, operations) = (engine.first_role() - engine.facts(), engine.operations());
    let choices: Vec<u32> =
        (0..privileges).filter(|index| engine.entry(engine.facts() + index).kind() == kind::CHOICE).collect();
    assert_eq!(letters, core::letters() as usize);
    for _ in 0..rounds {
        let (own, inline) = (pairs(engine, random), pairs(engine, random));
        let state: Vec<u32> = own.iter().chain(&inline).flatten().copied().collect();
        let [own, inline] = [word(own.len()), word(inline.len())];
        pair.call(&state, 0, || core::decide(own, inline), |engine| engine.decide(own, inline));
        let privilege = word(random.below(privileges as usize));
        pair.call(&state, 0, || core::holding(own, inline, privilege), |engine| engine.holding(own, inline, privilege));
        let outputs: Vec<u32> = (0..2 * operations.div_ceil(32)).map(|_| word(random.below(1 << 32))).collect();
        pair.call(&outputs, program.len(), || core::menu(), |engine| engine.menu());
        let operation = word(random.below(operations as usize));
        let count = word(choices.len());
        pair.call(&choices, 0, || core::reads(operation, count), |engine| engine.reads(operation, count));
        let length =
            pair.call(&state, letters, || core::write(own, inline), |engine| engine.write_token(own, inline)) as usize;
        let from = pair.first() + state.len();
        let mut token = memory::read()[from..from + length].to_vec();
        if random.below(2) == 0 && !token.is_empty() {
            let at = random.below(token.len());
            token[at] = [65, 95, 0, 255, 300][random.below(5)];
        }
        let length = word(token.len());
        let answer = pair.places[0] as usize / 4 - program.len();
        memory::reserve(pair.first() + token.len() + 12 * letters);
        memory::write(pair.first(), &token);
        let mut rest = memory::read().split_off(program.len());
        let found = core::read(length);
        let expected = match Engine(Words::new(program, &mut rest, pair.places)).read_token(length) {
            Ok([inline, end]) => {
                rest[answer] = end;
                inline
            }
            Err(engine::TokenFault::Invalid) => 0,
            Err(engine::TokenFault::Stale) => 1,
        };
        assert_eq!((found, memory::read().split_off(program.len())), (expected, rest));
        pair.calls += 1;
    }
    pair.calls
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let rounds = arguments.next().and_then(|count| count.parse().ok()).expect("the number of rounds");
    let mut random = Random(7);
    let (mut calls, mut policies) = (0, 0);
    for file in arguments {
        let text = std::fs::read_to_string(&file).expect("a policy");
        let policy = Policy::compile(&text).expect("a policy without errors");
        calls += exercise(&policy.program().words, rounds, &mut random);
        policies += 1;
    }
    println!("{policies} policies, {calls} calls");
}
