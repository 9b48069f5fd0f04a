//! Bytes in and out: lengths, never separators; one spelling for each value, so that a pack has one form.

use crate::ground::ids;
use alloc::string::String;
use alloc::vec::Vec;

/// Bytes that are not what they should be: how many of the input were left when it showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) left: usize,
}

/// Reads what [`Writer`] wrote, and refuses everything else.
pub(super) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The refusal at this place.
    pub(super) const fn malformed(&self) -> Malformed {
        Malformed { left: self.rest.len() }
    }

    pub(super) const fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn bytes(&mut self, length: usize) -> Result<&'a [u8], Malformed> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or_else(|| self.malformed())?;
        self.rest = rest;
        Ok(taken)
    }

    /// A number in base 128, least digit first, without needless digits.
    pub(super) fn number(&mut self) -> Result<u32, Malformed> {
        let mut value: u64 = 0;
        for shift in [0_u32, 7, 14, 21, 28] {
            let &byte = self.bytes(1)?.first().ok_or_else(|| self.malformed())?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let spare = byte == 0 && shift > 0;
                return u32::try_from(value).ok().filter(|_| !spare).ok_or_else(|| self.malformed());
            }
        }
        Err(self.malformed())
    }

    /// A number below `bound`.
    pub(super) fn below(&mut self, bound: usize) -> Result<u32, Malformed> {
        let number = self.number()?;
        if (number as usize) < bound { Ok(number) } else { Err(self.malformed()) }
    }

    pub(super) fn text(&mut self) -> Result<String, Malformed> {
        let length = self.number()? as usize;
        let bytes = self.bytes(length)?;
        core::str::from_utf8(bytes).map(String::from).map_err(|_| self.malformed())
    }

    pub(super) fn id(&mut self) -> Result<String, Malformed> {
        let id = self.text()?;
        if ids::check(&id).is_ok() { Ok(id) } else { Err(self.malformed()) }
    }

    /// Nothing, or something.
    pub(super) fn option<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Option<T>, Malformed> {
        Ok(if self.below(2)? == 1 { Some(read(self)?) } else { None })
    }

    /// A count and as many items. Each item takes a byte or more, so a count beyond the bytes left is refused
    /// before anything is reserved for it.
    pub(super) fn list<T>(
        &mut self,
        mut read: impl FnMut(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let count = self.number()? as usize;
        if count > self.rest.len() {
            return Err(self.malformed());
        }
        let mut items = Vec::with_capacity(count);
        for _ in 0..count {
            items.push(read(self)?);
        }
        Ok(items)
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
