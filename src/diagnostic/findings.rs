//! Where the passes leave what they find.

use super::{Code, Diagnostic, Related, Severity};
use crate::model::limits;
use crate::source::{Lines, Node, Pointer, Span};
use hashbrown::HashSet;

/// Collects diagnostics and gives each its place in the text. Passes name a JSON pointer; a span they name only where
/// they look at less than a whole value.
pub struct Findings<'a> {
    text: Option<&'a str>,
    root: Option<Node<'a>>,
    list: Vec<Found>,
    /// Ids of entries that could not be read: a reference to one is no second mistake.
    broken: HashSet<String>,
}

/// A diagnostic, and its related places, before lines and columns are counted.
struct Found {
    diagnostic: Diagnostic,
    span: Option<Span>,
    related: Vec<Option<Span>>,
}

impl<'a> Findings<'a> {
    /// Nothing found yet. `text` is what the user wrote, if it was text; `root` is what it was read as.
    pub fn new(text: Option<&'a str>, root: Option<Node<'a>>) -> Self {
        Self { text, root, list: Vec::new(), broken: HashSet::new() }
    }

    /// Adds a finding about the value at `pointer`.
    pub fn add(&mut self, code: Code, pointer: &Pointer, message: String, help: Option<String>) {
        self.add_at(code, pointer, self.span(pointer), message, help);
    }

    /// Adds a finding about the key that `pointer` ends with, rather than its value.
    pub fn add_key(&mut self, code: Code, pointer: &Pointer, message: String, help: Option<String>) {
        let member = self.root.and_then(|root| root.find_member(pointer));
        self.add_at(code, pointer, member.map(|member| member.key_span), message, help);
    }

    /// Adds a finding about a part of the value at `pointer`.
    pub fn add_at(&mut self, code: Code, pointer: &Pointer, span: Option<Span>, message: String, help: Option<String>) {
        let (pointer, severity) = (pointer.text(), code.severity());
        let (message, help) = (cut(message), help.map(cut));
        let diagnostic = Diagnostic { code, severity, message, help, pointer, span: None, related: Vec::new() };
        self.list.push(Found { diagnostic, span, related: Vec::new() });
    }

    /// Adds a finding about a part of the text value at `pointer`, in bytes of that text.
    pub fn add_within(
        &mut self,
        code: Code,
        pointer: &Pointer,
        part: &std::ops::Range<usize>,
        message: String,
        help: Option<String>,
    ) {
        let inside = self.span(pointer).map(|whole| self.inside(whole, part).unwrap_or(whole));
        self.add_at(code, pointer, inside, message, help);
    }

    /// Points from the last finding to another place.
    pub fn relate(&mut self, pointer: &Pointer, message: String) {
        let span = self.span(pointer);
        if let Some(last) = self.list.last_mut() {
            last.diagnostic.related.push(Related { message: cut(message), pointer: pointer.text(), span: None });
            last.related.push(span);
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

    /// Whether an entry could not be read, so that what refers to what is not all known.
    pub fn has_broken(&self) -> bool {
        !self.broken.is_empty()
    }

    /// Whether something was found with this code.
    pub fn has(&self, code: Code) -> bool {
        self.list.iter().any(|found| found.diagnostic.code == code)
    }

    /// Whether an error was found.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|found| found.diagnostic.severity == Severity::Error)
    }

    /// Drops the warnings that `accepted` says yes to.
    pub fn accept(&mut self, mut accepted: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(|found| found.diagnostic.severity == Severity::Error || !accepted(&found.diagnostic));
    }

    /// What was found, in the order of the document; errors alone where all of it would be too much, and of them as many
    /// as anybody mends at a time, with a last one that says so. O(text + findings × log findings).
    pub fn into_list(self) -> Vec<Diagnostic> {
        let mut list = self.list;
        list.sort_by_key(|found| found.span.map(|span| (span.start, span.end)));
        if list.len() > limits::FINDINGS {
            let errors = list.iter().filter(|found| found.diagnostic.severity == Severity::Error).count();
            list.retain(|found| errors == 0 || found.diagnostic.severity == Severity::Error);
            let all = list.len();
            list.truncate(limits::FINDINGS);
            let (code, pointer) = (if errors > 0 { Code::LimitExceeded } else { Code::AnalysisLimit }, String::new());
            let message = format!("{} more findings; mend these first", all.saturating_sub(limits::FINDINGS));
            let severity = code.severity();
            let more = Diagnostic { code, severity, message, help: None, pointer, span: None, related: Vec::new() };
            list.push(Found { diagnostic: more, span: None, related: Vec::new() });
        }
        let lines = self.text.filter(|_| !list.is_empty()).map(Lines::new);
        let locate = |span: Option<Span>| Some(lines.as_ref()?.locate(span?));
        let place = |Found { mut diagnostic, span, related }| {
            diagnostic.span = locate(span);
            for (there, span) in diagnostic.related.iter_mut().zip(related) {
                there.span = locate(span);
            }
            diagnostic
        };
        list.into_iter().map(place).collect()
    }

    fn span(&self, pointer: &Pointer) -> Option<Span> {
        self.root.and_then(|root| root.find(pointer)).map(Node::span)
    }

    /// The part of a string's contents; nothing where escapes make the bytes of text and value differ.
    fn inside(&self, whole: Span, part: &std::ops::Range<usize>) -> Option<Span> {
        let start = whole.start + 1;
        let raw = self.text?.get(start..whole.end.checked_sub(1)?)?;
        (!raw.contains('\\') && part.end <= raw.len())
            .then_some(Span { start: start + part.start, end: start + part.end })
    }
}

/// A message of a length that somebody reads.
fn cut(text: String) -> String {
    match text.char_indices().nth(limits::MESSAGE_CHARS) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_string() + "…",
        None => text,
    }
}
