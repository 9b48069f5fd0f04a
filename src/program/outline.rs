//! The outline: what a reader of bit planes must know of a policy, as JSON text. Written by hand, since the core has no
//! serde: ids need no escapes, labels do.

use super::{MenuItem, Named, Operation, Policy, Table};
use alloc::format;
use alloc::string::String;

impl Policy {
    /// The outline: `{ id, title, version, fingerprint, layout, verbs: [[id, label]], facts: [id], privileges: [id],
    /// roles: [id], guides: [id], menu: [[id, label, index of the parent or -1]], operations: [[id, [indices of menu
    /// items], verbs as bits, 1 if it restricts, [obligation ids]]] }`. O(policy).
    pub fn outline(&self) -> String {
        let program = self.program();
        let mut out = String::from("{");
        for (key, text) in [("id", &program.id), ("title", &program.title), ("version", &program.version)] {
            out += &format!("\"{key}\":");
            quote(&mut out, text);
            out.push(',');
        }
        out += &format!("\"fingerprint\":\"{}\",\"layout\":\"{}\"", self.fingerprint(), program.layout_text());
        list(&mut out, "verbs", program.verbs.iter(), |out, Named { id, label }| {
            pair(out, id, label);
            out.push(']');
        });
        ids(&mut out, "facts", program.facts.ids());
        ids(&mut out, "privileges", program.privileges.ids());
        ids(&mut out, "roles", program.roles.ids());
        ids(&mut out, "guides", Table::ids(&program.guides));
        list(&mut out, "menu", program.menu.iter(), |out, MenuItem { id, label, parent, .. }| {
            pair(out, id, label);
            *out += &format!(",{}]", parent.map_or(-1, i64::from));
        });
        list(&mut out, "operations", program.operations.iter(), operation);
        out.push('}');
        out
    }
}

fn operation(out: &mut String, operation: &Operation) {
    *out += &format!("[\"{}\",{:?},", operation.id, operation.menu);
    *out += &format!("{},{},[", operation.verbs.bits(), u8::from(operation.restricts));
    for (index, obligation) in operation.obligations.iter().enumerate() {
        *out += &format!("{}\"{}\"", if index > 0 { "," } else { "" }, obligation.id);
    }
    *out += "]]";
}

fn ids<'a>(out: &mut String, key: &str, ids: impl Iterator<Item = &'a str>) {
    list(out, key, ids, |out, id| *out += &format!("\"{id}\""));
}

fn list<T>(out: &mut String, key: &str, items: impl Iterator<Item = T>, write: impl Fn(&mut String, T)) {
    *out += &format!(",\"{key}\":[");
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

/// `["id","label"`, left open.
fn pair(out: &mut String, id: &str, label: &str) {
    *out += &format!("[\"{id}\",");
    quote(out, label);
}

/// Text as a JSON string.
pub fn quote(out: &mut String, text: &str) {
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                out.push('\\');
                out.push(letter);
            }
            control if control < ' ' => *out += &format!("\\u{:04x}", u32::from(control)),
            other => out.push(other),
        }
    }
    out.push('"');
}
