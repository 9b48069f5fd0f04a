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
    let room = engine.token_room() as usize;
    let (privileges, operations) = (engine.facts()..engine.first_role(), engine.operations());
    let choices = privileges.clone().map(|index| engine.entry(index)).filter(|entry| entry.kind() == kind::CHOICE);
    let roles = (engine.first_role()..engine.entries()).map(|index| engine.entry(index).slots_at());
    let slots: Vec<u32> = choices.map(engine::Entry::a).chain(roles).collect();
    for _ in 0..rounds {
        let (own, inline) = (pairs(engine, random), pairs(engine, random));
        let state: Vec<u32> = own.iter().chain(&inline).flatten().copied().collect();
        let [own, inline] = [word(own.len()), word(inline.len())];
        pair.call(&state, 0, || core::decide(own, inline), |engine| engine.decide(own, inline));
        let privilege = privileges.start + word(random.below(privileges.len()));
        pair.call(&state, 0, || core::holding(own, inline, privilege), |engine| engine.holding(own, inline, privilege));
        // Sixteen bits in a word: which operations are allowed, and which are denied
        let outputs: Vec<u32> = (0..2 * operations.div_ceil(16)).map(|_| word(random.below(1 << 16))).collect();
        pair.call(&outputs, 0, || core::menu(), |engine| engine.menu());
        let operation = engine.operation(word(random.below(operations as usize)));
        let slots = [&[operation.decision()], &*slots].concat();
        let count = word(slots.len());
        pair.call(&slots, 0, || core::reads(count), |engine| engine.reads(count));
        let letters =
            pair.call(&state, room, || core::token(own, inline, 0), |engine| engine.token(own, inline, 0)) as usize;
        let from = pair.first() + state.len();
        let mut token = memory::read()[from..from + letters].to_vec();
        if random.below(2) == 0 && !token.is_empty() {
            let at = random.below(token.len());
            token[at] = [65, 95, 0, 255, 300][random.below(5)];
        }
        let letters = word(token.len());
        pair.call(&token, room, || core::token(0, 0, letters), |engine| engine.token(0, 0, letters));
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
