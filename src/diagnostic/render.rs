//! Renders diagnostics as a compiler prints them: the line, carets below it, then notes and help.

use super::{Diagnostic, Severity};

use crate::source::Location;

/// The number of characters of a line that are shown: a document may be one long line.
const WIDTH: usize = 100;

/// Renders diagnostics with excerpts of the text that was checked. A diagnostic without a span, or with one that does
/// not fit the text, is rendered with its JSON pointer only. O(text + diagnostics).
///
/// # Examples
/// ```
/// let text = r#"{ "format": 2, "id": "shop", "title": "Shop", "version": "1" }"#;
/// let printed = privet::render(&privet::check(text, true), text);
/// let expected = r#"error[unsupported-format]: unsupported format `2`
///  --> 1:13 (/format)
///   |
/// 1 | { "format": 2, "id": "shop", "title": "Shop", "version": "1" }
///   |             ^
///   = help: this release supports format 1
/// "#;
/// assert_eq!(printed.trim_end(), expected.trim_end());
/// ```
pub fn render(diagnostics: &[Diagnostic], text: &str) -> String {
    render_files(diagnostics, text, &[])
}

/// [`render`] for a document that includes files: pairs of name and text.
///
/// # Examples
/// ```
/// let document = r#"{ "format": 1, "id": "shop", "title": "Shop", "version": "1", "include": ["orders.jsonc"] }"#;
/// let files = [("orders.jsonc", r#"{ "facts": [{ "id": "open" }] }"#)];
/// let printed = privet::render_files(&privet::check_files(document, &files, true), document, &files);
/// assert!(printed.contains("--> orders.jsonc:1:13 (/facts/0)"));
/// ```
pub fn render_files(diagnostics: &[Diagnostic], text: &str, files: &[(&str, &str)]) -> String {
    let text_of = |file: Option<&str>| {
        let included = |name: &str| files.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| *text);
        file.map_or(text, included)
    };
    let mut out = String::new();
    for found in diagnostics {
        let severity = if found.severity == Severity::Error { "error" } else { "warning" };
        out += &format!("{severity}[{}]: {}\n", found.code, found.message);
        let gutter = found.span.map_or(1, |span| format!("{}", span.line).len());
        let file = found.file.as_deref();
        render_location(&mut out, (file, text_of(file)), found.span, &found.pointer, gutter);
        for related in &found.related {
            out += &format!("{:gutter$} = note: {}\n", "", related.message);
            let file = related.file.as_deref();
            render_location(&mut out, (file, text_of(file)), related.span, &related.pointer, gutter);
        }
        if let Some(help) = &found.help {
            out += &format!("{:gutter$} = help: {help}\n", "");
        }
        out.push('\n');
    }
    out
}

fn render_location(
    out: &mut String,
    (file, text): (Option<&str>, &str),
    span: Option<Location>,
    pointer: &str,
    gutter: usize,
) {
    let file = file.map(|name| format!("{name}:")).unwrap_or_default();
    let inside = span.and_then(|span| Some((span, text.get(..span.start)?, text.get(span.start..)?)));
    let Some((span, before, after)) = inside else {
        let place = if pointer.is_empty() { "the document" } else { pointer };
        *out += &format!("{:gutter$}--> {file}{place}\n", "");
        return;
    };
    // Only the shown part of the line is read: the line may be the whole document.
    let line_before = before.rsplit('\n').next().unwrap_or_default();
    let column = span.column.saturating_sub(1);
    let length =
        text.get(span.start..span.end).map_or(1, |part| part.chars().take(WIDTH).take_while(|c| *c != '\n').count());
    let lead = if column + length.max(1) > WIDTH { column.min(WIDTH / 2) } else { column };
    let tail: String = after.chars().take_while(|c| *c != '\n').take(WIDTH - lead + 1).collect();
    let is_cut = tail.trim_end_matches('\r').chars().count() > WIDTH - lead;
    let tail = tail.trim_end_matches('\r').chars().take(WIDTH - lead);
    let mut head: Vec<char> = line_before.chars().rev().take(lead).collect();
    head.reverse();
    let visible = |letter: char| if letter.is_control() { ' ' } else { letter };
    let shown: String = head.into_iter().chain(tail).map(visible).collect();
    let (lead_ellipsis, tail_ellipsis) = (if lead < column { "…" } else { "" }, if is_cut { "…" } else { "" });
    let indent = lead + lead_ellipsis.chars().count();
    let carets = length.min(shown.chars().count().saturating_sub(lead)).max(1);
    let pointer = if pointer.is_empty() { String::new() } else { format!(" ({pointer})") };
    *out += &format!("{:gutter$}--> {file}{}:{}{pointer}\n", "", span.line, span.column);
    *out += &format!("{:gutter$} |\n{:gutter$} | {lead_ellipsis}{shown}{tail_ellipsis}\n", "", span.line);
    *out += &format!("{:gutter$} | {:indent$}{:^<carets$}\n", "", "", "");
}
