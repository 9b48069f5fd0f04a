//! Queries about a policy: explanations, fixes, least privilege, impact, comparison of versions, reviews of changes,
//! guides. A query never modifies the policy or a session.

mod changes;
mod compiled;
mod describe;
mod explain;
mod fixes;
mod impact;
mod search;
#[cfg(feature = "schema")]
mod typescript;
mod versions;

pub use changes::kind::ReviewKind;
pub use changes::preview::{MenuChanges, Owed, Preview};
pub use changes::review::{BrokenRule, Review};
pub use compiled::Studio;
pub use describe::PolicyDescription;
pub use explain::model::{DormantGrant, Explanation, Missing, NearMiss, NodeKind, TestNode};
pub use fixes::change::{FactStep, FixStep, GrantStep, RoleStep};
pub use fixes::fix::{Fix, FixResult};
pub use fixes::goal::Goal;
pub use fixes::guide::{Actors, GuideStep, StepState};
pub use fixes::least::{LeastPrivilege, NEAREST, NearestRoles};
pub use fixes::options::FixOptions;
pub use impact::{Impact, Target};
#[cfg(feature = "schema")]
pub use typescript::typescript;
pub use versions::compare::{Difference, DifferenceKind, PolicyDifference};

use crate::model::Verdict;
use crate::session::{Change, Session, Subject, SubjectError};

/// Queries about one session.
impl Studio {
    /// Explains the decision on an operation. O(operations + roles + what the operation reads).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    pub fn explain(&self, session: &Session, operation: &str) -> Result<Explanation, SubjectError> {
        let mut explanation = explain::explain(self, session, operation)?;
        let index = self.policy().program().operations.find(operation).unwrap_or(usize::MAX);
        if session.decide(operation)?.verdict == Verdict::Yes {
            (explanation.decisive, explanation.redundant) = fixes::near_misses::sufficient_grants(self, session, index);
        } else {
            explanation.near_misses = fixes::near_misses::near_misses(self, session, index);
        }
        Ok(explanation)
    }

    /// All changes of least cost after which the operation is allowed, or denied. O(size of the operation's decision
    /// diagram), bounded by [`limits`](crate::model::limits).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    pub fn fixes(&self, session: &Session, operation: &str, options: &FixOptions) -> Result<FixResult, SubjectError> {
        fixes::fix::fixes(self, session, operation, options)
    }

    /// Computes the effects of a change. O(program + subject), plus an explanation for each dormant grant that the
    /// change adds or removes.
    ///
    /// # Errors
    /// As [`Session::with`].
    pub fn preview(&self, session: &Session, change: &Change) -> Result<Preview, SubjectError> {
        changes::preview::preview(self, session, change)
    }

    /// The differences between two sessions, as effects of the step from `before` to `after`. O(program), plus an
    /// explanation for each dormant grant that only one of them has.
    pub fn difference(&self, before: &Session, after: &Session) -> Preview {
        changes::preview::difference(self, before, after)
    }

    /// All dormant grants in policy order: grants that are known to have no effect, and levels whose upper part is
    /// known to have none, each with the tests that fail. An undecided grant is not dormant. O(program), plus an
    /// explanation for each.
    pub fn dormant(&self, session: &Session) -> Vec<DormantGrant> {
        changes::preview::dormant(self, session)
    }

    /// The steps of a guide with their states, in order. O(guide × the inputs that its requirements read).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId) for an unknown guide, or an actor's name that
    /// the guide does not use.
    pub fn guide(&self, actors: Actors, guide: &str) -> Result<Vec<GuideStep>, SubjectError> {
        fixes::guide::guide(self, actors, guide)
    }
}

/// Queries about the policy and all subjects.
impl Studio {
    /// The contents of the policy: ids, labels, kinds, menu paths, requirements as text and as a tree, sources.
    /// O(document).
    pub fn describe(&self) -> PolicyDescription<'_> {
        describe::describe(self)
    }

    /// The grants of least cost, with the facts that they need, that allow all of the operations to a subject without
    /// other grants; and the existing roles that come nearest to them. Costs as [`Studio::fixes`], plus O(roles²)
    /// searches for the roles.
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId), and
    /// [`SubjectFault::InvalidOptions`](crate::session::SubjectFault::InvalidOptions) if the goal is to deny.
    pub fn least_privilege(&self, operations: &[&str], options: &FixOptions) -> Result<LeastPrivilege, SubjectError> {
        fixes::least::least_privilege(self, operations, options)
    }

    /// The operations that a privilege, role, fact or operation allows or prevents, the privileges that it needs, and
    /// the operations that are allowed only with it. O(operations × size of their decision diagrams).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId),
    /// [`SubjectFault::InvalidGrant`](crate::session::SubjectFault::InvalidGrant) and
    /// [`SubjectFault::InvalidFact`](crate::session::SubjectFault::InvalidFact).
    pub fn impact(&self, target: &Target) -> Result<Impact, SubjectError> {
        impact::impact(self, target)
    }

    /// The decisions on which a later version of this policy differs: each operation, requirement and obligation with
    /// the smallest subject that shows the difference. O(operations × size of their decision diagrams).
    pub fn compare(&self, after: &Self) -> PolicyDifference {
        versions::compare::compare(self, after)
    }

    /// Reviews a change that `actor` would make. The difference between `before` and `after` selects the rules that
    /// apply: own grants, roles (listed or inline) and facts. A creation also selects the rules on `create`; a deletion
    /// only those on `delete`; a change of a role's definition only those on `role-definition`. Rules on `result`
    /// always apply. In a creation, a fact counts as changed only if its value differs from `before` and from the
    /// actor's. O(rules × the inputs that they read + grants).
    ///
    /// # Errors
    /// As [`Policy::session`](crate::pack::Policy::session);
    /// [`SubjectFault::InvalidSubject`](crate::session::SubjectFault::InvalidSubject) if a deletion leaves grants or roles.
    pub fn review(
        &self,
        actor: &Session,
        before: &Subject,
        after: &Subject,
        kind: Option<ReviewKind>,
    ) -> Result<Review, SubjectError> {
        changes::review::review(self, actor, before, after, kind)
    }
}
