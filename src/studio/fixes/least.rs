//! Least privilege: the smallest grants for some operations, and the roles that come nearest to them.

use super::candidates::{Terms, cost};
use super::fix::{FixResult, Wanted};
use super::options::{FixOptions, Goal};
use crate::document::GrantedThrough;
use crate::ground::Map;
use crate::ground::sort::{sort, sort_by_key};
use crate::ground::{Gather, Value, size};
use crate::program::Grant;
use crate::session::{Session, State, SubjectError, SubjectFault};
use crate::studio::Studio;
use crate::studio::somebody::solve::Question;
use crate::studio::somebody::space::Id;
use alloc::string::String;
use alloc::vec::Vec;
use serde::Serialize;

/// The smallest grants for some operations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LeastPrivilege {
    /// The changes that make somebody who has nothing allowed all of them.
    #[serde(flatten)]
    pub fixes: FixResult,
    /// Roles, and pairs of roles, that give a part of what is needed: those to which the least is missing first, then
    /// those with the least excess; at most [`NEAREST`].
    #[serde(rename = "nearestRoles")]
    pub nearest_roles: Vec<NearestRoles>,
}

/// Roles that exist, beside what is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NearestRoles {
    /// One role or a pair.
    pub roles: Vec<String>,
    /// What is needed and they do not grant.
    pub missing: Map<String, Value>,
    /// What they grant and is not needed.
    pub excess: Map<String, Value>,
}

/// How many roles and pairs are named.
pub const NEAREST: usize = 10;
/// Of how many roles pairs are tried: those to which the least is missing.
const PAIRED: usize = 32;

/// Roles with what is missing to them and what they have in excess, by cost.
struct Tried {
    roles: Vec<u32>,
    missing: (u64, Vec<Grant>),
    excess: (u64, Vec<Grant>),
}

impl Studio {
    /// The smallest grants with which somebody who has nothing else is allowed all of the operations, with the facts that
    /// this takes; and the nearest roles. As [`Studio::fixes`], and for roles O(roles²) such questions.
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`], and [`SubjectFault::InvalidOptions`] where something is to be denied.
    pub fn least_privilege(&self, operations: &[&str], options: &FixOptions) -> Result<LeastPrivilege, SubjectError> {
        if options.to == Goal::Denied {
            let help = "leave it out: the least is what allows";
            let message = "option `to` is `denied`".into();
            return Err(SubjectError::new(SubjectFault::InvalidOptions, "to", message, help.into()));
        }
        let program = self.policy().program();
        let known = |id: &&str| program.operations.find(id).ok_or_else(|| self.policy().unknown("operation", id));
        let operations = operations.iter().map(known).collect::<Result<_, _>>()?;
        let wanted = Wanted { operations, to: Goal::Allowed };
        let terms = options.terms(self)?;
        let nobody = Session::resolve(program, State::default())?;
        let fixes = self.smallest(&nobody, &wanted, &terms, options.most());
        let nearest_roles = fixes.fixes.first().map(|fix| self.nearest_roles(&nobody, fix, &wanted, &terms));
        Ok(LeastPrivilege { fixes, nearest_roles: nearest_roles.unwrap_or_default() })
    }

    fn nearest_roles(
        &self,
        nobody: &Session,
        fix: &super::fix::Fix,
        wanted: &Wanted,
        terms: &Terms,
    ) -> Vec<NearestRoles> {
        let facts = crate::session::Change { facts: fix.change.facts.clone(), ..Default::default() };
        let Ok(base) = nobody.with(&facts) else { return Vec::new() };
        let none = self.missing(base.state().clone(), wanted, terms).map_or(u64::MAX, |(cost, _)| cost);
        let count = size(self.policy().program().roles.len());
        let helps = |tried: &Tried, others: u64| tried.missing.0 < others;
        let mut alone: Vec<Tried> = (0..count)
            .filter_map(|role| self.tried(&base, &[role], wanted, terms))
            .filter(|tried| helps(tried, none))
            .listed();
        sort_by_key(&mut alone, |tried| (tried.missing.0, tried.excess.0));
        let mut pairs = Vec::new();
        for (place, first) in alone.iter().enumerate().take(PAIRED) {
            for second in alone.iter().take(PAIRED).skip(place + 1).filter(|_| first.missing.0 > 0) {
                let mut roles: Vec<u32> = first.roles.iter().chain(&second.roles).copied().listed();
                sort(&mut roles);
                let least = first.missing.0.min(second.missing.0);
                pairs.extend(self.tried(&base, &roles, wanted, terms).filter(|tried| helps(tried, least)));
            }
        }
        alone.extend(pairs);
        sort_by_key(&mut alone, |tried| (tried.missing.0, tried.excess.0, tried.roles.len()));
        alone.truncate(NEAREST);
        alone.into_iter().map(|tried| self.named(tried)).listed()
    }

    fn tried(&self, base: &Session, roles: &[u32], wanted: &Wanted, terms: &Terms) -> Option<Tried> {
        let state = State { roles: roles.into(), ..base.state().clone() };
        let missing = self.missing(state.clone(), wanted, terms)?;
        let own = state.own.iter().chain(&missing.1).copied().listed();
        let complete = Session::resolve(self.policy().program(), State { own, ..state }).ok()?;
        let excess = self.excess(&complete, wanted, terms, roles);
        let privileges: crate::ground::Set<u32> = excess.iter().map(|grant| grant.privilege).gather();
        let price = privileges.into_iter().map(|privilege| cost(self, terms, privilege as usize)).sum();
        Some(Tried { roles: roles.into(), missing, excess: (price, excess) })
    }

    /// The own grants of least cost that are missing to somebody, wherever the product grants them.
    fn missing(&self, state: State, wanted: &Wanted, terms: &Terms) -> Option<(u64, Vec<Grant>)> {
        let session = Session::resolve(self.policy().program(), state).ok()?;
        if wanted.holds(&session) {
            return Some((0, Vec::new()));
        }
        let terms = Terms { through: Some(GrantedThrough::Both), ..terms.clone() };
        let mut candidates = self.candidates(&session, wanted, &terms);
        candidates.axes.retain(|id, _| matches!(id, Id::Privilege(_)));
        let symbolic = &mut self.space(&session, &candidates);
        let goal = wanted.goal(symbolic).ok()?;
        let distance = |id, value| super::candidates::distance_from(self, &session, id, value);
        let found = Question::new(symbolic, &candidates.prices, &distance, goal).ok()?.cheapest(1).ok()??;
        let after = session.with(&self.change(&session, found.assignments.first()?)).ok()?;
        Some((found.cost, after.state().own.clone()))
    }

    fn named(&self, tried: Tried) -> NearestRoles {
        let roles = self.policy().program();
        let roles = tried.roles.iter().filter_map(|role| roles.roles.at(*role)).map(|role| role.id.clone()).listed();
        NearestRoles { roles, missing: self.grants(tried.missing.1), excess: self.grants(tried.excess.1) }
    }
}
