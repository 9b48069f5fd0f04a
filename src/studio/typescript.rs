//! The TypeScript types of the studio's answers, generated from the Rust types.
//!
//! `ts-rs` writes the declarations. They get a parameter `S`, the schema of a policy, by which ids are typed, and their fields and
//! arrays become read-only.

use super::changes::{preview, review};
use super::explain::{model, reason, tree};
use super::fixes::{change, fix, guide, least};
use super::versions::{compare, difference};
use super::{describe, impact, residual};
use crate::diagnostic::{Diagnostic, Related, Severity};
use crate::document::{
    ChangeKind, ExpectedWord, GrantedThrough, RequirementWord, RequirementWords, Source, Within, WordRole,
};
use crate::index::{DocumentIndex, IndexedSymbol, SymbolDeclaration, SymbolKind, SymbolPlace};
use crate::model::{Delta, FactKind, PrivilegeKind};
use crate::source::Location;
use ts_rs::{Config, TS};

/// The types that are written by hand, since they are those of the core or of arguments.
const HEADER: &str = "\
// Generated from the Rust types by `PRIVET_BLESS=1 cargo test --test it typescript`. Do not edit.
import type {
  AnySchema,
  Change,
  Decision,
  FactId,
  FactValue,
  From,
  Grants,
  GrantValue,
  GuideId,
  MenuItemId,
  ObligationId,
  OperationId,
  Owed,
  PrivilegeId,
  RoleId,
  Schema,
  Subject,
  VerbId,
  Verdict,
} from \"../core/types.js\";
";

/// A declaration: its name, documentation and type.
struct Declaration {
    name: String,
    docs: String,
    body: String,
}

fn declaration<T: TS>(config: &Config) -> Declaration {
    let declaration = T::decl(config);
    let (head, body) = declaration.split_once(" = ").unwrap_or_default();
    let name = head.trim_start_matches("type ");
    let body = body.trim_end_matches(';').replace(", }", " }");
    Declaration { name: name.into(), docs: T::docs().unwrap_or_default(), body }
}

/// The module `pkg/src/studio/answers.ts`.
pub fn typescript() -> String {
    let config = Config::default();
    macro_rules! declarations {
        ($($answer:ty),* $(,)?) => { [$(declaration::<$answer>(&config)),*] };
    }
    let declarations = declarations![
        Location,
        Severity,
        Related,
        Diagnostic,
        SymbolPlace,
        SymbolDeclaration,
        SymbolKind,
        IndexedSymbol,
        DocumentIndex,
        WordRole,
        RequirementWord<'_>,
        ExpectedWord<'_>,
        RequirementWords<'_>,
        Source,
        FactKind,
        PrivilegeKind,
        GrantedThrough,
        ChangeKind,
        Within,
        tree::RequirementValue<'_>,
        tree::RequirementTest<'_>,
        tree::RequirementTree<'_>,
        tree::RequirementDescription<'_>,
        residual::Residual<'_>,
        describe::VerbDescription<'_>,
        describe::OptionDescription<'_>,
        describe::FactDescription<'_>,
        describe::ConditionDescription<'_>,
        describe::LevelDescription<'_>,
        describe::PrivilegeDescription<'_>,
        describe::RoleDescription<'_>,
        describe::MenuItemDescription<'_>,
        describe::MenuStep<'_>,
        describe::ObligationDescription<'_>,
        describe::OperationDescription<'_>,
        describe::GuideStepDescription<'_>,
        describe::GuideDescription<'_>,
        describe::ChangeRuleDescription<'_>,
        describe::PolicyDescription<'_>,
        Delta<()>,
        model::Missing,
        model::DormantGrant,
        model::NodeKind,
        model::TestNode,
        model::NearMiss,
        reason::Through,
        reason::Reason,
        model::Arguments,
        model::Explanation,
        preview::MenuChanges,
        preview::Preview,
        change::GrantStep,
        change::FactStep,
        change::RoleStep,
        change::FixStep,
        fix::Fix,
        fix::FixResult,
        least::NearestRoles,
        least::LeastPrivilege,
        guide::StepState,
        guide::GuideStep,
        review::BrokenRule,
        review::Review,
        impact::Impact,
        difference::DifferenceKind,
        difference::Difference,
        compare::PolicyDifference,
    ];
    let typed = typed(&declarations);
    let texts = declarations.iter().map(|declaration| text(declaration, &typed));
    let types: String = texts.collect();
    format!("{HEADER}{types}")
}

/// The names of the declarations that use ids, directly or through others: they have the parameter `S`.
fn typed(declarations: &[Declaration]) -> Vec<&str> {
    let mut typed = vec!["Owed"]; // a type of the core
    loop {
        let uses = |body: &str| body.contains("<S>") || words(body).any(|word| typed.contains(&word));
        let more = declarations.iter().filter(|it| !typed.contains(&it.name.as_str()) && uses(&it.body));
        let more: Vec<&str> = more.map(|it| it.name.as_str()).collect();
        if more.is_empty() {
            return typed;
        }
        typed.extend(more);
    }
}

/// The identifiers of a type, without its comments.
fn words(body: &str) -> impl Iterator<Item = &str> {
    let code = body.lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
    code.flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric() && letter != '_'))
}

/// A declaration as TypeScript.
fn text(declaration: &Declaration, typed: &[&str]) -> String {
    let Declaration { name, docs, body } = declaration;
    let is_union = body.starts_with('{') && body.contains("} & ") || body.contains("} |");
    let parameters = if typed.contains(&name.as_str()) { "<S extends Schema = AnySchema>" } else { "" };
    let body = body.lines().map(|line| read_only(line, typed)).collect::<Vec<_>>().join("\n");
    let body = if is_union { alternatives(&body) } else { format!(" {}", in_lines(&body)) };
    format!("\n{}\nexport type {name}{parameters} ={body};\n", in_one_line(docs))
}

/// A comment of `ts-rs`, which has a line for each line of the source, in one line. It ends before the first heading or
/// code block, since examples are in Rust.
fn in_one_line(comment: &str) -> String {
    let lines = comment.lines().map(|line| line.trim_start_matches(['/', '*', ' ']).trim());
    let lines = lines.take_while(|line| !line.starts_with("# ") && !line.starts_with("```"));
    format!("/** {} */", lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" "))
}

/// An object type with a line for each field and comment.
fn in_lines(body: &str) -> String {
    let (mut text, mut comment) = (String::new(), String::new());
    for line in body.lines() {
        if line.trim_start().starts_with(['/', '*']) {
            comment += line;
            comment += "\n";
            if line.trim_end().ends_with("*/") {
                text.truncate(text.trim_end().len());
                text += &format!("\n  {}", in_one_line(&std::mem::take(&mut comment)));
            }
            continue;
        }
        let fields = line.strip_prefix("readonly ").into_iter().flat_map(|line| line.split(", readonly "));
        let fields: Vec<&str> = fields.collect();
        match line.strip_prefix("{ readonly ") {
            Some(first) => {
                text.push('{');
                text += &fields_in_lines(&first.split(", readonly ").collect::<Vec<_>>());
            }
            None if !fields.is_empty() => {
                text += &fields_in_lines(&fields);
            }
            None => text += line,
        }
    }
    if text.contains("\n  ") { text.trim_end().trim_end_matches('}').trim_end().to_owned() + "\n}" } else { text }
}

/// Fields, each in a line.
fn fields_in_lines(fields: &[&str]) -> String {
    fields.iter().fold(String::new(), |text, field| text + "\n  readonly " + &end(field))
}

/// A union with a line for each alternative, without the comments of the variants.
fn alternatives(body: &str) -> String {
    let code = body.lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
    let code = code.map(str::trim).collect::<Vec<_>>().join(" ");
    let alternatives = code.split(" | ").fold(Vec::new(), |mut all: Vec<String>, part| {
        // A bar inside of an object belongs to the type of a field.
        match all.last_mut().filter(|last| last.matches('{').count() > last.matches('}').count()) {
            Some(last) => *last += &format!(" | {part}"),
            None => all.push(part.into()),
        }
        all
    });
    ["\n  | ", &alternatives.join("\n  | ")].concat()
}

/// The field with a semicolon at its end, without a comma or ` }`.
fn end(field: &str) -> String {
    let field = field.trim_end();
    let field = field.strip_suffix(" }").unwrap_or(field);
    field.trim_end_matches(',').to_owned() + ";"
}

/// A line of a type, with read-only fields and arrays and with the parameter of typed names. Comments stay as they are.
fn read_only(line: &str, typed: &[&str]) -> String {
    if line.trim_start().starts_with(['/', '*']) {
        return line.into();
    }
    let mut text = String::new();
    let mut rest = line;
    while let Some(start) = rest.find(|letter: char| letter.is_alphabetic() || letter == '_' || letter == '"') {
        let (before, after) = rest.split_at(start);
        let end = after.find(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != '"');
        let (word, after) = after.split_at(end.unwrap_or(after.len()));
        let is_field = after.starts_with(": ") || after.starts_with("?: ");
        let is_read_only = text.trim_end().ends_with("readonly") || before.ends_with('[');
        text += before;
        if is_field && !is_read_only {
            text += "readonly ";
        }
        text += match word {
            "Array" => "ReadonlyArray",
            "bigint" => "number",
            word => word,
        };
        if typed.contains(&word) && !is_field && !after.starts_with('<') {
            text += "<S>";
        }
        rest = after;
    }
    text + rest
}
