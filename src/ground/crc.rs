//! The checksum of packs and tokens.

/// Tables that take four bytes at a time, of which the compiler fills the first.
type Tables = [[u32; 256]; 4];

/// From this length on the other tables are worth filling.
const LONG: usize = 4096;

/// CRC-32 (IEEE 802.3). O(bytes).
pub fn crc(bytes: &[u8]) -> u32 {
    let (words, rest) = if bytes.len() < LONG { (&[][..], bytes) } else { bytes.as_chunks() };
    let crc = if words.is_empty() { !0 } else { long(words) };
    !rest.iter().fold(crc, |crc, byte| (crc >> 8) ^ look(&FIRST, crc ^ u32::from(*byte)))
}

/// What four bytes after one another come to, each with what the bytes behind it make of it.
fn long(words: &[[u8; 4]]) -> u32 {
    let [_, second, third, fourth] = &tables();
    words.iter().fold(!0, |crc, word| {
        let crc = crc ^ u32::from_le_bytes(*word);
        look(fourth, crc) ^ look(third, crc >> 8) ^ look(second, crc >> 16) ^ look(&FIRST, crc >> 24)
    })
}

fn look(table: &[u32; 256], byte: u32) -> u32 {
    table.get((byte & 0xff) as usize).copied().unwrap_or_default()
}

/// Each table is the one before it, with one zero byte more behind.
fn tables() -> Tables {
    let mut tables = [FIRST; 4];
    let mut last = FIRST;
    for table in tables.iter_mut().skip(1) {
        for crc in &mut last {
            *crc = (*crc >> 8) ^ look(&FIRST, *crc);
        }
        *table = last;
    }
    tables
}

/// What eight zero bits make of each byte.
static FIRST: [u32; 256] = first();

#[expect(clippy::indexing_slicing, reason = "runs when this is compiled, and `get_mut` cannot")]
const fn first() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte = 0_u32;
    while byte < 256 {
        let mut crc = byte;
        let mut bit = 0;
        while bit < 8 {
            crc = (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
            bit += 1;
        }
        table[byte as usize] = crc;
        byte += 1;
    }
    table
}
