//! Types that derive `Serialize`, as JSON values.

use super::Json;
use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{Display, Error};
use serde::ser::{self, Impossible, Serialize};

/// Serializes into a [`Json`].
pub(super) struct Teller;

/// The items of a list so far.
pub(super) struct Items(Vec<Json>);

/// The entries of an object so far, and the key of the next.
pub(super) struct Entries {
    entries: Vec<(Cow<'static, str>, Json)>,
    key: Option<String>,
}

impl ser::Serializer for Teller {
    type Ok = Json;
    type Error = Error;
    type SerializeSeq = Items;
    type SerializeTuple = Items;
    type SerializeTupleStruct = Impossible<Json, Error>;
    type SerializeTupleVariant = Impossible<Json, Error>;
    type SerializeMap = Entries;
    type SerializeStruct = Entries;
    type SerializeStructVariant = Impossible<Json, Error>;

    fn serialize_bool(self, flag: bool) -> Result<Json, Error> {
        Ok(Json::Flag(flag))
    }

    fn serialize_i8(self, number: i8) -> Result<Json, Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_i16(self, number: i16) -> Result<Json, Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_i32(self, number: i32) -> Result<Json, Error> {
        self.serialize_i64(number.into())
    }

    fn serialize_i64(self, number: i64) -> Result<Json, Error> {
        u64::try_from(number).map(Json::Number).map_err(|_| Error)
    }

    fn serialize_u8(self, number: u8) -> Result<Json, Error> {
        self.serialize_u64(number.into())
    }

    fn serialize_u16(self, number: u16) -> Result<Json, Error> {
        self.serialize_u64(number.into())
    }

    fn serialize_u32(self, number: u32) -> Result<Json, Error> {
        self.serialize_u64(number.into())
    }

    fn serialize_u64(self, number: u64) -> Result<Json, Error> {
        Ok(Json::Number(number))
    }

    fn serialize_f32(self, _: f32) -> Result<Json, Error> {
        Err(Error)
    }

    fn serialize_f64(self, _: f64) -> Result<Json, Error> {
        Err(Error)
    }

    fn serialize_char(self, letter: char) -> Result<Json, Error> {
        Ok(Json::Text(letter.into()))
    }

    fn serialize_str(self, text: &str) -> Result<Json, Error> {
        Ok(Json::Text(text.into()))
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<Json, Error> {
        Err(Error)
    }

    fn serialize_none(self) -> Result<Json, Error> {
        Ok(Json::Null)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Json, Error> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Json, Error> {
        Ok(Json::Null)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Json, Error> {
        Ok(Json::Null)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<Json, Error> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Result<Json, Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<Json, Error> {
        Ok(Json::object().with(variant, value.serialize(self)?))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Items, Error> {
        Ok(Items(Vec::new()))
    }

    fn serialize_tuple(self, _: usize) -> Result<Items, Error> {
        Ok(Items(Vec::new()))
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

    fn serialize_map(self, _: Option<usize>) -> Result<Entries, Error> {
        Ok(Entries { entries: Vec::new(), key: None })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Entries, Error> {
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

    fn collect_str<T: Display + ?Sized>(self, value: &T) -> Result<Json, Error> {
        Ok(Json::Text(value.to_string()))
    }
}

impl ser::SerializeSeq for Items {
    type Ok = Json;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.0.push(value.serialize(Teller)?);
        Ok(())
    }

    fn end(self) -> Result<Json, Error> {
        Ok(Json::List(self.0))
    }
}

impl ser::SerializeTuple for Items {
    type Ok = Json;
    type Error = Error;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        ser::SerializeSeq::serialize_element(self, value)
    }

    fn end(self) -> Result<Json, Error> {
        ser::SerializeSeq::end(self)
    }
}

impl ser::SerializeMap for Entries {
    type Ok = Json;
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        let Json::Text(key) = key.serialize(Teller)? else { return Err(Error) };
        self.key = Some(key);
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        let key = self.key.take().ok_or(Error)?;
        self.entries.push((Cow::Owned(key), value.serialize(Teller)?));
        Ok(())
    }

    fn end(self) -> Result<Json, Error> {
        Ok(Json::Map(self.entries))
    }
}

impl ser::SerializeStruct for Entries {
    type Ok = Json;
    type Error = Error;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result<(), Error> {
        self.entries.push((Cow::Borrowed(key), value.serialize(Teller)?));
        Ok(())
    }

    fn end(self) -> Result<Json, Error> {
        Ok(Json::Map(self.entries))
    }
}
