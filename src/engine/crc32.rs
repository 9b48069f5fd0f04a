//! The checksum of packs and tokens.

/// From this length on tables are worth filling.
const LONG: usize = 4096;

/// CRC-32 (IEEE 802.3). O(bytes).
pub fn crc32(bytes: &[u8]) -> u32 {
    let (words, rest) = if bytes.len() < LONG { (&[][..], bytes) } else { bytes.as_chunks() };
    let crc = if words.is_empty() { !0 } else { long(words) };
    !rest.iter().fold(crc, |crc, byte| update(crc, *byte))
}

/// What one more byte makes of a checksum, before the last negation. A bit of the byte that goes out changes the same bits of the
/// rest wherever it stands, so products with few bits say it without a table (Stephan Brumme, *Fast CRC32*, after Hagai Gold).
pub(crate) const fn update(crc: u32, byte: u8) -> u32 {
    let out = (crc ^ byte as u32) & 0xff;
    let low = (out ^ (out << 6)) & 0xff;
    let mixed = low * (1 << 23 | 1 << 14 | 1 << 2);
    let spread = (low * (1 << 24 | 1 << 16 | 1 << 8)) ^ (low * (1 << 20 | 1 << 12));
    (crc >> 8) ^ mixed ^ (mixed >> 1) ^ spread ^ (low << 19) ^ (low << 17) ^ (low >> 2)
}

/// What four bytes after one another come to, each with what the bytes behind it make of it.
fn long(words: &[[u8; 4]]) -> u32 {
    let [first, second, third, fourth] = &tables();
    words.iter().fold(!0, |crc, word| {
        let crc = crc ^ u32::from_le_bytes(*word);
        look(fourth, crc) ^ look(third, crc >> 8) ^ look(second, crc >> 16) ^ look(first, crc >> 24)
    })
}

fn look(table: &[u32; 256], byte: u32) -> u32 {
    table.get((byte & 0xff) as usize).copied().unwrap_or_default()
}

/// What each byte comes to, with none to three zero bytes behind it.
fn tables() -> [[u32; 256]; 4] {
    let mut tables = [[0; 256]; 4];
    let mut last = [0; 256];
    last.iter_mut().zip(0..).for_each(|(crc, byte)| *crc = byte);
    for table in &mut tables {
        last = last.map(|crc| update(crc, 0));
        *table = last;
    }
    tables
}
