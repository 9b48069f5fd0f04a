//! Policies of several tests.

/// A policy with every kind of entry, a conflict, role numbers, a `when`, an obligation and a nested menu, in few bytes.
pub(crate) const SMALL: &str = r#"{
  "format": 1, "id": "small", "title": "S", "version": "1", "verbs": [{ "id": "add", "label": "A" }],
  "facts": [
    { "id": "f", "kind": "switch", "label": "", "absent": false }, { "id": "n", "kind": "number", "label": "" },
    { "id": "k", "kind": "choice", "label": "", "options": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }] }
  ],
  "privileges": [
    { "id": "a", "kind": "flag", "label": "" },
    { "id": "l", "kind": "level", "label": "", "levels": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }] },
    { "id": "c", "kind": "choice", "label": "", "options": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }] },
    { "id": "s", "kind": "set", "label": "", "options": [{ "id": "x", "label": "" }, { "id": "y", "label": "" }] },
    { "id": "q", "kind": "number", "label": "", "max": 9, "requires": "a" }
  ],
  "roles": [
    { "id": "r", "label": "", "grants": { "a": true, "c": "y", "q": 4 }, "when": "f and n > 2 and k = x" },
    { "id": "t", "label": "", "grants": { "c": "x", "q": 7, "s": ["x"] } }
  ],
  "menu": [{ "id": "m", "label": "M" }, { "id": "i", "label": "I", "parent": "m" }],
  "operations": [
    { "id": "o", "label": "", "menu": ["i", "m"], "verbs": ["add"], "requires": "a and l >= y or q > 3 and not c = x",
      "obligations": [{ "id": "w", "label": "", "when": "not l >= x" }] },
    { "id": "p", "label": "", "requires": "allowed(o) and f or s = x" }
  ],
  "renamed": { "z": "a" }
}"#;
