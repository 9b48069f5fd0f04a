//! Reads and writes values as JSON. With `serde_json`; in `host.wasm` by a reader and writer for values alone. The download of that
//! module is to be at most 60 kB. It is 58.8 kB so, 71 kB with `serde_json`, and 68 kB with `serde_json` and numbers that are kept as text
//! (its feature `arbitrary_precision`), without floating-point arithmetic.

#[cfg(not(all(feature = "host", target_arch = "wasm32")))]
mod library {
    use crate::model::Value;

    /// Data of the product, as packs have it.
    pub type Data = serde_json::Value;

    /// Reads a value. `None` if the text is not JSON.
    pub(crate) fn read(text: &[u8]) -> Option<Value> {
        serde_json::from_slice(text).ok()
    }

    /// Writes a value.
    pub(crate) fn write(value: &Value) -> String {
        // The keys of a value are strings, so this cannot fail.
        serde_json::to_string(value).unwrap_or_default()
    }

    /// Reads data of the product. `None` if the text is not JSON.
    pub(crate) fn read_data(text: &str) -> Option<Data> {
        serde_json::from_str(text).ok()
    }
}

#[cfg(all(feature = "host", target_arch = "wasm32"))]
mod small;

#[cfg(not(all(feature = "host", target_arch = "wasm32")))]
pub use library::Data;
#[cfg(not(all(feature = "host", target_arch = "wasm32")))]
pub(crate) use library::{read, read_data, write};
#[cfg(all(feature = "host", target_arch = "wasm32"))]
pub use small::Data;
#[cfg(all(feature = "host", target_arch = "wasm32"))]
pub(crate) use small::{read, read_data, write, write_text};
