//! Templates of messages, in a subset of the message format of ICU: `{name}`, `{name, select, word {…} other {…}}` and
//! `{count, plural, =2 {…} one {…} other {…}}`. In a `select`, the key `absent` stands for an empty argument. `{name, capital}`
//! begins with a capital letter; `{name, singular}` is the singular of an English plural. Other braces are not possible.

/// The maximum depth of braces in a template.
const MOST_DEPTH: usize = 8;

/// A template that is parsed, since one is rendered thousands of times for a policy.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Template(Vec<Part>);

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Text(Box<str>),
    Argument(Box<str>, Form),
}

/// How an argument is inserted.
#[derive(Debug, PartialEq, Eq)]
enum Form {
    Plain,
    Capital,
    Singular,
    /// By one of these alternatives, each with its key.
    Choice(Vec<(Box<str>, Template)>),
}

impl Template {
    /// Parses a template.
    ///
    /// # Errors
    /// What is wrong: braces that do not match, an unknown form, alternatives without `other`, an argument that is inserted twice
    /// (nested messages could grow without bound), braces that are too deep.
    pub(super) fn parse(text: &str) -> Result<Self, &'static str> {
        Self::nested(text, &mut Vec::new(), 0)
    }

    /// Parses a template within others. `inserted` are the arguments that are inserted before it.
    fn nested<'a>(text: &'a str, inserted: &mut Vec<&'a str>, depth: usize) -> Result<Self, &'static str> {
        if depth > MOST_DEPTH {
            return Err("has braces that are too deep");
        }
        let mut parts = Vec::new();
        let mut rest = text;
        loop {
            let (before, braces, after) = first_braces(rest).ok_or("has braces that do not match")?;
            if !before.is_empty() {
                parts.push(Part::Text(before.into()));
            }
            let Some(braces) = braces else { return Ok(Self(parts)) };
            let mut words = braces.splitn(3, ',').map(str::trim);
            let name = words.next().unwrap_or_default();
            let form = match (words.next(), words.next()) {
                (None, _) => Form::Plain,
                (Some("capital"), None) => Form::Capital,
                (Some("singular"), None) => Form::Singular,
                (Some("select" | "plural"), Some(text)) => Form::Choice(Self::alternatives(text, inserted, depth)?),
                _ => return Err("has an argument in an unknown form: use `select`, `plural`, `capital` or `singular`"),
            };
            if !matches!(form, Form::Choice(_)) {
                if inserted.contains(&name) {
                    return Err("inserts an argument twice");
                }
                inserted.push(name);
            }
            parts.push(Part::Argument(name.into(), form));
            rest = after;
        }
    }

    /// Parses alternatives. Each may insert what the others insert, since one of them is rendered.
    fn alternatives<'a>(
        text: &'a str,
        inserted: &mut Vec<&'a str>,
        depth: usize,
    ) -> Result<Vec<(Box<str>, Self)>, &'static str> {
        let (before, mut rest) = (inserted.clone(), text);
        let mut parsed: Vec<(Box<str>, Self)> = Vec::new();
        while let Some((key, Some(alternative), after)) = first_braces(rest) {
            let mut here = before.clone();
            parsed.push((key.trim().into(), Self::nested(alternative, &mut here, depth + 1)?));
            inserted.extend(here);
            rest = after;
        }
        let has_other = parsed.iter().any(|(key, _)| &**key == "other");
        if has_other && rest.trim().is_empty() { Ok(parsed) } else { Err("has alternatives without `other`") }
    }

    /// Renders the template. An argument that is not given counts as empty.
    pub(super) fn render(&self, arguments: &[(&str, &str)], text: &mut String) {
        for part in &self.0 {
            let (name, form) = match part {
                Part::Text(part) => {
                    text.push_str(part);
                    continue;
                }
                Part::Argument(name, form) => (&**name, form),
            };
            let value = arguments.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
            match form {
                Form::Plain => text.push_str(value),
                Form::Capital => text.push_str(&capital(value)),
                Form::Singular => text.push_str(&singular(value)),
                Form::Choice(alternatives) => {
                    if let Some(chosen) = chosen(alternatives, value) {
                        chosen.render(arguments, text);
                    }
                }
            }
        }
    }

    /// Collects the names of the arguments in order, each once.
    pub(super) fn arguments<'a>(&'a self, names: &mut Vec<&'a str>) {
        for part in &self.0 {
            let Part::Argument(name, form) = part else { continue };
            if !names.contains(&&**name) {
                names.push(name);
            }
            if let Form::Choice(alternatives) = form {
                for (_, template) in alternatives {
                    template.arguments(names);
                }
            }
        }
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

/// The alternative for a value: the first whose key is the value, or `other`.
fn chosen<'a>(alternatives: &'a [(Box<str>, Template)], value: &str) -> Option<&'a Template> {
    let is_chosen = |key: &str| match key {
        "absent" => value.is_empty(),
        "one" => value == "1",
        "other" => false,
        key => key.strip_prefix('=').unwrap_or(key) == value,
    };
    let found = alternatives.iter().find(|(key, _)| is_chosen(key));
    found.or_else(|| alternatives.iter().rfind(|(key, _)| &**key == "other")).map(|(_, template)| template)
}

/// A text with a capital letter at its beginning.
pub(super) fn capital(text: &str) -> String {
    let mut capital = String::from(text);
    if let Some(first) = capital.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    capital
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
