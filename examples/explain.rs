//! Explains a decision and finds what to change: `cargo run --example explain`.

use privet::{FixOptions, Studio, Subject, Value};
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let studio = Studio::compile(privet::policies::VICIDIAL, true)?;
    let subject = Subject { facts: vec![("email-allowed".into(), Value::Flag(true))], ..Subject::default() };
    let session = studio.policy().session(&subject)?;

    println!("{}", studio.explain(&session, "email-accounts.open")?.sentence);
    for fix in studio.fixes(&session, "email-accounts.open", &FixOptions::default())?.fixes {
        println!("{} (cost {})", fix.sentence, fix.cost);
    }
    Ok(())
}
