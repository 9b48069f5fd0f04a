//! The audit record of a session: its subject as JSON, or the part of the subject that one operation reads. Evaluating the
//! record again yields the same decision.

use super::error::SubjectError;
use super::evaluate::Session;
use crate::model::{FactKind, PrivilegeKind, Value};
use crate::pack::{Fact, Grant, Privilege, Program, Slot};

/// Whether an operation reads each slot.
struct ReadSlots(Vec<bool>);

impl Session<'_> {
    /// The subject as JSON: `{ roles, grants, facts }`. For an operation, only the part on which its decision and obligations
    /// depend: grants of the privileges that it reads, roles with such grants, all facts that it reads (`null` if unknown),
    /// and the subject's own option of a choice for which roles grant different options, since without it those roles would
    /// conflict. O(program + own grants × grants of roles).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](super::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let grants = vec![("sender".into(), Value::Flag(true)), ("programs".into(), Value::Flag(true))];
    /// let session = policy.session(&Subject { grants, ..Subject::default() })?;
    /// let record = session.inputs(Some("campaigns.send"))?;
    /// assert_eq!(record, r#"{"roles":[],"grants":{"sender":true},"facts":{"owner":null}}"#);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn inputs(&self, operation: Option<&str>) -> Result<String, SubjectError> {
        let read = operation.map(|operation| self.read(operation)).transpose()?;
        let reads = |first: usize, count: usize| read.as_ref().is_none_or(|read| read.any(first, count));
        let reads_grant = |grant: &Grant| {
            let privilege = self.program.privileges.at(grant.privilege);
            privilege.is_some_and(|it| reads(it.input, it.inputs()))
        };
        let reads_role = |grants: &[Grant]| read.is_none() || grants.iter().any(reads_grant);
        let listed = self.state.roles.iter().filter_map(|role| self.program.roles.at(*role));
        let listed = listed.filter(|role| reads_role(&role.grants)).map(|role| Value::Text(role.id.clone()));
        let inline = self.state.inline.iter().filter(|grants| reads_role(grants));
        let inline = inline.map(|grants| self.grants(grants, |it| reads(it.input, it.inputs())));
        let own = self.grants(&self.state.own, |it| reads(it.input, it.inputs()) || self.roles_conflict(it.input));
        let facts = (0_u32..).zip(&self.program.facts).filter_map(|(index, fact)| {
            let value = self.state.facts.iter().find(|(known, _)| *known == index).map(|(_, value)| *value);
            let is_wanted = reads(fact.input, fact.inputs()) && (read.is_some() || value.is_some());
            is_wanted.then(|| (fact.id.clone(), value.map_or(Value::Null, |value| fact_value(fact, value))))
        });
        let subject = Value::Map(vec![
            ("roles".into(), Value::List(listed.chain(inline).collect())),
            ("grants".into(), own),
            ("facts".into(), Value::Map(facts.collect())),
        ]);
        // The keys of a value are strings, so its serialization cannot fail.
        Ok(serde_json::to_string(&subject).unwrap_or_default())
    }

    /// The slots that an operation reads.
    fn read(&self, operation: &str) -> Result<ReadSlots, SubjectError> {
        let operation = self.operation(operation)?;
        let mut read = ReadSlots(vec![false; self.program.slots()]);
        read.mark(operation.decision);
        operation.obligations.iter().for_each(|obligation| read.mark(obligation.owed));
        read.follow(self.program);
        Ok(read)
    }

    /// Whether roles that are listed, or that a `when` may make held, grant different options of the choice whose first input
    /// is `input`. The subject's own option is then kept: without it, the roles conflict.
    fn roles_conflict(&self, input: usize) -> bool {
        let roles = (0_u32..).zip(&self.program.roles);
        let held = roles.filter(|(index, role)| role.has_when() || self.state.roles.contains(index));
        let mut options = held.flat_map(|(_, role)| &role.grants).filter(|grant| {
            let privilege = self.program.privileges.at(grant.privilege);
            privilege.is_some_and(|it| it.kind == PrivilegeKind::Choice && it.input == input)
        });
        let first = options.next();
        options.any(|grant| Some(grant.value) != first.map(|first| first.value))
    }

    /// The sorted grants, filtered by privilege, in the form that callers write.
    fn grants(&self, grants: &[Grant], is_wanted: impl Fn(&Privilege) -> bool) -> Value {
        let entry = |grants: &[Grant]| {
            let privilege = self.program.privileges.at(grants.first()?.privilege)?;
            is_wanted(privilege).then(|| (privilege.id.clone(), grant_value(privilege, grants)))
        };
        Value::Map(grants.chunk_by(|a, b| a.privilege == b.privilege).filter_map(entry).collect())
    }
}

impl ReadSlots {
    fn mark(&mut self, slot: Slot) {
        if let Some(read) = self.0.get_mut(slot.index()) {
            *read = true;
        }
    }

    /// Marks the operands of all marked instructions.
    fn follow(&mut self, program: &Program) {
        for (offset, instruction) in program.instructions.iter().enumerate().rev() {
            if self.any(program.inputs() + offset, 1) {
                self.mark(instruction.left);
                self.mark(instruction.right);
            }
        }
    }

    /// Whether any of `count` slots from `first` is marked.
    fn any(&self, first: usize, count: usize) -> bool {
        self.0.get(first..first + count).is_some_and(|slots| slots.contains(&true))
    }
}

/// Decodes the grants of one privilege.
fn grant_value(privilege: &Privilege, grants: &[Grant]) -> Value {
    let value = grants.first().map_or(0, |grant| grant.value);
    match privilege.kind {
        PrivilegeKind::Flag => Value::Flag(true),
        PrivilegeKind::Number => Value::Number(value),
        PrivilegeKind::Level => name(&privilege.values, value.wrapping_sub(1)),
        PrivilegeKind::Choice => name(&privilege.values, value),
        PrivilegeKind::Set => Value::List(grants.iter().map(|grant| name(&privilege.values, grant.value)).collect()),
    }
}

fn fact_value(fact: &Fact, value: u32) -> Value {
    match fact.kind {
        FactKind::Switch => Value::Flag(value == 1),
        FactKind::Number => Value::Number(value),
        FactKind::Choice => name(&fact.options, value),
    }
}

fn name(names: &[String], index: u32) -> Value {
    Value::Text(names.get(index as usize).cloned().unwrap_or_default())
}
