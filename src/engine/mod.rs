//! The engine: what decides, for every host. It validates the program section of a pack once, and then evaluates subjects,
//! computes menu states, holdings and tokens, and says what an operation reads. `docs/format.md` defines all of it.
//!
//! It uses `core` only and does not allocate. All that it works on is one [`Block`] of words: in `core.wasm` the linear memory
//! behind the stack, natively slices. Native tests run all of it with a check of every position.
//!
//! Every page downloads this folder as `core.wasm`, and the core has a budget in bytes (`make bench`). So the code is plain loops over
//! words, without iterators and closures where these take more bytes.
//!
//! | file | contents |
//! |---|---|
//! | `block` | blocks, and how a block is divided |
//! | `program` | the tables of a program and their rows |
//! | `validate` | the validation of a program when it is opened |
//! | `evaluate` | a subject's inputs, the join of inline roles, decisions |
//! | `answers` | menu states, holdings, what an operation reads |
//! | `token` | tokens |
//! | `crc32` | the checksum of packs and tokens |

mod answers;
mod block;
mod crc32;
mod evaluate;
mod program;
mod token;
mod validate;

pub use answers::{Below, EFFECTIVE, GRANTED, HOLDING_WORDS, UNDECIDED};
pub use block::{Block, Evaluated, Words};
pub use crc32::{TABLES, crc32, feed};
pub use program::{Engine, Entry, NO_PARENT, Operation, kind};
pub use token::TokenFault;
