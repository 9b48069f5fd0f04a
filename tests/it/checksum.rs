//! CRC-32 against its definition by division of polynomials, in the two forms that packs are checked in: natively, and in parts as the core's host does.

use crate::support::random::Random;
use privet::engine::{TABLES, Words, crc32, feed};

/// The remainder of the message by the reflected polynomial of IEEE 802.3, bit by bit.
fn definition(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for bit in bytes.iter().flat_map(|byte| (0..8).map(move |bit| u32::from(byte >> bit & 1))) {
        let odd = crc & 1 ^ bit;
        crc = crc >> 1 ^ if odd == 1 { 0xedb8_8320 } else { 0 };
    }
    !crc
}

/// The checksum by [`feed`], in parts of at most so many bytes, each of which starts at a whole word.
fn fed(bytes: &[u8], part: usize) -> u32 {
    let mut words = vec![0; TABLES as usize + part.div_ceil(4)];
    let mut crc = u32::MAX;
    for chunk in bytes.chunks(part) {
        for (word, bytes) in words[TABLES as usize..].iter_mut().zip(chunk.chunks(4)) {
            let mut four = [0xff; 4];
            four[..bytes.len()].copy_from_slice(bytes);
            *word = u32::from_le_bytes(four);
        }
        crc = feed(Words::new(&[], &mut words, [0, 0]), crc, u32::try_from(chunk.len()).unwrap());
    }
    !crc
}

#[test]
fn checksums_are_those_of_the_definition() {
    assert_eq!(crc32(b"123456789"), 0xcbf4_3926, "the check value of CRC-32");
    let mut random = Random::new(32);
    let bytes: Vec<u8> = (0..10_000).map(|_| random.below(256) as u8).collect();
    // Tables are used from 4096 bytes on; they take 8 bytes at once, then 1
    for length in (0..20).chain(4090..4110).chain([9_999, 10_000]) {
        let bytes = &bytes[..length];
        let expected = definition(bytes);
        assert_eq!(crc32(bytes), expected, "{length} bytes");
        for part in [8, 12, 1000, 16_384] {
            assert_eq!(fed(bytes, part), if length == 0 { 0 } else { expected }, "{length} bytes by {part}");
        }
    }
}
