//! The cone of influence: the facts, privileges and roles that some formulas depend on, directly or indirectly.

use super::space::Id;
use crate::check::{Atom, Formula, Part, ResolvedPolicy};
use crate::model::PrivilegeKind;
use crate::pack::{Grant, Program};
use crate::session::State;
use hashbrown::HashSet;
use litemap::LiteMap;
use std::collections::BTreeSet;

/// The cone of influence of some formulas.
#[derive(Clone, Debug, Default)]
pub(in crate::studio) struct ConeOfInfluence {
    /// The parts of each fact and privilege that are tested. A role has no parts; it is here because it gives one of
    /// the privileges.
    pub(in crate::studio) ids: LiteMap<Id, BTreeSet<Part>>,
    /// The ids that are read positively (`false`: a larger value can help) and negatively (`true`: a smaller one can).
    polarity: BTreeSet<(Id, bool)>,
}

impl ConeOfInfluence {
    /// Computes the cone of some formulas. O(the formulas that they read + roles).
    pub(in crate::studio) fn of(
        resolved: ResolvedPolicy,
        program: &Program,
        formulas: impl IntoIterator<Item = Formula>,
    ) -> Self {
        let mut cone = Self::default();
        let mut seen = HashSet::new();
        let mut pending: Vec<(Formula, bool, Option<Atom>)> =
            formulas.into_iter().map(|it| (it, false, None)).collect();
        loop {
            while let Some((formula, negated, parent)) = pending.pop() {
                formula.atoms(&mut |atom, negative| {
                    let negative = negative != negated;
                    // A level requires the level below it. That is not a test of the lower level.
                    let is_level_below = parent.is_some_and(|parent| is_below(atom, parent));
                    if !is_level_below {
                        cone.add(atom, negative);
                    }
                    if !seen.insert((atom, negative, is_level_below)) {
                        return;
                    }
                    match atom {
                        Atom::Fact(..) => {}
                        Atom::Allowed(operation) => {
                            let read = resolved.exprs.operation(resolved.document, operation);
                            pending.extend(read.map(|read| (read, negative, None)));
                        }
                        Atom::Effective(privilege, part) => {
                            cone.polarity.insert((Id::Privilege(privilege), negative));
                            let read = resolved.exprs.requirement(resolved.document, privilege, part);
                            pending.extend(read.map(|read| (read, negative, Some(atom))));
                        }
                    }
                });
            }
            if !cone.add_roles(resolved, program, &mut pending) {
                return cone;
            }
        }
    }

    fn add(&mut self, atom: Atom, negative: bool) {
        let (id, part) = match atom {
            Atom::Fact(fact, part) => (Id::Fact(fact), part),
            Atom::Effective(privilege, part) => (Id::Privilege(privilege), part),
            Atom::Allowed(_) => return,
        };
        self.polarity.insert((id, negative));
        self.ids.entry(id).or_default().insert(part);
    }

    /// Adds the roles that grant a privilege in the cone, and roles whose `when` reads facts in the cone and that grant a
    /// choice; with their conditions, and the choices on which they may conflict. Returns whether it added a role.
    fn add_roles(
        &mut self,
        resolved: ResolvedPolicy,
        program: &Program,
        pending: &mut Vec<(Formula, bool, Option<Atom>)>,
    ) -> bool {
        let mut added = false;
        for (index, role) in program.roles.iter().enumerate() {
            if self.ids.contains_key(&Id::Role(index)) {
                continue;
            }
            let when = resolved.exprs.when(resolved.document, index);
            let gives = role.grants.iter().any(|it| self.ids.contains_key(&Id::Privilege(it.privilege as usize)));
            let is_choice =
                |privilege: u32| program.privileges.at(privilege).is_some_and(|it| it.kind == PrivilegeKind::Choice);
            let may_clash = role.grants.iter().any(|it| is_choice(it.privilege))
                && when.as_ref().is_some_and(|when| self.reads_any(when));
            if !gives && !may_clash {
                continue;
            }
            added = true;
            self.ids.insert(Id::Role(index), BTreeSet::new());
            // A role may give privileges of both polarities, so its condition is read with both.
            pending.extend(when.iter().flat_map(|when| [false, true].map(|negative| (when.clone(), negative, None))));
            for grant in role.grants.iter().filter(|it| is_choice(it.privilege)) {
                self.ids.entry(Id::Privilege(grant.privilege as usize)).or_default();
            }
        }
        added
    }

    /// Whether a formula over facts reads a fact in the cone.
    fn reads_any(&self, when: &Formula) -> bool {
        let mut reads = false;
        when.atoms(&mut |atom, _| {
            reads |= matches!(atom, Atom::Fact(fact, _) if self.ids.contains_key(&Id::Fact(fact)));
        });
        reads
    }

    /// The part of a state that is in the cone, without names and ends. O(state × log cone).
    pub(in crate::studio) fn part_of(&self, state: &State) -> State {
        let reads = |id: Id| self.ids.contains_key(&id);
        let grants = |grants: &[Grant]| -> Vec<Grant> {
            grants.iter().filter(|grant| reads(Id::Privilege(grant.privilege as usize))).copied().collect()
        };
        State {
            facts: state.facts.iter().filter(|(fact, _)| reads(Id::Fact(*fact as usize))).copied().collect(),
            own: grants(&state.own),
            roles: state.roles.iter().filter(|role| reads(Id::Role(**role as usize))).copied().collect(),
            inline: state.inline.iter().map(|role| grants(role)).filter(|grants| !grants.is_empty()).collect(),
            ..State::default()
        }
    }

    /// Whether the id is read so that a larger value (if `negatively`, a smaller one) can help.
    pub(in crate::studio) fn reads(&self, id: Id, negatively: bool) -> bool {
        self.polarity.contains(&(id, negatively))
    }

    /// Whether a privilege is read where granting it can help.
    pub(in crate::studio) fn reads_positively(&self, privilege: usize) -> bool {
        self.reads(Id::Privilege(privilege), false)
    }
}

fn is_below(atom: Atom, parent: Atom) -> bool {
    match (atom, parent) {
        (Atom::Effective(privilege, Part::Value(below)), Atom::Effective(other, Part::Value(level))) => {
            privilege == other && below + 1 == level
        }
        _ => false,
    }
}
