//! The architecture: which module may import which, the maximum length of files, and names that files must not contain.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules that each top-level module may import, besides `model` and `util`. There are no exceptions. `wasm` may
/// import all modules, and none imports it.
const TABLE: [(&str, &[&str]); 17] = [
    ("model", &[]),
    ("util", &[]),
    ("engine", &[]),
    ("pack", &["engine"]),
    ("session", &["engine", "pack"]),
    ("population", &["engine", "pack", "session"]),
    ("source", &[]),
    ("diagnostic", &["source"]),
    ("document", &["source", "diagnostic"]),
    ("index", &["source", "document"]),
    ("bdd", &[]),
    ("check", &["source", "diagnostic", "document", "bdd"]),
    ("compile", &["pack", "diagnostic", "document", "check"]),
    (
        "studio",
        &["pack", "session", "population", "source", "diagnostic", "document", "index", "bdd", "check", "compile"],
    ),
    ("policies", &[]),
    ("host", &["pack", "session"]),
    (
        "wasm",
        &["engine", "pack", "session", "population", "source", "diagnostic", "document", "index", "check", "studio"],
    ),
];

/// The folders of the studio, and `costs`, that each of its folders may import. `mod` is the facade above all of them.
const STUDIO: [(&str, &[&str]); 7] = [
    ("messages", &[]),
    ("search", &[]),
    ("explain", &["messages", "costs"]),
    ("changes", &["search", "explain"]),
    ("fixes", &["messages", "search", "explain", "changes", "costs"]),
    ("versions", &["search", "explain", "fixes"]),
    ("impact", &["search"]),
];

const MOST_LINES: usize = 500;
const MEDIAN_LINES: usize = 200;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder of the repository, if it exists, without generated files.
fn files(folder: &str, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut waiting = vec![root().join(folder)];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with(".git") && !["target", "node_modules", "dist"].contains(&name.as_str()) {
                    waiting.push(path);
                }
            } else if extensions.is_empty() || extensions.iter().any(|it| path.extension().is_some_and(|is| is == *it))
            {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// The path of a file, relative to a folder of the repository.
fn within(path: &Path, folder: &str) -> String {
    path.strip_prefix(root().join(folder)).unwrap().to_string_lossy().into_owned()
}

/// Rust code without comments: a link in a comment is not an import.
fn code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// All paths that follow `crate::`, with braces resolved at the top level: `model::Value`, `pack::Policy`.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let after = code.get(at + "crate::".len()..).unwrap();
        if let Some(braces) = after.strip_prefix('{') {
            for one in split(braces) {
                found.extend(paths(one.trim()));
            }
        } else {
            found.extend(paths(after));
        }
    }
    found
}

/// The paths of a path with braces: `a::{b, c}` yields `a::b` and `a::c`.
fn paths(text: &str) -> Vec<String> {
    let word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let (module, rest) = text.split_at(text.find(|letter| !word(letter)).unwrap_or(text.len()));
    match rest.strip_prefix("::") {
        Some(rest) => match rest.strip_prefix('{') {
            Some(names) => split(names).iter().map(|name| format!("{module}::{}", name.trim())).collect(),
            None => vec![format!("{module}::{}", rest.split(|it| !word(it)).next().unwrap_or_default())],
        },
        None => vec![module.into()],
    }
}

/// The items of a list in braces, up to the closing brace.
fn split(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0, 0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth > 0 => depth -= 1,
            ',' | '}' if depth == 0 => {
                items.push(text.get(start..at).unwrap());
                start = at + 1;
                if letter == '}' {
                    break;
                }
            }
            _ => {}
        }
    }
    items.retain(|item| !item.trim().is_empty());
    items
}

#[test]
fn modules_import_only_those_in_the_table() {
    let mut wrong = Vec::new();
    for path in files("src", &["rs"]) {
        let file = within(&path, "src");
        let module = file.split(['/', '.']).next().unwrap();
        if module == "lib" {
            continue;
        }
        let Some((_, allowed)) = TABLE.iter().find(|(known, _)| *known == module) else {
            wrong.push(format!("src/{file}: the table has no module `{module}`"));
            continue;
        };
        for import in imports(&code(&path)) {
            let of = import.split("::").next().unwrap();
            // `model` uses the helpers of `util`, and `util` uses the limits of `model`.
            if of != module && !["model", "util"].contains(&of) && !allowed.contains(&of) {
                wrong.push(format!("src/{file} imports `{import}`, and `{module}` may not import `{of}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn folders_of_the_studio_import_only_those_in_the_table() {
    let mut wrong = Vec::new();
    for path in files("src/studio", &["rs"]) {
        let file = within(&path, "src/studio");
        let folder = file.split(['/', '.']).next().unwrap();
        let Some((_, allowed)) = STUDIO.iter().find(|(known, _)| *known == folder) else { continue };
        for import in imports(&code(&path)) {
            let Some(of) = import.strip_prefix("studio::") else { continue };
            if of != "Studio" && of != folder && !allowed.contains(&of) {
                wrong.push(format!("src/studio/{file} imports `{import}`, and `{folder}` may not import `{of}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The modules of `src`: each path, such as `pack::table`, with the code of its file. `mod.rs` stands for its folder.
fn modules() -> BTreeMap<Vec<String>, String> {
    let mut modules = BTreeMap::new();
    for path in files("src", &["rs"]) {
        let name = within(&path, "src");
        let mut parts: Vec<String> = name.trim_end_matches(".rs").split('/').map(String::from).collect();
        if ["mod", "lib"].contains(&parts.last().unwrap().as_str()) {
            parts.pop();
        }
        modules.insert(parts, code(&path));
    }
    modules
}

/// The `use` statements of a module without the keyword: re-exports, and all others.
fn uses(code: &str) -> [Vec<&str>; 2] {
    let mut uses = [Vec::new(), Vec::new()];
    for (at, _) in code.match_indices("use ") {
        let line = code[..at].rsplit('\n').next().unwrap().trim();
        let tree = code[at + 4..].split(';').next().unwrap();
        if line.is_empty() || line.starts_with("pub") {
            uses[usize::from(line.is_empty())].push(tree);
        }
    }
    uses
}

/// The paths of a use tree: `a::{b, c::d}` yields `a::b` and `a::c::d`.
fn expanded(tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some((prefix, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap();
        return vec![path.split("::").map(|part| part.trim().to_owned()).collect()];
    };
    let prefix = prefix.split("::").map(|part| part.trim().to_owned()).filter(|part| !part.is_empty());
    let prefix: Vec<String> = prefix.collect();
    let paths = split(rest).into_iter().flat_map(expanded);
    paths.map(|path| prefix.iter().cloned().chain(path).collect()).collect()
}

/// The module to which a path in another module leads, through re-exports; `None` outside of the crate.
fn module_of(
    modules: &BTreeMap<Vec<String>, String>,
    exports: &BTreeMap<Vec<String>, Vec<Vec<String>>>,
    from: &[String],
    path: &[String],
) -> Option<Vec<String>> {
    let mut here = from.to_vec();
    let mut entered = false;
    for (index, part) in path.iter().enumerate() {
        match part.as_str() {
            "self" => {}
            "super" => drop(here.pop()),
            "crate" => here.clear(),
            name => {
                let child: Vec<String> = here.iter().cloned().chain([name.to_owned()]).collect();
                if modules.contains_key(&child) {
                    here = child;
                } else if let Some(export) = exports[&here].iter().find(|it| it.last().is_some_and(|it| it == name)) {
                    let rest: Vec<String> = export.iter().chain(&path[index + 1..]).cloned().collect();
                    return module_of(modules, exports, &here, &rest);
                } else {
                    return entered.then_some(here);
                }
            }
        }
        entered = true;
    }
    entered.then_some(here)
}

#[test]
fn there_are_no_import_cycles() {
    let modules = modules();
    let exports = modules.iter().map(|(name, code)| {
        // A path with one name exports a macro.
        let paths = uses(code)[0].clone().into_iter().flat_map(expanded).filter(|path| path.len() > 1);
        (name.clone(), paths.collect())
    });
    let exports: BTreeMap<Vec<String>, Vec<Vec<String>>> = exports.collect();
    let mut imports: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for (name, code) in modules.iter().filter(|(name, _)| !name.is_empty()) {
        let mut paths: Vec<Vec<String>> = uses(code)[1].iter().flat_map(|tree| expanded(tree)).collect();
        // Paths written in full, and functions of child modules.
        let uses = uses(code);
        let body = uses.iter().flatten().fold(code.clone(), |body, tree| body.replacen(tree, "", 1));
        let body = body.replace("pub(in crate::", "pub(");
        let is_path = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
        let words = body.split(|letter| !is_path(letter)).filter(|word| word.contains("::"));
        paths.extend(words.map(|word| word.split("::").map(String::from).collect()));
        let found = paths.iter().filter_map(|path| module_of(&modules, &exports, name, path));
        imports.insert(name.clone(), found.filter(|module| module != name && !module.is_empty()).collect());
    }
    // A module that imports nothing, or that nothing imports, is in no cycle. Removing it does not change the cycles of
    // the others.
    let is_free = |name: &Vec<String>, of: &BTreeSet<Vec<String>>, all: &BTreeMap<_, BTreeSet<Vec<String>>>| {
        of.is_empty() || !all.values().any(|of| of.contains(name))
    };
    while let Some(free) = imports.iter().find(|(name, of)| is_free(name, of, &imports)).map(|(name, _)| name.clone()) {
        imports.remove(&free);
        for imported in imports.values_mut() {
            imported.retain(|name| *name != free);
        }
    }
    let show = |name: &[String]| name.join("::");
    let cycles = imports.iter().map(|(name, of)| {
        format!("{} imports {}", show(name), of.iter().map(|it| show(it)).collect::<Vec<_>>().join(", "))
    });
    let cycles: Vec<String> = cycles.collect();
    assert!(cycles.is_empty(), "modules that import each other:\n{}", cycles.join("\n"));
}

#[test]
fn imports_are_read_as_they_are_written() {
    let text = "use crate::model::{Value, validate::{self, InvalidValue}};\nuse crate::{check, pack::{Fact, Slot}};\n\
        fn f() -> crate::source::Node {}";
    let found: Vec<String> = imports(text).into_iter().collect();
    let expected =
        ["check", "model::Value", "model::validate::{self, InvalidValue}", "pack::Fact", "pack::Slot", "source::Node"];
    assert_eq!(found, expected);
}

#[test]
fn only_the_boundary_names_javascript() {
    let names = ["wasm_bindgen", "js_sys", "serde_wasm_bindgen"];
    for path in files("src", &["rs"]) {
        let file = within(&path, "src");
        let found = names.iter().find(|name| !file.starts_with("wasm") && code(&path).contains(**name));
        assert_eq!(found, None, "src/{file}");
    }
}

#[test]
fn files_are_short() {
    let mut of_src = Vec::new();
    for folder in ["src", "pkg/src", "www/src"] {
        let generated = root().join("pkg/src/studio/answers.ts");
        let all = files(folder, &["rs", "ts", "tsx", "js", "mjs", "css", "html"]);
        for path in all.into_iter().filter(|path| *path != generated) {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= MOST_LINES, "{folder}/{} has {lines} lines", within(&path, folder));
            of_src.extend((folder == "src").then_some(lines));
        }
    }
    of_src.sort_unstable();
    let median = of_src.get(of_src.len() / 2).copied().unwrap();
    assert!(median < MEDIAN_LINES, "the median file of src has {median} lines");
}

#[test]
fn tests_stand_outside_of_src() {
    for path in files("src", &["rs"]) {
        assert!(!code(&path).contains("cfg(test)"), "src/{} has tests", within(&path, "src"));
    }
}

#[test]
fn no_file_names_the_place_of_its_making() {
    // Split, so that this file does not contain the names.
    let needles = [["..", "/shared"].concat(), ["/wo", "rk/"].concat()];
    let text = ["rs", "ts", "tsx", "js", "mjs", "json", "jsonc", "toml", "md", "sh", "yml", "yaml", "html", "css"];
    let named = files("", &text).into_iter().chain(files(".ci", &[])).chain([root().join("Makefile")]);
    for path in named {
        let text = fs::read_to_string(&path).unwrap();
        let found = needles.iter().find(|needle| text.contains(needle.as_str()));
        assert_eq!(found, None, "{}", within(&path, ""));
    }
}
