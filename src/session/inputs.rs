//! The subject of a session as text: the whole of it, or what one operation reads, so that a record of a decision can be
//! decided anew. Written by hand, since the core has no serde: ids need no escapes.

use super::error::SubjectError;
use super::resolve::Session;
use crate::ground::{FactKind, PrivilegeKind, text::decimal};
use crate::program::{Fact, Grant, Program, Slot};
use alloc::string::String;
use alloc::vec::Vec;

impl Session<'_> {
    /// The subject that was resolved, as JSON text `{ roles, grants, facts }`. Of an operation, only what its decision and
    /// its obligations rest on: grants of the privileges, and all facts, that are read, `null` for an unknown one, and the
    /// subject's own option of a choice that roles give different options, since without it those roles clash. The session
    /// of that subject decides the operation the same. O(program), times the choices that it holds.
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](super::SubjectFault::UnknownId).
    pub fn inputs(&self, operation: Option<&str>) -> Result<String, SubjectError> {
        let read = operation.map(|operation| self.read(operation)).transpose()?;
        let reads = |first: usize, count: usize| read.as_ref().is_none_or(|read| any(read, first, count));
        let wanted = |grants: &[Grant]| read.is_none() || grants.iter().any(|grant| self.grants(*grant, &reads));
        let mut out = String::from("{\"roles\":[");
        for &role in &self.state.roles {
            if let Some(role) = self.program.roles.at(role)
                && wanted(&role.grants)
            {
                text(&mut out, &role.id);
            }
        }
        for role in &self.state.inline {
            if wanted(role) {
                separate(&mut out);
                self.write(&mut out, role, &reads);
            }
        }
        out += "],\"grants\":";
        self.write(&mut out, &self.state.own, &|first, count| reads(first, count) || self.settles(first));
        out += ",\"facts\":{";
        for (index, fact) in (0_u32..).zip(&self.program.facts) {
            let value = self.state.facts.iter().find(|known| known.0 == index).map(|known| known.1);
            if reads(fact.input, fact.inputs()) && (read.is_some() || value.is_some()) {
                text(&mut out, &fact.id);
                out.push(':');
                write_fact(&mut out, fact, value);
            }
        }
        out += "}}";
        Ok(out)
    }

    /// By slot, whether an operation reads it.
    fn read(&self, operation: &str) -> Result<Vec<bool>, SubjectError> {
        let operation = self.operation(operation)?;
        let mut read = alloc::vec![false; self.program.slots()];
        mark(&mut read, operation.decision);
        operation.obligations.iter().for_each(|obligation| mark(&mut read, obligation.owed));
        spread(self.program, &mut read);
        Ok(read)
    }

    /// Whether an input is the first of a choice to which roles that are listed or may be assumed give different options.
    fn settles(&self, input: usize) -> bool {
        let roles = (0_u32..).zip(&self.program.roles);
        let held = roles.filter(|(index, role)| role.is_assumed() || self.state.roles.contains(index));
        let mut options = held.flat_map(|(_, role)| &role.grants).filter(|grant| {
            let privilege = self.program.privileges.at(grant.privilege);
            privilege.is_some_and(|it| it.kind == PrivilegeKind::Choice && it.input == input)
        });
        let first = options.next();
        options.any(|grant| Some(grant.value) != first.map(|first| first.value))
    }

    /// Whether a grant is of a privilege that is read.
    fn grants(&self, grant: Grant, reads: &dyn Fn(usize, usize) -> bool) -> bool {
        self.program.privileges.at(grant.privilege).is_some_and(|it| reads(it.input, it.inputs()))
    }

    /// Sorted grants as a caller writes them: the options of a set stand together.
    fn write(&self, out: &mut String, grants: &[Grant], reads: &dyn Fn(usize, usize) -> bool) {
        out.push('{');
        let mut before = None;
        for grant in grants {
            let Some(privilege) = self.program.privileges.at(grant.privilege) else { continue };
            if !self.grants(*grant, reads) {
                continue;
            }
            let is_set = privilege.kind == PrivilegeKind::Set;
            if before == Some(grant.privilege) {
                out.pop(); // the end of the list that goes on
            } else {
                text(out, &privilege.id);
                *out += if is_set { ":[" } else { ":" };
            }
            before = Some(grant.privilege);
            let place = grant.value as usize;
            match privilege.kind {
                PrivilegeKind::Flag => *out += "true",
                PrivilegeKind::Number => *out += &decimal(grant.value),
                PrivilegeKind::Level => named(out, &privilege.values, place.wrapping_sub(1)),
                PrivilegeKind::Choice | PrivilegeKind::Set => named(out, &privilege.values, place),
            }
            if is_set {
                out.push(']');
            }
        }
        out.push('}');
    }
}

fn write_fact(out: &mut String, fact: &Fact, value: Option<u32>) {
    match value {
        None => *out += "null",
        Some(value) => match fact.kind {
            FactKind::Switch => *out += if value == 1 { "true" } else { "false" },
            FactKind::Number => *out += &decimal(value),
            FactKind::Choice => named(out, &fact.options, value as usize),
        },
    }
}

fn named(out: &mut String, names: &[String], index: usize) {
    text(out, names.get(index).map_or("", String::as_str));
}

/// A text behind what stands there already.
fn text(out: &mut String, id: &str) {
    separate(out);
    out.push('"');
    *out += id;
    out.push('"');
}

fn separate(out: &mut String) {
    if !out.ends_with(['[', '{', ':']) {
        out.push(',');
    }
}

fn mark(read: &mut [bool], slot: Slot) {
    if let Some(place) = read.get_mut(slot.index()) {
        *place = true;
    }
}

/// Marks what marked instructions read.
fn spread(program: &Program, read: &mut [bool]) {
    for (offset, instruction) in program.instructions.iter().enumerate().rev() {
        if any(read, program.inputs() + offset, 1) {
            mark(read, instruction.left);
            mark(read, instruction.right);
        }
    }
}

fn any(read: &[bool], first: usize, count: usize) -> bool {
    read.get(first..first + count).is_some_and(|part| part.contains(&true))
}
