//! The index as data: symbols with their places.

use serde::Serialize;

/// The ids of a document, each with the places where it is declared and used.
///
/// # Examples
/// ```
/// assert!(privet::index("{}").symbols.is_empty());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct DocumentIndex {
    /// First those that are declared, in the order of the document; then those that are only used.
    pub symbols: Vec<IndexedSymbol>,
}

/// An id with its places.
///
/// # Examples
/// ```
/// let index = privet::index(r#"{ "facts": [{ "id": "open", "kind": "switch", "label": "Open" }] }"#);
/// let symbol = &index.symbols[0];
/// assert_eq!((symbol.label.as_deref(), symbol.value.as_deref()), (Some("Open"), Some("switch")));
/// assert_eq!(symbol.declared[0].id, privet::SymbolPlace { file: None, start: 21, end: 25 });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct IndexedSymbol {
    /// The id.
    pub id: String,
    /// What it is. Of an id that is not declared: what it is used as.
    pub kind: SymbolKind,
    /// Of a level or option, and of a step: the fact, privilege or guide to which it belongs.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub of: Option<String>,
    /// The label.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub label: Option<String>,
    /// The note, or where a fact is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub note: Option<String>,
    /// Of a fact or privilege: the kind of its value, such as `level`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub value: Option<String>,
    /// The requirement as written: `requires`, `when` or `done`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub requires: Option<String>,
    /// Where it is declared: once in a correct document, but for obligations, which operations share.
    pub declared: Vec<SymbolDeclaration>,
    /// Where it is used.
    pub uses: Vec<SymbolPlace>,
}

/// What an id names.
///
/// # Examples
/// ```
/// let index = privet::index(r#"{ "verbs": [{ "id": "add", "label": "Add" }] }"#);
/// assert_eq!(index.symbols[0].kind, privet::SymbolKind::Verb);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "kebab-case")]
pub enum SymbolKind {
    /// A fact.
    Fact,
    /// A condition.
    Condition,
    /// A privilege.
    Privilege,
    /// A role.
    Role,
    /// A menu item.
    MenuItem,
    /// An operation.
    Operation,
    /// A verb.
    Verb,
    /// A level of a fact or privilege.
    Level,
    /// An option of a fact or privilege.
    Option,
    /// An obligation.
    Obligation,
    /// A guide.
    Guide,
    /// A step of a guide.
    Step,
    /// A change rule.
    ChangeRule,
    /// A fact, condition, privilege or role that is not declared.
    Unknown,
}

/// Where an id is declared.
///
/// # Examples
/// ```
/// let text = r#"{ "verbs": [{ "id": "add", "label": "Add" }] }"#;
/// let declared = &privet::index(text).symbols[0].declared[0];
/// assert_eq!(text.get(declared.entry.start..declared.entry.end), Some(r#"{ "id": "add", "label": "Add" }"#));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct SymbolDeclaration {
    /// The id, without its quotes.
    pub id: SymbolPlace,
    /// The whole entry.
    pub entry: SymbolPlace,
}

/// A range of bytes in a file, end exclusive.
///
/// # Examples
/// ```
/// let index = privet::index(r#"{ "verbs": [{ "id": "add" }] }"#);
/// assert_eq!(index.symbols[0].declared[0].id, privet::SymbolPlace { file: None, start: 21, end: 24 });
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct SymbolPlace {
    /// The included file, by its name in `include`; absent for the first file.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub file: Option<String>,
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
}
