//! The reasons section of a pack: what `privet/why` needs to name the reasons of a decision from the verdicts of the program.
//! `docs/format.md` defines it.
//!
//! Requirements are trees over tests, and each test is a tree over slots. So whoever evaluated the program reads the verdict of each
//! test, and nothing is evaluated twice.

use super::model::operand_of;
use super::reasons::bound_of;
use super::section_words::{Kind, Patterns, kind, needed};
use super::words::Words;
use crate::check::{Atom, Checked, Formula, Operand, Part, ResolvedExpr, ResolvedExprKind, Test, TestKind};
use crate::document::{Document, Privilege};
use crate::model::{FactKind, PrivilegeKind};
use crate::pack::{Program, Slot};
use crate::studio::Studio;
use hashbrown::HashMap;
use serde::Serialize;
use serde_json::{Value as Json, json};

/// The version of the section.
const VERSION: u32 = 1;

/// The section. Keys and rows are those of `docs/format.md`.
#[derive(Serialize)]
struct Section<'a> {
    version: u32,
    texts: Patterns,
    subjects: Vec<Vec<&'a str>>,
    needs: Vec<String>,
    kinds: Vec<Kind>,
    costs: Vec<u32>,
    trees: Vec<Json>,
    requires: Vec<Json>,
    tests: Vec<Json>,
}

/// Builds the section of a studio's policy. O(document).
pub(in crate::studio) fn section(studio: &Studio) -> Vec<u8> {
    let mut writer = Writer::new(studio);
    let (document, exprs) = (writer.document, studio.checked().exprs());
    let trees = |writer: &mut Writer, tree: Option<&ResolvedExpr>| tree.map_or(json!([ANY]), |tree| writer.tree(tree));
    let required = exprs.operations.iter().map(Option::as_ref).chain(exprs.conditions.iter().map(Option::as_deref));
    let all: Vec<Json> = required.map(|tree| trees(&mut writer, tree)).collect();
    let privileges = document.privileges.iter().enumerate();
    let requires: Vec<Json> = privileges
        .map(|(index, privilege)| {
            if !has_requirement(privilege) {
                return json!(0);
            }
            let own = trees(&mut writer, exprs.privileges.get(index).and_then(Option::as_ref));
            let levels = exprs.levels.get(index).into_iter().flatten();
            let levels = levels.map(|tree| trees(&mut writer, tree.as_ref()));
            Json::Array(std::iter::once(own).chain(levels).collect())
        })
        .collect();
    let words = ["off", "on", "true"].map(|word| writer.words.messages.word(word));
    let section = Section {
        version: VERSION,
        texts: Patterns::new(writer.words.messages),
        subjects: subjects(document, &words),
        needs: writer.needs.rows,
        kinds: writer.kinds.rows,
        costs: document.privileges.iter().map(|it| it.cost.unwrap_or(1)).collect(),
        trees: all,
        requires,
        tests: writer.tests.rows,
    };
    serde_json::to_vec(&section).unwrap_or_default()
}

/// The connectives of trees.
const ALL: u32 = 0;
const ANY: u32 = 1;
const NOT: u32 = 2;

/// Rows, each once.
struct Rows<T> {
    rows: Vec<T>,
    places: HashMap<String, usize>,
}

impl<T: Serialize> Rows<T> {
    fn new() -> Self {
        Self { rows: Vec::new(), places: HashMap::new() }
    }

    /// The index of a row.
    fn place(&mut self, row: T) -> usize {
        let key = serde_json::to_string(&row).unwrap_or_default();
        *self.places.entry(key).or_insert_with(|| {
            self.rows.push(row);
            self.rows.len() - 1
        })
    }
}

struct Writer<'a> {
    checked: &'a Checked,
    document: &'a Document,
    program: &'a Program,
    words: Words<'a>,
    tests: Rows<Json>,
    kinds: Rows<Kind>,
    needs: Rows<String>,
}

impl<'a> Writer<'a> {
    fn new(studio: &'a Studio) -> Self {
        let (checked, program) = (studio.checked(), studio.policy().program());
        let words = Words::new(studio);
        let (tests, kinds, needs) = (Rows::new(), Rows::new(), Rows::new());
        Self { checked, document: checked.document(), program, words, tests, kinds, needs }
    }

    /// A requirement as a tree over tests.
    fn tree(&mut self, tree: &ResolvedExpr) -> Json {
        let connective = match &tree.kind {
            ResolvedExprKind::All(_) => ALL,
            ResolvedExprKind::Any(_) => ANY,
            ResolvedExprKind::Not(_) => NOT,
            ResolvedExprKind::Test(test) => return json!(self.test(test)),
        };
        let parts = tree.parts().iter().map(|part| self.tree(part));
        Json::Array(std::iter::once(json!(connective)).chain(parts).collect())
    }

    /// The index of a test among the rows of tests.
    fn test(&mut self, test: &Test) -> usize {
        let kind = kind(self.words, test);
        let kind = self.kinds.place(kind);
        let formula = Formula::of_test(self.document, test);
        let is_condition = matches!(test.kind, TestKind::Condition(..));
        let truth = if is_condition { json!(Slot::YES.word()) } else { self.truth(&formula, false, Effect::Effective) };
        let granted = match operand_of(test) {
            Some(Operand::Privilege(privilege)) if self.may_be_dormant(privilege) => {
                self.truth(&formula, false, Effect::Granted)
            }
            _ => json!(Slot::NO.word()),
        };
        let bound = bound_of(test).map_or(json!(0), |(is_least, value)| json!([u8::from(is_least), value]));
        let [decided, unknown] = needed(self.words, test).map(|needed| self.needs.place(needed));
        let mut row = vec![json!(self.about(test)), json!(kind), truth, granted, bound, json!(decided), json!(unknown)];
        if let TestKind::Options(Operand::Privilege(privilege), options, negated) = &test.kind
            && self.document.privileges.get(*privilege).is_some_and(|it| it.kind == PrivilegeKind::Set)
        {
            row.extend([json!(u8::from(*negated)), json!(options)]);
        }
        self.tests.place(Json::Array(row))
    }

    /// What a test is about, as an index among the subjects.
    fn about(&self, test: &Test) -> usize {
        let facts = self.document.facts.len();
        let entries = facts + self.document.privileges.len() + self.document.roles.len();
        match (&test.kind, operand_of(test)) {
            (TestKind::Allowed(operation), _) => entries + operation,
            (TestKind::Condition(condition, _), _) => entries + self.document.operations.len() + condition,
            (_, Some(Operand::Privilege(privilege))) => facts + privilege,
            (_, Some(Operand::Fact(fact))) => fact,
            (_, None) => usize::MAX,
        }
    }

    /// Whether a grant of the privilege may have no effect.
    fn may_be_dormant(&self, privilege: usize) -> bool {
        let parts = self.program.privileges.get(privilege);
        parts.is_some_and(|it| it.granted.iter().zip(&it.effective).any(|(granted, effective)| granted != effective))
    }

    /// A formula as a tree over slots. Negations are those of slots.
    fn truth(&self, formula: &Formula, negated: bool, effect: Effect) -> Json {
        let (connective, parts) = match formula {
            Formula::Atom(atom) => return self.atom(*atom, negated, effect),
            Formula::Not(inner) => return self.truth(inner, !negated, effect),
            Formula::All(parts) => (if negated { ANY } else { ALL }, parts),
            Formula::Any(parts) => (if negated { ALL } else { ANY }, parts),
        };
        match parts.as_slice() {
            [] => json!(if connective == ALL { Slot::YES } else { Slot::NO }.word()),
            [one] => self.truth(one, negated, effect),
            parts => {
                let parts = parts.iter().map(|part| self.truth(part, negated, effect));
                Json::Array(std::iter::once(json!(connective)).chain(parts).collect())
            }
        }
    }

    fn atom(&self, atom: Atom, negated: bool, effect: Effect) -> Json {
        let slot = match atom {
            Atom::Allowed(operation) => self.program.operations.get(operation).map(|it| it.decision),
            Atom::Fact(index, part) => self.program.facts.get(index).and_then(|fact| {
                let place = match part {
                    Part::Whole => 0,
                    Part::Value(value) => value,
                    Part::Compared(it) => fact.comparisons.iter().position(|known| *known == it)?,
                };
                Slot::at(fact.input + place)
            }),
            Atom::Effective(index, part) => self.program.privileges.get(index).and_then(|privilege| {
                let place = match part {
                    Part::Whole => 0,
                    Part::Value(value) => value,
                    Part::Compared(it) => privilege.comparisons.iter().position(|known| *known == it)? + 1,
                };
                match (part, effect) {
                    (Part::Compared(_), _) | (_, Effect::Granted) => privilege.granted.get(place).copied(),
                    _ => privilege.effective.get(place).copied(),
                }
            }),
        };
        let slot = slot.unwrap_or(Slot::UNKNOWN);
        let slot = json!((if negated { !slot } else { slot }).word());
        // The effect of a comparison has no slot of its own: it is granted, and the requirement holds.
        if let (Atom::Effective(index, part @ Part::Compared(_)), Effect::Effective) = (atom, effect)
            && self.document.privileges.get(index).is_some_and(has_requirement)
            && let Some(requirement) = self.checked.exprs().requirement(self.document, index, part)
        {
            return json!([if negated { ANY } else { ALL }, slot, self.truth(&requirement, negated, effect)]);
        }
        slot
    }
}

/// Whether a privilege is read as granted or as effective.
#[derive(Clone, Copy)]
enum Effect {
    Granted,
    Effective,
}

fn has_requirement(privilege: &Privilege) -> bool {
    privilege.requires.is_some() || privilege.levels.iter().any(|level| level.requires.is_some())
}

/// What tests are about, and roles: facts, privileges, roles, operations, conditions. Each has its label; then a fact its place and a
/// condition its id; then facts and privileges the words for their encoded values.
fn subjects<'a>(document: &'a Document, [off, on, granted]: &'a [String; 3]) -> Vec<Vec<&'a str>> {
    let facts = document.facts.iter().map(|fact| {
        let values: Vec<&str> = match fact.kind {
            FactKind::Switch => vec![off, on],
            FactKind::Number => Vec::new(),
            FactKind::Choice => fact.options.iter().map(|it| it.label.as_str()).collect(),
            // Ranks count from 1.
            FactKind::Level => std::iter::once("").chain(fact.levels.iter().map(|it| it.label.as_str())).collect(),
        };
        [fact.label.as_str(), fact.place.as_deref().unwrap_or_default()].into_iter().chain(values).collect()
    });
    let privileges = document.privileges.iter().map(|privilege| {
        let values: Vec<&str> = match privilege.kind {
            PrivilegeKind::Flag => vec!["", granted],
            PrivilegeKind::Number => Vec::new(),
            PrivilegeKind::Choice | PrivilegeKind::Set => {
                privilege.options.iter().map(|it| it.label.as_str()).collect()
            }
            PrivilegeKind::Level => {
                std::iter::once("").chain(privilege.levels.iter().map(|it| it.label.as_str())).collect()
            }
        };
        [privilege.label.as_str(), ""].into_iter().chain(values).collect()
    });
    let roles = document.roles.iter().map(|it| vec![it.label.as_str()]);
    let operations = document.operations.iter().map(|it| vec![it.label.as_str()]);
    let conditions = document.conditions.iter().map(|it| vec![it.label.as_str(), &*it.id]);
    facts.chain(privileges).chain(roles).chain(operations).chain(conditions).collect()
}
