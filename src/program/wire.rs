//! Bytes in and out: lengths, never separators; one spelling for each value, so that a pack has one form.

use crate::ground::ids;
use alloc::string::String;
use alloc::vec::Vec;

/// Reads what [`Writer`] wrote. The first thing that is not as it should be is remembered, and from there on everything
/// reads as nothing: one look at the end, instead of a way out of every step that drops what was read so far, is less code.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    refused: Option<usize>,
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, refused: None }
    }

    /// Refuses the input at this place unless something holds.
    pub(super) const fn expect(&mut self, holds: bool) {
        if !holds && self.refused.is_none() {
            self.refused = Some(self.rest.len());
            self.rest = &[];
        }
    }

    /// How many bytes were left when it showed that the input is not what it should be.
    pub(super) const fn refused(&self) -> Option<usize> {
        self.refused
    }

    /// Refuses what is left over.
    pub(super) const fn expect_end(&mut self) {
        self.expect(self.rest.is_empty());
    }

    fn bytes(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or_else(|| {
            self.expect(false);
            Default::default()
        });
        self.rest = rest;
        taken
    }

    /// A number in base 128, least digit first, without needless digits.
    pub(super) fn number(&mut self) -> u32 {
        let mut value: u64 = 0;
        for shift in [0_u32, 7, 14, 21, 28] {
            let byte = self.bytes(1).first().copied().unwrap_or_default();
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let number = u32::try_from(value).ok().filter(|_| byte != 0 || shift == 0);
                self.expect(number.is_some());
                return number.unwrap_or_default();
            }
        }
        self.expect(false);
        0
    }

    /// A number below `bound`; 0 where it is not.
    pub(super) fn below(&mut self, bound: usize) -> u32 {
        let number = self.number();
        let fits = (number as usize) < bound;
        self.expect(fits);
        if fits { number } else { 0 }
    }

    pub(super) fn text(&mut self) -> String {
        let length = self.number() as usize;
        let text = core::str::from_utf8(self.bytes(length));
        self.expect(text.is_ok());
        text.unwrap_or_default().into()
    }

    pub(super) fn id(&mut self) -> String {
        let id = self.text();
        self.expect(ids::check(&id).is_ok());
        id
    }

    /// Nothing, or something.
    pub(super) fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(2) == 1).then(|| read(self))
    }

    /// A count and as many items. Each item takes a byte or more, so a count beyond the bytes left is refused
    /// before anything is reserved for it.
    pub(super) fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.number() as usize;
        self.expect(count <= self.rest.len());
        let mut items = Vec::with_capacity(count.min(self.rest.len()));
        while items.len() < count && self.refused.is_none() {
            items.push(read(self));
        }
        items
    }
}

/// Writes a pack's sections.
#[cfg(feature = "studio")]
#[derive(Default)]
pub(super) struct Writer {
    pub(super) bytes: Vec<u8>,
}

#[cfg(feature = "studio")]
impl Writer {
    pub(super) fn number(&mut self, mut value: u32) {
        while value > 0x7f {
            self.bytes.push((value & 0x7f) as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push((value & 0x7f) as u8);
    }

    /// A length or index; the limits of a document keep all of them below 2³².
    pub(super) fn size(&mut self, value: usize) {
        self.number(u32::try_from(value).unwrap_or(u32::MAX));
    }

    pub(super) fn text(&mut self, text: &str) {
        self.size(text.len());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    pub(super) fn option<T>(&mut self, value: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.number(u32::from(value.is_some()));
        if let Some(value) = value {
            write(self, value);
        }
    }

    pub(super) fn list<'a, T: 'a>(
        &mut self,
        items: impl ExactSizeIterator<Item = &'a T>,
        mut write: impl FnMut(&mut Self, &'a T),
    ) {
        self.size(items.len());
        for item in items {
            write(self, item);
        }
    }
}
