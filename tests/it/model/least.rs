//! Brute force for the least privilege, from rule 10 alone.

use super::Model;
use super::brute::{Assignments, Ranked, assigned, besides, candidates, distance, each, order};
use privet::LeastPrivilegeBy;
use privet::model::Verdict;
use privet::session::{Change, Session, Subject};
use privet::studio::Studio;
use std::collections::BTreeSet;

/// The maximum number of combinations that are tried.
const MOST: usize = 8_000;

/// A change after which all operations are allowed.
struct Found {
    ids: BTreeSet<usize>,
    change: Change,
    cost: u64,
    distance: u64,
    besides: Vec<String>,
}

/// The least privilege for some operations, in order; `None` if there are too many combinations.
pub(crate) fn least(
    studio: &Studio,
    model: &Model,
    session: &Session,
    operations: &[&str],
    by: LeastPrivilegeBy,
) -> Option<Vec<Ranked>> {
    let candidates = candidates(studio, model, (&Subject::default(), session), operations);
    let nothing: Assignments = vec![Change::default()];
    let choices = candidates.values().map(|(_, changes)| {
        let given = changes.iter().filter(|change| change.set.iter().all(|(_, it)| *it != privet::model::Value::Null));
        nothing.iter().chain(given).cloned().collect::<Assignments>()
    });
    let choices: Vec<Assignments> = choices.collect();
    if choices.iter().try_fold(1_usize, |size, it| size.checked_mul(it.len())).is_none_or(|size| size > MOST) {
        return None;
    }
    let costs: Vec<(&String, u64)> = candidates.iter().map(|(id, (cost, _))| (id, *cost)).collect();
    let allowed = |session: &Session| {
        operations.iter().all(|it| session.decide(it).expect("a known operation").verdict == Verdict::Yes)
    };
    let found = each(&choices.iter().collect::<Vec<_>>()).into_iter().filter_map(|change| {
        let after = session.with(&change).ok().filter(&allowed)?;
        let ids = assigned(&change);
        let ids = costs.iter().enumerate().filter(|(_, (id, _))| ids.contains_key(*id));
        Some(Found {
            cost: ids.clone().map(|(_, (_, cost))| cost).sum(),
            ids: ids.map(|(index, _)| index).collect(),
            distance: distance(model, session, &change),
            besides: besides(session, &after, Verdict::Yes, operations),
            change,
        })
    });
    let all: Vec<Found> = found.collect();
    let fact = |index: &usize| model.facts.contains_key(costs[*index].0.as_str());
    let facts = |found: &Found| found.ids.iter().filter(|it| fact(it)).copied().collect::<BTreeSet<usize>>();
    let facts: Vec<BTreeSet<usize>> = all.iter().map(facts).collect();
    let fewest = facts.iter().map(|one| !facts.iter().any(|other| other.is_subset(one) && other != one));
    let kept: Vec<&Found> = all.iter().zip(fewest).filter(|(_, fewest)| *fewest).map(|(found, _)| found).collect();
    let within = |part: &Found, whole: &Found| {
        let (part, whole) = (assigned(&part.change), assigned(&whole.change));
        part.len() < whole.len() && part.iter().all(|(id, value)| whole.get(id) == Some(value))
    };
    let irreducible: Vec<&Found> =
        kept.iter().filter(|found| !all.iter().any(|part| within(part, found))).copied().collect();
    let rank = |found: &Found| match by {
        LeastPrivilegeBy::Excess => (found.besides.len() as u64, found.cost),
        LeastPrivilegeBy::Cost => (found.cost, 0),
    };
    let least = irreducible.iter().map(|found| rank(found)).min();
    let ties: Vec<&Found> = irreducible.into_iter().filter(|found| Some(rank(found)) == least).collect();
    let is_nearest = |one: &Found| !ties.iter().any(|other| other.ids == one.ids && other.distance < one.distance);
    let mut nearest: Vec<&Found> = ties.iter().filter(|one| is_nearest(one)).copied().collect();
    nearest.sort_by_key(|found| (found.besides.len(), found.distance, order(model, &assigned(&found.change))));
    let ranked = |found: &Found| Ranked { change: assigned(&found.change), besides: found.besides.clone() };
    Some(nearest.into_iter().map(ranked).collect())
}
