//! Random policies: proptest draws numbers, each of which selects one of the possibilities at its place, so that nearly
//! all documents are legal and shrink well.

use crate::model::writer::{Entity, Kind, Sense, Writer};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngSeed, TestError, TestRunner};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;

/// The shape of a requirement, before its tests have operands.
#[derive(Clone, Debug)]
pub(crate) enum Raw {
    Constant(bool),
    Test([u32; 3]),
    Not(Box<Raw>),
    All(Vec<Raw>),
    Any(Vec<Raw>),
}

/// The raw material of a fact or privilege: kind, number of values, minimum and maximum, absent value.
type RawEntity = [u32; 5];

#[derive(Clone, Debug)]
pub(super) struct RawPrivilege {
    pub(super) entity: RawEntity,
    pub(super) requires: Option<Raw>,
    pub(super) levels: Vec<Option<Raw>>,
}

#[derive(Clone, Debug)]
pub(super) struct RawOperation {
    pub(super) requires: Raw,
    pub(super) obligations: Vec<(u32, Raw)>,
    pub(super) places: [u32; 3],
}

#[derive(Clone, Debug)]
pub(super) struct RawRole {
    pub(super) grants: Vec<[u32; 3]>,
    /// Which earlier roles it inherits, as bits.
    pub(super) inherits: u32,
    pub(super) when: Option<Raw>,
    pub(super) inferred: bool,
}

/// The raw material of a policy.
#[derive(Clone, Debug)]
pub(crate) struct RawPolicy {
    pub(super) facts: Vec<RawEntity>,
    /// Privileges and operations alternate: each may depend on those before it.
    pub(super) nodes: Vec<(RawPrivilege, RawOperation)>,
    /// Conditions that read facts only, and the conditions before them.
    pub(super) conditions: Vec<Raw>,
    pub(super) roles: Vec<RawRole>,
    pub(super) menu: Vec<u32>,
    /// Whether parents come before their children.
    pub(super) ordered: bool,
    /// Whether requirements may read operands that could make the document illegal. The checker refuses such a
    /// document, or it has a meaning.
    pub(crate) careless: bool,
}

fn requirement() -> impl Strategy<Value = Raw> {
    let test = any::<[u32; 3]>().prop_map(Raw::Test);
    let leaf = prop_oneof![12 => test, 1 => any::<bool>().prop_map(Raw::Constant)];
    leaf.prop_recursive(4, 10, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Raw::Not(Box::new(inner))),
            vec(inner.clone(), 2..4).prop_map(Raw::All),
            vec(inner, 2..4).prop_map(Raw::Any),
        ]
    })
}

fn sometimes<T: Strategy>(strategy: T) -> impl Strategy<Value = Option<T::Value>>
where
    T::Value: Clone,
{
    proptest::option::weighted(0.4, strategy)
}

/// A policy of a few facts, privileges, operations, roles and menu items.
pub(crate) fn policy() -> impl Strategy<Value = RawPolicy> {
    let privilege = (any::<RawEntity>(), sometimes(requirement()), vec(sometimes(requirement()), 3))
        .prop_map(|(entity, requires, levels)| RawPrivilege { entity, requires, levels });
    let operation = (requirement(), vec((0..3_u32, requirement()), 0..3), any::<[u32; 3]>())
        .prop_map(|(requires, obligations, places)| RawOperation { requires, obligations, places });
    let inherits = prop_oneof![2 => Just(0), 1 => any::<u32>()];
    let role = (vec(any::<[u32; 3]>(), 0..6), inherits, sometimes(requirement()), any::<bool>())
        .prop_map(|(grants, inherits, when, inferred)| RawRole { grants, inherits, when, inferred });
    let careless = proptest::bool::weighted(0.1);
    let parts = (
        vec(any::<RawEntity>(), 0..5),
        vec((privilege, operation), 1..7),
        vec(requirement(), 0..3),
        vec(role, 0..5),
        vec(any::<u32>(), 0..6),
        any::<bool>(),
        careless,
    );
    parts.prop_map(|(facts, nodes, conditions, roles, menu, ordered, careless)| RawPolicy {
        facts,
        nodes,
        conditions,
        roles,
        menu,
        ordered,
        careless,
    })
}

const NUMBERS: [u32; 8] = [0, 1, 2, 3, 5, 10, 4_294_967_294, u32::MAX];
const VALUES: [&str; 3] = ["a", "b", "c"];

/// The number that a raw number selects.
pub(super) fn number(raw: u32) -> u32 {
    NUMBERS[raw as usize % NUMBERS.len()]
}

impl RawPolicy {
    /// The document.
    pub(crate) fn document(&self) -> Json {
        let mut writer = Writer { careless: self.careless, ..Writer::default() };
        let facts: Vec<Json> =
            self.facts.iter().enumerate().map(|(place, raw)| fact(&mut writer, place, *raw)).collect();
        let mut conditions = Vec::new();
        for (place, raw) in self.conditions.iter().enumerate() {
            let requires = writer.write(raw, Sense::Facts);
            conditions.push(json!({ "id": format!("c{place}"), "label": "A condition", "requires": requires }));
            writer.conditions.push((format!("c{place}"), true));
        }
        let roles = self.roles.iter().map(|role| role.when.as_ref().map(|when| writer.write(when, Sense::Facts)));
        let whens: Vec<Option<String>> = roles.collect();
        let (mut privileges, mut operations) = (Vec::new(), Vec::new());
        for (place, (privilege, operation)) in self.nodes.iter().enumerate() {
            privileges.push(privilege.json(&mut writer, place));
            operations.push(operation.json(&mut writer, place, self.menu.len()));
        }
        let roles = self.roles.iter().zip(whens).enumerate();
        let roles: Vec<Json> = roles.map(|(place, (role, when))| role.json(&mut writer, place, when)).collect();
        json!({
            "format": 1, "id": "random", "title": "Random", "version": "1",
            "verbs": [{ "id": "add", "label": "Add" }, { "id": "edit", "label": "Edit" }, { "id": "v2", "label": "" }],
            "facts": facts, "conditions": conditions, "privileges": privileges, "roles": roles, "menu": self.menu(), "operations": operations,
        })
    }

    /// A forest: the parent of each item is an earlier item, or none. In reverse order, parents come after their
    /// children.
    fn menu(&self) -> Vec<Json> {
        let item = |(place, raw): (usize, &u32)| match *raw as usize % (place + 1) {
            0 => json!({ "id": format!("m{place}"), "label": "An item" }),
            parent => json!({ "id": format!("m{place}"), "label": "An item", "parent": format!("m{}", parent - 1) }),
        };
        let mut items: Vec<Json> = self.menu.iter().enumerate().map(item).collect();
        if !self.ordered {
            items.reverse();
        }
        items
    }
}

fn values(count: u32) -> Vec<String> {
    VALUES.iter().take(1 + count as usize % VALUES.len()).map(|value| String::from(*value)).collect()
}

fn options(values: &[String]) -> Vec<Json> {
    values.iter().map(|value| json!({ "id": value, "label": value })).collect()
}

fn fact(writer: &mut Writer, place: usize, [kind, count, _, _, absent]: RawEntity) -> Json {
    let id = format!("f{place}");
    let values = values(count);
    let mut json = json!({ "id": id, "label": "A fact" });
    let value = json!(values[absent as usize / 64 % values.len()]);
    let (kind, word, value) = match kind % 4 {
        0 => (Kind::Flag, "switch", json!(absent & 64 != 0)),
        1 => (Kind::Number, "number", json!(number(absent / 64))),
        2 => (Kind::Choice, "choice", value),
        _ => (Kind::Level, "level", value),
    };
    json["kind"] = json!(word);
    if absent % 4 == 0 {
        json["absent"] = value;
    }
    match kind {
        Kind::Choice => json["options"] = json!(options(&values)),
        Kind::Level => json["levels"] = json!(options(&values)),
        _ => {}
    }
    writer.facts.push(Entity { id, kind, granted: false, values, depends: false, range: (0, u32::MAX) });
    json
}

impl RawPrivilege {
    fn json(&self, writer: &mut Writer, place: usize) -> Json {
        let id = format!("p{place}");
        let [kind, count, min, max, _] = self.entity;
        let (kind, word) = [
            (Kind::Flag, "flag"),
            (Kind::Level, "level"),
            (Kind::Choice, "choice"),
            (Kind::Set, "set"),
            (Kind::Number, "number"),
        ][kind as usize % 5];
        let values = values(count);
        let mut json = json!({ "id": id, "kind": word, "label": "A privilege" });
        let mut depends = false;
        let mut require = |json: &mut Json, requires: Option<&Raw>| {
            if let Some(requires) = requires {
                json["requires"] = json!(writer.write(requires, Sense::Requirement));
                depends = true;
            }
        };
        require(&mut json, self.requires.as_ref());
        let mut entries = options(&values);
        let mut range = (0, u32::MAX);
        match kind {
            Kind::Level => {
                for (level, requires) in entries.iter_mut().zip(&self.levels) {
                    require(level, requires.as_ref());
                }
                json["levels"] = json!(entries);
            }
            Kind::Choice | Kind::Set => json["options"] = json!(entries),
            Kind::Number if min % 2 == 0 => {
                range = (number(min / 2).min(number(max)), number(min / 2).max(number(max)));
                json["min"] = json!(range.0);
                json["max"] = json!(range.1);
            }
            _ => {}
        }
        writer.privileges.push(Entity { id, kind, granted: true, values, depends, range });
        json
    }
}

impl RawOperation {
    fn json(&self, writer: &mut Writer, place: usize, items: usize) -> Json {
        let id = format!("o{place}");
        let [menu, verbs, restricts] = self.places;
        let (requires, pure) = writer.operation(&self.requires);
        let owed = self.obligations.iter().enumerate().map(|(place, (id, when))| {
            // Ids are unique within an operation and may recur across operations.
            json!({ "id": format!("owed{}", 3 * place + *id as usize), "label": "Owed", "when": writer.write(when, Sense::Obligation) })
        });
        let obligations: Vec<Json> = owed.collect();
        writer.operations.push((id.clone(), pure));
        let menu: Vec<String> =
            (0..items).filter(|item| menu >> item & 1 == 1).map(|item| format!("m{item}")).collect();
        let named = ["add", "edit", "v2"].iter().enumerate();
        let verbs: Vec<&str> = named.filter(|(place, _)| verbs >> place & 1 == 1).map(|(_, verb)| *verb).collect();
        json!({
            "id": id, "label": "An operation", "section": "All", "menu": menu, "verbs": verbs, "requires": requires,
            "obligations": obligations, "restricts": restricts % 8 == 0,
        })
    }
}

impl RawRole {
    fn json(&self, writer: &mut Writer, place: usize, when: Option<String>) -> Json {
        let mut json = json!({ "id": format!("r{place}"), "label": "A role", "grants": {}, "inferred": self.inferred });
        for [privilege, value, other] in &self.grants {
            let granted = &writer.privileges[*privilege as usize % writer.privileges.len()];
            json["grants"][&granted.id] = granted.grant(*value, *other);
        }
        let mut choices = BTreeMap::new();
        let mut inherits = Vec::new();
        for other in (0..place).filter(|other| self.inherits >> other & 1 == 1) {
            let inherited = &writer.role_choices[other];
            let conflicts = |(id, option)| choices.get(id).is_some_and(|known| known != option);
            if !writer.careless && inherited.iter().any(conflicts) {
                continue;
            }
            choices.extend(inherited.clone());
            inherits.push(format!("r{other}"));
        }
        json["inherits"] = json!(inherits);
        for choice in writer.privileges.iter().filter(|it| it.kind == Kind::Choice) {
            if let Some(own) = json["grants"].get(&choice.id) {
                choices.insert(choice.id.clone(), own.clone());
            }
        }
        writer.role_choices.push(choices);
        if let Some(when) = when {
            json["when"] = json!(when);
        }
        json
    }
}

/// Runs a property on random policies, each with a seed for other random choices. `PROPTEST_CASES` and
/// `PROPTEST_RNG_SEED` override the arguments. No failure is persisted: it prints the document, which belongs into a
/// test of its own.
pub(crate) fn each(cases: u32, seed: u64, check: impl Fn(&RawPolicy, u64) -> Result<(), TestCaseError>) {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(seed);
    }
    match TestRunner::new(config).run(&(policy(), any::<u64>()), |(raw, seed)| check(&raw, seed)) {
        Ok(()) => {}
        Err(TestError::Fail(reason, (raw, _))) => panic!("{reason}\n{}", raw.document()),
        Err(failure) => panic!("{failure}"),
    }
}
