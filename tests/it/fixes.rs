//! Fixes, compared with brute force on random policies; and queries about the three built-in policies.

use crate::model::Model;
use crate::model::brute::Ranked;
use crate::model::{brute, least, policies};
use crate::support::random::Random;
use privet::model::Verdict;
use privet::session::{Holding, Session, Subject};
use privet::{Fix, FixOptions, FixStep, Goal, LeastPrivilegeBy, LeastPrivilegeOptions, Studio};
use proptest::prelude::*;
use std::cell::Cell;
use std::collections::BTreeSet;

const POLICIES: u32 = 120;
/// The maximum number of ids that brute force assigns at once.
const IDS: usize = 3;

#[test]
fn fixes_agree_with_brute_force() {
    let (asked, answered) = (Cell::new(0), Cell::new(0));
    policies::each(POLICIES, 1, |raw, seed| {
        let text = raw.document().to_string();
        let Ok(studio) = Studio::compile(&text, false) else { return Ok(()) };
        let model = Model::new(studio.checked().document());
        let mut random = Random::new(seed);
        for _ in 0..2 {
            let subject = model.subject(&mut random);
            let Ok(session) = studio.policy().session(&subject) else { continue };
            if has_undecided_grants(&model, &session) {
                continue;
            }
            for operation in model.document.operations.iter().filter(|it| !it.restricts) {
                for to in [Goal::Allowed, Goal::Denied] {
                    asked.set(asked.get() + 1);
                    let found = compare(&studio, &model, (&subject, &session), &operation.id, to);
                    let about = |fault| format!("{fault}\n`{}` to {to:?}\n{subject:?}", operation.id);
                    answered.set(answered.get() + found.map_err(about).map_err(TestCaseError::fail)?);
                }
            }
        }
        Ok(())
    });
    println!("{} questions, {} with an answer", asked.get(), answered.get());
    assert!(answered.get() * 4 > asked.get(), "too few questions have an answer to test much");
}

/// Whether what roles give depends on unknown facts: brute force and the studio then count the grants that a role adds
/// differently.
fn has_undecided_grants(model: &Model, session: &Session) -> bool {
    let mut given = model.role_grants.values().flatten().map(|(id, _)| id);
    given.any(|id| session.holds(id).is_ok_and(|(granted, _)| granted == Holding::Undecided))
}

/// Checks that the fixes are valid, cost no more than those of brute force, and have the same ties. Returns the number
/// of fixes.
fn compare(
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

/// A chain of dependencies that is too long for one BDD; every link is necessary.
#[test]
fn a_frozen_id_at_the_end_of_a_long_chain_is_reported() {
    let privileges: Vec<serde_json::Value> = (0..2_000)
        .map(|link| match link {
            0 => serde_json::json!({ "id": "p0", "kind": "flag", "label": "" }),
            _ => serde_json::json!({ "id": format!("p{link}"), "kind": "flag", "label": "", "requires": format!("p{}", link - 1) }),
        })
        .collect();
    let operations = serde_json::json!([{ "id": "o", "label": "", "requires": "p1999" }]);
    let document = serde_json::json!({ "format": 1, "id": "chain", "title": "", "version": "1", "privileges": privileges, "operations": operations });
    let studio = Studio::compile(&document.to_string(), false).expect("a policy");
    let session = studio.policy().session(&Subject::default()).expect("nobody");
    let options = FixOptions { frozen: ["p7".into()].into(), ..FixOptions::default() };
    let found = studio.fixes(&session, "o", &options).expect("an operation");
    assert_eq!((found.fixes.len(), found.minimal, found.blocked_by), (0, true, Vec::from([String::from("p7")])));
}

/// Changes of the empty subject, by exhaustion: of those of which nothing can be left out, the ones that open the fewest
/// other operations, then those of least cost, then of the nearest values.
#[test]
fn least_privilege_agrees_with_brute_force() {
    let (asked, answered) = (Cell::new(0), Cell::new(0));
    policies::each(POLICIES, 2, |raw, seed| {
        let text = raw.document().to_string();
        let Ok(studio) = Studio::compile(&text, false) else { return Ok(()) };
        let model = Model::new(studio.checked().document());
        let Ok(session) = studio.policy().session(&Subject::default()) else { return Ok(()) };
        if has_undecided_grants(&model, &session) {
            return Ok(());
        }
        let mut random = Random::new(seed);
        let open: Vec<&str> = model.document.operations.iter().filter(|it| !it.restricts).map(|it| &*it.id).collect();
        for _ in 0..3 {
            let operations: Vec<&str> = open.iter().filter(|_| random.below(3) == 0).copied().collect();
            for by in [LeastPrivilegeBy::Excess, LeastPrivilegeBy::Cost] {
                asked.set(asked.get() + 1);
                let found = compare_least(&studio, &model, &session, &operations, by);
                let about = |fault| format!("{fault}\n{operations:?} by {by:?}");
                answered.set(answered.get() + found.map_err(about).map_err(TestCaseError::fail)?);
            }
        }
        Ok(())
    });
    println!("{} questions, {} compared", asked.get(), answered.get());
    assert!(answered.get() * 4 > asked.get(), "too few questions are compared to test much");
}

/// Returns the number of questions that brute force can answer.
fn compare_least(
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
