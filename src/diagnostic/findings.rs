//! Where the passes leave what they find.

use super::{Code, Diagnostic, Related, Severity};
use crate::source::{Location, Node, Pointer, Span};
use alloc::collections::BTreeSet;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

/// Collects diagnostics and gives each its place in the text. Passes name a JSON pointer; a span they name only where
/// they look at less than a whole value.
pub struct Findings<'a> {
    text: Option<&'a str>,
    root: Option<&'a Node>,
    list: Vec<Diagnostic>,
    /// Ids of entries that could not be read: a reference to one is no second mistake.
    broken: BTreeSet<String>,
}

impl<'a> Findings<'a> {
    /// Nothing found yet. `text` is what the user wrote, if it was text; `root` is what it was read as.
    pub const fn new(text: Option<&'a str>, root: Option<&'a Node>) -> Self {
        Self { text, root, list: Vec::new(), broken: BTreeSet::new() }
    }

    /// Adds a finding about the value at `pointer`.
    pub fn add(&mut self, code: Code, pointer: &Pointer, message: String, help: Option<String>) {
        let span = self.root.and_then(|root| root.find(pointer)).map(|node| node.span);
        self.add_at(code, pointer, span, message, help);
    }

    /// Adds a finding about a part of the value at `pointer`.
    pub fn add_at(&mut self, code: Code, pointer: &Pointer, span: Option<Span>, message: String, help: Option<String>) {
        let span = self.located(span);
        let (pointer, related) = (pointer.to_string(), Vec::new());
        self.list.push(Diagnostic { code, severity: code.severity(), message, help, pointer, span, related });
    }

    /// Adds a finding about a part of the text value at `pointer`, in bytes of that text.
    pub fn add_within(
        &mut self,
        code: Code,
        pointer: &Pointer,
        part: &core::ops::Range<usize>,
        message: String,
        help: Option<String>,
    ) {
        let whole = self.root.and_then(|root| root.find(pointer)).map(|node| node.span);
        let inside = whole.map(|whole| self.inside(whole, part).unwrap_or(whole));
        self.add_at(code, pointer, inside, message, help);
    }

    /// Points from the last finding to another place.
    pub fn relate(&mut self, pointer: &Pointer, message: String) {
        let span = self.root.and_then(|root| root.find(pointer)).map(|node| node.span);
        let related = Related { message, pointer: pointer.to_string(), span: self.located(span) };
        if let Some(last) = self.list.last_mut() {
            last.related.push(related);
        }
    }

    /// Remembers that the entry with this id could not be read.
    pub fn mark_broken(&mut self, id: &str) {
        self.broken.insert(id.into());
    }

    /// Whether an entry with this id could not be read.
    pub fn is_broken(&self, id: &str) -> bool {
        self.broken.contains(id)
    }

    /// Whether an error was found.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|found| found.severity == Severity::Error)
    }

    /// Drops the warnings that `accepted` says yes to.
    pub fn accept(&mut self, mut accepted: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(|found| found.severity == Severity::Error || !accepted(found));
    }

    /// What was found, in the order of the document.
    pub fn into_list(self) -> Vec<Diagnostic> {
        let mut list = self.list;
        list.sort_by_key(|found| found.span.map(|span| (span.start, span.end)));
        list
    }

    fn located(&self, span: Option<Span>) -> Option<Location> {
        Some(span?.locate(self.text?))
    }

    /// The part of a string's contents; nothing where escapes make the bytes of text and value differ.
    fn inside(&self, whole: Span, part: &core::ops::Range<usize>) -> Option<Span> {
        let start = whole.start + 1;
        let raw = self.text?.get(start..whole.end.checked_sub(1)?)?;
        (!raw.contains('\\') && part.end <= raw.len())
            .then_some(Span { start: start + part.start, end: start + part.end })
    }
}
