//! Where the ids of a document stand, also of one with errors: what editors need to go to a definition, find uses and rename.

mod collect;
mod symbol;

pub use symbol::{DocumentIndex, IndexedSymbol, SymbolDeclaration, SymbolKind, SymbolPlace};

use crate::source::{Included, include, parse, repaired};
use std::borrow::Cow;

/// The index of a document of one file.
///
/// # Examples
/// ```
/// use privet::SymbolKind;
///
/// let text = r#"{ "privileges": [{ "id": "refund", "kind": "flag", "label": "Refund" }],
///   "operations": [{ "id": "pay", "requires": "not refund" }] }"#;
/// let symbols = privet::index(text).symbols;
/// assert_eq!((symbols[0].id.as_str(), symbols[0].kind), ("refund", SymbolKind::Privilege));
/// let found = &symbols[0].uses[0];
/// assert_eq!(text.get(found.start..found.end), Some("refund"));
/// ```
pub fn index(text: &str) -> DocumentIndex {
    index_files(text, &[])
}

/// The index of a document that includes files: pairs of name and text. It needs no valid document: of a text that is not JSON it has
/// what can be read. O(length).
///
/// # Examples
/// ```
/// let first = r#"{ "include": ["orders.jsonc"], "operations": [{ "id": "list", "requires": "orders" }] }"#;
/// let orders = r#"{ "privileges": [{ "id": "orders", "kind": "flag" "#;
/// let symbols = privet::index_files(first, &[("orders.jsonc", orders)]).symbols;
/// assert_eq!(symbols[0].declared[0].id.file.as_deref(), Some("orders.jsonc"));
/// assert_eq!(symbols[0].uses.len(), 1);
/// ```
pub fn index_files(text: &str, files: &[(&str, &str)]) -> DocumentIndex {
    let valid = |text| if parse(text).is_ok() { Cow::Borrowed(text) } else { Cow::Owned(repaired(text)) };
    let first = valid(text);
    let texts: Vec<(&str, Cow<str>)> = files.iter().map(|(name, text)| (*name, valid(text))).collect();
    let files: Vec<(&str, &str)> = texts.iter().map(|(name, text)| (*name, &**text)).collect();
    match parse(&first) {
        Ok(parsed) => {
            let Included { source, .. } = include(parsed, &files);
            collect::collect(&source)
        }
        Err(_) => DocumentIndex::default(),
    }
}
