//! What a search for fixes is for: the operations, the decision, and what may change.

use crate::bdd::Bdd;
use crate::check::{Answer, Atom, Formula, Symbolic};
use crate::document::GrantedThrough;
use crate::model::Verdict;
use crate::session::Session;
use crate::studio::Studio;
use crate::studio::search::space::{Id, SearchSpace};
use litemap::LiteMap;
use std::collections::BTreeSet;

/// What an operation is to be after a fix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Goal {
    /// Allowed, for sure.
    #[default]
    Allowed,
    /// Denied, for sure.
    Denied,
}

/// What is to be the case.
pub(super) struct Wanted {
    pub(super) operations: Vec<usize>,
    pub(super) to: Goal,
}

impl Wanted {
    pub(super) fn formulas(&self) -> impl Iterator<Item = Formula> + '_ {
        self.operations.iter().map(|operation| Formula::Atom(Atom::Allowed(*operation)))
    }

    /// Whether it is the case.
    pub(super) fn holds(&self, session: &Session) -> bool {
        let wanted = match self.to {
            Goal::Allowed => Verdict::Yes,
            Goal::Denied => Verdict::No,
        };
        let decision = |operation: &usize| session.program().operations.get(*operation).map(|it| it.decision);
        self.operations.iter().all(|it| decision(it).is_some_and(|decision| session.verdict(decision) == wanted))
    }

    /// Where it is the case.
    pub(super) fn goal(&self, symbolic: &mut Symbolic<SearchSpace>) -> Answer<Bdd> {
        let mut goal = Bdd::TRUE;
        for operation in &self.operations {
            let decided = symbolic.operation(*operation)?;
            let part = if self.to == Goal::Allowed { decided.yes } else { decided.no };
            goal = symbolic.bdds.and(goal, part)?;
        }
        Ok(goal)
    }
}

/// What a fix may do.
#[derive(Clone, Debug, Default)]
pub(super) struct Terms {
    /// Costs that differ from the policy's.
    pub(super) costs: LiteMap<Id, u64>,
    /// What may not change.
    pub(super) frozen: BTreeSet<Id>,
    /// Where privileges are granted, in place of what the policy says.
    pub(super) through: Option<GrantedThrough>,
}

/// The id of this name.
pub(super) fn find(studio: &Studio, id: &str) -> Option<Id> {
    let program = studio.policy().program();
    let privilege = program.privileges.find(id).map(Id::Privilege);
    privilege.or_else(|| program.roles.find(id).map(Id::Role)).or_else(|| program.facts.find(id).map(Id::Fact))
}
