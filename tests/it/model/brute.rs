//! Brute force: the smallest fixes by trying every assignment of a few ids, from the exact rules alone.

use crate::model::Model;
use crate::model::requirement::{Requirement, Test};
use privet::document::{GrantedThrough, Privilege};
use privet::model::{PrivilegeKind, Value, Verdict};
use privet::session::{Amendment, Change, Holding, Session, Subject, SubjectFault};
use privet::studio::Studio;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// The most inline roles of a subject in these tests.
const INLINE: u32 = 2;

/// Some assignments to one id.
pub(crate) type Assignments = Vec<Change>;

/// The least cost, all sets of ids with that cost, and for each all changes of the nearest values, in order.
#[derive(Debug, Default)]
pub(crate) struct Smallest {
    pub(crate) cost: Option<u64>,
    pub(crate) ids: BTreeSet<BTreeSet<String>>,
    pub(crate) changes: Vec<Ranked>,
}

/// A change with what it opens besides, or closes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Ranked {
    pub(crate) change: Assigned,
    pub(crate) besides: Vec<String>,
}

/// The assigned ids with their values; a role has whether it is listed afterwards.
pub(crate) type Assigned = BTreeMap<String, Value>;

/// A change as its assignments.
pub(crate) fn assigned(change: &Change) -> Assigned {
    let listed = |ids: &[String], listed| ids.iter().map(|id| (id.clone(), Value::Flag(listed))).collect::<Vec<_>>();
    let roles = listed(&change.add, true).into_iter().chain(listed(&change.remove, false));
    let grants = grants(change).into_iter().map(|(place, id, value)| (key(id, place), value.clone()));
    grants.chain(change.facts.iter().cloned()).chain(roles).collect()
}

/// The name of a grant: that of the privilege, and the place of the inline role.
pub(crate) fn key(id: &str, place: Option<u32>) -> String {
    place.map_or_else(|| id.to_owned(), |place| format!("{id} in {place}"))
}

/// The place of the inline role, the privilege and the new value of each grant.
fn grants(change: &Change) -> Vec<(Option<u32>, &str, &Value)> {
    let own = change.set.iter().map(|(id, value)| (None, id.as_str(), value));
    let inline =
        change.amend.iter().flat_map(|it| it.set.iter().map(move |(id, value)| (Some(it.index), id.as_str(), value)));
    own.chain(inline).collect()
}

/// The smallest changes of at most `most` ids after which the operation has the verdict.
pub(crate) fn smallest(
    studio: &Studio,
    model: &Model,
    (subject, session): (&Subject, &Session),
    operation: &str,
    wanted: Verdict,
    most: usize,
) -> Smallest {
    let holds = |session: &Session| session.decide(operation).expect("a known operation").verdict == wanted;
    let mut found = Smallest::default();
    if holds(session) {
        let nothing = Ranked { change: Assigned::new(), besides: Vec::new() };
        return Smallest { cost: Some(0), ids: BTreeSet::from([BTreeSet::new()]), changes: vec![nothing] };
    }
    let candidates = candidates(studio, model, (subject, session), &[operation]);
    let mut subsets: Vec<(u64, Vec<&str>)> = vec![(0, Vec::new())];
    for (id, (cost, _)) in &candidates {
        for (sum, subset) in subsets.clone() {
            if subset.len() < most {
                subsets.push((sum + cost, subset.into_iter().chain([id.as_str()]).collect()));
            }
        }
    }
    subsets.sort();
    for (cost, subset) in subsets {
        if found.cost.is_some_and(|least| least < cost) {
            break;
        }
        let choices: Vec<&Assignments> = subset.iter().map(|id| &candidates[*id].1).collect();
        let passing: Vec<(Change, Session)> = each(&choices)
            .into_iter()
            .filter_map(|change| session.with(&change).ok().filter(&holds).map(|after| (change, after)))
            .collect();
        if passing.is_empty() {
            continue;
        }
        found.cost = Some(cost);
        found.ids.insert(subset.iter().map(|id| (*id).to_owned()).collect());
        let changes: Vec<&Change> = passing.iter().map(|(change, _)| change).collect();
        let nearest: Vec<bool> = changes.iter().map(|change| is_nearest(model, session, change, &changes)).collect();
        for ((change, after), _) in passing.iter().zip(nearest).filter(|(_, nearest)| *nearest) {
            let besides = besides(session, after, wanted, &[operation]);
            found.changes.push(Ranked { change: assigned(change), besides });
        }
    }
    found.changes.sort_by_key(|ranked| (ranked.besides.len(), order(model, &ranked.change)));
    found
}

/// The operations that are allowed after a change, and were not; to deny, the other way round.
pub(crate) fn besides(before: &Session, after: &Session, wanted: Verdict, asked: &[&str]) -> Vec<String> {
    let (less, more) = if wanted == Verdict::Yes { (before, after) } else { (after, before) };
    let known: BTreeSet<&str> = less.allowed().into_iter().chain(asked.iter().copied()).collect();
    more.allowed().into_iter().filter(|id| !known.contains(id)).map(String::from).collect()
}

/// Policy order: facts, privileges, roles; then the values.
pub(crate) fn order(model: &Model, change: &Assigned) -> Vec<Vec<usize>> {
    let document = model.document;
    let facts = document.facts.iter().map(|it| {
        let values = it.levels.iter().map(|it| &*it.id).chain(it.options.iter().map(|it| &*it.id));
        (&*it.id, values.collect::<Vec<&str>>())
    });
    let privileges = document.privileges.iter().map(|it| {
        let values = it.levels.iter().map(|it| &*it.id).chain(it.options.iter().map(|it| &*it.id));
        (&*it.id, values.collect::<Vec<&str>>())
    });
    let roles = document.roles.iter().map(|role| (role.id.to_string(), Vec::new()));
    let named = |(id, values): (&str, Vec<_>)| (id.to_owned(), values);
    let amended =
        (0..INLINE).flat_map(|place| privileges.clone().map(move |(id, values)| (key(id, Some(place)), values)));
    let all = facts.map(named).chain(privileges.clone().map(named)).chain(amended).chain(roles);
    let all: Vec<(String, Vec<&str>)> = all.collect();
    let place = |values: &[&str], value: &Value| match value {
        Value::Number(number) => *number as usize,
        Value::Flag(flag) => usize::from(*flag),
        value => values.iter().position(|it| *it == value.shown()).expect("a declared value"),
    };
    let ids = all.iter().enumerate().filter(|(_, (id, _))| change.contains_key(id));
    let mut key = vec![ids.clone().map(|(index, _)| index).collect()];
    key.extend(ids.map(|(_, (id, values))| match &change[id] {
        Value::Null => Vec::new(),
        Value::List(items) => items.iter().map(|item| place(values, item)).collect(),
        value => vec![place(values, value)],
    }));
    key
}

/// Whether a change is one of the nearest among changes of the same ids, for some side of the present value of each level
/// and number: the present value belongs to both sides.
fn is_nearest(model: &Model, session: &Session, change: &Change, all: &[&Change]) -> bool {
    let sides = sides(model, session, change);
    let open: Vec<usize> = (0..sides.len()).filter(|place| sides[*place] == Ordering::Equal).collect();
    (0..1_usize << open.len()).any(|bits| {
        let mut chosen = sides.clone();
        for (bit, place) in open.iter().enumerate() {
            chosen[*place] = if bits >> bit & 1 == 1 { Ordering::Greater } else { Ordering::Less };
        }
        let is_there = |other: &&&Change| {
            let other = self::sides(model, session, other);
            other.iter().zip(&chosen).all(|(side, chosen)| *side == Ordering::Equal || side == chosen)
        };
        let least = all.iter().filter(is_there).map(|other| distance(model, session, other)).min();
        least == Some(distance(model, session, change))
    })
}

/// On which side of the present value each level and number is.
fn sides(model: &Model, session: &Session, change: &Change) -> Vec<Ordering> {
    let facts = change.facts.iter().filter_map(|(id, value)| {
        let index = session.program().facts.find(id).expect("declared");
        let present = session.fact(index).unwrap_or(0);
        match value {
            Value::Number(number) => Some(number.cmp(&present)),
            level => Some(fact_rank(model, id, level)?.cmp(&present)),
        }
    });
    let privileges = grants(change).into_iter().filter_map(|(_, id, value)| {
        let privilege = model.privileges[id];
        let present = effective(session, id);
        let rank = |value: &Value| privilege.levels.iter().position(|level| *level.id == *value.shown());
        match (privilege.kind, present, value) {
            (PrivilegeKind::Level, present, value) => Some(rank(value).cmp(&present.and_then(|it| rank(&it)))),
            (PrivilegeKind::Number, Some(Value::Number(present)), Value::Number(value)) => Some(value.cmp(&present)),
            (PrivilegeKind::Number, _, Value::Number(value)) => Some(value.cmp(&privilege.min.unwrap_or(0))),
            (PrivilegeKind::Number, _, _) => Some(Ordering::Less),
            _ => None,
        }
    });
    facts.chain(privileges).collect()
}

/// The rank of a level of a fact, from 1.
fn fact_rank(model: &Model, fact: &str, level: &Value) -> Option<u32> {
    let place = model.facts[fact].levels.iter().position(|known| *known.id == *level.shown())?;
    u32::try_from(place + 1).ok()
}

/// The effective value; what is granted where that is undecided.
fn effective(session: &Session, id: &str) -> Option<Value> {
    match session.holds(id).expect("declared") {
        (_, Holding::Value(value)) | (Holding::Value(value), Holding::Undecided) => Some(value),
        _ => None,
    }
}

/// What an inline role grants of a set.
fn in_role(session: &Session, place: u32, privilege: &Privilege) -> Value {
    let index = session.program().privileges.find(&privilege.id).expect("declared");
    let grants = session.state().inline[place as usize].iter().filter(|it| it.privilege as usize == index);
    let options =
        grants.map(|it| Value::Text(privilege.options.get(it.value as usize).expect("declared").id.to_string()));
    Value::List(options.collect())
}

/// Rule 10: the sum over the ids of the distance from the effective present value.
pub(crate) fn distance(model: &Model, session: &Session, change: &Change) -> u64 {
    let facts = change.facts.iter().map(|(id, value)| {
        let index = session.program().facts.find(id).expect("declared");
        match value {
            Value::Number(number) => u64::from(session.fact(index).unwrap_or(0).abs_diff(*number)),
            level => {
                fact_rank(model, id, level).map_or(1, |rank| u64::from(rank.abs_diff(session.fact(index).unwrap_or(0))))
            }
        }
    });
    let privileges = grants(change).into_iter().map(|(place, id, value)| {
        let privilege = model.privileges[id];
        // Of a set in an inline role, as little as possible changes: what others give is not added to it.
        let present = match place {
            Some(place) if privilege.kind == PrivilegeKind::Set => Some(in_role(session, place, privilege)),
            _ => effective(session, id),
        };
        let rank = |value: &Value| privilege.levels.iter().position(|level| *level.id == *value.shown());
        let rank = |value: &Value| rank(value).map_or(0, |place| place as u64 + 1);
        match (privilege.kind, present, value) {
            (PrivilegeKind::Level, present, value) => rank(&present.unwrap_or(Value::Null)).abs_diff(rank(value)),
            (PrivilegeKind::Number, Some(Value::Number(present)), Value::Number(value)) => {
                u64::from(present.abs_diff(*value))
            }
            (PrivilegeKind::Number, None, Value::Number(value)) => u64::from(value - privilege.min.unwrap_or(0)),
            (PrivilegeKind::Number, _, _) => 1 << 32,
            (PrivilegeKind::Set, present, value) => {
                let options = |value: &Value| match value {
                    Value::List(items) => items.iter().map(Value::shown).collect::<BTreeSet<_>>(),
                    _ => BTreeSet::new(),
                };
                let present = options(&present.unwrap_or(Value::Null));
                present.symmetric_difference(&options(value)).count() as u64
            }
            _ => 1,
        }
    });
    facts.chain(privileges).sum()
}

/// Whether a change assigns a level or set that a role grants, and a role or fact that may bring this role.
pub(crate) fn joins_new_grants(model: &Model, change: &Assigned) -> bool {
    let brings = |id: &String| !model.privileges.contains_key(id.as_str());
    let joins = |id: &String| {
        let granted = model.role_grants.values().flatten().any(|(granted, _)| granted == id);
        let kind = model.privileges.get(id.as_str()).map(|it| it.kind);
        granted && matches!(kind, Some(PrivilegeKind::Level | PrivilegeKind::Set))
    };
    change.keys().any(brings) && change.keys().any(joins)
}

/// All combinations of one change of each list.
pub(crate) fn each(choices: &[&Assignments]) -> Vec<Change> {
    choices.iter().fold(vec![Change::default()], |all, choices| {
        let with = |so_far: &Change, change: &Change| {
            let mut next = so_far.clone();
            next.set.extend(change.set.iter().cloned());
            next.facts.extend(change.facts.iter().cloned());
            next.add.extend(change.add.iter().cloned());
            next.remove.extend(change.remove.iter().cloned());
            for amendment in &change.amend {
                match next.amend.iter_mut().find(|it| it.index == amendment.index) {
                    Some(known) => known.set.extend(amendment.set.iter().cloned()),
                    None => next.amend.push(amendment.clone()),
                }
            }
            next
        };
        all.iter().flat_map(|so_far| choices.iter().map(move |change| with(so_far, change))).collect()
    })
}

/// The cost and the assignments of each id.
pub(crate) fn candidates(
    studio: &Studio,
    model: &Model,
    (subject, session): (&Subject, &Session),
    operations: &[&str],
) -> BTreeMap<String, (u64, Assignments)> {
    let cost_of = |id: &str| u64::from(model.privileges[id].cost.unwrap_or(1));
    let helps: BTreeSet<String> = operations.iter().flat_map(|it| read_positively(model, it)).collect();
    let restricts = |id: &str| {
        let place = model.document.privileges.iter().position(|it| *it.id == *id).expect("declared");
        studio.checked().is_restricting(place) && !helps.contains(id)
    };
    let mut candidates = BTreeMap::new();
    for fact in model.document.facts.iter() {
        let id = fact.id.to_string();
        let values = model.fact_values(fact).into_iter();
        let changes = values.map(|value| Change { facts: vec![(id.clone(), value)], ..Change::default() });
        candidates.insert(id.clone(), (100, changes.collect()));
    }
    for privilege in model.document.privileges.iter() {
        let id = privilege.id.to_string();
        let only_roles = privilege.granted_through == Some(GrantedThrough::Role);
        // A value that roles give anyway adds nothing.
        let held = match session.holds(&id).expect("declared").0 {
            Holding::Value(held) => Some(held),
            Holding::Nothing => None,
            Holding::Undecided => own(subject, privilege),
        };
        let present = match session.holds(&id).expect("declared").1 {
            Holding::Value(value) if !model.grants(privilege).contains(&value) => Some(value),
            _ => None,
        };
        let values = model.grants(privilege).into_iter().chain([Value::Null]).chain(present);
        let own = if privilege.kind == PrivilegeKind::Set { held.clone() } else { own(subject, privilege) };
        let values = values.filter(|value| !restricts(&id) || !grows(privilege, held.as_ref(), value));
        // Nothing becomes the subject's own that may be granted only through roles
        let values = values.filter(|value| !only_roles || !grows(privilege, own.as_ref(), value));
        let changes = values.map(|value| Change { set: vec![(id.clone(), value)], ..Change::default() });
        candidates.insert(id.clone(), (cost_of(&id), changes.collect()));
        if privilege.granted_through == Some(GrantedThrough::Subject) {
            continue;
        }
        for place in 0..session.state().inline.len() as u32 {
            let values = model.grants(privilege).into_iter().chain([Value::Null]);
            let values = values.filter(|value| !restricts(&id) || !grows(privilege, held.as_ref(), value));
            let changes = values.map(|value| {
                let amendment = Amendment { index: place, set: vec![(id.clone(), value)] };
                Change { amend: vec![amendment], ..Change::default() }
            });
            candidates.insert(key(&id, Some(place)), (cost_of(&id), changes.collect()));
        }
    }
    for (place, role) in model.document.roles.iter().enumerate() {
        let id = role.id.to_string();
        let listed = session.state().roles.iter().any(|it| *it as usize == place);
        let change = if listed {
            Change { remove: vec![id.clone()], ..Change::default() }
        } else {
            Change { add: vec![id.clone()], ..Change::default() }
        };
        let after = session.with(&change);
        if listed && after.as_ref().is_err_and(|error| error.fault() == SubjectFault::HeldByFact) {
            // Its `when` assumes it as well: by itself, nothing is taken
            candidates.insert(id, (1, vec![change]));
            continue;
        }
        let Ok(after) = after else {
            // Roles conflict. Together with another assignment it may still work; that costs at
            // least as much.
            let given: Vec<&str> = model.role_grants[&*role.id].iter().map(|(id, _)| id.as_str()).collect();
            if !listed && given.iter().any(|id| restricts(id)) {
                continue;
            }
            let all = given.iter().map(|id| cost_of(id)).sum::<u64>();
            candidates.insert(id, (all.max(1), vec![change]));
            continue;
        };
        let moved: Vec<&str> = model.role_grants[&*role.id]
            .iter()
            .map(|(id, _)| id.as_str())
            .filter(|id| session.holds(id).expect("declared").0 != after.holds(id).expect("declared").0)
            .collect();
        let through = |id: &&str| model.privileges[*id].granted_through != Some(GrantedThrough::Subject);
        let mut given = model.role_grants[&*role.id].iter().map(|(id, _)| id.as_str());
        if !listed && (moved.iter().any(|id| restricts(id)) || !given.any(|id| through(&id))) {
            continue;
        }
        let cost = moved.iter().map(|id| cost_of(id)).sum::<u64>().max(1);
        candidates.insert(id, (cost, vec![change]));
    }
    candidates
}

/// The subject's own grant.
fn own(subject: &Subject, privilege: &Privilege) -> Option<Value> {
    let own = subject.grants.iter().find(|(id, _)| **id == *privilege.id).map(|(_, value)| value.clone());
    own.filter(|value| !matches!(value, Value::Flag(false)) && *value != Value::List(Vec::new()))
}

/// Whether a grant is larger than another one, or another option.
fn grows(privilege: &Privilege, own: Option<&Value>, value: &Value) -> bool {
    let rank = |value: &Value| privilege.levels.iter().position(|level| *level.id == *value.shown());
    match (privilege.kind, own, value) {
        (_, _, Value::Null) => false,
        (_, None, _) => true,
        (PrivilegeKind::Level, Some(own), value) => rank(value) > rank(own),
        (PrivilegeKind::Set, Some(Value::List(own)), Value::List(value)) => value.iter().any(|it| !own.contains(it)),
        (PrivilegeKind::Number, Some(Value::Number(own)), Value::Number(value)) => value > own,
        (_, Some(own), value) => own != value,
    }
}

/// The privileges that the operation reads where granting them can help.
fn read_positively(model: &Model, operation: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut waiting = vec![(model.operations[operation].requires.as_str().to_owned(), false)];
    while let Some((text, negative)) = waiting.pop() {
        if seen.insert((text.clone(), negative)) {
            read(model, &model.parsed[text.as_str()], negative, &mut found, &mut waiting);
        }
    }
    found
}

fn read(
    model: &Model,
    requirement: &Requirement,
    negative: bool,
    found: &mut BTreeSet<String>,
    waiting: &mut Vec<(String, bool)>,
) {
    match requirement {
        Requirement::Constant(_) => {}
        Requirement::All(parts) | Requirement::Any(parts) => {
            for part in parts {
                read(model, part, negative, found, waiting);
            }
        }
        Requirement::Not(inner) => read(model, inner, !negative, found, waiting),
        Requirement::Test(Test::Held(id)) if model.conditions.contains_key(id.as_str()) => {
            waiting.push((model.conditions[id.as_str()].requires.as_str().to_owned(), negative));
        }
        Requirement::Test(Test::Allowed(operation)) => {
            waiting.push((model.operations[operation.as_str()].requires.as_str().to_owned(), negative));
        }
        Requirement::Test(test) => {
            let (id, ways) = ways(model, test, negative);
            let Some(privilege) = model.privileges.get(id.as_str()) else { return };
            for negative in ways {
                if !negative {
                    found.insert(id.clone());
                }
                let levels = levels_read(privilege, test);
                let all = privilege.requires.iter();
                let all = all.chain(privilege.levels.iter().take(levels).filter_map(|level| level.requires.as_ref()));
                waiting.extend(all.map(|it| (it.as_str().to_owned(), negative)));
            }
        }
    }
}

/// The number of levels on which a test depends: a level depends on those below it.
fn levels_read(privilege: &Privilege, test: &Test) -> usize {
    let place = |level: &String| privilege.levels.iter().position(|known| *known.id == **level);
    if let Test::In(_, levels) = test {
        return levels.iter().filter_map(place).max().map_or(0, |place| place + 2);
    }
    let Test::Compare(_, operator, level) = test else { return 0 };
    let Some(place) = place(level) else { return 0 };
    match operator.as_str() {
        ">=" | "<" => place + 1,
        _ => place + 2,
    }
}

/// The operands of a test, each with its polarities.
fn ways(model: &Model, test: &Test, negative: bool) -> (String, Vec<bool>) {
    match test {
        Test::Compare(id, operator, value) => {
            let is_level = model.privileges.get(id.as_str()).is_some_and(|it| it.kind == PrivilegeKind::Level);
            let top = || model.privileges[id.as_str()].levels.iter().last().is_some_and(|it| *it.id == **value);
            let ways = match operator.as_str() {
                // No level or number is above the highest.
                ">" if value.parse() == Ok(u32::MAX) => Vec::new(),
                ">" | "<=" if is_level && top() => Vec::new(),
                "=" | "!=" if is_level && !top() => vec![false, true],
                "!=" => vec![!negative],
                "<" | "<=" if is_level => vec![!negative],
                _ => vec![negative],
            };
            (id.clone(), ways)
        }
        Test::In(id, levels) if model.privileges.get(id.as_str()).is_some_and(|it| it.kind == PrivilegeKind::Level) => {
            let top = model.privileges[id.as_str()].levels.iter().last();
            let is_top = |level: &String| top.is_some_and(|it| *it.id == **level);
            (id.clone(), if levels.iter().all(is_top) { vec![negative] } else { vec![false, true] })
        }
        Test::Held(id) | Test::In(id, _) | Test::IsSet(id) | Test::Allowed(id) => (id.clone(), vec![negative]),
    }
}
