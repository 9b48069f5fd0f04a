//! Fixes and least privilege beside brute force: valid, of the least cost, with all ties, in order.

use crate::model::brute::Ranked;
use crate::model::{Model, brute, least};
use privet::model::Verdict;
use privet::session::{Holding, Session, Subject};
use privet::{Fix, FixOptions, FixStep, Goal, LeastPrivilegeBy, LeastPrivilegeOptions, Studio};
use std::collections::BTreeSet;

/// The maximum number of ids that brute force assigns at once.
const IDS: usize = 3;

/// Whether what roles give depends on unknown facts: brute force and the studio then count the grants that a role adds
/// differently.
pub(crate) fn has_undecided_grants(model: &Model, session: &Session) -> bool {
    let mut given = model.role_grants.values().flatten().map(|(id, _)| id);
    given.any(|id| session.holds(id).is_ok_and(|(granted, _)| granted == Holding::Undecided))
}

/// Checks that the fixes are valid, cost no more than those of brute force, and have the same ties. Returns the number
/// of fixes.
pub(crate) fn compare(
    studio: &Studio,
    model: &Model,
    (subject, session): (&Subject, &Session),
    operation: &str,
    to: Goal,
) -> Result<usize, String> {
    let options = FixOptions { to, ..FixOptions::default() };
    let result = studio.fixes(session, operation, &options).map_err(|error| error.to_string())?;
    let wanted = if to == Goal::Allowed { Verdict::Yes } else { Verdict::No };
    let ensure = |holds: bool, what: &str| if holds { Ok(()) } else { Err(format!("{what}: {:?}", result.fixes)) };
    ensure(result.minimal, "not minimal")?;
    for fix in &result.fixes {
        let after = session.with(&fix.change).map_err(|error| error.to_string())?;
        ensure(after.decide(operation).is_ok_and(|it| it.verdict == wanted), "a fix does not do")?;
    }
    let found = brute::smallest(studio, model, (subject, session), operation, wanted, IDS);
    let mine: BTreeSet<BTreeSet<String>> = result.fixes.iter().map(ids).collect();
    let cost = result.fixes.first().map(|fix| fix.cost);
    let few: BTreeSet<_> = mine.iter().filter(|ids| ids.len() <= IDS).cloned().collect();
    match (cost, found.cost) {
        (None, None) => {}
        (Some(mine), Some(least)) if mine == least => {
            ensure(!result.complete || few == found.ids, &format!("other ties: {:?}", found.ids))?;
            let few = result.fixes.iter().filter(|fix| fix.steps.len() <= IDS);
            let besides = |fix: &Fix| if to == Goal::Allowed { fix.opens.clone() } else { fix.closes.clone() };
            let ranked = |fix: &Fix| Ranked { change: brute::assigned(&fix.change), besides: besides(fix) };
            let few: Vec<Ranked> = few.map(ranked).collect();
            // A role that the same change brings adds to a level or set that it assigns. The search measures without this.
            let changes = found.changes.iter().map(|ranked| &ranked.change);
            let is_comparable =
                result.complete && !changes.clone().any(|change| brute::joins_new_grants(model, change));
            ensure(!is_comparable || few == found.changes, &format!("other changes: {:#?}", found.changes))?;
        }
        (Some(_), None) => ensure(few.is_empty(), "brute force finds nothing")?,
        (Some(mine), Some(least)) if mine < least => ensure(few.is_empty(), &format!("brute force pays {least}"))?,
        (mine, least) => ensure(false, &format!("{mine:?}, brute force {least:?} {:?}", found.ids))?,
    }
    Ok(usize::from(cost.is_some()))
}

fn ids(fix: &Fix) -> BTreeSet<String> {
    let key = |step: &FixStep| match step {
        FixStep::Grant(it) | FixStep::Raise(it) | FixStep::Revoke(it) => brute::key(&it.id, it.index),
        step => step.id().to_owned(),
    };
    fix.steps.iter().map(key).collect()
}

/// Returns the number of questions that brute force can answer.
pub(crate) fn compare_least(
    studio: &Studio,
    model: &Model,
    session: &Session,
    operations: &[&str],
    by: LeastPrivilegeBy,
) -> Result<usize, String> {
    let Some(found) = least::least(studio, model, session, operations, by) else { return Ok(0) };
    let options = LeastPrivilegeOptions { by, ..LeastPrivilegeOptions::default() };
    let result = studio.least_privilege(operations, &options).map_err(|error| error.to_string())?.fixes;
    let ranked = |fix: &Fix| Ranked { change: brute::assigned(&fix.change), besides: fix.opens.clone() };
    let mine: Vec<Ranked> = result.fixes.iter().map(ranked).collect();
    let is_comparable = !found.iter().any(|ranked| brute::joins_new_grants(model, &ranked.change));
    let same = !is_comparable || (result.minimal && result.complete && mine == found);
    if same { Ok(usize::from(is_comparable)) } else { Err(format!("{mine:#?}\ninstead of {found:#?}")) }
}
