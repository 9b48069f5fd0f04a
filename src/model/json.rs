//! Reads and writes values as JSON. With `serde_json`; in `host.wasm` by a reader and writer for values alone, since `serde_json`, its
//! floating-point numbers and its own values would be a third of that module.

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
