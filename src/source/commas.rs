//! Finds trailing commas in a text that was parsed as if they were allowed.

use super::{Node, NodeKind, Span};

/// Appends the trailing commas of a value and of all that it contains, in the order of the text. O(length).
pub(super) fn find_trailing_commas(node: Node, text: &str, found: &mut Vec<Span>) {
    let last = match node.kind() {
        NodeKind::List(items) => {
            items.iter().for_each(|item| find_trailing_commas(item, text, found));
            items.iter().last()
        }
        NodeKind::Object(members) => {
            members.iter().for_each(|member| find_trailing_commas(member.value, text, found));
            members.iter().last().map(|member| member.value)
        }
        _ => None,
    };
    found.extend(last.and_then(|last| comma_in(text, last.span().end, node.span().end)));
}

/// The comma in the text between the last entry of a list or object and its end, which has nothing else but space and comments.
fn comma_in(text: &str, start: usize, end: usize) -> Option<Span> {
    let mut rest = text.get(start..end)?;
    loop {
        rest = rest.trim_start();
        rest = match rest.strip_prefix("//") {
            Some(comment) => comment.get(comment.find('\n')?..)?,
            None => match rest.strip_prefix("/*") {
                Some(comment) => comment.get(comment.find("*/")? + 2..)?,
                None => break,
            },
        };
    }
    let comma = end.checked_sub(rest.len()).filter(|_| rest.starts_with(','))?;
    Some(Span { start: comma, end: comma + 1 })
}
