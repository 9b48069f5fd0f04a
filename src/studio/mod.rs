//! Questions about a policy: explanations, fixes, least privilege, impact, comparison of versions, reviews of changes, guides.
//! Answers are read-only views; asking changes nothing.

mod changes;
mod describe;
mod explain;
mod fixes;
mod impact;
mod search;
mod studio;
mod versions;

pub use changes::kind::ReviewKind;
pub use changes::preview::{MenuChanges, Owed, Preview};
pub use changes::review::{BrokenRule, Review};
pub use describe::PolicyDescription;
pub use explain::model::{DormantGrant, Explanation, Missing, NearMiss, NodeKind, TestNode};
pub use fixes::change::{FixStep, StepKind};
pub use fixes::fix::{Fix, FixResult};
pub use fixes::goal::Goal;
pub use fixes::guide::{Actors, GuideStep, StepState};
pub use fixes::least::{LeastPrivilege, NEAREST, NearestRoles};
pub use fixes::options::FixOptions;
pub use impact::{Impact, Target};
pub use studio::Studio;
pub use versions::compare::{Difference, DifferenceKind, PolicyDifference};

use crate::model::Verdict;
use crate::session::{Change, Session, Subject, SubjectError};

/// Questions about one session.
impl Studio {
    /// Explains the decision on an operation. O(operations + roles + what the operation reads).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    pub fn explain(&self, session: &Session, operation: &str) -> Result<Explanation, SubjectError> {
        let mut explanation = explain::explain(self, session, operation)?;
        let index = self.policy().program().operations.find(operation).unwrap_or(usize::MAX);
        if session.decide(operation)?.verdict == Verdict::Yes {
            (explanation.decisive, explanation.redundant) = fixes::near_misses::support(self, session, index);
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

    /// What a change would do. O(program + subject), plus an explanation for each grant that becomes or was dormant.
    ///
    /// # Errors
    /// As [`Session::with`].
    pub fn preview(&self, session: &Session, change: &Change) -> Result<Preview, SubjectError> {
        changes::preview::preview(self, session, change)
    }

    /// What differs between two sessions: what the step from `before` to `after` does. O(program), plus an explanation for
    /// each dormant grant that only one of them has.
    pub fn difference(&self, before: &Session, after: &Session) -> Preview {
        changes::preview::difference(self, before, after)
    }

    /// Every grant that is known to have no effect, or whose upper levels are known to have none, with what is missing, in
    /// policy order. An undecided grant is not dormant. O(program), plus an explanation for each.
    pub fn dormant(&self, session: &Session) -> Vec<DormantGrant> {
        changes::preview::dormant(self, session)
    }

    /// The steps of a guide with their states, in order. O(guide × what its requirements read).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId) for an unknown guide, or an actor's name that
    /// the guide does not use.
    pub fn guide(&self, actors: Actors, guide: &str) -> Result<Vec<GuideStep>, SubjectError> {
        fixes::guide::guide(self, actors, guide)
    }
}

/// Questions about the policy and about all subjects.
impl Studio {
    /// Everything that the policy says: ids, labels, kinds, menu paths, requirements as text and tree, sources. O(document).
    pub fn describe(&self) -> PolicyDescription<'_> {
        describe::describe(self)
    }

    /// The grants of least cost that allow all of the operations to a subject who has nothing else, with the facts that this
    /// takes, and the nearest roles. As [`Studio::fixes`]; for roles O(roles²) such questions.
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId), and
    /// [`SubjectFault::InvalidOptions`](crate::session::SubjectFault::InvalidOptions) if the goal is to deny.
    pub fn least_privilege(&self, operations: &[&str], options: &FixOptions) -> Result<LeastPrivilege, SubjectError> {
        fixes::least::least_privilege(self, operations, options)
    }

    /// What a privilege, role, fact or operation unlocks, takes away, needs, and is the only way to. O(operations × size of
    /// their decision diagrams).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId),
    /// [`SubjectFault::InvalidGrant`](crate::session::SubjectFault::InvalidGrant) and
    /// [`SubjectFault::InvalidFact`](crate::session::SubjectFault::InvalidFact).
    pub fn impact(&self, target: &Target) -> Result<Impact, SubjectError> {
        impact::impact(self, target)
    }

    /// What a later version of this policy decides differently: each operation, requirement and obligation with the smallest
    /// subject that shows it. O(operations × size of their decision diagrams).
    pub fn compare(&self, after: &Self) -> PolicyDifference {
        versions::compare::compare(self, after)
    }

    /// Reviews a change that `actor` would make. Which rules apply follows from what differs: own grants, roles (listed or
    /// inline), facts; for a creation also `create`; for a deletion only `delete`; for a role's definition only
    /// `role-definition`; `result` always. A creation changes only facts that hold of the new subject and neither of the
    /// actor nor of `before`. O(rules × what they read + grants).
    ///
    /// # Errors
    /// As [`Policy::session`]; [`SubjectFault::InvalidSubject`](crate::session::SubjectFault::InvalidSubject) if a deletion
    /// leaves grants or roles.
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
