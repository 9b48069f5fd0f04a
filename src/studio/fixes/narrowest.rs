//! The narrowest changes: those of which nothing can be left out and that open the fewest other operations.
//!
//! All of it is computed with BDDs over the assignments that a change may make: where facts are assigned only if nothing
//! else suffices, where no assignment can be left out, and where the fewest other operations are allowed.

use super::candidates::Candidates;
use super::find::{cheapest_satisfying, search_space, with_necessary_assignments};
use super::goal::SearchGoal;
use super::least_options::LeastPrivilegeBy;
use crate::bdd::{Bdd, BddManager};
use crate::check::{Answer, Symbolic};
use crate::model::{Verdict, limits};
use crate::session::Session;
use crate::studio::Studio;
use crate::studio::search::solve::Solutions;
use crate::studio::search::space::{Id, SearchSpace, valid_changes};
use crate::util::sort;
use litemap::LiteMap;
use std::cell::Cell;
use std::rc::Rc;

/// How far a search goes to open few operations.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// As few as possible.
    Fewest,
    /// Operations are kept closed one after the other, where the goal permits it. It needs smaller diagrams.
    Few,
    /// The cost comes first.
    Any,
}

/// The search for the smallest changes of the empty subject.
#[derive(Clone, Copy)]
pub(super) struct Narrowest<'a> {
    pub(super) studio: &'a Studio,
    pub(super) empty: &'a Session<'a>,
    pub(super) goal: &'a SearchGoal,
    pub(super) candidates: &'a Candidates,
    /// The maximum number of ties.
    pub(super) limit: usize,
}

impl Narrowest<'_> {
    /// The solutions, and whether they are proved to be the least; an error if even a search by cost alone exceeds a limit.
    /// Together the searches take no more steps than one question may.
    pub(super) fn solutions(&self, by: LeastPrivilegeBy) -> Answer<(Option<Solutions>, bool)> {
        const ALL: usize = limits::QUERY_STEPS;
        match by {
            LeastPrivilegeBy::Cost => Ok((self.with_effort(Effort::Any, ALL)?, true)),
            LeastPrivilegeBy::Excess => {
                let exact = self.with_effort(Effort::Fewest, ALL / 2).map(|found| (found, true));
                let greedy = exact.or_else(|_| self.with_effort(Effort::Few, ALL / 4).map(|found| (found, false)));
                greedy.or_else(|_| self.with_effort(Effort::Any, ALL / 4).map(|found| (found, false)))
            }
        }
    }

    fn with_effort(&self, effort: Effort, steps: usize) -> Answer<Option<Solutions>> {
        let Self { studio, empty, goal, candidates, limit } = *self;
        with_necessary_assignments(studio, empty, goal, candidates.clone(), |changed, candidates| {
            if goal.holds(changed) {
                return Ok([Solutions::trivial()].into());
            }
            let symbolic = &mut search_space(studio, changed, candidates);
            symbolic.inputs.share(&Rc::new(Cell::new(steps)));
            let satisfying = goal.satisfying(symbolic)?;
            let valid = valid_changes(symbolic)?;
            let satisfying = symbolic.bdds.and(satisfying, valid)?;
            let satisfying = fewest_facts(symbolic, satisfying)?;
            let ids = assigned_variables(symbolic, |_| true);
            let mut satisfying = irreducible(&mut symbolic.bdds, satisfying, &ids)?;
            if effort != Effort::Any {
                let others = self.others(symbolic, satisfying)?;
                satisfying = opening_few(&mut symbolic.bdds, satisfying, &others, effort)?;
            }
            Ok(cheapest_satisfying(studio, symbolic, candidates, satisfying, limit)?.into_iter().collect())
        })
        .map(|mut solutions| solutions.pop())
    }

    /// The other operations that some of the changes open and some do not: where they are allowed, and how many there are
    /// of each kind.
    fn others(&self, symbolic: &mut Symbolic<SearchSpace>, satisfying: Bdd) -> Answer<Vec<(Bdd, usize)>> {
        let mut others: LiteMap<Bdd, usize> = LiteMap::new_vec();
        for (index, operation) in self.studio.policy().program().operations.iter().enumerate() {
            let is_open = self.empty.verdict(operation.decision) == Verdict::Yes;
            if operation.restricts || is_open || self.goal.operations.contains(&index) {
                continue;
            }
            let allowed = symbolic.operation(index)?.yes;
            let opened = symbolic.bdds.and(satisfying, allowed)?;
            if opened != Bdd::FALSE && opened != satisfying {
                *others.entry(opened).or_default() += 1;
            }
        }
        let mut others: Vec<(Bdd, usize)> = others.into_iter().collect();
        sort::sort_by_key(&mut others, |(_, count)| std::cmp::Reverse(*count));
        Ok(others)
    }
}

/// The variables for whether an id is assigned.
fn assigned_variables(symbolic: &Symbolic<SearchSpace>, wanted: impl Fn(Id) -> bool) -> Vec<u32> {
    let space = &symbolic.inputs;
    let ids = space.domains.keys().copied().filter(|id| wanted(*id));
    ids.filter_map(|id| space.variables_of(id).first().copied()).collect()
}

/// Where facts are assigned only if they are necessary: no part of the assigned facts suffices with any other assignments.
fn fewest_facts(symbolic: &mut Symbolic<SearchSpace>, satisfying: Bdd) -> Answer<Bdd> {
    let facts = assigned_variables(symbolic, |id| matches!(id, Id::Fact(_)));
    let feasible = symbolic.bdds.exists(satisfying, &|variable| !facts.contains(&variable))?;
    let fewest = irreducible(&mut symbolic.bdds, feasible, &facts)?;
    Ok(symbolic.bdds.and(satisfying, fewest)?)
}

/// Where a function holds, and would not if some of the items that are chosen were left out.
fn irreducible(bdds: &mut BddManager, f: Bdd, items: &[u32]) -> Answer<Bdd> {
    let upward = bdds.upward(f, &|variable| items.contains(&variable))?;
    let mut irreducible = f;
    for item in items {
        let without = bdds.restrict(upward, *item, false)?;
        let item = bdds.variable(*item)?;
        let reducible = bdds.and(item, without)?;
        irreducible = bdds.and_not(irreducible, reducible)?;
    }
    Ok(irreducible)
}

/// Where a function holds and the fewest others hold, each counted as often as its number says.
fn opening_few(bdds: &mut BddManager, f: Bdd, others: &[(Bdd, usize)], effort: Effort) -> Answer<Bdd> {
    let (mut few, mut most) = (f, 0);
    for (other, count) in others {
        let closed = bdds.and_not(few, *other)?;
        if closed == Bdd::FALSE { most += count } else { few = closed }
    }
    if effort == Effort::Few || most == 0 {
        return Ok(few);
    }
    // Of each number of others, where so many hold.
    let mut by_count = vec![Bdd::FALSE; most + 1];
    if let Some(none) = by_count.first_mut() {
        *none = f;
    }
    for (other, count) in others {
        for total in (0..=most).rev() {
            let here = by_count.get(total).copied().unwrap_or(Bdd::FALSE);
            let below = total.checked_sub(*count).and_then(|less| by_count.get(less)).copied().unwrap_or(Bdd::FALSE);
            let closed = bdds.and_not(here, *other)?;
            let opened = bdds.and(below, *other)?;
            let sum = bdds.or(closed, opened)?;
            if let Some(entry) = by_count.get_mut(total) {
                *entry = sum;
            }
        }
    }
    Ok(by_count.into_iter().find(|f| *f != Bdd::FALSE).unwrap_or(few))
}
