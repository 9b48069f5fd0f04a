//! Packs that differ from a valid one in some words of their program, with the checksum put right: what an attacker may hand out whose packs
//! are opened.

use crate::support::random::Random;
use privet::engine::crc32;

/// The bytes of a pack's header. The lengths of its names and of its program are the words from byte 5.
const HEADER: usize = 21;
/// The words of the header of a program.
const PROGRAM_HEADER: usize = 17;
/// How many packs are forged from one.
const PACKS: usize = 12;

/// Forges packs. Half of the changed words are in the header of the program or in its first rows, which have counts and positions. The new
/// words are those of other places, and their neighbours, since random ones are refused at once.
pub(super) fn forged(pack: &[u8], seed: u64) -> Vec<Vec<u8>> {
    let mut random = Random::new(seed);
    let length =
        |at: usize| pack.get(at..at + 4).and_then(|it| it.try_into().ok()).map_or(0, u32::from_le_bytes) as usize;
    let (begin, words) = (HEADER + length(5), length(9) / 4);
    let word = |index: usize| begin + 4 * index..begin + 4 * index + 4;
    let mut forge = || {
        let mut bytes = pack.to_vec();
        for _ in 0..=random.below(3) {
            let place = if random.below(2) == 0 { words } else { words.min(2 * PROGRAM_HEADER) };
            let to = random.below(place);
            let other = &bytes[word(random.below(words))];
            let value = u32::from_le_bytes(other.try_into().expect("four bytes"));
            let value = value.wrapping_add(random.below(5) as u32).wrapping_sub(2);
            bytes[word(to)].copy_from_slice(&value.to_le_bytes());
        }
        let end = bytes.len() - 4;
        let checksum = crc32(&bytes[..end]);
        bytes[end..].copy_from_slice(&checksum.to_le_bytes());
        bytes
    };
    std::iter::repeat_with(&mut forge).take(PACKS).collect()
}
