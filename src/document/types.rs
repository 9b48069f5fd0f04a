//! The typed policy document. The comments on types and keys are the descriptions in its JSON Schema.

use super::change_rule::ChangeRule;
use super::list::{List, Map};
use super::read::{document_enum, document_object};
use super::requirement::Requirement;
use super::sources::Source;
use super::values::{Id, Meta};
use crate::model::{FactKind, PrivilegeKind, Value};

document_object! {
    /// A policy: the facts, privileges, roles, menu and operations of one product.
    Document
    required {
        /// The version of the document format: 1.
        "format" format: u32,
        /// The id of the policy.
        "id" id: Id,
        /// The title of the policy, shown to people.
        "title" title: String,
        /// The version of the policy, shown to people.
        "version" version: String,
    }
    optional {
        /// The JSON Schema of the format, for editors. It is not part of the policy.
        "$schema" schema: Option<String>,
        /// The verbs of operations: add, edit, delete, … At most 32.
        "verbs" verbs: List<Verb>,
        /// The facts: properties of the installation or the subject that are not granted.
        "facts" facts: List<Fact>,
        /// The conditions: named requirements, used like facts.
        "conditions" conditions: List<Condition>,
        /// The privileges: what an administrator grants.
        "privileges" privileges: List<Privilege>,
        /// The roles: named sets of grants.
        "roles" roles: List<Role>,
        /// The menu tree.
        "menu" menu: List<MenuItem>,
        /// The operations: what can be done in the product.
        "operations" operations: List<Operation>,
        /// The guides: set-up paths in order.
        "guides" guides: List<Guide>,
        /// The rules about changes to subjects and roles.
        "changeRules" change_rules: List<ChangeRule>,
        /// Renamed ids: the id in older versions of the policy and its present id.
        "renamed" renamed: Map<Id>,
        /// The names of further files of this document. Their lists follow those of this file.
        "include" include: List<String>,
        /// The accepted warnings, each with its reason.
        "allow" allow: List<Allow>,
    }
}

document_object! {
    /// A verb: an action of operations.
    Verb
    required {
        /// The id.
        "id" id: Id,
        /// The label.
        "label" label: String,
    }
    optional {}
}

document_object! {
    /// An option of a choice or set, or a level of a fact.
    Choice
    required {
        /// The id, unique among the options or levels.
        "id" id: Id,
        /// The label.
        "label" label: String,
    }
    optional {}
}

document_object! {
    /// A level of a privilege. It includes the levels before it.
    Level
    required {
        /// The id, unique among the levels.
        "id" id: Id,
        /// The label.
        "label" label: String,
    }
    optional {
        /// The requirement for this level and the levels above it to have an effect.
        "requires" requires: Option<Requirement>,
    }
}

document_object! {
    /// A property of the installation or the subject that is not granted. It may be unknown.
    Fact
    required {
        /// The id. Facts, conditions, privileges and roles share one namespace.
        "id" id: Id,
        /// The kind of its value.
        "kind" kind: FactKind,
        /// The label, as the product shows it.
        "label" label: String,
    }
    optional {
        /// Where in the product it is set, shown to people.
        "where" place: Option<String>,
        /// Whose property it is. Without it, a fact with a `default` is one of the installation, and any other one of the
        /// subject. It has no effect on decisions.
        "scope" scope: Option<FactScope>,
        /// The options of a choice.
        "options" options: List<Choice>,
        /// The levels of a level, lowest first.
        "levels" levels: List<Choice>,
        /// The value that the product ships with. It is documentation only and has no effect on decisions.
        "default" default: Option<Value>,
        /// The value for a subject that does not state the fact; without it the fact is then unknown. It must not allow
        /// an operation, or remove an obligation, that another value would not.
        "absent" absent: Option<Value>,
        /// A note for people.
        "note" note: Option<String>,
    }
}

document_enum! {
    /// Whose property a fact is.
    FactScope {
        /// Of the installation: the same for everybody.
        Installation = "installation",
        /// Of the subject.
        Subject = "subject",
    }
}

document_object! {
    /// A named requirement. Other requirements read it like a fact, and explanations name it by its label. It is not granted.
    Condition
    required {
        /// The id. Facts, conditions, privileges and roles share one namespace.
        "id" id: Id,
        /// The label: what is the case when it holds.
        "label" label: String,
        /// The requirement.
        "requires" requires: Requirement,
    }
    optional {
        /// A note for people.
        "note" note: Option<String>,
    }
}

document_object! {
    /// A privilege: what an administrator grants.
    Privilege
    required {
        /// The id. Facts, conditions, privileges and roles share one namespace.
        "id" id: Id,
        /// The kind of the granted value.
        "kind" kind: PrivilegeKind,
        /// The label, as the product shows it.
        "label" label: String,
    }
    optional {
        /// The group in which the product lists it.
        "group" group: String,
        /// The requirement for a grant of it to have an effect.
        "requires" requires: Option<Requirement>,
        /// The levels of a level privilege, lowest first.
        "levels" levels: List<Level>,
        /// The options of a choice or set.
        "options" options: List<Choice>,
        /// The unit of a number privilege.
        "unit" unit: Option<String>,
        /// The least number that may be granted; 0 by default.
        "min" min: Option<u32>,
        /// The greatest number that may be granted; 4294967295 by default.
        "max" max: Option<u32>,
        /// The cost of assigning it in a fix: a whole number from 1; 1 by default.
        "cost" cost: Option<u32>,
        /// Where the product grants it. It limits the proposed fixes, not the grants that a subject may have.
        "grantedThrough" granted_through: Option<GrantedThrough>,
        /// A note for people.
        "note" note: Option<String>,
        /// Data of the product that Privet only carries: any JSON. `describe` returns it.
        "meta" meta: Option<Meta>,
        /// The sources of this declaration.
        "sources" sources: List<Source>,
    }
}

document_enum! {
    /// Where the product grants a privilege.
    ///
    /// # Examples
    /// ```
    /// use privet::{FixOptions, GrantedThrough};
    ///
    /// let options = FixOptions { through: Some(GrantedThrough::Role), ..FixOptions::default() };
    /// assert_eq!(options.through, Some(GrantedThrough::Role));
    /// ```
    GrantedThrough {
        /// To the subject itself.
        Subject = "subject",
        /// To a role.
        Role = "role",
        /// To either.
        Both = "both",
    }
}

document_object! {
    /// A named set of grants.
    Role
    required {
        /// The id. Facts, conditions, privileges and roles share one namespace.
        "id" id: Id,
        /// The label.
        "label" label: String,
    }
    optional {
        /// The grants: privilege ids and their values. `false` and `[]` are no grant.
        "grants" grants: Map<Value>,
        /// The ids of the roles whose grants it has as well. Flags, levels and sets are joined; of a choice or number the
        /// role's own value counts, else the largest number. `when` is not inherited.
        "inherits" inherits: List<Id>,
        /// The requirement under which the role is held without being listed. It may read facts, and conditions that read
        /// only facts.
        "when" when: Option<Requirement>,
        /// Data of the product that Privet only carries: any JSON. `describe` returns it.
        "meta" meta: Option<Meta>,
        /// Whether the role is an example that the product does not ship.
        "inferred" inferred: bool,
    }
}

document_object! {
    /// An item of the menu tree.
    MenuItem
    required {
        /// The id.
        "id" id: Id,
        /// The label, as the product shows it.
        "label" label: String,
    }
    optional {
        /// The id of its parent item.
        "parent" parent: Option<Id>,
        /// Data of the product that Privet only carries, such as an address or an icon: any JSON. Packs contain it, and
        /// the menu of a session has it.
        "meta" meta: Option<Meta>,
    }
}

document_object! {
    /// An operation: one thing that can be done in the product.
    Operation
    required {
        /// The id.
        "id" id: Id,
        /// The label: what it does, in a few words.
        "label" label: String,
        /// The requirement for it to be allowed.
        "requires" requires: Requirement,
    }
    optional {
        /// The section of the product that it belongs to.
        "section" section: String,
        /// The ids of the menu items where it is placed.
        "menu" menu: List<Id>,
        /// The ids of its verbs.
        "verbs" verbs: List<Id>,
        /// The obligations that it has when it is allowed.
        "obligations" obligations: List<Obligation>,
        /// Whether it represents a restriction. It then does not make menu items visible, is not listed as allowed, and
        /// gets no fixes.
        "restricts" restricts: bool,
        /// A note for people.
        "note" note: Option<String>,
        /// Data of the product that Privet only carries: any JSON. `describe` returns it.
        "meta" meta: Option<Meta>,
        /// The sources of this declaration.
        "sources" sources: List<Source>,
    }
}

document_object! {
    /// An obligation: what must still be done when the operation is allowed.
    Obligation
    required {
        /// The id. Other operations may have an obligation with the same id and the same meaning.
        "id" id: Id,
        /// The label: what must be done.
        "label" label: String,
        /// The requirement under which it is owed. If it is undecided, the obligation is owed.
        "when" when: Requirement,
    }
    optional {}
}

document_object! {
    /// A guide: a set-up path of ordered steps.
    Guide
    required {
        /// The id.
        "id" id: Id,
        /// The label.
        "label" label: String,
    }
    optional {
        /// The steps in order.
        "steps" steps: List<Step>,
    }
}

document_object! {
    /// A step of a guide.
    Step
    required {
        /// The id, unique within the guide.
        "id" id: Id,
        /// The label: what to do.
        "label" label: String,
        /// The requirement that holds when the step is done.
        "done" done: Requirement,
    }
    optional {
        /// The id of the operation that does the step.
        "operation" operation: Option<Id>,
        /// The name of the actor who does the step.
        "who" who: Option<Id>,
        /// The name of the actor whose session `done` reads; `who` by default.
        "of" of: Option<Id>,
    }
}

document_object! {
    /// An accepted warning.
    Allow
    required {
        /// The code of the warning.
        "code" code: String,
        /// The place of the warning, with ids in place of indices: `/operations/phones.copy/requires`.
        "at" at: String,
        /// The reason why the warning is accepted.
        "reason" reason: String,
    }
    optional {}
}

impl Privilege {
    /// The ids of the levels or options, in order.
    pub fn values(&self) -> std::vec::Vec<String> {
        let levels = self.levels.iter().map(|level| &level.id);
        levels.chain(self.options.iter().map(|option| &option.id)).map(|id| String::from(&**id)).collect()
    }

    /// The least and the greatest number that may be granted.
    pub fn range(&self) -> (u32, u32) {
        (self.min.unwrap_or(0), self.max.unwrap_or(u32::MAX))
    }
}

impl Fact {
    /// Whose property it is.
    pub fn scope(&self) -> FactScope {
        let assumed = if self.default.is_some() { FactScope::Installation } else { FactScope::Subject };
        self.scope.unwrap_or(assumed)
    }

    /// The ids of the levels or options, in order.
    pub fn values(&self) -> std::vec::Vec<String> {
        self.levels.iter().chain(&*self.options).map(|value| String::from(&*value.id)).collect()
    }
}
