//! The exports to JavaScript; no other module knows of it.
//!
//! `core.wasm` exports two functions over bytes ([`core`]). The studio takes strings and words and returns plain objects;
//! nothing that crosses the boundary needs to be freed, except the one [`StudioEngine`](engine::StudioEngine) of an instance.
//! JavaScript stores session state as u32 words; any instance that has opened the same pack can resume it.

#[cfg(not(feature = "studio"))]
mod core;
#[cfg(feature = "studio")]
mod convert;
#[cfg(feature = "studio")]
mod engine;
#[cfg(feature = "studio")]
mod handles;
#[cfg(feature = "studio")]
mod population;
#[cfg(feature = "studio")]
mod studio;
