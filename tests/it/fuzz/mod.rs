//! What `make fuzz` runs with bytes that libFuzzer makes (`fuzz/`), and what the tests run with the corpora: a target panics on a fault.
//!
//! | target | the bytes are | what must hold |
//! |---|---|---|
//! | `policy` | a document | no panic; it is refused exactly if it has an error; what compiles is its pack and its canonical document again |
//! | `requirement` | the requirement of an operation | as `policy`; what compiles decides as the naive model, which parses on its own |
//! | `pack` | a pack, also with lengths and checksum put right | no panic; what opens encodes to itself and answers everything |
//! | `token` | a token of one of four policies, also with its checksum put right | refused, or the session that gives this token |
//! | `subject` | a subject of one of four policies as JSON, and a change | refused, or a session whose record, token and change agree |
//! | `differential` | draws of a random policy | program against the naive model, explanations, changes, tokens, pack, populations |
//! | `fixes` | draws of a random policy | fixes and least privilege against brute force |

mod documents;
mod drawn;
mod sessions;

/// A target with its name.
type Target = (&'static str, fn(&[u8]));

/// The targets by name.
pub(crate) const TARGETS: [Target; 7] = [
    ("policy", documents::policy),
    ("requirement", documents::requirement),
    ("pack", sessions::pack),
    ("token", sessions::token),
    ("subject", sessions::subject),
    ("differential", drawn::differential),
    ("fixes", drawn::fixes),
];

/// Runs a target by its name.
pub(crate) fn run(name: &str, data: &[u8]) {
    let target = TARGETS.iter().find(|(known, _)| *known == name);
    target.unwrap_or_else(|| panic!("there is no target `{name}`")).1(data);
}
