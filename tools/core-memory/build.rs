//! Takes `src/wasm/core.rs` as it is, but for what only WebAssembly has: the linker's symbol becomes a block of this program's memory,
//! and the names of exports, some of which are those of libc, are not exported.

use std::{env, fs, path::Path};

fn main() {
    let source = Path::new(&env::var("CARGO_MANIFEST_DIR").unwrap()).join("../../src/wasm/core.rs");
    println!("cargo::rerun-if-changed={}", source.display());
    let text = fs::read_to_string(&source).unwrap();
    let from = text.find("unsafe extern \"C\" {").expect("the symbol of the linker");
    let to = from + text[from..].find("\n}\n").unwrap() + 3;
    let rewritten = format!("{}{}", &text[..from], &text[to..])
        .replace("#[unsafe(no_mangle)]\n", "")
        .replace("extern \"C\" fn", "pub(crate) extern \"C\" fn")
        .replace("(&raw const __heap_base)", "crate::memory::base().cast_const()")
        .replace("(&raw mut __heap_base)", "crate::memory::base()");
    assert!(!rewritten.contains("__heap_base)"), "the symbol has another use");
    // Inner comments and attributes belong to the module, which `include!` cannot take
    let body: Vec<&str> =
        rewritten.lines().filter(|line| !line.starts_with("//!") && !line.starts_with("#![")).collect();
    fs::write(Path::new(&env::var("OUT_DIR").unwrap()).join("core.rs"), body.join("\n")).unwrap();
}
