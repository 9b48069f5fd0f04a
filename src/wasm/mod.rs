//! The exports to JavaScript. No other module imports this one.
//!
//! `core.wasm` exports two functions over bytes ([`core`]). `studio.wasm` exports the methods of one object,
//! [`StudioEngine`](engine::StudioEngine), which take strings and words and return plain objects, so JavaScript has nothing to
//! free. JavaScript stores session state as u32 words; any instance that has opened the same pack can resume it.

#[cfg(not(feature = "studio"))]
mod core;
#[cfg(feature = "studio")]
mod convert;
#[cfg(feature = "studio")]
mod diagnostics;
#[cfg(feature = "studio")]
mod engine;
#[cfg(feature = "studio")]
mod handles;
#[cfg(feature = "studio")]
mod population;
#[cfg(feature = "studio")]
mod studio;
