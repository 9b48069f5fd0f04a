//! Previews, dormant grants and populations, compared with the answers of single sessions.

use crate::model::changes;
use crate::model::properties::ensure;
use crate::model::{Model, Person};
use crate::support::random::Random;
use privet::model::{Value, Verdict};
use privet::session::{Change, Holding, MenuNode, Session, Subject, SubjectError};
use privet::{
    Delta, DormantGrant, GrantGiver, Matches, PeopleGiver, Population, PopulationPreview, Preview, Provenance, Studio,
};
use std::collections::{BTreeMap, BTreeSet};

/// All properties in which two sessions may differ, by query, from the public methods of a session.
type Facts = BTreeSet<(&'static str, String)>;

/// Random people, one of them invalid, and a random change: the answers of the population agree with those of the
/// sessions.
pub(crate) fn agree(studio: &Studio, model: &Model, random: &mut Random, size: usize) -> Result<(), String> {
    let mut people: Vec<Subject> = (0..size).map(|_| model.subject(random)).collect();
    let others: Vec<Subject> = (0..=size).map(|_| model.subject(random)).collect();
    let stranger = Subject { grants: vec![("no-such-privilege".into(), Value::Flag(true))], ..Subject::default() };
    people.insert(random.below(size + 1), stranger);
    let change = changes::random(model, random);
    let about = |fault: String| format!("{fault}\n{people:?}\n{change:?}");
    let sessions: Vec<_> = people.iter().map(|person| studio.policy().session(person)).collect();
    for (subject, session) in
        people.iter().zip(&sessions).filter_map(|(it, session)| Some((it, session.as_ref().ok()?)))
    {
        dormant(studio, model, subject, session).map_err(about)?;
        preview(studio, session, &change).map_err(about)?;
    }
    let population = studio.policy().population(&people);
    answers(studio, (model, &people), &population, &sessions).map_err(about)?;
    previews(studio, &population, &sessions, &change).map_err(about)?;
    differences(studio, &population, &sessions, &others).map_err(about)?;
    givers(studio, &people)?;
    rows(studio, &people)
}

/// The dormant privileges of a subject by the model, each with what is surely granted and what is effective.
fn dormant_privileges(model: &Model, subject: &Subject) -> BTreeMap<String, (Holding, Holding)> {
    let Ok(person) = Person::new(model, subject) else { return BTreeMap::new() };
    let privileges = model.document.privileges.iter();
    privileges.filter_map(|privilege| Some((privilege.id.to_string(), person.dormant(privilege)?))).collect()
}

fn dormant(studio: &Studio, model: &Model, subject: &Subject, session: &Session) -> Result<(), String> {
    let found = studio.dormant(session);
    let dormant_privileges = dormant_privileges(model, subject);
    let order: Vec<&str> =
        session.program().privileges.ids().filter(|id| dormant_privileges.contains_key(*id)).collect();
    let listed: Vec<&str> = found.iter().map(|dormant| dormant.privilege.as_str()).collect();
    ensure(listed == order, &format!("dormant are {listed:?}, held without effect {order:?}"))?;
    for dormant in &found {
        let (granted, effective) = &dormant_privileges[&dormant.privilege];
        let values = granted.shown().as_ref() == Some(&dormant.granted) && effective.shown() == dormant.effective;
        ensure(values, &format!("other values are held: {dormant:?}"))?;
        ensure(!dormant.missing.is_empty(), &format!("nothing is missing: {dormant:?}"))?;
    }
    Ok(())
}

fn flatten<'n>(nodes: &[MenuNode<'n>], found: &mut Vec<(&'n str, Verdict)>) {
    for node in nodes {
        found.push((node.id, node.state));
        flatten(&node.children, found);
    }
}

fn facts(session: &Session) -> Facts {
    let mut facts: Facts = session.allowed().into_iter().map(|id| ("operation", id.to_owned())).collect();
    let mut items = Vec::new();
    flatten(&session.menu(), &mut items);
    facts.extend(items.iter().filter(|(_, state)| *state == Verdict::Yes).map(|(id, _)| ("item", (*id).to_owned())));
    for operation in session.program().operations.ids() {
        let owed = session.decide(operation).map(|decided| decided.obligations).unwrap_or_default();
        facts.extend(owed.iter().map(|owed| ("obligation", format!("{operation} {owed}"))));
    }
    facts
}

/// Sorted, because the properties of a session are in another order than the lists of a preview.
fn only(what: &str, here: &Facts, there: &Facts) -> Vec<String> {
    here.difference(there).filter(|(kind, _)| *kind == what).map(|(_, id)| id.clone()).collect()
}

fn sorted<T: Ord>(found: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut found: Vec<T> = found.into_iter().collect();
    found.sort_unstable();
    found
}

fn preview(studio: &Studio, before: &Session, change: &Change) -> Result<(), String> {
    let (preview, after) = match (studio.preview(before, change), before.with(change)) {
        (Ok(preview), Ok(after)) => (preview, after),
        (preview, after) => return ensure(preview.err() == after.err(), "the preview is refused otherwise"),
    };
    let (was, is) = (facts(before), facts(&after));
    let lists = [
        ("gained", sorted(preview.gained.clone()), only("operation", &is, &was)),
        ("lost", sorted(preview.lost.clone()), only("operation", &was, &is)),
        ("shown", sorted(preview.menu.shown.clone()), only("item", &is, &was)),
        ("hidden", sorted(preview.menu.hidden.clone()), only("item", &was, &is)),
        ("owed", owed(&preview, true), only("obligation", &is, &was)),
        ("no longer owed", owed(&preview, false), only("obligation", &was, &is)),
    ];
    for (what, found, expected) in lists {
        ensure(found == expected, &format!("{what}: preview {found:?}, sessions {expected:?}"))?;
    }
    let pick = |all: Vec<DormantGrant>, same: Vec<DormantGrant>| -> Vec<DormantGrant> {
        let known = |it: &DormantGrant| {
            same.iter().any(|same| {
                (&same.privilege, &same.granted, &same.effective) == (&it.privilege, &it.granted, &it.effective)
            })
        };
        all.into_iter().filter(|it| !known(it)).collect()
    };
    let dormant = Delta {
        added: pick(studio.dormant(&after), studio.dormant(before)),
        removed: pick(studio.dormant(before), studio.dormant(&after)),
    };
    ensure(preview.dormant == dormant, &format!("{:?} instead of {dormant:?}", preview.dormant))
}

fn owed(preview: &Preview, added: bool) -> Vec<String> {
    let owed = if added { &preview.obligations.added } else { &preview.obligations.removed };
    sorted(owed.iter().map(|owed| format!("{} {}", owed.operation, owed.obligation)))
}

/// The rows of the sessions that have a property. Invalid rows are never included.
fn who(sessions: &[Result<Session, SubjectError>], is: impl Fn(&Session) -> bool) -> Vec<usize> {
    let rows = sessions.iter().enumerate();
    rows.filter(|(_, session)| session.as_ref().is_ok_and(&is)).map(|(row, _)| row).collect()
}

fn answers(
    studio: &Studio,
    (model, people): (&Model, &[Subject]),
    of: &Population,
    sessions: &[Result<Session, SubjectError>],
) -> Result<(), String> {
    ensure(of.size() == sessions.len(), "another size")?;
    let refused: Vec<_> = sessions.iter().enumerate().filter_map(|(row, it)| Some((row, it.as_ref().err()?))).collect();
    let errors: Vec<_> = of.errors().iter().map(|error| (error.row, &error.error)).collect();
    ensure(errors == refused, &format!("errors {errors:?}, refused {refused:?}"))?;
    let matrix = of.matrix();
    for (column, operation) in studio.policy().program().operations.ids().enumerate() {
        let verdict = |verdict: Verdict| who(sessions, |it| it.decide(operation).is_ok_and(|it| it.verdict == verdict));
        let allowed = verdict(Verdict::Yes);
        ensure(of.who_can(operation) == Ok(allowed.clone()), &format!("who can `{operation}`"))?;
        ensure(of.undecided(operation) == Ok(verdict(Verdict::Unknown)), &format!("undecided `{operation}`"))?;
        ensure(of.count(operation) == Ok(allowed.len()), &format!("count of `{operation}`"))?;
        ensure(of.counts().get(column) == Some(&allowed.len()), &format!("counts of `{operation}`"))?;
        // Bits beyond the last person are zero.
        let bits = (0..of.size() + 40).filter(|row| matrix.get(*row, column)).collect::<Vec<_>>();
        ensure(bits == allowed, &format!("the matrix's column of `{operation}`"))?;
    }
    ensure(of.who_can("no-such-operation").is_err(), "an unknown operation is answered")?;
    let dormant = people
        .iter()
        .zip(sessions)
        .map(|(subject, session)| session.as_ref().map(|_| dormant_privileges(model, subject)).unwrap_or_default());
    ensure(
        lists(of.dormant()) == collect(dormant.map(|dormant_privileges| dormant_privileges.into_keys().collect())),
        "who has dormant grants",
    )
}

fn lists(found: Vec<Matches<&str>>) -> BTreeMap<String, Vec<usize>> {
    found.into_iter().map(|(id, people)| (id.to_owned(), people)).collect()
}

/// The rows by property.
fn collect(of_each: impl Iterator<Item = Vec<String>>) -> BTreeMap<String, Vec<usize>> {
    let mut found: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (row, ids) in of_each.enumerate() {
        for id in ids {
            found.entry(id).or_default().push(row);
        }
    }
    found
}

fn previews(
    studio: &Studio,
    of: &Population,
    sessions: &[Result<Session, SubjectError>],
    change: &Change,
) -> Result<(), String> {
    let preview = of.preview(change).map_err(|error| error.to_string())?;
    let each: Vec<_> =
        sessions.iter().map(|it| it.as_ref().map_err(Clone::clone).and_then(|it| studio.preview(it, change))).collect();
    let errors: Vec<_> = preview.errors.iter().map(|error| (error.row, &error.error)).collect();
    let refused: Vec<_> = each.iter().enumerate().filter_map(|(row, it)| Some((row, it.as_ref().err()?))).collect();
    ensure(errors == refused, &format!("errors {errors:?}, refused {refused:?}"))?;
    let PopulationPreview { operations, menu, obligations, dormant, .. } = preview;
    let joined = |list: Vec<Matches<(&str, &str)>>| -> BTreeMap<String, Vec<usize>> {
        list.into_iter().map(|((operation, owed), people)| (format!("{operation} {owed}"), people)).collect()
    };
    // A grant whose value changes is in both lists of a session's preview, and in neither list of a population's, which
    // compares only the presence of dormant grants.
    let dormant_privileges = |it: &Preview, added: bool| -> Vec<String> {
        let (here, there) = (&it.dormant.added, &it.dormant.removed);
        let (here, there) = if added { (here, there) } else { (there, here) };
        let new = here.iter().filter(|one| there.iter().all(|other| other.privilege != one.privilege));
        new.map(|one| one.privilege.clone()).collect()
    };
    let from = |pick: &dyn Fn(&Preview) -> Vec<String>| {
        collect(each.iter().map(|it| it.as_ref().map(pick).unwrap_or_default()))
    };
    let lists = [
        ("gained", lists(operations.added), from(&|it| it.gained.clone())),
        ("lost", lists(operations.removed), from(&|it| it.lost.clone())),
        ("shown", lists(menu.added), from(&|it| it.menu.shown.clone())),
        ("hidden", lists(menu.removed), from(&|it| it.menu.hidden.clone())),
        ("owed", joined(obligations.added), from(&|it| owed(it, true))),
        ("no longer owed", joined(obligations.removed), from(&|it| owed(it, false))),
        ("dormant", lists(dormant.added), from(&|it| dormant_privileges(it, true))),
        ("no longer dormant", lists(dormant.removed), from(&|it| dormant_privileges(it, false))),
    ];
    for (what, found, expected) in lists {
        ensure(found == expected, &format!("{what}: population {found:?}, sessions {expected:?}"))?;
    }
    let nonsense = Change { set: vec![("no-such-privilege".into(), Value::Null)], ..Change::default() };
    ensure(of.preview(&nonsense).is_err(), "an invalid change is accepted")
}

fn differences(
    studio: &Studio,
    here: &Population,
    sessions: &[Result<Session, SubjectError>],
    others: &[Subject],
) -> Result<(), String> {
    let there = studio.policy().population(others);
    let found = here.differences(&there).ok_or("populations of one size have no difference")?;
    let other: Vec<_> = others.iter().map(|other| studio.policy().session(other)).collect();
    let pairs = || sessions.iter().zip(&other);
    let more = |pair: (&Result<Session, _>, &Result<Session, _>)| match pair {
        (Ok(a), Ok(b)) => only("operation", &facts(a), &facts(b)),
        _ => Vec::new(),
    };
    ensure(lists(found.removed) == collect(pairs().map(more)), "who is allowed less in another population")?;
    ensure(
        lists(found.added) == collect(pairs().map(|(a, b)| more((b, a)))),
        "who is allowed more in another population",
    )?;
    ensure(here.differences(&studio.policy().population(&[])).is_none(), "populations of two sizes are compared")
}

/// Those who give people what is decisive for an operation are found, and all who are found give something. Of a set only the givers
/// of the options that are needed are found.
fn givers(studio: &Studio, people: &[Subject]) -> Result<(), String> {
    let (policy, text) = (studio.policy(), |error: SubjectError| error.to_string());
    let population = policy.population(people);
    let roles = policy.program().roles.ids().map(|role| Ok((role, studio.through(&population, role).map_err(text)?)));
    let roles: Vec<_> = roles.collect::<Result<_, String>>()?;
    for operation in policy.program().operations.ids() {
        let found = studio.givers(&population, operation).map_err(text)?;
        for (role, given) in &roles {
            let of = |it: &&Matches<PeopleGiver>| it.0 == PeopleGiver::Role((*role).to_owned());
            let people = found.iter().find(of).map(|(_, people)| people);
            let others = given.iter().find(|(id, _)| id == operation).map(|(_, people)| people);
            ensure(people == others, "what a role gives")?;
        }
        let can = population.who_can(operation).map_err(text)?;
        ensure(found.iter().all(|(_, people)| people.iter().all(|row| can.contains(row))), "gives to who cannot")?;
        for row in can {
            let session = policy.session(&people[row]).map_err(text)?;
            let why = studio.explain(&session, operation).map_err(text)?;
            let (mut least, mut most) = (BTreeSet::new(), BTreeSet::new());
            for privilege in policy.program().privileges.ids() {
                let (held, from) = session.surely_granted(policy.program().privileges.find(privilege).unwrap_or(0));
                let kinds = from.givers().into_iter().map(kind).collect::<Vec<_>>();
                most.extend(kinds.clone());
                let is_known = matches!((held, &from), (Holding::Value(_), Provenance::Whole(_)));
                least.extend(kinds.into_iter().filter(|_| is_known && why.decisive.iter().any(|id| id == privilege)));
            }
            let of = found.iter().filter(|(_, people)| people.contains(&row)).map(|(giver, _)| giver);
            let of: BTreeSet<String> = of.map(|giver| format!("{giver:?}")).collect();
            let text = || format!("`{operation}`: {of:?} instead of {least:?} to {most:?}, {:?}", people[row]);
            ensure(least.is_subset(&of) && of.is_subset(&most), &text())?;
        }
    }
    Ok(())
}

fn kind(giver: &GrantGiver) -> String {
    let kind = match giver {
        GrantGiver::Own => PeopleGiver::Own,
        GrantGiver::Role { role, .. } => PeopleGiver::Role(role.clone()),
        GrantGiver::Inline { .. } => PeopleGiver::Inline,
    };
    format!("{kind:?}")
}

/// Packed rows restore the same population; an invalid subject becomes an invalid row.
fn rows(studio: &Studio, people: &[Subject]) -> Result<(), String> {
    let policy = studio.policy();
    let population = policy.population(people);
    let packed = population.pack();
    ensure(packed.rows.len() == people.len() * policy.row_width(), "rows of another width")?;
    let again = policy.population_of_rows(&packed).map_err(|error| error.to_string())?;
    ensure(again.matrix() == population.matrix(), "packed rows come back as other people")?;
    ensure(again.dormant() == population.dormant(), "packed rows come back with other dormant grants")?;
    ensure(again.pack() == packed, "packed rows are packed otherwise")?;
    let refused = |of: &Population| of.errors().iter().map(|error| error.row).collect::<Vec<_>>();
    ensure(refused(&again) == refused(&population), "other rows are refused")
}
