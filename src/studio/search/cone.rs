//! What a question reads: the facts, privileges and roles on which some formulas rest, however indirectly.

use super::space::Id;
use crate::check::{Atom, Formula, Meaning, Part};
use crate::model::PrivilegeKind;
use crate::pack::Program;
use hashbrown::HashSet;
use litemap::LiteMap;
use std::collections::BTreeSet;

/// What some formulas read.
#[derive(Clone, Debug, Default)]
pub(in crate::studio) struct Cone {
    /// Of each fact and privilege the parts that requirements tell apart; of each role nothing, but that it gives one of
    /// these privileges.
    pub(in crate::studio) ids: LiteMap<Id, BTreeSet<Part>>,
    /// What is read positively, so that more of it never hurts, and (`true`) what is read negatively.
    polarity: BTreeSet<(Id, bool)>,
}

impl Cone {
    /// Everything that the formulas rest on. O(what they read + roles).
    pub(in crate::studio) fn of(
        meaning: Meaning,
        program: &Program,
        formulas: impl IntoIterator<Item = Formula>,
    ) -> Self {
        let mut cone = Self::default();
        let mut seen = HashSet::new();
        let mut waiting: Vec<(Formula, bool, Option<Atom>)> =
            formulas.into_iter().map(|it| (it, false, None)).collect();
        loop {
            while let Some((formula, negated, of)) = waiting.pop() {
                formula.atoms(&mut |atom, negative| {
                    let negative = negative != negated;
                    // A level rests on the one below it, which is no test of that.
                    let is_step = of.is_some_and(|of| is_below(atom, of));
                    if !is_step {
                        cone.add(atom, negative);
                    }
                    if !seen.insert((atom, negative, is_step)) {
                        return;
                    }
                    match atom {
                        Atom::Fact(..) => {}
                        Atom::Allowed(operation) => {
                            let read = meaning.exprs.operation(meaning.document, operation);
                            waiting.extend(read.map(|read| (read, negative, None)));
                        }
                        Atom::Effective(privilege, part) => {
                            cone.polarity.insert((Id::Privilege(privilege), negative));
                            let read = meaning.exprs.requirement(meaning.document, privilege, part);
                            waiting.extend(read.map(|read| (read, negative, Some(atom))));
                        }
                    }
                });
            }
            if !cone.add_roles(meaning, program, &mut waiting) {
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

    /// The roles that give one of the privileges, or a choice where one of the facts assumes them; what else assumes them,
    /// and the choices on which they may clash. Whether there were any that had not been added.
    fn add_roles(
        &mut self,
        meaning: Meaning,
        program: &Program,
        waiting: &mut Vec<(Formula, bool, Option<Atom>)>,
    ) -> bool {
        let mut added = false;
        for (index, role) in program.roles.iter().enumerate() {
            if self.ids.contains_key(&Id::Role(index)) {
                continue;
            }
            let when = meaning.exprs.when(meaning.document, index);
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
            // A role gives what is read positively and what is read negatively, so its facts are read both ways.
            waiting.extend(when.iter().flat_map(|when| [false, true].map(|negative| (when.clone(), negative, None))));
            for grant in role.grants.iter().filter(|it| is_choice(it.privilege)) {
                self.ids.entry(Id::Privilege(grant.privilege as usize)).or_default();
            }
        }
        added
    }

    /// Whether a formula over facts reads one that is read.
    fn reads_any(&self, when: &Formula) -> bool {
        let mut reads = false;
        when.atoms(&mut |atom, _| {
            reads |= matches!(atom, Atom::Fact(fact, _) if self.ids.contains_key(&Id::Fact(fact)));
        });
        reads
    }

    /// Whether something is read so that more of it can help (or, negatively, less of it).
    pub(in crate::studio) fn reads(&self, id: Id, negatively: bool) -> bool {
        self.polarity.contains(&(id, negatively))
    }

    /// Whether a privilege is read where granting it can help.
    pub(in crate::studio) fn reads_positively(&self, privilege: usize) -> bool {
        self.reads(Id::Privilege(privilege), false)
    }
}

fn is_below(atom: Atom, of: Atom) -> bool {
    match (atom, of) {
        (Atom::Effective(privilege, Part::Value(below)), Atom::Effective(other, Part::Value(level))) => {
            privilege == other && below + 1 == level
        }
        _ => false,
    }
}
