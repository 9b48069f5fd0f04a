//! The reference model: a naive interpreter of the checked document, written only from the "Exact rules" of the design.
//!
//! It reads the typed document and the texts of its requirements; it does not use formulas, programs or sessions. It is
//! slow and meant to be obviously right.
//!
//! `json`, `lookup`, `tokens`, `record` and `results` add what `docs/format.md` says about subjects, changes, tokens and records.
//! `pack` and `evaluation` read and evaluate packs by that page alone, so that the page, the document and the library are three
//! opinions about one answer.

pub(crate) mod absent;
pub(crate) mod brute;
pub(crate) mod changes;
pub(crate) mod compare;
pub(crate) mod core_cases;
pub(crate) mod decisions;
pub(crate) mod drawn;
pub(crate) mod evaluation;
pub(crate) mod fixes;
pub(crate) mod json;
pub(crate) mod least;
pub(crate) mod lookup;
pub(crate) mod pack;
pub(crate) mod policies;
pub(crate) mod previews;
pub(crate) mod properties;
pub(crate) mod reads;
pub(crate) mod record;
pub(crate) mod requirement;
pub(crate) mod results;
pub(crate) mod subjects;
pub(crate) mod sufficient;
pub(crate) mod tokens;
mod views;
pub(crate) mod writer;

use privet::document::{Condition, Document, Fact, Operation, Privilege, Role};
use privet::model::{FactKind, PrivilegeKind, Value};
use privet::session::{RoleRef, Subject};
use requirement::{Requirement, Test};
use serde_json::json;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Kleene's truth values; `None` is unknown.
pub(crate) type Truth = Option<bool>;

fn not(truth: Truth) -> Truth {
    truth.map(|truth| !truth)
}

fn all(parts: impl IntoIterator<Item = Truth>) -> Truth {
    let parts: Vec<Truth> = parts.into_iter().collect();
    if parts.contains(&Some(false)) {
        Some(false)
    } else if parts.contains(&None) {
        None
    } else {
        Some(true)
    }
}

fn any(parts: impl IntoIterator<Item = Truth>) -> Truth {
    not(all(parts.into_iter().map(not)))
}

/// A document with parsed requirements and declarations by id.
pub(crate) struct Model<'d> {
    pub(crate) document: &'d Document,
    pub(crate) facts: BTreeMap<&'d str, &'d Fact>,
    pub(crate) privileges: BTreeMap<&'d str, &'d Privilege>,
    pub(crate) conditions: BTreeMap<&'d str, &'d Condition>,
    pub(crate) operations: BTreeMap<&'d str, &'d Operation>,
    /// The grants of each role, with those that it inherits.
    pub(crate) role_grants: BTreeMap<&'d str, Vec<(String, Value)>>,
    pub(crate) parsed: BTreeMap<&'d str, Requirement>,
}

impl<'d> Model<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        let of_privileges = document.privileges.iter().flat_map(requirements_of);
        let of_conditions = document.conditions.iter().map(|condition| &condition.requires);
        let of_roles = document.roles.iter().filter_map(|role| role.when.as_ref());
        let of_operations = document
            .operations
            .iter()
            .flat_map(|operation| operation.obligations.iter().map(|owed| &owed.when).chain([&operation.requires]));
        let texts = of_privileges
            .chain(of_conditions)
            .chain(of_roles)
            .chain(of_operations)
            .map(privet::document::Requirement::as_str);
        let mut model = Self {
            document,
            conditions: document.conditions.iter().map(|condition| (&*condition.id, condition)).collect(),
            role_grants: BTreeMap::new(),
            facts: document.facts.iter().map(|fact| (&*fact.id, fact)).collect(),
            privileges: document.privileges.iter().map(|privilege| (&*privilege.id, privilege)).collect(),
            operations: document.operations.iter().map(|operation| (&*operation.id, operation)).collect(),
            parsed: texts.map(|text| (text, Requirement::parse(text))).collect(),
        };
        model.role_grants = document.roles.iter().map(|role| (&*role.id, model.joined_grants(role))).collect();
        model
    }

    /// Flags, levels and sets of the roles that a role inherits are joined with its own; its own choice or number counts
    /// alone, else the largest number or the one option.
    fn joined_grants(&self, role: &Role) -> Vec<(String, Value)> {
        let parents = role.inherits.iter().map(|id| {
            let parent = self.document.roles.iter().find(|other| other.id == *id).expect("a declared role");
            self.joined_grants(parent)
        });
        let inherited: Vec<(String, Value)> = parents.flatten().collect();
        let own = |privilege: &Privilege| role.grants.get(&*privilege.id);
        let joined = |privilege: &&Privilege| {
            let given = inherited.iter().filter(|(id, _)| **id == *privilege.id).map(|(_, value)| value);
            let given: Vec<&Value> = given.collect();
            let all: Vec<&Value> = match own(privilege) {
                Some(own) if has_one_value(privilege) => vec![own],
                own => given.into_iter().chain(own).collect(),
            };
            let joined = all.iter().fold(Given::default(), |joined, value| joined.join(&Given::of(privilege, value)));
            Some((privilege.id.to_string(), joined.value(privilege)?)).filter(|_| !all.is_empty())
        };
        self.document.privileges.iter().filter_map(|privilege| joined(&privilege)).collect()
    }
}

/// The requirements of a privilege and of all its levels.
pub(crate) fn requirements_of(privilege: &Privilege) -> impl Iterator<Item = &privet::document::Requirement> {
    privilege.requires.iter().chain(privilege.levels.iter().filter_map(|level| level.requires.as_ref()))
}

/// The grants of one privilege under one assumption about the undecided roles.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given {
    flag: bool,
    /// The rank; 0 if no level is granted.
    rank: usize,
    /// The options of a set or choice. Several options of a choice are a clash.
    options: BTreeSet<String>,
    number: Option<u32>,
}

impl Given {
    pub(crate) fn of(privilege: &Privilege, value: &Value) -> Self {
        let mut given = Self::default();
        match value {
            Value::Flag(flag) => given.flag = *flag,
            Value::Number(number) => given.number = Some(*number),
            Value::Text(level) if privilege.kind == PrivilegeKind::Level => given.rank = rank(privilege, level),
            Value::Text(option) => given.options = BTreeSet::from([option.clone()]),
            Value::List(options) => given.options = options.iter().map(Value::shown).collect(),
            other => panic!("`{}` holds {other:?}", privilege.id),
        }
        given
    }

    /// Flags OR, levels and numbers maximum, sets unite; different options of a choice clash.
    pub(crate) fn join(&self, other: &Self) -> Self {
        Self {
            flag: self.flag || other.flag,
            rank: self.rank.max(other.rank),
            options: self.options.union(&other.options).cloned().collect(),
            number: self.number.max(other.number),
        }
    }

    /// The value, if it is a grant.
    fn value(&self, privilege: &Privilege) -> Option<Value> {
        let level = privilege.levels.get(self.rank.wrapping_sub(1)).map(|level| Value::Text(level.id.to_string()));
        let mut options = privilege.options.iter().map(|option| option.id.to_string());
        match privilege.kind {
            PrivilegeKind::Flag => self.flag.then_some(Value::Flag(true)),
            PrivilegeKind::Level => level,
            PrivilegeKind::Number => self.number.map(Value::Number),
            PrivilegeKind::Choice => options.find(|option| self.options.contains(option)).map(Value::Text),
            PrivilegeKind::Set => {
                let held: Vec<Value> = options.filter(|it| self.options.contains(it)).map(Value::Text).collect();
                (!held.is_empty()).then_some(Value::List(held))
            }
        }
    }

    fn clashes(&self, kind: PrivilegeKind) -> bool {
        kind == PrivilegeKind::Choice && self.options.len() > 1
    }
}

fn rank(privilege: &Privilege, level: &str) -> usize {
    1 + privilege.levels.iter().position(|known| *known.id == *level).expect("a declared level")
}

fn compares(left: u32, operator: &str, right: u32) -> bool {
    match operator {
        ">=" => left >= right,
        ">" => left > right,
        "<=" => left <= right,
        "<" => left < right,
        "=" => left == right,
        other => panic!("operator `{other}`"),
    }
}

/// One subject. All answers about it are derived from this.
pub(crate) struct Person<'m> {
    model: &'m Model<'m>,
    facts: BTreeMap<&'m str, Value>,
    own: Vec<(String, Value)>,
    /// The grants of each role known to be held.
    sure: Vec<Vec<(String, Value)>>,
    /// The grants of each role known to be held, as provenance names it: roles in policy order, then inline roles.
    givers: Vec<(Vec<(String, Value)>, serde_json::Value)>,
    /// The grants of each role that is held if an unknown fact has the right value.
    perhaps: Vec<Vec<(String, Value)>>,
    /// Cached verdicts of requirements.
    known: RefCell<BTreeMap<&'m str, Truth>>,
}

impl<'m> Person<'m> {
    /// The subject, or the choice on which its roles clash.
    pub(crate) fn new(model: &'m Model<'m>, subject: &Subject) -> Result<Self, BTreeSet<String>> {
        let given = |fact: &Fact| subject.facts.iter().find(|(id, _)| **id == *fact.id).map(|(_, value)| value.clone());
        let value = |fact: &Fact| given(fact).filter(|value| *value != Value::Null).or_else(|| fact.absent.clone());
        let mut person = Self {
            model,
            facts: model.facts.iter().filter_map(|(id, fact)| Some((*id, value(fact)?))).collect(),
            own: subject.grants.clone(),
            sure: Vec::new(),
            givers: Vec::new(),
            perhaps: Vec::new(),
            known: RefCell::default(),
        };
        for role in &subject.roles {
            if let Some(grants) = role.inline_grants() {
                person.sure.push(grants.to_vec());
            }
        }
        for role in model.document.roles.iter() {
            let listed = subject.roles.contains(&RoleRef::Known(role.id.to_string()));
            let assumed = role.when.as_ref().map_or(Some(false), |when| person.requirement(when.as_str()));
            let grants: Vec<(String, Value)> = model.role_grants[&*role.id].clone();
            match any([Some(listed), assumed]) {
                Some(true) => {
                    person.givers.push((grants.clone(), giver(model, role, listed)));
                    person.sure.push(grants);
                }
                None => person.perhaps.push(grants),
                Some(false) => {}
            }
        }
        let inline = subject.roles.iter().filter(|role| role.inline_grants().is_some());
        person.givers.extend(inline.enumerate().map(|(index, role)| {
            let mut giver = json!({ "by": "inline", "index": index });
            if let RoleRef::Named { name, .. } = role {
                giver["name"] = json!(name);
            }
            (role.inline_grants().unwrap_or_default().to_vec(), giver)
        }));
        let clashing =
            model.document.privileges.iter().filter(|privilege| person.surely(privilege).clashes(privilege.kind));
        let clashing: BTreeSet<String> = clashing.map(|privilege| privilege.id.to_string()).collect();
        if clashing.is_empty() { Ok(person) } else { Err(clashing) }
    }

    /// The grants if no undecided role is held.
    fn surely(&self, privilege: &Privilege) -> Given {
        match self.own(privilege) {
            Some(own) if has_one_value(privilege) => own,
            Some(own) => self.by_roles(privilege).join(&own),
            None => self.by_roles(privilege),
        }
    }

    /// The grants of the roles known to be held.
    pub(crate) fn by_roles(&self, privilege: &Privilege) -> Given {
        let roles = self.sure.iter().flatten().filter(|(id, _)| **id == *privilege.id);
        roles.fold(Given::default(), |all, (_, value)| all.join(&Given::of(privilege, value)))
    }

    fn own(&self, privilege: &Privilege) -> Option<Given> {
        let own = self.own.iter().find(|(id, _)| **id == *privilege.id);
        own.map(|(_, value)| Given::of(privilege, value))
    }

    /// The grants for each subset of the undecided roles. (A join is idempotent, so equal results are stored once.)
    fn worlds(&self, privilege: &Privilege) -> Vec<Given> {
        let mut worlds = vec![self.surely(privilege)];
        if has_one_value(privilege) && self.own(privilege).is_some() {
            return worlds;
        }
        for (_, value) in self.perhaps.iter().flatten().filter(|(id, _)| **id == *privilege.id) {
            for world in worlds.clone() {
                let with = world.join(&Given::of(privilege, value));
                if !worlds.contains(&with) {
                    worlds.push(with);
                }
            }
        }
        worlds
    }

    /// A test on a grant is known only if it has the same result for all subsets of the undecided roles.
    fn granted(&self, privilege: &Privilege, test: &dyn Fn(&Given) -> Truth) -> Truth {
        let verdicts: Vec<Truth> = self.worlds(privilege).iter().map(test).collect();
        verdicts.iter().all(|verdict| *verdict == verdicts[0]).then_some(verdicts[0]).flatten()
    }

    /// A grant has an effect if the requirement of its privilege holds.
    fn effective(&self, privilege: &Privilege, test: &dyn Fn(&Given) -> Truth) -> Truth {
        all([self.granted(privilege, test), self.required(privilege.requires.as_ref())])
    }

    fn required(&self, requires: Option<&privet::document::Requirement>) -> Truth {
        requires.map_or(Some(true), |requires| self.requirement(requires.as_str()))
    }

    /// Holds at this level or a higher one, if the requirements of this and all lower levels hold.
    fn at_least(&self, privilege: &Privilege, rank: usize) -> Truth {
        let Some(levels) = privilege.levels.get(..rank) else { return Some(false) };
        let levels = levels.iter().map(|level| self.required(level.requires.as_ref()));
        let granted = self.effective(privilege, &|given| Some(given.rank >= rank));
        all(levels.chain([granted]))
    }

    fn level(&self, privilege: &Privilege, operator: &str, rank: usize) -> Truth {
        match operator {
            ">=" => self.at_least(privilege, rank),
            ">" => self.at_least(privilege, rank + 1),
            "<" => not(self.at_least(privilege, rank)),
            "<=" => not(self.at_least(privilege, rank + 1)),
            "=" => all([self.at_least(privilege, rank), not(self.at_least(privilege, rank + 1))]),
            other => panic!("operator `{other}`"),
        }
    }

    fn option(&self, privilege: &Privilege, option: &str) -> Truth {
        self.effective(privilege, &|given| given.has(privilege.kind, option))
    }

    /// The verdict on a requirement.
    pub(crate) fn requirement(&self, text: &str) -> Truth {
        if let Some(known) = self.known.borrow().get(text) {
            return *known;
        }
        let (text, parsed) = self.model.parsed.get_key_value(text).expect("a requirement of the document");
        let truth = self.evaluate(parsed);
        self.known.borrow_mut().insert(text, truth);
        truth
    }

    pub(crate) fn evaluate(&self, requirement: &Requirement) -> Truth {
        match requirement {
            Requirement::Constant(constant) => Some(*constant),
            Requirement::All(parts) => all(parts.iter().map(|part| self.evaluate(part))),
            Requirement::Any(parts) => any(parts.iter().map(|part| self.evaluate(part))),
            Requirement::Not(inner) => not(self.evaluate(inner)),
            Requirement::Test(test) => self.test(test),
        }
    }

    fn test(&self, test: &Test) -> Truth {
        match test {
            // Residuals write what is unknown whatever the facts are in this way.
            Test::Held(id) if id == "undecided" => None,
            Test::Held(id) if self.model.conditions.contains_key(id.as_str()) => {
                self.requirement(self.model.conditions[id.as_str()].requires.as_str())
            }
            Test::Held(id) if self.model.facts.contains_key(id.as_str()) => {
                self.facts.get(id.as_str()).map(|value| *value == Value::Flag(true))
            }
            Test::Held(id) => self.effective(self.model.privileges[id.as_str()], &|given| Some(given.flag)),
            Test::IsSet(id) => {
                self.effective(self.model.privileges[id.as_str()], &|given| Some(given.number.is_some()))
            }
            Test::In(id, values) => any(values.iter().map(|value| self.compare(id, "=", value))),
            Test::Compare(id, operator, value) if operator == "!=" => not(self.compare(id, "=", value)),
            Test::Compare(id, operator, value) => self.compare(id, operator, value),
            Test::Allowed(operation) => self.decision(self.model.operations[operation.as_str()]),
        }
    }

    fn compare(&self, id: &str, operator: &str, value: &str) -> Truth {
        let number = || value.parse().expect("a number");
        if let Some(fact) = self.model.facts.get(id) {
            let level = |wanted: &str| fact.levels.iter().position(|level| *level.id == *wanted);
            return self.facts.get(id).map(|known| match known {
                Value::Text(known) if fact.kind == FactKind::Level => {
                    let [known, wanted] = [known.as_str(), value].map(|it| level(it).expect("a level") as u32);
                    compares(known, operator, wanted)
                }
                Value::Number(known) => compares(*known, operator, number()),
                known => known.shown() == value,
            });
        }
        let privilege = self.model.privileges[id];
        match privilege.kind {
            PrivilegeKind::Level => self.level(privilege, operator, rank(privilege, value)),
            PrivilegeKind::Number => self.effective(privilege, &|given| {
                Some(given.number.is_some_and(|given| compares(given, operator, number())))
            }),
            _ => self.option(privilege, value),
        }
    }

    /// The decision: allowed, denied or undecided.
    pub(crate) fn decision(&self, operation: &Operation) -> Truth {
        self.requirement(operation.requires.as_str())
    }

    /// The obligations of an allowed operation: those whose `when` is not known to be false.
    pub(crate) fn obligations(&self, operation: &Operation) -> Vec<String> {
        let owed = operation.obligations.iter().filter(|owed| {
            self.decision(operation) == Some(true) && self.requirement(owed.when.as_str()) != Some(false)
        });
        owed.map(|owed| owed.id.to_string()).collect()
    }
}

impl Given {
    /// A clash makes the clashing options unknown.
    fn has(&self, kind: PrivilegeKind, option: &str) -> Truth {
        let has = self.options.contains(option);
        if has && self.clashes(kind) { None } else { Some(has) }
    }
}

/// A role as provenance names it, with the facts that its `when` tests if it is not listed.
fn giver(model: &Model, role: &Role, listed: bool) -> serde_json::Value {
    let mut giver = json!({ "by": "role", "role": &*role.id });
    if let Some(when) = role.when.as_ref().filter(|_| !listed) {
        let reads = reads::Reads::of_requirement(model, when.as_str());
        let facts = model.document.facts.iter().map(|fact| &*fact.id).filter(|id| reads.has(id));
        // The compiler evaluates constants, so a `when` with constants may depend on fewer facts than it names.
        let conditions = model.document.conditions.iter().map(|condition| condition.requires.as_str());
        let is_exact = conditions.chain([when.as_str()]).all(|text| !text.contains("true") && !text.contains("false"));
        giver["facts"] = if is_exact { facts.collect() } else { json!("some") };
    }
    giver
}

/// The subject's own value of a choice or number counts, whatever its roles give.
pub(crate) fn has_one_value(privilege: &Privilege) -> bool {
    matches!(privilege.kind, PrivilegeKind::Choice | PrivilegeKind::Number)
}
