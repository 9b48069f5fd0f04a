//! Prints the public surface of the crate, an item on each line: `privet-api RUSTDOC.json`.
//!
//! The modules of the crate are hidden in its documentation; their items are public where the root exports them. So rustdoc has to
//! document hidden items, and this program leaves out hidden items and the paths through hidden modules.

use std::collections::{BTreeSet, HashSet};
use std::error::Error;

/// Whether the path of an item leads through a module. The crate's public modules are exported as a whole.
fn is_in_module(line: &str) -> bool {
    let Some((_, path)) = line.split_once("privet::") else { return false };
    let end = path.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(path.len());
    let (first, rest) = path.split_at(end);
    let is_module = first.starts_with(|letter: char| letter.is_ascii_lowercase()) && rest.starts_with("::");
    (is_module || line.starts_with("pub mod")) && first != "policies"
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("give the path of rustdoc's JSON")?;
    let docs: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(&path)?)?;
    let items = docs["index"].as_object().ok_or("the JSON has no index")?.values();
    let hidden = items.filter(|item| item["attrs"].to_string().contains("doc(hidden)"));
    let hidden: HashSet<u64> = hidden.filter_map(|item| item["id"].as_u64()).collect();
    let api = public_api::Builder::from_rustdoc_json(path)
        .omit_blanket_impls(true)
        .omit_auto_trait_impls(true)
        .omit_auto_derived_impls(true)
        .build()?;
    // An item is found at its own path and at its export; the headers of inherent implementations say nothing more.
    let lines = api.items().filter(|item| !hidden.contains(&u64::from(item.id().0))).map(ToString::to_string);
    let lines = lines.filter(|line| !is_in_module(line) && (!line.starts_with("impl") || line.contains(" for ")));
    for line in lines.collect::<BTreeSet<String>>() {
        println!("{line}");
    }
    Ok(())
}
