//! The goal of a search for fixes, and the options of the search with resolved ids.

use crate::bdd::Bdd;
use crate::check::{Answer, Atom, Formula, Symbolic};
use crate::document::GrantedThrough;
use crate::model::Verdict;
use crate::session::Session;
use crate::studio::Studio;
use crate::studio::search::space::{Id, SearchSpace};
use litemap::LiteMap;
use std::collections::BTreeSet;

/// The decision that a fix reaches.
///
/// # Examples
/// ```
/// use privet::{FixOptions, Goal, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let grants = vec![("programs".into(), Value::Flag(true))];
/// let session = studio.policy().session(&Subject { grants, ..Subject::default() })?;
/// let options = FixOptions { to: Goal::Denied, ..FixOptions::default() };
/// let fix = studio.fixes(&session, "programs.access", &options)?.fixes.remove(0);
/// assert_eq!(fix.change.set, [("programs".into(), Value::Null)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Goal {
    /// Allowed, whatever the unknown facts are.
    #[default]
    Allowed,
    /// Denied, whatever the unknown facts are.
    Denied,
}

/// The operations and the decision that all of them must have.
pub(super) struct SearchGoal {
    pub(super) operations: Vec<usize>,
    pub(super) to: Goal,
}

impl SearchGoal {
    pub(super) fn formulas(&self) -> impl Iterator<Item = Formula> + '_ {
        self.operations.iter().map(|operation| Formula::Atom(Atom::Allowed(*operation)))
    }

    /// Whether an operation of the goal stands for a restriction, so that no change to reach the goal is proposed.
    pub(super) fn restricts(&self, studio: &Studio) -> bool {
        let operations = &studio.policy().program().operations;
        self.operations.iter().any(|it| operations.get(*it).is_some_and(|it| it.restricts))
    }

    /// Whether the session reaches the goal.
    pub(super) fn holds(&self, session: &Session) -> bool {
        let verdict = match self.to {
            Goal::Allowed => Verdict::Yes,
            Goal::Denied => Verdict::No,
        };
        let decision = |operation: &usize| session.program().operations.get(*operation).map(|it| it.decision);
        self.operations.iter().all(|it| decision(it).is_some_and(|decision| session.verdict(decision) == verdict))
    }

    /// The assignments that reach the goal.
    pub(super) fn satisfying(&self, symbolic: &mut Symbolic<SearchSpace>) -> Answer<Bdd> {
        let mut satisfying = Bdd::TRUE;
        for operation in &self.operations {
            let decided = symbolic.operation(*operation)?;
            let part = if self.to == Goal::Allowed { decided.yes } else { decided.no };
            satisfying = symbolic.bdds.and(satisfying, part)?;
        }
        Ok(satisfying)
    }
}

/// The options of a search, with resolved ids.
#[derive(Clone, Debug, Default)]
pub(super) struct Constraints {
    /// Costs that replace those of the policy.
    pub(super) costs: LiteMap<Id, u64>,
    /// Ids that must not change.
    pub(super) frozen: BTreeSet<Id>,
    /// Where privileges are granted; replaces the `grantedThrough` of each privilege.
    pub(super) through: Option<GrantedThrough>,
}

/// The id with this name.
pub(super) fn find(studio: &Studio, id: &str) -> Option<Id> {
    let program = studio.policy().program();
    let privilege = program.privileges.find(id).map(Id::Privilege);
    privilege.or_else(|| program.roles.find(id).map(Id::Role)).or_else(|| program.facts.find(id).map(Id::Fact))
}
