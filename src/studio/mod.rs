//! Queries about a policy: explanations, fixes, least privilege, impact, comparison of versions, reviews of changes,
//! guides. A query never modifies the policy or a session.

mod changes;
mod compiled;
mod costs;
mod describe;
mod explain;
mod fixes;
mod givers;
mod impact;
mod labels;
pub mod messages;
mod residual;
mod search;
#[cfg(feature = "schema")]
mod typescript;
mod versions;

pub use changes::kind::ReviewKind;
pub use changes::preview::{MenuChanges, Owed, Preview};
pub use changes::review::{BrokenRule, Review, ReviewOptions};
pub use compiled::Studio;
pub use describe::PolicyDescription;
pub use explain::model::{Arguments, DormantGrant, Explanation, Missing, NearMiss, NodeKind, TestNode};
pub use explain::reason::{Reason, Through};
pub use fixes::change::{FactStep, FixStep, GrantStep, RoleStep};
pub use fixes::fix::{Fix, FixResult};
pub use fixes::goal::Goal;
pub use fixes::guide::{Actors, GuideStep, StepState};
pub use fixes::least::{LeastPrivilege, NEAREST, NearestRoles};
pub use fixes::least_options::{LeastPrivilegeBy, LeastPrivilegeOptions};
pub use fixes::options::FixOptions;
pub use givers::PeopleGiver;
#[cfg(all(feature = "wasm", target_arch = "wasm32"))]
pub(crate) use givers::{GiverQuery, Givers};
pub use impact::{Impact, Target};
pub use labels::Labels;
pub use messages::Messages;
#[cfg(feature = "schema")]
pub use messages::typescript::messages as typescript_of_messages;
pub use residual::Residual;
#[cfg(feature = "schema")]
pub use typescript::typescript;
pub use versions::compare::PolicyDifference;
pub use versions::difference::{Difference, DifferenceKind};

use crate::model::Verdict;
use crate::population::{Matches, Population};
use crate::session::{Change, Session, Subject, SubjectError};

/// Queries about one session.
impl Studio {
    /// Explains the decision on an operation. O(operations + roles + what the operation reads).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{Studio, Subject, Value};
    ///
    /// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
    /// let facts = vec![("email-allowed".into(), Value::Flag(true))];
    /// let session = studio.policy().session(&Subject { facts, ..Subject::default() })?;
    /// let why = studio.explain(&session, "email-accounts.open")?;
    /// assert_eq!(why.sentence, "Open Email Accounts: denied, because Modify Email Accounts is not granted.");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(&self, session: &Session, operation: &str) -> Result<Explanation, SubjectError> {
        let is_allowed = session.decide(operation)?.verdict == Verdict::Yes;
        let index = self.policy().program().operations.find(operation).unwrap_or(usize::MAX);
        let deciding = is_allowed.then(|| fixes::sufficient::decisive_and_redundant(self, session, index));
        let mut explanation = explain::explain(self, session, operation, deciding)?;
        if !is_allowed {
            explanation.near_misses = fixes::near_misses::near_misses(self, session, index);
        }
        Ok(explanation)
    }

    /// All changes of least cost after which the operation is allowed, or denied. O(size of the operation's decision
    /// diagram), bounded by [`limits`](crate::model::limits).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{FixOptions, Studio, Subject, Value};
    ///
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let grants = vec![("can-approve-campaigns".into(), Value::Flag(true))];
    /// let session = studio.policy().session(&Subject { grants, ..Subject::default() })?;
    /// let result = studio.fixes(&session, "campaigns.approve", &FixOptions::default())?;
    /// assert_eq!(result.fixes[0].sentence, "Grant Can send without approval and grant Sender. This also opens “Send campaigns” and “Send campaigns without approval”.");
    /// assert!(session.with(&result.fixes[0].change)?.can("campaigns.approve")?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fixes(&self, session: &Session, operation: &str, options: &FixOptions) -> Result<FixResult, SubjectError> {
        fixes::smallest::fixes(self, session, operation, options)
    }

    /// Computes the effects of a change. O(program + subject), plus an explanation for each dormant grant that the
    /// change adds or removes.
    ///
    /// # Errors
    /// As [`Session::with`].
    ///
    /// # Examples
    /// ```
    /// use privet::{Change, Studio, Subject, Value};
    ///
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let session = studio.policy().session(&Subject::default())?;
    /// let change = Change { set: vec![("programs".into(), Value::Flag(true))], ..Change::default() };
    /// let preview = studio.preview(&session, &change)?;
    /// assert_eq!(preview.gained, ["programs.access"]);
    /// assert_eq!(preview.menu.shown, ["programs"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn preview(&self, session: &Session, change: &Change) -> Result<Preview, SubjectError> {
        changes::preview::preview(self, session, change)
    }

    /// The differences between two sessions, as effects of the step from `before` to `after`. O(program), plus an
    /// explanation for each dormant grant that only one of them has.
    ///
    /// # Examples
    /// ```
    /// use privet::{Studio, Subject, Value};
    ///
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let with = |id: &str| Subject { grants: vec![(id.into(), Value::Flag(true))], ..Subject::default() };
    /// let anna = studio.policy().session(&with("programs"))?;
    /// let ben = studio.policy().session(&with("ecommerce"))?;
    /// let difference = studio.difference(&anna, &ben);
    /// assert_eq!(difference.gained, ["ecommerce.access"]);
    /// assert_eq!(difference.lost, ["programs.access"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn difference(&self, before: &Session, after: &Session) -> Preview {
        changes::preview::difference(self, before, after)
    }

    /// All dormant grants in policy order: grants that are known to have no effect, and levels whose upper part is
    /// known to have none, each with the tests that fail. An undecided grant is not dormant. O(program), plus an
    /// explanation for each.
    ///
    /// # Examples
    /// ```
    /// use privet::{Studio, Subject, Value};
    ///
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let grants = vec![("contact-exporter".into(), Value::Flag(true))];
    /// let session = studio.policy().session(&Subject { grants, ..Subject::default() })?;
    /// let dormant = studio.dormant(&session);
    /// assert_eq!(dormant[0].sentence, "Contact exporter is granted but has no effect while Contacts is not granted.");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn dormant(&self, session: &Session) -> Vec<DormantGrant> {
        changes::preview::dormant(self, session)
    }

    /// The steps of a guide with their states, in order. O(guide × the inputs that its requirements read).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId) for an unknown guide, or an actor's name that
    /// the guide does not use.
    ///
    /// # Examples
    /// ```
    /// use privet::{Actors, StepState, Studio, Subject, Value};
    ///
    /// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
    /// let facts = vec![("email-allowed".into(), Value::Flag(true))];
    /// let session = studio.policy().session(&Subject { facts, ..Subject::default() })?;
    /// let steps = studio.guide(Actors::One(&session), "inbound-email")?;
    /// assert_eq!((steps[0].state, steps[1].state), (StepState::Done, StepState::Blocked));
    /// assert_eq!(steps[2].waits_for, ["grant-modify-email-accounts"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn guide(&self, actors: Actors, guide: &str) -> Result<Vec<GuideStep>, SubjectError> {
        fixes::guide::guide(self, actors, guide)
    }
}

/// Queries about the policy and all subjects.
impl Studio {
    /// The contents of the policy: ids, labels, kinds, menu paths, requirements as text and as a tree, sources.
    /// O(document).
    ///
    /// # Examples
    /// ```
    /// use privet::Studio;
    ///
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let description = serde_json::to_value(studio.describe())?;
    /// assert_eq!(description["operations"][0]["id"], "analytics.view");
    /// assert_eq!(description["operations"][0]["menu"][0][0]["label"], "Analytics");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn describe(&self) -> PolicyDescription<'_> {
        describe::describer::describe(self)
    }

    /// The pack with the section of reasons: what `privet/why` names and says beside decisions, by the catalogue and the labels of this
    /// studio. The policy and its fingerprint are the same. O(document).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Studio};
    ///
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let pack = studio.pack_with_reasons();
    /// assert!(pack.len() > studio.policy().pack().len());
    /// assert_eq!(Policy::open(&pack)?.fingerprint(), studio.policy().fingerprint());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn pack_with_reasons(&self) -> Vec<u8> {
        self.policy().pack_with_reasons(&explain::section::section(self))
    }

    /// The changes that allow all of the operations to a subject without other grants, and of which nothing can be left
    /// out: those that open the fewest other operations, or have the least cost; and the existing roles that come nearest
    /// to them. Costs as [`Studio::fixes`] with the diagrams of all operations, plus a search for each role that grants
    /// what the operations read; bounded.
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId), and
    /// [`SubjectFault::InvalidOptions`](crate::session::SubjectFault::InvalidOptions) if the goal is to deny.
    ///
    /// # Examples
    /// ```
    /// use privet::{LeastPrivilegeOptions, Studio};
    ///
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let least = studio.least_privilege(&["campaigns.send", "contacts.export"], &LeastPrivilegeOptions::default())?;
    /// let grants = least.fixes.fixes[0].change.set.iter().map(|(privilege, _)| privilege.as_str());
    /// assert!(grants.eq(["contact-exporter", "contacts", "sender"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn least_privilege(
        &self,
        operations: &[&str],
        options: &LeastPrivilegeOptions,
    ) -> Result<LeastPrivilege, SubjectError> {
        fixes::least::least_privilege(self, operations, options)
    }

    /// What remains of an operation's requirement when the facts that the session does not give are open: a requirement over
    /// these facts, also over those with an `absent` value. For each value of them, given or not, it is what the session with
    /// these facts decides. It filters lists of records whose columns are the facts. O(program), and its size is limited.
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{Residual, Studio, Subject};
    ///
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let session = studio.policy().session(&Subject::default())?;
    /// let Residual::Requires { text, .. } = studio.residual(&session, "contacts.access")? else { panic!("it depends on facts") };
    /// assert_eq!(text, "owner");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn residual(&self, session: &Session, operation: &str) -> Result<Residual<'_>, SubjectError> {
        residual::residual(self, session, operation)
    }

    /// The operations that a privilege, role, fact or operation allows or prevents, the privileges that it needs, and
    /// the operations that are allowed only with it. O(operations × size of their decision diagrams).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId),
    /// [`SubjectFault::InvalidGrant`](crate::session::SubjectFault::InvalidGrant) and
    /// [`SubjectFault::InvalidFact`](crate::session::SubjectFault::InvalidFact).
    ///
    /// # Examples
    /// ```
    /// use privet::{Studio, Target};
    ///
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let impact = studio.impact(&Target::Privilege("sender".into(), None))?;
    /// assert_eq!(impact.unlocks, ["campaigns.send", "campaigns.send-without-approval", "campaigns.approve"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn impact(&self, target: &Target) -> Result<Impact, SubjectError> {
        impact::impact(self, target)
    }

    /// The decisions on which a later version of this policy differs: each operation, requirement and obligation with
    /// the smallest subject that shows the difference. O(operations × size of their decision diagrams).
    ///
    /// # Examples
    /// ```
    /// use privet::Studio;
    ///
    /// let before = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let (old, new) = (r#""requires": "programs""#, r#""requires": "programs or sender""#);
    /// let after = Studio::compile(&privet::policies::DOTDIGITAL.replace(old, new), false)?;
    /// let difference = before.compare(&after);
    /// assert_eq!(difference.changed[0].id, "programs.access");
    /// assert_eq!((&*difference.changed[0].before, &*difference.changed[0].after), ("denied", "allowed"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
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
    /// [`SubjectFault::InvalidSubject`](crate::session::SubjectFault::InvalidSubject) if a deletion leaves grants or roles;
    /// [`SubjectFault::InvalidOptions`](crate::session::SubjectFault::InvalidOptions) for more than 256 others.
    ///
    /// # Examples
    /// ```
    /// use privet::{ReviewOptions, Studio, Subject, Value, Verdict};
    ///
    /// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
    /// let user = |level: &str| ("user-level".into(), Value::Text(level.into()));
    /// let of_level = |level: &str| Subject { grants: vec![user(level)], ..Subject::default() };
    /// let grants = vec![user("8"), ("modify-users".into(), Value::Flag(true))];
    /// let editor = studio.policy().session(&Subject { grants, ..Subject::default() })?;
    /// let options = ReviewOptions::default();
    /// assert_eq!(studio.review(&editor, &of_level("7"), &of_level("8"), options)?.allowed, Verdict::Yes);
    /// let review = studio.review(&editor, &of_level("7"), &of_level("9"), options)?;
    /// assert_eq!(review.broken[0].rule, "users.assign-level");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn review(
        &self,
        actor: &Session,
        before: &Subject,
        after: &Subject,
        options: ReviewOptions,
    ) -> Result<Review, SubjectError> {
        changes::review::review(self, actor, before, after, options)
    }
}

/// Queries about a population of this policy.
impl Studio {
    /// The people who are allowed an operation, by who gives them what it needs: their own grants, a role, or inline roles. What it
    /// needs are the privileges that each one's [`Explanation`] names, as decisive or in its sentence. Those whom several give it are
    /// in the list of each; those who need no grant are in none. O(people × program), plus an explanation for each part of a subject that the operation reads.
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{PeopleGiver, RoleRef, Studio, Subject, Value};
    ///
    /// let studio = Studio::compile(privet::policies::CONTACT, false)?;
    /// let own = Subject { grants: vec![("reports".into(), Value::Text("view-only".into()))], ..Subject::default() };
    /// let inline = Subject { roles: vec![RoleRef::Inline(own.grants.clone())], ..Subject::default() };
    /// let staff = studio.policy().population(&[own, inline]);
    /// let givers = studio.givers(&staff, "item.reports.view")?;
    /// assert_eq!(givers, [(PeopleGiver::Own, vec![0]), (PeopleGiver::Inline, vec![1])]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn givers(&self, population: &Population, operation: &str) -> Result<Vec<Matches<PeopleGiver>>, SubjectError> {
        givers::givers(self, population, operation)
    }

    /// The operations for which a role gives people what they need, as [`Studio::givers`] has it, each with these people. O(people ×
    /// program), plus as `givers` for who has the role.
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](crate::session::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{RoleRef, Studio, Subject};
    ///
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let roles = vec![RoleRef::Known("account-owner".into())];
    /// let staff = studio.policy().population(&[Subject::default(), Subject { roles, ..Subject::default() }]);
    /// let given = studio.through(&staff, "account-owner")?;
    /// assert!(given.contains(&("campaigns.send".to_owned(), vec![1])));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn through(&self, population: &Population, role: &str) -> Result<Vec<Matches<String>>, SubjectError> {
        givers::through(self, population, role)
    }
}
