//! Templates of messages, in a subset of the message format of ICU: `{name}`, `{name, select, word {…} other {…}}` and
//! `{count, plural, =2 {…} one {…} other {…}}`. In a `select`, the key `absent` stands for an empty argument. `{name, capital}`
//! begins with a capital letter; `{name, singular}` is the singular of an English plural. Other braces are not possible.

/// The maximum depth of braces in a template.
const MOST_DEPTH: usize = 8;

/// How an argument is inserted.
enum Form<'a> {
    Plain,
    Capital,
    Singular,
    /// By one of these alternatives.
    Choice(&'a str),
}

/// Renders a template. An argument that is not given counts as empty.
pub(super) fn render(template: &str, arguments: &[(&str, &str)], text: &mut String) {
    let mut rest = template;
    while let Some((before, braces, after)) = first_braces(rest) {
        text.push_str(before);
        let Some((name, form)) = braces.and_then(argument) else { return };
        let value = arguments.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        match form {
            Form::Plain => text.push_str(value),
            Form::Capital => {
                let mut letters = value.chars();
                text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
                text.push_str(letters.as_str());
            }
            Form::Singular => text.push_str(&singular(value)),
            Form::Choice(alternatives) => render(chosen(alternatives, value), arguments, text),
        }
        rest = after;
    }
}

/// Collects the names of the arguments of a template in order.
///
/// # Errors
/// What is wrong: braces that do not match, an unknown form, alternatives without `other`, an argument that is inserted twice
/// (nested messages could grow without bound), braces that are too deep.
pub(super) fn arguments<'a>(template: &'a str, names: &mut Vec<&'a str>) -> Result<(), &'static str> {
    collect(template, &mut Vec::new(), names, 0)
}

fn collect<'a>(
    template: &'a str,
    inserted: &mut Vec<&'a str>,
    names: &mut Vec<&'a str>,
    depth: usize,
) -> Result<(), &'static str> {
    if depth > MOST_DEPTH {
        return Err("has braces that are too deep");
    }
    let mut rest = template;
    loop {
        let (_, braces, after) = first_braces(rest).ok_or("has braces that do not match")?;
        let Some(braces) = braces else { return Ok(()) };
        let (name, form) = argument(braces)
            .ok_or("has an argument in an unknown form: use `select`, `plural`, `capital` or `singular`")?;
        if !names.contains(&name) {
            names.push(name);
        }
        if let Form::Choice(alternatives) = form {
            let (before, mut left, mut has_other) = (inserted.clone(), alternatives, false);
            while let Some((key, Some(alternative), after)) = first_braces(left) {
                has_other |= key.trim() == "other";
                let mut here = before.clone();
                collect(alternative, &mut here, names, depth + 1)?;
                inserted.extend(here);
                left = after;
            }
            if !has_other || !left.trim().is_empty() {
                return Err("has alternatives without `other`");
            }
        } else if inserted.contains(&name) {
            return Err("inserts an argument twice");
        } else {
            inserted.push(name);
        }
        rest = after;
    }
}

/// Splits a text at its first braces: what is before them, what they enclose, what follows. `None` if they do not match.
fn first_braces(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let Some(start) = text.find(['{', '}']) else { return Some((text, None, "")) };
    let (before, rest) = text.split_at_checked(start)?;
    let mut depth = 0_usize;
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.checked_sub(1)?,
            _ => {}
        }
        if depth == 0 {
            return Some((before, Some(rest.get(1..at)?), rest.get(at + 1..)?));
        }
    }
    None
}

/// Reads what braces enclose: the name of an argument and its form.
fn argument(braces: &str) -> Option<(&str, Form<'_>)> {
    let mut parts = braces.splitn(3, ',');
    let name = parts.next()?.trim();
    let form = match (parts.next().map(str::trim), parts.next()) {
        (None, _) => Form::Plain,
        (Some("capital"), None) => Form::Capital,
        (Some("singular"), None) => Form::Singular,
        (Some("select" | "plural"), Some(alternatives)) => Form::Choice(alternatives),
        _ => return None,
    };
    Some((name, form))
}

/// The alternative for a value.
fn chosen<'a>(alternatives: &'a str, value: &str) -> &'a str {
    let (mut rest, mut other) = (alternatives, "");
    while let Some((key, Some(alternative), after)) = first_braces(rest) {
        let is_chosen = match key.trim() {
            "absent" => value.is_empty(),
            "one" => value == "1",
            "other" => {
                other = alternative;
                false
            }
            key => key.strip_prefix('=').unwrap_or(key) == value,
        };
        if is_chosen {
            return alternative;
        }
        rest = after;
    }
    other
}

/// The singular of an English plural; anything else stays as it is.
fn singular(unit: &str) -> String {
    let stem = |ending: &str| unit.strip_suffix(ending).filter(|stem| stem.chars().count() > 1);
    if let Some(stem) = stem("ies") {
        return format!("{stem}y");
    }
    let sibilant = stem("es").filter(|stem| ["s", "x", "ch", "sh"].iter().any(|end| stem.ends_with(end)));
    let stem = sibilant.or_else(|| stem("s").filter(|stem| !stem.ends_with(['s', 'u', 'i'])));
    String::from(stem.unwrap_or(unit))
}
