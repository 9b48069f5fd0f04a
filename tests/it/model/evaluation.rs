//! Evaluates a pack naively, by the sections Evaluation, Decisions and Holdings of `docs/format.md`: whether the page says the
//! same as the interpreter of the document.

use super::json::Json;
use super::pack::{Entry, Pack};
use super::{Truth, all, not};
use privet::model::Value;
use privet::session::{RoleRef, Subject};

/// The verdict of each slot, and the grants from which the inputs follow, as pairs of entry and encoded value.
pub(crate) struct Evaluation<'p> {
    pack: &'p Pack,
    slots: Vec<Truth>,
    own: Vec<(u32, u32)>,
    inline: Vec<(u32, u32)>,
}

const LEVEL: u32 = 3;
const SET: u32 = 4;
const CHOICE: u32 = 5;
const NUMBER: u32 = 6;

impl<'p> Evaluation<'p> {
    pub(crate) fn new(pack: &'p Pack, subject: &Subject) -> Self {
        let [first_privilege, first_role, entries] = pack.bounds();
        let facts = pack.encoded("facts", 0, &subject.facts);
        let mut own = pack.encoded("privileges", first_privilege, &subject.grants);
        let mut inline = Vec::new();
        for role in &subject.roles {
            match role {
                RoleRef::Until { .. } => panic!("the model leaves out ends"),
                RoleRef::Known(id) => own.push((first_role + place(&pack.ids("roles"), id), 1)),
                RoleRef::Inline(grants) | RoleRef::Named { grants, .. } => {
                    inline.extend(pack.encoded("privileges", first_privilege, grants));
                }
            }
        }
        let mut slots = vec![Some(false); pack.at(52) as usize];
        slots[0] = Some(true);
        slots[1] = None;
        for index in 0..first_privilege {
            let fact = pack.entry(index);
            let absent = (fact.a == 1).then_some(fact.b);
            let value = facts.iter().find(|(known, _)| *known == index).map(|(_, value)| *value).or(absent);
            for (i, input) in (0..).zip(pack.inputs(index)) {
                slots[input as usize] = value.map(|value| satisfies(pack, index, value, i));
            }
        }
        let group = |index: u32| {
            let entry = pack.entry(index);
            if entry.kind == NUMBER { entry.comparisons } else { entry.values }
        };
        for (index, value) in &own {
            for i in (0..group(*index)).filter(|i| satisfies(pack, *index, *value, *i)) {
                slots[(pack.entry(*index).input + i) as usize] = Some(true);
            }
        }
        for index in first_privilege..entries {
            let entry = pack.entry(index);
            let mut values: Vec<u32> = inline.iter().filter(|(of, _)| *of == index).map(|(_, value)| *value).collect();
            if entry.kind == NUMBER {
                values = values.into_iter().max().into_iter().collect();
            }
            let first = entry.input + if entry.kind >= CHOICE { group(index) } else { 0 };
            for value in values {
                for i in (0..group(index)).filter(|i| satisfies(pack, index, value, *i)) {
                    slots[(first + i) as usize] = Some(true);
                }
            }
        }
        let mut evaluation = Self { pack, slots, own, inline };
        for at in (pack.at(40)..pack.at(44)).step_by(8) {
            let result = all([evaluation.slot(pack.at(at)), evaluation.slot(pack.at(at + 4))]);
            evaluation.slots.push(result);
        }
        evaluation
    }

    /// The verdict of a slot reference.
    fn slot(&self, reference: u32) -> Truth {
        let verdict = self.slots[reference as usize / 2];
        if reference % 2 == 1 { not(verdict) } else { verdict }
    }

    /// The id of the first choice whose conflict is yes.
    pub(crate) fn conflict(&self) -> Option<String> {
        let [first, end, _] = self.pack.bounds();
        let is_conflict = |entry: Entry| entry.kind == CHOICE && self.slot(entry.a) == Some(true);
        let choice = (first..end).find(|index| is_conflict(self.pack.entry(*index)))?;
        Some(self.pack.ids("privileges")[(choice - first) as usize].clone())
    }

    /// The decision on each operation, and the obligations that it owes.
    pub(crate) fn operations(&self) -> Json {
        let mut owed_at = self.pack.at(32);
        let mut operations = Vec::new();
        for (index, names) in (0..).zip(self.pack.rows("operations")) {
            let decision = self.slot(self.pack.at(self.pack.at(28) + 24 * index));
            let mut owed = Vec::new();
            for name in &names[1..] {
                if decision == Some(true) && self.slot(self.pack.at(owed_at)) != Some(false) {
                    owed.push(name.as_str());
                }
                owed_at += 4;
            }
            let word = decision.map_or("undecided", |yes| if yes { "allowed" } else { "denied" });
            operations.push(Json::List(vec![Json::text(word), Json::list(owed)]));
        }
        Json::List(operations)
    }

    /// What is granted and what is effective of each privilege.
    pub(crate) fn holds(&self) -> Json {
        let first = self.pack.bounds()[0];
        let rows = (first..).zip(self.pack.rows("privileges"));
        Json::List(rows.map(|(index, names)| Json::List(self.holding(index, &names[1..]).into())).collect())
    }

    fn holding(&self, index: u32, names: &[String]) -> [Json; 2] {
        let entry = self.pack.entry(index);
        let list = self.pack.at(68 + 40 * index + 20);
        let slots = |from: u32, count: u32| -> Vec<Truth> {
            (0..count).map(|i| self.slot(self.pack.at(list + 4 * (from + i)))).collect()
        };
        if entry.kind == NUMBER {
            let granted = self.number(index);
            let effective = match slots(entry.comparisons, 1)[0] {
                Some(true) => granted.clone(),
                Some(false) => Json::NULL,
                None => Json::text("undecided"),
            };
            return [granted, effective];
        }
        [slots(0, entry.values), slots(entry.values, entry.values)].map(|verdicts| {
            if verdicts.contains(&None) {
                return Json::text("undecided");
            }
            let mut held =
                (0_usize..).zip(&verdicts).filter(|(_, verdict)| **verdict == Some(true)).map(|(value, _)| value);
            let name = |value: usize| Json::text(&names[value]);
            match entry.kind {
                SET => Some(Json::List(held.map(name).collect())).filter(|set| !set.items().is_empty()),
                LEVEL | CHOICE => held.last().map(name),
                _ => held.next().map(|_| Json::Atom(true.into())),
            }
            .unwrap_or(Json::NULL)
        })
    }

    /// The granted number.
    fn number(&self, index: u32) -> Json {
        if let Some((_, own)) = self.own.iter().find(|(of, _)| *of == index) {
            return Json::Atom((*own).into());
        }
        let at = self.pack.at(68 + 40 * index + 24);
        let count = self.pack.at(68 + 40 * index + 28);
        let numbers: Vec<(u32, Truth)> =
            (0..count).map(|i| (self.pack.at(at + 8 * i), self.slot(self.pack.at(at + 8 * i + 4)))).collect();
        let inline = self.inline.iter().filter(|(of, _)| *of == index).map(|(_, value)| *value);
        let held = numbers.iter().filter(|(_, verdict)| *verdict == Some(true)).map(|(number, _)| *number);
        let most = inline.chain(held).max();
        let is_above = |number: u32| most.is_none_or(|most| number > most);
        if numbers.iter().any(|(number, verdict)| verdict.is_none() && is_above(*number)) {
            return Json::text("undecided");
        }
        most.map_or(Json::NULL, |most| Json::Atom(most.into()))
    }
}

fn place(ids: &[String], id: &str) -> u32 {
    (0..).zip(ids).find(|(_, known)| *known == id).expect("an id").0
}

/// Whether a value satisfies input *i* of a group.
fn satisfies(pack: &Pack, index: u32, value: u32, i: u32) -> bool {
    match pack.entry(index).kind {
        LEVEL => value > i,
        SET | CHOICE => value == i,
        NUMBER => {
            let at = pack.at(68 + 40 * index + 12) + 8 * i;
            let operand = pack.at(at + 4);
            match pack.at(at) {
                0 => value >= operand,
                1 => value < operand,
                _ => value == operand,
            }
        }
        _ => value == 1,
    }
}

impl Pack {
    /// The rows of a key of the names.
    fn rows(&self, key: &str) -> Vec<Vec<String>> {
        let names = Json::parse(&self.names);
        let text = |text: &Json| text.as_str().expect("a text").to_owned();
        names.get(key).expect("a key").items().iter().map(|row| row.items().iter().map(text).collect()).collect()
    }

    /// Facts or grants as pairs of entry and encoded value.
    fn encoded(&self, key: &str, first: u32, entries: &[(String, Value)]) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        let rows = if entries.is_empty() { Vec::new() } else { self.rows(key) };
        for (id, value) in entries {
            let (index, row) = (first..).zip(&rows).find(|(_, row)| row[0] == *id).expect("an id");
            let names = &row[1..];
            let option = |value: &Value| place(names, &value.shown());
            match value {
                Value::Flag(flag) => pairs.push((index, u32::from(*flag))),
                Value::Number(number) => pairs.push((index, *number)),
                Value::List(options) => pairs.extend(options.iter().map(|value| (index, option(value)))),
                value => pairs.push((index, option(value) + u32::from(self.entry(index).kind == LEVEL))),
            }
        }
        pairs
    }
}
