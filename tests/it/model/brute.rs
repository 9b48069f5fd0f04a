//! Brute force: the smallest fixes by trying every assignment of a few ids, from the exact rules alone.

use crate::model::Model;
use crate::model::requirement::{Requirement, Test};
use privet::document::{GrantedThrough, Privilege};
use privet::model::{PrivilegeKind, Value, Verdict};
use privet::session::{Change, Holding, Session, Subject};
use privet::studio::Studio;
use std::collections::{BTreeMap, BTreeSet};

/// Some assignments to one id.
type Assignments = Vec<Change>;

/// The least cost, and all sets of ids with that cost.
#[derive(Debug, Default)]
pub(crate) struct Smallest {
    pub(crate) cost: Option<u64>,
    pub(crate) ids: BTreeSet<BTreeSet<String>>,
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
        return Smallest { cost: Some(0), ids: BTreeSet::from([BTreeSet::new()]) };
    }
    let candidates = candidates(studio, model, (subject, session), operation);
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
        if any(&choices, &Change::default(), &|change| session.with(change).is_ok_and(|after| holds(&after))) {
            found.cost = Some(cost);
            found.ids.insert(subset.iter().map(|id| (*id).to_owned()).collect());
        }
    }
    found
}

/// Whether some combination of one change of each list passes.
fn any(choices: &[&Assignments], so_far: &Change, passes: &dyn Fn(&Change) -> bool) -> bool {
    let Some((first, rest)) = choices.split_first() else { return passes(so_far) };
    first.iter().any(|change| {
        let mut next = so_far.clone();
        next.set.extend(change.set.iter().cloned());
        next.facts.extend(change.facts.iter().cloned());
        next.add.extend(change.add.iter().cloned());
        next.remove.extend(change.remove.iter().cloned());
        any(rest, &next, passes)
    })
}

/// The cost and the assignments of each id.
fn candidates(
    studio: &Studio,
    model: &Model,
    (subject, session): (&Subject, &Session),
    operation: &str,
) -> BTreeMap<String, (u64, Assignments)> {
    let cost_of = |id: &str| u64::from(model.privileges[id].cost.unwrap_or(1));
    let helps = read_positively(model, operation);
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
        let may_grow = !restricts(&id) && privilege.granted_through != Some(GrantedThrough::Role);
        // A value that roles give anyway adds nothing.
        let held = match session.holds(&id).expect("declared").0 {
            Holding::Value(held) => Some(held),
            Holding::Nothing => None,
            Holding::Undecided => own(subject, privilege),
        };
        let values = model.grants(privilege).into_iter().chain([Value::Null]);
        let values = values.filter(|value| may_grow || !grows(privilege, held.as_ref(), value));
        let changes = values.map(|value| Change { set: vec![(id.clone(), value)], ..Change::default() });
        candidates.insert(id.clone(), (cost_of(&id), changes.collect()));
    }
    for (place, role) in model.document.roles.iter().enumerate() {
        let id = role.id.to_string();
        let listed = session.state().roles.iter().any(|it| *it as usize == place);
        let change = if listed {
            Change { remove: vec![id.clone()], ..Change::default() }
        } else {
            Change { add: vec![id.clone()], ..Change::default() }
        };
        let Ok(after) = session.with(&change) else {
            // Roles conflict, or the `when` of the role holds. Together with another assignment it may still work; that costs at
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
        if !listed && (moved.iter().any(|id| restricts(id)) || !moved.iter().any(through)) {
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
                // No level is above the highest.
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
