//! The differences that a change makes: own grants, roles and facts that differ, and every grant, from any giver, that
//! counts after the change and did not before, or the reverse.

use super::kind::ReviewKind;
use crate::document::{ChangeKind, ChangeRule, Within};
use crate::model::{PrivilegeKind, Verdict};
use crate::pack::{Entry, Grant, Program, Table};
use crate::session::{Giver, Session, grants_of};
use crate::util::sort;

/// The differences between the subject before and after a change. Lists are sorted indices.
pub(super) struct ChangeSummary<'a> {
    program: &'a Program,
    kind: Option<ReviewKind>,
    /// Privileges whose own grants differ.
    own: Vec<u32>,
    /// Roles that are listed only before or only after.
    roles: Vec<u32>,
    /// Whether the inline roles differ. They have no ids, so all rules on roles apply.
    inline: bool,
    facts: Vec<u32>,
    /// The grants that the change adds, and those that it removes.
    added: Vec<Grant>,
    removed: Vec<Grant>,
}

impl<'a> ChangeSummary<'a> {
    /// Compares `before` and `after`. `grants_before` is `before`, or for a creation the empty subject: all grants and
    /// roles of a new subject are new. In a creation, a fact counts as changed only if its value differs from `before`
    /// and from the actor's.
    pub(super) fn new(
        kind: Option<ReviewKind>,
        actor: &Session,
        before: &Session,
        grants_before: &Session,
        after: &Session<'a>,
    ) -> Self {
        let program = after.program();
        let (old, new) = (grants_before.state(), after.state());
        let mut own: Vec<u32> = different(&old.own, &new.own).map(|grant| grant.privilege).collect();
        sort::sort(&mut own);
        let differs = |index: &usize| {
            let value = after.fact(*index);
            value != before.fact(*index) && (kind != Some(ReviewKind::Create) || value != actor.fact(*index))
        };
        let has_other = |a: &[Vec<Grant>], b: &[Vec<Grant>]| a.iter().any(|role| !b.contains(role));
        let is_deletion = kind == Some(ReviewKind::Delete);
        let mut roles: Vec<u32> = different(&old.roles, &new.roles).collect();
        sort::sort(&mut roles);
        Self {
            program,
            kind,
            own,
            roles,
            inline: has_other(&old.inline, &new.inline) || has_other(&new.inline, &old.inline),
            facts: (0..program.facts.len()).filter(differs).filter_map(|index| u32::try_from(index).ok()).collect(),
            // Who is deleted has nothing afterwards, and who is created had nothing before, also of what facts would assume
            added: if is_deletion { Vec::new() } else { added(grants_before, after) },
            removed: match kind {
                Some(ReviewKind::Delete) => all(grants_before),
                Some(ReviewKind::Create) => Vec::new(),
                _ => added(after, grants_before),
            },
        }
    }

    /// Whether a rule applies to the change. O(`of` × log of the number of differences).
    pub(super) fn rule_applies(&self, rule: &ChangeRule) -> bool {
        let assigns = matches!(self.kind, None | Some(ReviewKind::Create));
        let any_named = |differ: &dyn Fn(&str) -> bool| rule.of.iter().any(|id| differ(id));
        let touches = |list: &[u32], differ: &dyn Fn(&str) -> bool| {
            if rule.of.is_empty() { !list.is_empty() } else { any_named(differ) }
        };
        let own = |id: &str| contains_id(&self.own, &self.program.privileges, id);
        let role = |id: &str| contains_id(&self.roles, &self.program.roles, id);
        let fact = |id: &str| contains_id(&self.facts, &self.program.facts, id);
        let grants_privilege = |id: &str, grants: &[Grant]| {
            let index = self.program.privileges.find(id);
            index.is_some_and(|index| grants.binary_search_by_key(&index, |it| it.privilege as usize).is_ok())
        };
        let adds = |id: &str| grants_privilege(id, &self.added);
        let removes = |id: &str| grants_privilege(id, &self.removed);
        let any = |id: &str| own(id) || role(id) || fact(id) || adds(id) || removes(id);
        // With `within`, `of` may name privileges of any giver, so the rule applies if one of them is added or removed.
        let limits_added = || match rule.within {
            Some(Within::Actor) => any_named(&adds),
            Some(Within::ActorAll) => any_named(&adds) || any_named(&removes),
            Some(Within::ActorOpens) | None => false,
        };
        rule.on.iter().any(|on| match on {
            ChangeKind::Result => true,
            ChangeKind::Create | ChangeKind::Delete | ChangeKind::RoleDefinition => {
                self.kind.is_some_and(|kind| kind.of_rules() == *on)
                    && (*on != ChangeKind::RoleDefinition || self.grants_differ())
                    && (rule.of.is_empty() || self.inline || any_named(&any))
            }
            ChangeKind::Privileges => assigns && touches(&self.own, &own),
            ChangeKind::Roles => assigns && (self.inline || touches(&self.roles, &role) || limits_added()),
            ChangeKind::Facts => assigns && (touches(&self.facts, &fact) || limits_added()),
        })
    }

    /// Whether what is granted, or who gives it, differs.
    fn grants_differ(&self) -> bool {
        let lists = [self.own.is_empty(), self.roles.is_empty(), self.added.is_empty(), self.removed.is_empty()];
        self.inline || lists.contains(&false)
    }

    /// The grants that the change adds or removes and that a rule limits to what the actor holds, sorted.
    pub(super) fn limited_grants(&self, rule: &ChangeRule) -> Vec<Grant> {
        let removed = self.removed.iter().filter(|_| rule.within == Some(Within::ActorAll));
        let added = self.added.iter().filter(|_| matches!(rule.within, Some(Within::Actor | Within::ActorAll)));
        let mut grants: Vec<Grant> = added.chain(removed).copied().collect();
        sort::sort(&mut grants);
        grants.dedup();
        grants
    }
}

/// The elements that are in exactly one of two sorted lists.
fn different<'a, T: Ord + Copy>(old: &'a [T], new: &'a [T]) -> impl Iterator<Item = T> + 'a {
    let removed = old.iter().filter(|it| new.binary_search(it).is_err());
    removed.chain(new.iter().filter(|it| old.binary_search(it).is_err())).copied()
}

fn contains_id<T: Entry>(list: &[u32], table: &Table<T>, id: &str) -> bool {
    table.find(id).is_some_and(|index| list.binary_search_by_key(&index, |it| *it as usize).is_ok())
}

/// The grants of `after` that `before` does not have from the same giver, and those that an own choice or number hid in
/// `before` only. Givers are the subject itself, its listed roles, inline roles, and roles whose `when` holds or is unknown.
/// Inline roles have no identity, so any inline role with the grant counts as the same giver.
fn added(before: &Session, after: &Session) -> Vec<Grant> {
    let program = after.program();
    let held = before.held_roles();
    // Who is listed keeps the role when the facts no longer assume it
    let is_listed = |session: &Session, role: usize| session.state().roles.iter().any(|it| *it as usize == role);
    let role = |role: usize| match held.get(role) {
        Some(verdict) if !is_listed(after, role) || is_listed(before, role) => *verdict,
        _ => Verdict::No,
    };
    let had = |grant: Grant, giver: Giver| match giver {
        Giver::Own => includes(program, &before.state().own, grant),
        Giver::Inline(_) => before.state().inline.iter().any(|role| includes(program, role, grant)),
        Giver::Role(index) => role(index) == Verdict::Yes,
        Giver::Possible(index) => role(index) != Verdict::No,
    };
    let is_new = |(grant, giver): &(Grant, Giver)| {
        let hidden = |session: &Session| {
            let own = &session.state().own;
            // An own number at least as large includes what it hides
            *giver != Giver::Own && hides(session, grant.privilege) && !includes(program, own, *grant)
        };
        !had(*grant, *giver) || hidden(before) && !hidden(after)
    };
    let mut added: Vec<Grant> = after.grants_with_givers().into_iter().filter(is_new).map(|(grant, _)| grant).collect();
    sort::sort(&mut added);
    added.dedup();
    added
}

/// All that a subject has, from any giver, also from roles in doubt.
fn all(session: &Session) -> Vec<Grant> {
    let mut all: Vec<Grant> = session.grants_with_givers().into_iter().map(|(grant, _)| grant).collect();
    sort::sort(&mut all);
    all.dedup();
    all
}

/// Whether the grants include one: levels and numbers include lower ones.
fn includes(program: &Program, grants: &[Grant], grant: Grant) -> bool {
    let kind = program.privileges.at(grant.privilege).map(|it| it.kind);
    grants_of(grants, grant.privilege).iter().any(|had| match kind {
        Some(PrivilegeKind::Level | PrivilegeKind::Number) => had.value >= grant.value,
        _ => had.value == grant.value,
    })
}

/// Whether the subject's own value hides the values that roles grant: of a choice or number, only the own value counts.
fn hides(session: &Session, privilege: u32) -> bool {
    let kind = session.program().privileges.at(privilege).map(|it| it.kind);
    let is_single = matches!(kind, Some(PrivilegeKind::Choice | PrivilegeKind::Number));
    is_single && !grants_of(&session.state().own, privilege).is_empty()
}
