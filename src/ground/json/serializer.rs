//! Types that derive `Serialize`, as JSON text. What does not depend on the type stands outside of what does.

use super::{Json, begin, digits, separate};
use crate::ground::text::quote;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{Display, Error};
use serde::ser::{self, Impossible, Serialize};

/// What is said of an object in place of what it tells itself.
type Said = Vec<(&'static str, Json)>;

/// Writes one value.
pub(super) struct Teller<'a> {
    out: &'a mut String,
    said: Option<&'a mut Said>,
}

impl<'a> Teller<'a> {
    pub(super) const fn new(out: &'a mut String) -> Self {
        Self { out, said: None }
    }

    pub(super) const fn instead(out: &'a mut String, said: &'a mut Said) -> Self {
        Self { out, said: Some(said) }
    }
}

/// The items of a list.
pub(super) struct Items<'a>(&'a mut String);

/// The entries of an object.
pub(super) struct Entries<'a> {
    out: &'a mut String,
    said: Option<&'a mut Said>,
}

impl Entries<'_> {
    /// Writes what comes before a value; whether the value is still to be told.
    fn begin(&mut self, key: &str) -> bool {
        begin(self.out, key);
        let said = self.said.as_mut().and_then(|said| {
            let place = said.iter().position(|(other, _)| *other == key)?;
            Some(said.remove(place))
        });
        *self.out += said.as_ref().map_or("", |(_, value)| value.0.as_str());
        said.is_none()
    }

    fn close(self) {
        for (key, value) in self.said.into_iter().flatten() {
            begin(self.out, key);
            *self.out += &value.0;
        }
        self.out.push('}');
    }
}

impl<'a> ser::Serializer for Teller<'a> {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Items<'a>;
    type SerializeTuple = Items<'a>;
    type SerializeTupleStruct = Impossible<(), Error>;
    type SerializeTupleVariant = Impossible<(), Error>;
    type SerializeMap = Entries<'a>;
    type SerializeStruct = Entries<'a>;
    type SerializeStructVariant = Impossible<(), Error>;

    fn serialize_bool(self, flag: bool) -> Result<(), Error> {
        *self.out += if flag { "true" } else { "false" };
        Ok(())
    }

    fn serialize_i8(self, number: i8) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<(), Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_i64(self, number: i64) -> Result<(), Error> {
        u64::try_from(number).map_err(|_| Error).and_then(|number| self.serialize_u64(number))
    }

    fn serialize_u8(self, number: u8) -> Result<(), Error> {
        self.serialize_u64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<(), Error> {
        self.serialize_u64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<(), Error> {
        self.serialize_u64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Result<(), Error> {
        digits(self.out, number);
        Ok(())
    }

    fn serialize_f32(self, _: f32) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_f64(self, _: f64) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_char(self, letter: char) -> Result<(), Error> {
        self.serialize_str(letter.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, text: &str) -> Result<(), Error> {
        quote(self.out, text);
        Ok(())
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Error> {
        Err(Error)
    }

    fn serialize_none(self) -> Result<(), Error> {
        *self.out += "null";
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Error> {
        self.serialize_none()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<(), Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), Error> {
        let mut entries = self.serialize_map(None)?;
        ser::SerializeStruct::serialize_field(&mut entries, variant, value)?;
        ser::SerializeStruct::end(entries)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items<'a>, Error> {
        self.out.push('[');
        Ok(Items(self.out))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items<'a>, Error> {
        self.out.push('[');
        Ok(Items(self.out))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Error> {
        Err(Error)
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Error> {
        Err(Error)
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Entries<'a>, Error> {
        self.out.push('{');
        Ok(Entries { out: self.out, said: self.said })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries<'a>, Error> {
        self.serialize_map(None)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Error> {
        Err(Error)
    }

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<(), Error> {
        self.serialize_str(&value.to_string())
    }
}

impl ser::SerializeSeq for Items<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        separate(self.0);
        value.serialize(Teller::new(self.0))
    }

    fn end(self) -> Result<(), Error> {
        self.0.push(']');
        Ok(())
    }
}

impl ser::SerializeTuple for Items<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<(), Error> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeMap for Entries<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        separate(self.out);
        let start = self.out.len();
        key.serialize(Teller::new(self.out))?;
        let is_text = self.out.get(start..).is_some_and(|key| key.starts_with('"'));
        self.out.push(':');
        if is_text { Ok(()) } else { Err(Error) }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(Teller::new(self.out))
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}

impl ser::SerializeStruct for Entries<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        if self.begin(key) { value.serialize(Teller::new(self.out)) } else { Ok(()) }
    }

    fn end(self) -> Result<(), Error> {
        self.close();
        Ok(())
    }
}
