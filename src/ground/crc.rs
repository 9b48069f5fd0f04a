//! The checksum of packs and tokens.

/// CRC-32 (IEEE 802.3). O(bytes).
pub fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc: u32, byte| (crc >> 8) ^ step(crc ^ u32::from(*byte)))
}

/// What eight zero bits make of the lowest byte, from a table that the compiler fills.
fn step(crc: u32) -> u32 {
    const TABLE: [u32; 256] = table();
    TABLE.get((crc & 0xff) as usize).copied().unwrap_or_default()
}

#[expect(clippy::indexing_slicing, reason = "runs when this is compiled, and `get_mut` cannot")]
const fn table() -> [u32; 256] {
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
