//! Walks the nodes of a document: first the declarations, then the uses.

use super::symbol::{DocumentIndex, IndexedSymbol, SymbolDeclaration, SymbolKind, SymbolPlace};
use crate::document::{WordRole, requirement_words};
use crate::source::{Member, Node, NodeKind, Source, Span, range_in_literal};
use hashbrown::HashMap;
use std::ops::Range;

/// The lists of declarations and what they declare.
const LISTS: [(&str, SymbolKind); 9] = [
    ("facts", SymbolKind::Fact),
    ("conditions", SymbolKind::Condition),
    ("privileges", SymbolKind::Privilege),
    ("roles", SymbolKind::Role),
    ("menu", SymbolKind::MenuItem),
    ("operations", SymbolKind::Operation),
    ("verbs", SymbolKind::Verb),
    ("guides", SymbolKind::Guide),
    ("changeRules", SymbolKind::ChangeRule),
];

/// The lists within an entry and what they declare.
const INNER: [(&str, SymbolKind); 4] = [
    ("levels", SymbolKind::Level),
    ("options", SymbolKind::Option),
    ("obligations", SymbolKind::Obligation),
    ("steps", SymbolKind::Step),
];

/// The keys of requirements.
const REQUIREMENTS: [&str; 3] = ["requires", "when", "done"];

/// The keys whose values are ids, and what these name.
const REFERENCES: [(&str, SymbolKind); 6] = [
    ("parent", SymbolKind::MenuItem),
    ("menu", SymbolKind::MenuItem),
    ("verbs", SymbolKind::Verb),
    ("inherits", SymbolKind::Role),
    ("operation", SymbolKind::Operation),
    ("of", SymbolKind::Unknown),
];

/// The kinds that share a namespace, as one of them.
const fn namespace(kind: SymbolKind) -> SymbolKind {
    match kind {
        SymbolKind::Fact | SymbolKind::Condition | SymbolKind::Privilege | SymbolKind::Role => SymbolKind::Unknown,
        SymbolKind::Option => SymbolKind::Level,
        other => other,
    }
}

/// What an id is looked up by: the namespace, to what it belongs, and the id.
type Key = (SymbolKind, Option<String>, String);

struct Collector<'s, 'a> {
    source: &'s Source<'a>,
    symbols: Vec<IndexedSymbol>,
    by_key: HashMap<Key, usize>,
}

pub(super) fn collect(source: &Source) -> DocumentIndex {
    let mut collector = Collector { source, symbols: Vec::new(), by_key: HashMap::new() };
    for (list, kind) in LISTS {
        for entry in items(source.root(), list) {
            collector.declare(entry, kind, None);
            let id = text(entry, "id");
            for (list, kind) in INNER {
                let of = id.filter(|_| kind != SymbolKind::Obligation);
                items(entry, list).for_each(|inner| collector.declare(inner, kind, of));
            }
        }
    }
    for (list, kind) in LISTS {
        items(source.root(), list).for_each(|entry| collector.uses(entry, kind));
    }
    members(source.root(), "renamed").for_each(|member| collector.rename(member.value));
    items(source.root(), "allow").filter_map(|allow| allow.member("at")).for_each(|at| collector.path(at.value));
    let mut symbols = collector.symbols;
    for symbol in &mut symbols {
        symbol.uses.sort();
    }
    DocumentIndex { symbols }
}

/// The entries of a list of an object.
fn items<'n>(node: Node<'n>, key: &str) -> impl Iterator<Item = Node<'n>> + use<'n> {
    let found = match node.member(key).map(|member| member.value.kind()) {
        Some(NodeKind::List(items)) => Some(items.iter()),
        _ => None,
    };
    found.into_iter().flatten()
}

/// The members of an object of an object.
fn members<'n>(node: Node<'n>, key: &str) -> impl Iterator<Item = Member<'n>> + use<'n> {
    let found = match node.member(key).map(|member| member.value.kind()) {
        Some(NodeKind::Object(members)) => Some(members.iter()),
        _ => None,
    };
    found.into_iter().flatten()
}

fn string(node: Node<'_>) -> Option<&str> {
    if let NodeKind::Text(text) = node.kind() { Some(text) } else { None }
}

fn text<'n>(node: Node<'n>, key: &str) -> Option<&'n str> {
    node.member(key).and_then(|member| string(member.value))
}

/// The strings of a value that is one, or a list of them.
fn strings(node: Node<'_>) -> impl Iterator<Item = Node<'_>> {
    let (one, many) = match node.kind() {
        NodeKind::Text(_) => (Some(node), None),
        NodeKind::List(items) => (None, Some(items.iter())),
        _ => (None, None),
    };
    one.into_iter().chain(many.into_iter().flatten())
}

impl Collector<'_, '_> {
    fn place(&self, span: Span) -> Option<SymbolPlace> {
        let (file, local) = self.source.files().locate(span)?;
        Some(SymbolPlace { file: file.name.map(String::from), start: local.start, end: local.end })
    }

    /// The place of a part of a string, by the span of the string with its quotes.
    fn part(&self, span: Span, part: &Range<usize>) -> Option<SymbolPlace> {
        let (file, local) = self.source.files().locate(span)?;
        let literal = file.text.get(local.start + 1..local.end.checked_sub(1)?)?;
        let part = range_in_literal(literal, part);
        let start = local.start + 1;
        Some(SymbolPlace { file: file.name.map(String::from), start: start + part.start, end: start + part.end })
    }

    fn declare(&mut self, entry: Node, kind: SymbolKind, of: Option<&str>) {
        let Some(member) = entry.member("id") else { return };
        let Some(id) = string(member.value).filter(|id| !id.is_empty()) else { return };
        let (Some(place), Some(whole)) = (self.part(member.value.span(), &(0..id.len())), self.place(entry.span()))
        else {
            return;
        };
        let symbol = self.symbol(kind, of, id);
        symbol.declared.push(SymbolDeclaration { id: place, entry: whole });
        if symbol.declared.len() == 1 {
            let written = |key| text(entry, key).map(String::from);
            symbol.label = written("label");
            symbol.note = written("note").or_else(|| written("where"));
            symbol.value = written("kind").filter(|_| matches!(kind, SymbolKind::Fact | SymbolKind::Privilege));
            symbol.requires = REQUIREMENTS.into_iter().find_map(written);
        }
    }

    /// The symbol of an id, which is made if there is none.
    fn symbol(&mut self, kind: SymbolKind, of: Option<&str>, id: &str) -> &mut IndexedSymbol {
        let key = (namespace(kind), of.map(String::from), String::from(id));
        let index = *self.by_key.entry(key).or_insert_with_key(|(_, of, id)| {
            let (id, of) = (id.clone(), of.clone());
            let new = IndexedSymbol {
                id,
                kind,
                of,
                label: None,
                note: None,
                value: None,
                requires: None,
                declared: Vec::new(),
                uses: Vec::new(),
            };
            self.symbols.push(new);
            self.symbols.len() - 1
        });
        // Every index in the table is that of a symbol
        #[expect(clippy::indexing_slicing, reason = "symbols are only added")]
        &mut self.symbols[index]
    }

    fn is_declared(&self, kind: SymbolKind, of: Option<&str>, id: &str) -> bool {
        self.by_key.contains_key(&(namespace(kind), of.map(String::from), String::from(id)))
    }

    /// Records a part of a string as a use of an id.
    fn use_part(&mut self, span: Span, part: &Range<usize>, kind: SymbolKind, id: &str) {
        if let Some(place) = self.part(span, part).filter(|_| !id.is_empty()) {
            self.symbol(kind, None, id).uses.push(place);
        }
    }

    /// Records strings as uses of ids.
    fn use_ids(&mut self, value: Node, kind: SymbolKind) {
        for node in strings(value) {
            let id = string(node).unwrap_or_default();
            self.use_part(node.span(), &(0..id.len()), kind, id);
        }
    }

    /// Records strings that are levels or options of `of`.
    fn use_values(&mut self, value: Node, of: &str) {
        for node in strings(value) {
            let id = string(node).unwrap_or_default();
            self.use_value(node.span(), &(0..id.len()), of, id);
        }
    }

    fn use_value(&mut self, span: Span, part: &Range<usize>, of: &str, id: &str) {
        if !self.is_declared(SymbolKind::Level, Some(of), id) {
            return; // a number, or a value that the fact or privilege does not have
        }
        if let Some(place) = self.part(span, part) {
            self.symbol(SymbolKind::Level, Some(of), id).uses.push(place);
        }
    }

    /// Records the uses of ids in an entry of a list, and in the entries of its lists.
    fn uses(&mut self, entry: Node, kind: SymbolKind) {
        for key in REQUIREMENTS {
            if let Some(member) = entry.member(key) {
                self.requirement(member.value);
            }
        }
        for (key, names) in REFERENCES {
            // `of` of a step names an actor, and `menu` of the document is a list of declarations
            if let Some(member) = entry.member(key).filter(|_| key != "of" || kind == SymbolKind::ChangeRule) {
                self.use_ids(member.value, names);
            }
        }
        for member in members(entry, "grants") {
            self.use_part(member.key_span, &(0..member.key.len()), SymbolKind::Privilege, member.key);
            self.use_values(member.value, member.key);
        }
        if let Some(id) = text(entry, "id").filter(|_| kind == SymbolKind::Fact) {
            for key in ["default", "absent"] {
                if let Some(member) = entry.member(key) {
                    self.use_values(member.value, id);
                }
            }
        }
        for (list, kind) in INNER {
            items(entry, list).for_each(|inner| self.uses(inner, kind));
        }
    }

    fn requirement(&mut self, node: Node) {
        let Some(text) = string(node) else { return };
        let span = node.span();
        for word in requirement_words(text).words {
            let part = word.start..word.end;
            match (word.role, word.of) {
                (WordRole::Operand, _) => self.use_part(span, &part, SymbolKind::Unknown, word.text),
                (WordRole::Operation, _) => self.use_part(span, &part, SymbolKind::Operation, word.text),
                (WordRole::Value, Some(of)) => self.use_value(span, &part, of, word.text),
                _ => {}
            }
        }
    }

    /// Records the new id of `renamed`, which may name an entry of any list.
    fn rename(&mut self, value: Node) {
        let id = string(value).unwrap_or_default();
        let known = LISTS.into_iter().find(|(_, kind)| self.is_declared(*kind, None, id));
        if let Some((_, kind)) = known {
            self.use_ids(value, kind);
        }
    }

    /// Records the ids in the place of an accepted warning, such as `/privileges/orders/levels/edit/requires`.
    fn path(&mut self, value: Node) {
        let Some(path) = string(value) else { return };
        let mut start = 0;
        let segments: Vec<(&str, Range<usize>)> = path
            .split('/')
            .map(|segment| {
                let range = start..start + segment.len();
                start = range.end + 1;
                (segment, range)
            })
            .collect();
        let mut owner = None;
        for pair in segments.get(1..).unwrap_or_default().chunks(2) {
            let [(list, _), (id, range)] = pair else { break };
            let top = LISTS.into_iter().find(|(key, _)| owner.is_none() && key == list);
            let inner = INNER.into_iter().chain(REFERENCES).chain([("grants", SymbolKind::Privilege)]);
            let Some((_, kind)) = top.or_else(|| inner.into_iter().find(|(key, _)| owner.is_some() && key == list))
            else {
                break;
            };
            let of = owner.filter(|_| matches!(kind, SymbolKind::Level | SymbolKind::Option | SymbolKind::Step));
            if self.is_declared(kind, of, id)
                && let Some(place) = self.part(value.span(), range)
            {
                self.symbol(kind, of, id).uses.push(place);
            }
            owner = Some(id);
        }
    }
}
