//! The exports to JavaScript, and the only module that knows of it.
//!
//! The core exports two functions over bytes ([`raw`]). The studio takes text and words and returns text and words; nothing
//! that crosses needs to be freed but the one engine of an instance, which lives as long as the instance does. A session is
//! the words of its state, kept by JavaScript: any engine that has the pack can go on with it.

#[cfg(feature = "studio")]
mod kept;
#[cfg(not(feature = "studio"))]
mod raw;
#[cfg(feature = "studio")]
mod people;
#[cfg(feature = "studio")]
mod studio;
