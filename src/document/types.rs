//! The typed policy document, key by key.

use super::list::{List, Map};
use super::read::{document_enum, document_object};
use super::requirement::Requirement;
use super::values::Id;
use crate::model::{FactKind, PrivilegeKind, Value};

document_object! {
    /// A policy: everything that decides what the people of one product see and may do.
    Document
    required {
        /// The version of this format: 1.
        "format" format: u32,
        /// The policy's id.
        "id" id: Id,
        /// The policy's title, for people.
        "title" title: String,
        /// The policy's version, for people.
        "version" version: String,
    }
    optional {
        /// The schema of this format, for editors. It is no part of the policy.
        "$schema" schema: Option<String>,
        /// What operations do: add, edit, delete, … At most 32.
        "verbs" verbs: List<Verb>,
        /// What is true of the installation or the subject, and nobody grants.
        "facts" facts: List<Fact>,
        /// What an administrator grants.
        "privileges" privileges: List<Privilege>,
        /// Named sets of grants.
        "roles" roles: List<Role>,
        /// The menu tree.
        "menu" menu: List<MenuItem>,
        /// What can be done in the product.
        "operations" operations: List<Operation>,
        /// Ordered set-up paths.
        "guides" guides: List<Guide>,
        /// Who may make which change to whom.
        "changeRules" change_rules: List<ChangeRule>,
        /// Ids of older versions, and what they are called now.
        "renamed" renamed: Map<Id>,
        /// Warnings that are accepted, each with its reason.
        "allow" allow: List<Allow>,
    }
}

document_object! {
    /// Something that an operation does.
    Verb
    required {
        /// Its id.
        "id" id: Id,
        /// Its label.
        "label" label: String,
    }
    optional {}
}

document_object! {
    /// One of the options of a choice or set.
    Choice
    required {
        /// Its id, unique among the options.
        "id" id: Id,
        /// Its label.
        "label" label: String,
    }
    optional {}
}

document_object! {
    /// One level of a privilege; it contains the levels before it.
    Level
    required {
        /// Its id, unique among the levels.
        "id" id: Id,
        /// Its label.
        "label" label: String,
    }
    optional {
        /// What must hold for this level, and those above it, to have an effect.
        "requires" requires: Option<Requirement>,
    }
}

document_object! {
    /// Something true of the installation or the subject that nobody grants. It may be unknown.
    Fact
    required {
        /// Its id. Facts, privileges and roles share one name space.
        "id" id: Id,
        /// What kind of value it has.
        "kind" kind: FactKind,
        /// The product's own name for it.
        "label" label: String,
    }
    optional {
        /// Where it is set.
        "where" place: Option<String>,
        /// The options of a choice.
        "options" options: List<Choice>,
        /// What the product ships with. For readers only: it decides nothing.
        "default" default: Option<Value>,
        /// The value that it has when a subject does not give it. It must open nothing that another value would not.
        "absent" absent: Option<Value>,
        /// A remark, for people.
        "note" note: Option<String>,
    }
}

document_object! {
    /// Something that an administrator grants.
    Privilege
    required {
        /// Its id. Facts, privileges and roles share one name space.
        "id" id: Id,
        /// What kind of value a grant of it has.
        "kind" kind: PrivilegeKind,
        /// The product's own name for it.
        "label" label: String,
    }
    optional {
        /// The group under which the product lists it.
        "group" group: String,
        /// What must hold for a grant of it to have an effect.
        "requires" requires: Option<Requirement>,
        /// The levels of a level privilege, lowest first.
        "levels" levels: List<Level>,
        /// The options of a choice or set.
        "options" options: List<Choice>,
        /// The unit of a number.
        "unit" unit: Option<String>,
        /// The least number that may be granted.
        "min" min: Option<u32>,
        /// The greatest number that may be granted.
        "max" max: Option<u32>,
        /// What granting it costs in a fix: a whole number from 1; 1 unless given.
        "cost" cost: Option<u32>,
        /// Where the product grants it; it restrains what is proposed, never what may be held.
        "grantedThrough" granted_through: Option<GrantedThrough>,
        /// A remark, for people.
        "note" note: Option<String>,
        /// Where this is known from.
        "sources" sources: List<Source>,
    }
}

document_enum! {
    /// Where a product grants a privilege.
    GrantedThrough {
        /// On the subject's own record.
        Subject = "subject",
        /// In a role.
        Role = "role",
        /// Either.
        Both = "both",
    }
}

document_object! {
    /// A named set of grants.
    Role
    required {
        /// Its id. Facts, privileges and roles share one name space.
        "id" id: Id,
        /// Its label.
        "label" label: String,
    }
    optional {
        /// What it grants: privileges' ids and values.
        "grants" grants: Map<Value>,
        /// When it is held without being listed; it may test facts only.
        "when" when: Option<Requirement>,
        /// Whether it is an example rather than something the product ships.
        "inferred" inferred: bool,
    }
}

document_object! {
    /// A node of the menu tree.
    MenuItem
    required {
        /// Its id.
        "id" id: Id,
        /// The product's own name for it.
        "label" label: String,
    }
    optional {
        /// The item that it stands under.
        "parent" parent: Option<Id>,
    }
}

document_object! {
    /// One thing done in the product.
    Operation
    required {
        /// Its id.
        "id" id: Id,
        /// What it is, in a few words.
        "label" label: String,
        /// What must hold for it to be allowed.
        "requires" requires: Requirement,
    }
    optional {
        /// The part of the product that it belongs to.
        "section" section: String,
        /// The menu items that it is placed at.
        "menu" menu: List<Id>,
        /// What it does there.
        "verbs" verbs: List<Id>,
        /// What it still owes when it is allowed.
        "obligations" obligations: List<Obligation>,
        /// Whether it stands for a restriction: it then shows no menu item and is not listed as allowed.
        "restricts" restricts: bool,
        /// A remark, for people.
        "note" note: Option<String>,
        /// Where this is known from.
        "sources" sources: List<Source>,
    }
}

document_object! {
    /// What an allowed operation still owes.
    Obligation
    required {
        /// Its id. It may recur in other operations, with the same meaning.
        "id" id: Id,
        /// What is owed.
        "label" label: String,
        /// When it is owed: unless this is known not to hold.
        "when" when: Requirement,
    }
    optional {}
}

document_object! {
    /// Where something is known from.
    Source
    required {
        /// The document.
        "document" document: String,
    }
    optional {
        /// Its line, from 1.
        "row" row: Option<u32>,
        /// Whether the document does not state it, but it follows.
        "inferred" inferred: bool,
    }
}

document_object! {
    /// An ordered set-up path.
    Guide
    required {
        /// Its id.
        "id" id: Id,
        /// Its label.
        "label" label: String,
    }
    optional {
        /// Its steps, first to last.
        "steps" steps: List<Step>,
    }
}

document_object! {
    /// A step of a guide.
    Step
    required {
        /// Its id, unique within the guide.
        "id" id: Id,
        /// What to do.
        "label" label: String,
        /// When it is done.
        "done" done: Requirement,
    }
    optional {
        /// The operation by which it is done.
        "operation" operation: Option<Id>,
        /// Who does it.
        "who" who: Option<Id>,
        /// Whom `done` is read off, where that is not the one who does it.
        "of" of: Option<Id>,
    }
}

document_object! {
    /// Who may make which change to whom, and what must hold of the result.
    ChangeRule
    required {
        /// Its id.
        "id" id: Id,
        /// What it says.
        "label" label: String,
        /// What kinds of change it is about.
        "on" on: List<ChangeKind>,
        /// What must hold. Ids carry `actor.`, `before.` or `after.`; a bare one reads the result.
        "requires" requires: Requirement,
    }
    optional {
        /// The privileges, roles or facts that it is about; all of them unless given. It narrows each kind of change to
        /// those that concern one of them; nothing narrows `result`.
        "of" of: List<Id>,
        /// Whose effective grants must cover every grant that the change adds: nobody gives what they do not hold.
        "within" within: Option<Within>,
        /// Where this is known from.
        "sources" sources: List<Source>,
    }
}

document_enum! {
    /// Within whose grants a change must stay.
    Within {
        /// Those of the one who makes it.
        Actor = "actor",
    }
}

document_enum! {
    /// A kind of change.
    ChangeKind {
        /// To somebody's own grants; those of somebody new are all given.
        Privileges = "privileges",
        /// To the roles that somebody lists, inline ones too; those of somebody new are all given.
        Roles = "roles",
        /// To facts; somebody new changes those that do not hold of the one who makes the change.
        Facts = "facts",
        /// Somebody new; `before` is the one who is copied, or nobody.
        Create = "create",
        /// Somebody less; `after` is nobody.
        Delete = "delete",
        /// To what a role grants; `before` and `after` hold it.
        RoleDefinition = "role-definition",
        /// None: it must hold of the result of any change.
        Result = "result",
    }
}

document_object! {
    /// A warning that is accepted.
    Allow
    required {
        /// Its code.
        "code" code: String,
        /// Where it is given, as a JSON pointer.
        "at" at: String,
        /// Why it is right as it is.
        "reason" reason: String,
    }
    optional {}
}

impl Privilege {
    /// The levels or options, by id.
    pub fn values(&self) -> std::vec::Vec<String> {
        let levels = self.levels.iter().map(|level| &level.id);
        levels.chain(self.options.iter().map(|option| &option.id)).map(|id| String::from(&**id)).collect()
    }

    /// The least and greatest number that may be granted.
    pub fn range(&self) -> (u32, u32) {
        (self.min.unwrap_or(0), self.max.unwrap_or(u32::MAX))
    }
}

impl Fact {
    /// The options, by id.
    pub fn values(&self) -> std::vec::Vec<String> {
        self.options.iter().map(|option| String::from(&*option.id)).collect()
    }
}
