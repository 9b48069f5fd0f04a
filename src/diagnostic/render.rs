//! Diagnostics as a compiler prints them: the line, carets below it, help below that.

use super::{Diagnostic, Severity};
use crate::source::Location;
use alloc::format;
use alloc::string::String;

/// Columns of a line that are shown around the place: documents may put a whole policy on one line.
const WIDTH: usize = 100;

/// Renders diagnostics against the text that they were found in. Without the text, or for a diagnostic without a
/// span, the JSON pointer alone says where.
pub fn render(diagnostics: &[Diagnostic], text: &str) -> String {
    let mut out = String::new();
    for found in diagnostics {
        let severity = if found.severity == Severity::Error { "error" } else { "warning" };
        out += &format!("{severity}[{}]: {}\n", found.code, found.message);
        let gutter = found.span.map_or(1, |span| format!("{}", span.line).len());
        place(&mut out, text, found.span, &found.pointer, gutter);
        for related in &found.related {
            out += &format!("{:gutter$} = note: {}\n", "", related.message);
            place(&mut out, text, related.span, &related.pointer, gutter);
        }
        if let Some(help) = &found.help {
            out += &format!("{:gutter$} = help: {help}\n", "");
        }
        out.push('\n');
    }
    out
}

fn place(out: &mut String, text: &str, span: Option<Location>, pointer: &str, gutter: usize) {
    let line = span.and_then(|span| Some((span, text.split('\n').nth(span.line.checked_sub(1)?)?)));
    let Some((span, line)) = line else {
        *out += &format!("{:gutter$}--> {}\n", "", if pointer.is_empty() { "the document" } else { pointer });
        return;
    };
    let line = line.trim_end_matches('\r');
    let (before, after) = (span.column - 1, line.chars().count().saturating_sub(span.column - 1));
    let length = text.get(span.start..span.end).map_or(1, |part| part.chars().take_while(|&c| c != '\n').count());
    let carets = length.clamp(1, after.max(1));
    let first = if before + carets > WIDTH { before.saturating_sub(WIDTH / 2) } else { 0 };
    let clean = |letter: char| if letter.is_control() { ' ' } else { letter };
    let shown: String = line.chars().skip(first).take(WIDTH).map(clean).collect();
    let (lead, tail) = (if first > 0 { "…" } else { "" }, if line.chars().count() > first + WIDTH { "…" } else { "" });
    let indent = before - first + lead.chars().count();
    let carets = carets.min(WIDTH.saturating_sub(before - first)).max(1);
    let pointer = if pointer.is_empty() { String::new() } else { format!(" ({pointer})") };
    *out += &format!("{:gutter$}--> {}:{}{pointer}\n", "", span.line, span.column);
    *out += &format!("{:gutter$} |\n{:gutter$} | {lead}{shown}{tail}\n", "", span.line);
    *out += &format!("{:gutter$} | {:indent$}{:^<carets$}\n", "", "", "");
}
