//! The files of a document: the first one, and those that it includes. Spans count the bytes of all files in this order, so that a
//! span says in which file it is.

use super::{Lines, Location, Span};

/// One file of a document.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// The name by which the first file includes it; `None` for the first file itself.
    pub name: Option<&'a str>,
    /// Its text.
    pub text: &'a str,
    /// The number of bytes of the files before it.
    pub start: usize,
}

/// The files of a document, and which of them the entries of its lists come from.
#[derive(Clone, Debug)]
pub struct Files<'a> {
    list: Vec<File<'a>>,
    /// By key of a list: the files with entries in it, as indices, and how many each has.
    entries: Vec<(String, Vec<(usize, usize)>)>,
}

impl<'a> Files<'a> {
    /// A document of one file.
    pub fn single(text: &'a str) -> Self {
        Self { list: vec![File { name: None, text, start: 0 }], entries: Vec::new() }
    }

    /// Adds a file and returns where its spans start.
    pub(super) fn add(&mut self, name: &'a str, text: &'a str) -> usize {
        let start = self.list.last().map_or(0, |last| last.start + last.text.len() + 1);
        self.list.push(File { name: Some(name), text, start });
        start
    }

    /// Records that the next `count` entries of the list `key` come from the file that was added last.
    pub(super) fn add_entries(&mut self, key: &str, count: usize) {
        let part = (self.list.len().saturating_sub(1), count);
        match self.entries.iter_mut().find(|(known, _)| known == key) {
            Some((_, parts)) => parts.push(part),
            None => self.entries.push((key.into(), vec![part])),
        }
    }

    /// The index of the file in which a span is.
    fn index_of(&self, span: Span) -> usize {
        self.list.partition_point(|file| file.start <= span.start).saturating_sub(1)
    }

    /// The file at an index, with the span in it.
    fn within(&self, index: usize, span: Span) -> Option<(&File<'a>, Span)> {
        let file = self.list.get(index)?;
        Some((file, Span { start: span.start.saturating_sub(file.start), end: span.end.saturating_sub(file.start) }))
    }

    /// The file in which a span is, and the span in this file. `None` if there are no files.
    pub fn locate(&self, span: Span) -> Option<(&File<'a>, Span)> {
        self.within(self.index_of(span), span)
    }

    /// A pointer to a value of the whole document as one into its own file: entries of lists are counted in each file.
    pub fn local_pointer(&self, pointer: String) -> String {
        let mut segments = pointer.splitn(4, '/').skip(1);
        let (Some(key), Some(Ok(mut index))) = (segments.next(), segments.next().map(str::parse::<usize>)) else {
            return pointer;
        };
        let rest = segments.next().map(|rest| format!("/{rest}")).unwrap_or_default();
        let Some((_, parts)) = self.entries.iter().find(|(known, _)| known == key) else { return pointer };
        for (_, count) in parts {
            match index.checked_sub(*count) {
                Some(left) => index = left,
                None => return format!("/{key}/{index}{rest}"),
            }
        }
        pointer
    }

    /// An index of the lines of each file. O(text).
    pub fn lines(&self) -> FileLines<'_, 'a> {
        FileLines { files: self, lines: self.list.iter().map(|file| Lines::new(file.text)).collect() }
    }
}

/// The lines of all files.
pub struct FileLines<'f, 'a> {
    files: &'f Files<'a>,
    lines: Vec<Lines<'a>>,
}

impl FileLines<'_, '_> {
    /// The line and column of the start of a span in its file. O(log text).
    pub fn locate(&self, span: Span) -> Option<Location> {
        let index = self.files.index_of(span);
        let (_, local) = self.files.within(index, span)?;
        self.lines.get(index).map(|lines| lines.locate(local))
    }
}
