//! Decides with a pack, as a server does: `cargo run --example decide`.
//!
//! Deciding needs no default feature: `privet = { version = "0.1", default-features = false }`.

use privet::{Policy, Subject, Value};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    // The build makes the pack, and the server loads its bytes.
    let pack = Policy::compile(privet::policies::VICIDIAL)?.pack().to_vec();

    let policy = Policy::open(&pack)?;
    let subject = Subject {
        grants: vec![("modify-email-accounts".into(), Value::Flag(true))],
        facts: vec![("email-allowed".into(), Value::Flag(true))],
        ..Subject::default()
    };
    let session = policy.session(&subject)?;
    assert!(session.can("email-accounts.open")?);
    println!("{}", session.allowed().join("\n"));
    Ok(())
}
