//! Change rules in the typed policy document. The comments on types and keys are the descriptions in its JSON Schema.

use super::list::List;
use super::read::{document_enum, document_object};
use super::requirement::Requirement;
use super::sources::Source;
use super::values::Id;

document_object! {
    /// A rule about changes to subjects and roles: what must hold for an actor to make a change.
    ChangeRule
    required {
        /// The id.
        "id" id: Id,
        /// The label: what the rule demands.
        "label" label: String,
        /// The kinds of change to which it applies.
        "on" on: List<ChangeKind>,
        /// The requirement on the change. An id with the prefix `actor.`, `before.` or `after.` reads that subject;
        /// without a prefix it reads the subject after the change.
        "requires" requires: Requirement,
    }
    optional {
        /// The ids of the privileges, roles or facts to which it applies; all by default. It limits each kind of change
        /// to changes of one of them. A rule on `result` applies to every change; there `of` limits only `within`.
        "of" of: List<Id>,
        /// What of the change must lie within the actor's own authority.
        "within" within: Option<Within>,
        /// Whether the result must have no dormant grants (of the privileges in `of`, if there are any): grants that are known
        /// to have no effect.
        "noDormant" no_dormant: bool,
        /// The sources of this declaration.
        "sources" sources: List<Source>,
    }
}

document_enum! {
    /// What of a change must lie within the authority of the actor: of the subject who makes it.
    Within {
        /// The actor effectively holds every grant that the change adds.
        Actor = "actor",
        /// The actor effectively holds every grant that the change adds or removes: in a deletion, all that the subject had; in a
        /// redefinition of a role, all that it gains or loses.
        ActorAll = "actor-all",
        /// The actor is allowed every operation that the change opens: each that was not allowed before and is, or may be, allowed
        /// after it. Operations that restrict do not count.
        ActorOpens = "actor-opens",
    }
}

document_enum! {
    /// A kind of change.
    ChangeKind {
        /// A change of the subject's own grants. A created subject's own grants all count as added.
        Privileges = "privileges",
        /// A change of the subject's listed or inline roles. A created subject's roles all count as added.
        Roles = "roles",
        /// A change of facts. For a created subject, those that differ from the actor and from `before`.
        Facts = "facts",
        /// The creation of a subject. `before` is the subject that is copied, or an empty subject.
        Create = "create",
        /// The deletion of a subject. `after` has no grants and no roles.
        Delete = "delete",
        /// A change of a role's grants. `before` and `after` are subjects that hold the old and the new grants.
        RoleDefinition = "role-definition",
        /// Every change. The rule must hold for the result.
        Result = "result",
    }
}
