//! The outline: what a reader of bit planes must know of a policy, as JSON text. Written by hand, since the core has no
//! serde: ids need no escapes, labels do.

use super::{MenuItem, Named, Operation, Policy, Table};
use crate::ground::text::decimal;
use alloc::string::String;

impl Policy {
    /// The outline: `{ id, title, version, fingerprint, layout, verbs: [[id, label]], facts: [id], privileges: [id],
    /// roles: [id], guides: [id], menu: [[id, label, index of the parent or -1]], operations: [[id, [indices of menu
    /// items], verbs as bits, 1 if it restricts, [obligation ids]]] }`. O(policy).
    pub fn outline(&self) -> String {
        let program = self.program();
        let mut out = String::from("{");
        for (key, text) in [("id", &program.id), ("title", &program.title), ("version", &program.version)] {
            put(&mut out, &["\"", key, "\":"]);
            quote(&mut out, text);
            out.push(',');
        }
        let (fingerprint, layout) = (self.fingerprint(), program.layout_text());
        put(&mut out, &["\"fingerprint\":\"", &fingerprint, "\",\"layout\":\"", &layout, "\""]);
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
            let parent = parent.map_or_else(|| "-1".into(), decimal);
            put(out, &[",", &parent, "]"]);
        });
        list(&mut out, "operations", program.operations.iter(), operation);
        out.push('}');
        out
    }
}

fn operation(out: &mut String, operation: &Operation) {
    put(out, &["[\"", &operation.id, "\",["]);
    for (index, item) in operation.menu.iter().enumerate() {
        put(out, &[if index > 0 { "," } else { "" }, &decimal(*item)]);
    }
    put(out, &["],", &decimal(operation.verbs.bits()), if operation.restricts { ",1,[" } else { ",0,[" }]);
    for (index, obligation) in operation.obligations.iter().enumerate() {
        put(out, &[if index > 0 { ",\"" } else { "\"" }, &obligation.id, "\""]);
    }
    *out += "]]";
}

fn ids<'a>(out: &mut String, key: &str, ids: impl Iterator<Item = &'a str>) {
    list(out, key, ids, |out, id| put(out, &["\"", id, "\""]));
}

fn list<T>(out: &mut String, key: &str, items: impl Iterator<Item = T>, write: impl Fn(&mut String, T)) {
    put(out, &[",\"", key, "\":["]);
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
    put(out, &["[\"", id, "\","]);
    quote(out, label);
}

fn put(out: &mut String, parts: &[&str]) {
    for part in parts {
        *out += part;
    }
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
            control if control < ' ' => {
                *out += "\\u00";
                let code = u32::from(control);
                out.extend([code >> 4, code & 15].into_iter().filter_map(|digit| char::from_digit(digit, 16)));
            }
            other => out.push(other),
        }
    }
    out.push('"');
}
