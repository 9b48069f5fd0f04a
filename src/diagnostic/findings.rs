//! The collector of diagnostics that all passes write to.

use super::{Code, Diagnostic, Related, Severity};
use crate::model::limits;
use crate::source::{Files, Node, Pointer, Span, range_in_literal};
use crate::util::sort;
use hashbrown::HashSet;

/// Collects diagnostics and locates them in the text. A pass reports a JSON pointer, which determines the span; it
/// passes a span of its own only for a part of a value.
pub struct Findings<'a> {
    files: &'a Files<'a>,
    /// Whether the files are what the user wrote, so that diagnostics have positions in them.
    spans: bool,
    root: Option<Node<'a>>,
    list: Vec<Finding>,
    /// Ids of entries that could not be read. A reference to one of them is not reported as unknown.
    broken: HashSet<String>,
    /// The number of errors that were only counted, because so many had been found before.
    not_listed: usize,
    /// The number of errors in `list`.
    errors: usize,
    /// Whether the last diagnostic was only counted.
    skipped: bool,
}

/// The errors of which a diagnostic is made. Those found later are counted: the list shows fewer.
const MOST_ERRORS: usize = 2 * limits::FINDINGS;

/// A diagnostic with its byte spans, before lines and columns are computed.
struct Finding {
    diagnostic: Diagnostic,
    span: Option<Span>,
    related: Vec<Option<Span>>,
}

impl<'a> Findings<'a> {
    /// An empty collector. `spans` is whether the files are what the user wrote; `root` is the root node of the document.
    pub fn new(files: &'a Files<'a>, spans: bool, root: Option<Node<'a>>) -> Self {
        Self { files, spans, root, list: Vec::new(), broken: HashSet::new(), not_listed: 0, errors: 0, skipped: false }
    }

    /// Counts an error if so many were found that it would not be shown, and returns whether it did. Finding the place of an
    /// error, and a similar id, takes longer than reading on.
    pub fn only_counts_error(&mut self) -> bool {
        let only_counts = self.errors >= MOST_ERRORS;
        self.not_listed += usize::from(only_counts);
        only_counts
    }

    /// Adds a diagnostic about the value at `pointer`.
    pub fn add(&mut self, code: Code, pointer: &Pointer, message: String, help: Option<String>) {
        if !self.skips(code) {
            self.push(code, pointer, self.span(pointer), message, help);
        }
    }

    /// Adds a diagnostic about the key that `pointer` ends with, rather than its value.
    pub fn add_key(&mut self, code: Code, pointer: &Pointer, message: String, help: Option<String>) {
        if !self.skips(code) {
            let member = self.root.and_then(|root| root.find_member(pointer));
            self.push(code, pointer, member.map(|member| member.key_span), message, help);
        }
    }

    /// Adds a diagnostic about the value at `pointer`, located at `span`.
    pub fn add_at(&mut self, code: Code, pointer: &Pointer, span: Option<Span>, message: String, help: Option<String>) {
        if !self.skips(code) {
            self.push(code, pointer, span, message, help);
        }
    }

    fn skips(&mut self, code: Code) -> bool {
        self.skipped = code.severity() == Severity::Error && self.only_counts_error();
        self.skipped
    }

    fn push(&mut self, code: Code, pointer: &Pointer, span: Option<Span>, message: String, help: Option<String>) {
        self.errors += usize::from(code.severity() == Severity::Error);
        let place = self.root.map_or_else(|| pointer.text(), |root| root.place(pointer));
        let severity = code.severity();
        let (message, help) = (truncated(message), help.map(truncated));
        let (file, pointer) = self.file_and_pointer(pointer, span);
        let related = Vec::new();
        let diagnostic = Diagnostic { code, severity, message, help, file, pointer, place, span: None, related };
        self.list.push(Finding { diagnostic, span, related: Vec::new() });
    }

    /// Adds a diagnostic about a part of the string at `pointer`; `part` is a byte range of the string's value.
    pub fn add_within(
        &mut self,
        code: Code,
        pointer: &Pointer,
        part: &std::ops::Range<usize>,
        message: String,
        help: Option<String>,
    ) {
        if !self.skips(code) {
            let span = self.span(pointer).map(|whole| self.span_of_part(whole, part).unwrap_or(whole));
            self.push(code, pointer, span, message, help);
        }
    }

    /// Adds a related location to the last diagnostic.
    pub fn relate(&mut self, pointer: &Pointer, message: String) {
        if self.skipped {
            return;
        }
        let span = self.span(pointer);
        let (file, pointer) = self.file_and_pointer(pointer, span);
        if let Some(last) = self.list.last_mut() {
            let message = truncated(message);
            last.diagnostic.related.push(Related { message, file, pointer, span: None });
            last.related.push(span);
        }
    }

    /// The included file in which a value is, and its pointer in this file.
    fn file_and_pointer(&self, pointer: &Pointer, span: Option<Span>) -> (Option<String>, String) {
        let file = span.and_then(|span| self.files.locate(span)).and_then(|(file, _)| file.name);
        (file.map(String::from), self.files.local_pointer(pointer.text()))
    }

    /// Records that the entry with this id could not be read.
    pub fn mark_broken(&mut self, id: &str) {
        self.broken.insert(id.into());
    }

    /// Whether an entry with this id could not be read.
    pub fn is_broken(&self, id: &str) -> bool {
        self.broken.contains(id)
    }

    /// Whether any entry could not be read. Not all references are known then.
    pub fn has_broken(&self) -> bool {
        !self.broken.is_empty()
    }

    /// Whether a diagnostic has this code.
    pub fn has(&self, code: Code) -> bool {
        self.list.iter().any(|found| found.diagnostic.code == code)
    }

    /// Whether a diagnostic is an error.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|found| found.diagnostic.severity == Severity::Error)
    }

    /// Removes the warnings for which `accepted` returns true. Errors stay.
    pub fn remove_accepted(&mut self, mut accepted: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(|found| found.diagnostic.severity == Severity::Error || !accepted(&found.diagnostic));
    }

    /// The diagnostics in the order of the text. If there are more than [`limits::FINDINGS`] and some are errors, warnings
    /// are dropped; if there are still more, the list is truncated and a last diagnostic reports the number
    /// dropped. O(text + findings × log findings).
    pub fn into_list(self) -> Vec<Diagnostic> {
        let mut list = self.list;
        sort::sort_by_key(&mut list, |found| found.span.map(|span| (span.start, span.end)));
        if list.len() > limits::FINDINGS {
            let errors = list.iter().filter(|found| found.diagnostic.severity == Severity::Error).count();
            list.retain(|found| errors == 0 || found.diagnostic.severity == Severity::Error);
            let all = list.len() + self.not_listed;
            list.truncate(limits::FINDINGS);
            let code = if errors > 0 { Code::LimitExceeded } else { Code::AnalysisLimit };
            let message = format!("findings not shown: {}; fix these first", all.saturating_sub(limits::FINDINGS));
            let more = Diagnostic {
                code,
                severity: code.severity(),
                message,
                help: None,
                file: None,
                pointer: String::new(),
                place: String::new(),
                span: None,
                related: Vec::new(),
            };
            list.push(Finding { diagnostic: more, span: None, related: Vec::new() });
        }
        let lines = (self.spans && !list.is_empty()).then(|| self.files.lines());
        let locate = |span: Option<Span>| lines.as_ref()?.locate(span?);
        let locate_all = |Finding { mut diagnostic, span, related }| {
            diagnostic.span = locate(span);
            for (related, span) in diagnostic.related.iter_mut().zip(related) {
                related.span = locate(span);
            }
            diagnostic
        };
        list.into_iter().map(locate_all).collect()
    }

    fn span(&self, pointer: &Pointer) -> Option<Span> {
        self.root.and_then(|root| root.find(pointer)).map(Node::span)
    }

    /// The span of a part of a string's value, which may be written with escapes.
    fn span_of_part(&self, whole: Span, part: &std::ops::Range<usize>) -> Option<Span> {
        let start = whole.start + 1;
        let (file, local) = self.files.locate(whole)?;
        let literal = file.text.get(local.start + 1..local.end.checked_sub(1)?)?;
        let part = range_in_literal(literal, part);
        (part.end <= literal.len()).then_some(Span { start: start + part.start, end: start + part.end })
    }
}

/// Truncates a message to [`limits::MESSAGE_CHARS`].
fn truncated(text: String) -> String {
    match text.char_indices().nth(limits::MESSAGE_CHARS) {
        Some((end, _)) => text.get(..end).unwrap_or_default().to_string() + "…",
        None => text,
    }
}
