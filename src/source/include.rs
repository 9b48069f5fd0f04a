//! Joins the files of a document: the entries of an included file's lists follow those of the files before it.

use super::{Member, Node, NodeKind, Source, Span, SyntaxError, SyntaxErrorKind, parse};
use crate::model::limits;
use crate::util::suggest::did_you_mean;
use hashbrown::HashSet;
use jsonc_parser::ast;
use jsonc_parser::common::Range;

/// The keys that only the first file has: they are of the whole document.
const FIRST_ONLY: [&str; 5] = ["format", "id", "title", "version", "include"];

/// Joins a parsed first file with the files that it includes; `given` are pairs of name and text. O(text).
///
/// The result has what can be read of the files, the faults of including them, and the names of given files that are not included.
pub fn include<'a>(first: Source<'a>, given: &[(&'a str, &'a str)]) -> Included<'a> {
    let included = names(first.root());
    let is_unused = |name: &&str| !included.iter().any(|(included, _)| included == name);
    let unused = given.iter().map(|(name, _)| *name).filter(is_unused).collect();
    let mut joiner = Joiner { source: first, faults: Vec::new() };
    if included.len() > limits::FILES {
        let message = format!("document includes {} files; the limit is {}", included.len(), limits::FILES);
        joiner.fault(SyntaxErrorKind::Limit, Span::default(), message, None);
        return Included { source: joiner.source, faults: joiner.faults, unused };
    }
    joiner.count_entries();
    let mut seen = HashSet::new();
    let mut bytes = 0;
    for (name, span) in &included {
        let found = given.iter().find(|(known, _)| known == name);
        if !seen.insert(name.as_str()) {
            let help = Some("remove one of the two".into());
            joiner.fault(SyntaxErrorKind::Value, *span, format!("file `{name}` is included twice"), help);
        } else if let Some((name, text)) = found {
            bytes += text.len();
            if bytes > limits::DOCUMENT_BYTES {
                let limit = limits::DOCUMENT_BYTES;
                let message = format!("included files take more than {limit} bytes together, which is the limit");
                joiner.fault(SyntaxErrorKind::Limit, *span, message, None);
                break;
            }
            joiner.add(name, text);
        } else {
            let help = did_you_mean(name, given.iter().map(|(known, _)| *known));
            let help = help.unwrap_or_else(|| "pass its text in `files`, by this name".into());
            joiner.fault(SyntaxErrorKind::Missing, *span, format!("file `{name}` is not given"), Some(help));
        }
    }
    Included { source: joiner.source, faults: joiner.faults, unused }
}

/// A document joined from files.
pub struct Included<'a> {
    /// The joined document.
    pub source: Source<'a>,
    /// Why files could not be included.
    pub faults: Vec<SyntaxError>,
    /// The names of given files that are not included.
    pub unused: Vec<&'a str>,
}

/// The names that a document includes, each with its span. What is no name is left out: reading the document reports it.
fn names(root: Node) -> Vec<(String, Span)> {
    let Some(NodeKind::List(items)) = root.member("include").map(|member| member.value.kind()) else {
        return Vec::new();
    };
    let name = |item: Node| match item.kind() {
        NodeKind::Text(name) => Some((name.to_owned(), item.span())),
        _ => None,
    };
    items.iter().filter_map(name).collect()
}

struct Joiner<'a> {
    source: Source<'a>,
    faults: Vec<SyntaxError>,
}

impl<'a> Joiner<'a> {
    fn fault(&mut self, kind: SyntaxErrorKind, span: Span, message: String, help: Option<String>) {
        self.faults.push(SyntaxError { span, message, help, kind });
    }

    /// Records which entries are of the first file.
    fn count_entries(&mut self) {
        let NodeKind::Object(members) = Node(&self.source.value).kind() else { return };
        for Member { key, value, .. } in members.iter() {
            if let NodeKind::List(items) = value.kind() {
                self.source.files.add_entries(key, items.len());
            }
        }
    }

    /// Adds a file: its lists and objects to those of the same key.
    fn add(&mut self, name: &'a str, text: &'a str) {
        let start = self.source.files.add(name, text);
        let moved = |span: Span| Span { start: span.start + start, end: span.end + start };
        let mut parsed = match parse(text) {
            Ok(parsed) => parsed,
            Err(error) => return self.faults.push(SyntaxError { span: moved(error.span), ..error }),
        };
        self.source.commas.extend(parsed.commas.iter().map(|comma| moved(*comma)));
        shift(&mut parsed.value, start);
        let ast::Value::Object(object) = parsed.value else {
            let found = parsed.root();
            let message = format!("expected an object, found {}", found.name());
            return self.fault(SyntaxErrorKind::Value, found.span(), message, None);
        };
        let mut seen = HashSet::new();
        for property in object.properties {
            let key = property.name.as_str().to_owned();
            let span = Span::from(property.range);
            if FIRST_ONLY.contains(&key.as_str()) {
                let help = Some("remove it, or move it to the first file".into());
                self.fault(SyntaxErrorKind::Key, span, format!("an included file has no key `{key}`"), help);
            } else if key != "$schema" {
                self.join(property, &key, seen.insert(key.clone()));
            }
        }
    }

    /// Adds a member of an included file. One that its file has twice is kept twice, so that reading the document reports it.
    fn join(&mut self, property: ast::ObjectProp<'a>, key: &str, is_first: bool) {
        let ast::Value::Object(root) = &mut self.source.value else { return };
        let known = root.properties.iter_mut().find(|known| known.name.as_str() == key && is_first);
        let Some(known) = known else {
            if let ast::Value::Array(list) = &property.value {
                self.source.files.add_entries(key, list.elements.len());
            }
            return root.properties.push(property);
        };
        match (&mut known.value, property.value) {
            (ast::Value::Array(known), ast::Value::Array(list)) => {
                self.source.files.add_entries(key, list.elements.len());
                known.elements.extend(list.elements);
            }
            (ast::Value::Object(known), ast::Value::Object(object)) => known.properties.extend(object.properties),
            // A fault of the first file is reported when it is read.
            (ast::Value::Array(_) | ast::Value::Object(_), other) => {
                let (expected, found) = match &known.value {
                    ast::Value::Array(_) => ("a list", Node(&other)),
                    _ => ("an object", Node(&other)),
                };
                let (message, span) = (format!("expected {expected}, found {}", found.name()), found.span());
                self.fault(SyntaxErrorKind::Value, span, message, None);
            }
            _ => {}
        }
    }
}

/// Moves the spans of a value and of all that it contains.
fn shift(value: &mut ast::Value, by: usize) {
    let moved = |range: &mut Range| {
        range.start += by;
        range.end += by;
    };
    match value {
        ast::Value::StringLit(literal) => moved(&mut literal.range),
        ast::Value::NumberLit(literal) => moved(&mut literal.range),
        ast::Value::BooleanLit(literal) => moved(&mut literal.range),
        ast::Value::NullKeyword(literal) => moved(&mut literal.range),
        ast::Value::Array(list) => {
            moved(&mut list.range);
            list.elements.iter_mut().for_each(|item| shift(item, by));
        }
        ast::Value::Object(object) => {
            moved(&mut object.range);
            for property in &mut object.properties {
                moved(&mut property.range);
                match &mut property.name {
                    ast::ObjectPropName::String(literal) => moved(&mut literal.range),
                    ast::ObjectPropName::Word(literal) => moved(&mut literal.range),
                }
                shift(&mut property.value, by);
            }
        }
    }
}
