//! The grants that an allowed operation rests on and those that it does not need; for other operations, the near
//! misses: the smallest changes that would allow it.

use super::candidates::{Candidates, distance_from, granted, id_of};
use super::goal::{Goal, Terms, Wanted};
use crate::check::{Answer, Atom, Formula};
use crate::model::PrivilegeKind;
use crate::pack::Grant;
use crate::session::{Session, State};
use crate::studio::Studio;
use crate::studio::explain::model::NearMiss;
use crate::studio::fixes::change;
use crate::studio::fixes::fix;
use crate::studio::search::cone::Cone;
use crate::studio::search::solve::{Assigned, Question, Solved};
use crate::studio::search::space::{Id, SearchSpace, Values};
use crate::util::to_u32;

/// The maximum number of near misses.
const NEAR: usize = 5;

/// The near misses of an operation, in order of cost. Facts cost more than grants, so changes that an administrator can
/// make come first.
pub(in crate::studio) fn near_misses(studio: &Studio, session: &Session, operation: usize) -> Vec<NearMiss> {
    let wanted = Wanted { operations: [operation].into(), to: Goal::Allowed };
    let restricts = studio.policy().program().operations.get(operation).is_some_and(|it| it.restricts);
    if restricts {
        return Vec::new();
    }
    nearest_ways(studio, session, &wanted).unwrap_or_default()
}

fn nearest_ways(studio: &Studio, session: &Session, wanted: &Wanted) -> Answer<Vec<NearMiss>> {
    let candidates = Candidates::new(studio, session, wanted, &Terms::default());
    let solved = fix::beyond_forced(studio, session, wanted, candidates, |with, candidates| {
        if wanted.holds(with) {
            return Ok([Solved::nothing()].into());
        }
        let symbolic = &mut fix::space(studio, with, candidates);
        let goal = wanted.goal(symbolic)?;
        let distance = |id, value| distance_from(studio, session, id, value);
        let mut question = Question::new(symbolic, &candidates.prices, &distance, goal)?;
        let (mut found, mut count) = (Vec::new(), 0);
        while let Some(solved) = question.cheapest(NEAR)?.filter(|_| count < NEAR) {
            count += solved.assignments.len();
            question.exclude(&solved)?;
            found.push(solved);
        }
        Ok(found)
    })?;
    let mut found = Vec::new();
    for (cost, assignment) in solved.iter().flat_map(|solved| solved.assignments.iter().map(|it| (solved.cost, it))) {
        let change = change::change(studio, session, assignment);
        if session.with(&change).is_ok_and(|after| wanted.holds(&after)) {
            found.push(NearMiss { change, cost });
        }
    }
    found.truncate(NEAR);
    Ok(found)
}

/// Of an allowed operation: the smallest set of grants and known facts that suffices, and the other grants that it
/// reads.
pub(in crate::studio) fn support(studio: &Studio, session: &Session, operation: usize) -> (Vec<String>, Vec<String>) {
    let program = studio.policy().program();
    let meaning = studio.checked().meaning();
    let cone = Cone::of(meaning, program, [Formula::Atom(Atom::Allowed(operation))]);
    let (state, candidates) = held(studio, session, &cone);
    let decisive = rests_on(studio, session, &state, &candidates, operation);
    let decisive = decisive.ok().flatten().unwrap_or_else(|| candidates.axes.keys().copied().collect());
    let redundant = |id: &&Id| matches!(id, Id::Privilege(_)) && !decisive.contains(id);
    let redundant = candidates.axes.keys().filter(redundant).map(|id| id_of(studio, *id)).collect();
    (decisive.into_iter().map(|id| id_of(studio, id)).collect(), redundant)
}

/// A state with only the grants that restrict the operation, and the other grants and known facts of the session as
/// candidates.
fn held(studio: &Studio, session: &Session, cone: &Cone) -> (State, Candidates) {
    let program = studio.policy().program();
    let (mut state, mut candidates) = (State::default(), Candidates::default());
    // An id without parts is not read itself; it is in the cone only because of roles.
    for (id, _) in cone.ids.iter().filter(|(_, parts)| !parts.is_empty()) {
        let values = match *id {
            Id::Role(_) => continue,
            Id::Fact(fact) => session.state().fact(fact).map(|value| Values::OneOf([Some(value)].into())),
            Id::Privilege(privilege) => {
                let held = granted(studio, session, privilege);
                if studio.checked().is_restricting(privilege) && !cone.reads_positively(privilege) {
                    let index = to_u32(privilege);
                    state.own.extend(held.into_iter().map(|value| Grant { privilege: index, value }));
                    continue;
                }
                let kind = program.privileges.get(privilege).map(|it| it.kind);
                match (kind, held.as_slice()) {
                    (_, []) => None,
                    (Some(PrivilegeKind::Set), options) => Some(Values::Each(options.into())),
                    (_, [value, ..]) => Some(Values::OneOf([Some(*value)].into())),
                }
            }
        };
        let cost = match *id {
            Id::Privilege(privilege) => super::candidates::cost(studio, &Terms::default(), privilege),
            _ => 1,
        };
        if let Some(values) = values {
            candidates.axes.insert(*id, values);
            candidates.prices.insert(*id, cost);
        }
    }
    (state, candidates)
}

fn rests_on(
    studio: &Studio,
    session: &Session,
    state: &State,
    candidates: &Candidates,
    operation: usize,
) -> Answer<Option<Vec<Id>>> {
    let program = studio.policy().program();
    let symbolic = &mut SearchSpace::symbolic(studio.checked().meaning(), program, state, &candidates.axes);
    let goal = symbolic.operation(operation)?.yes;
    let distance = |id, value| distance_from(studio, session, id, value);
    let found = Question::new(symbolic, &candidates.prices, &distance, goal)?.cheapest(1)?;
    let first = found.and_then(|found| found.assignments.into_iter().next());
    let is_held = |assigned: &Assigned| *assigned != Assigned::Value(None);
    Ok(first.map(|first| first.into_iter().filter(|(_, it)| is_held(it)).map(|(id, _)| id).collect()))
}
