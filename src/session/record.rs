//! The audit record of a session: its subject as JSON, or the part of the subject that one operation reads. Evaluating the
//! record again yields the same decision.

use super::error::SubjectError;
use super::evaluate::Session;
use super::lookup;
use super::state::grants_of;
use crate::model::json;
use crate::model::{FactKind, PrivilegeKind, Value};
use crate::pack::{Fact, Grant, Privilege};
use crate::util::to_u32;

impl Session<'_> {
    /// The subject as JSON: `{ roles, grants, facts }`. For an operation, only the part on which its decision and obligations
    /// depend: grants of the privileges that it reads, roles with such grants, and all facts that it reads (`null` if unknown).
    /// If roles may conflict on a choice, it also has what prevents that: the subject's own option, or else all that decides
    /// whether they conflict. The whole subject has the ends of grants and roles, the part of an operation has not.
    /// O(program + grants).
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
        let contested = self.contested();
        let is_contested = |privilege: u32| contested.get(privilege as usize) == Some(&true);
        let own = |privilege: &u32| !grants_of(&self.state.own, *privilege).is_empty();
        let index = operation.map(|id| lookup::find(self.program, &self.program.operations, "operation", id, ""));
        let read = index.transpose()?.map(|index| {
            let engine = self.program.engine();
            let operation = engine.operation(index);
            let owed = (0..index).map(|before| engine.operation(before).obligations()).sum();
            let mut slots = vec![operation.decision()];
            slots.extend((owed..owed + operation.obligations()).map(|obligation| engine.owed(obligation)));
            let choices = (0..to_u32(contested.len())).filter(|it| is_contested(*it) && !own(it));
            slots.extend(choices.map(|privilege| engine.entry(engine.facts() + privilege).a()));
            self.reads(&slots)
        });
        let reads = |entry: u32| read.as_ref().is_none_or(|read| read.get(entry as usize) == Some(&1));
        let first_privilege = to_u32(self.program.facts.len());
        let reads_grant = |grant: &Grant| reads(first_privilege + grant.privilege);
        let first_role = first_privilege + to_u32(self.program.privileges.len());
        let reads_role = |grants: &[Grant]| read.is_none() || grants.iter().any(reads_grant);
        let ends = &self.state.ends;
        let end_of = |entry: u32| {
            let place = ends.binary_search_by_key(&entry, |(ending, _)| *ending).ok().filter(|_| read.is_none());
            place.and_then(|place| ends.get(place)).map(|(_, until)| *until)
        };
        let listed = self.state.roles.iter().filter_map(|index| {
            let role = self.program.roles.at(*index)?;
            (reads_role(&role.grants) || reads(first_role + index))
                .then(|| with_end("role", Value::Text(role.id.clone()), end_of(first_role + index)))
        });
        let inline = self.state.inline.iter().enumerate().filter(|(_, grants)| reads_role(grants));
        let inline = inline.map(|(place, grants)| {
            let grants = self.grants(grants, |index, _| reads_grant(index), |_| None);
            match self.state.names.iter().find(|(named, _)| *named == place).filter(|_| read.is_none()) {
                Some((_, name)) => {
                    Value::Map(vec![("name".into(), Value::Text(name.clone())), ("grants".into(), grants)])
                }
                None => grants,
            }
        });
        let is_wanted = |grant: &Grant, _: &Privilege| reads_grant(grant) || is_contested(grant.privilege);
        let own = self.grants(&self.state.own, is_wanted, |grant| end_of(first_privilege + grant.privilege));
        let facts = (0_u32..).zip(&self.program.facts).filter_map(|(index, fact)| {
            let value = self.state.facts.iter().find(|(known, _)| *known == index).map(|(_, value)| *value);
            let is_wanted = reads(index) && (read.is_some() || value.is_some());
            is_wanted.then(|| (fact.id.clone(), value.map_or(Value::Null, |value| fact_value(fact, value))))
        });
        let subject = Value::Map(vec![
            ("roles".into(), Value::List(listed.chain(inline).collect())),
            ("grants".into(), own),
            ("facts".into(), Value::Map(facts.collect())),
        ]);
        Ok(json::write(&subject))
    }

    /// By entry, 1 if the slots of references depend on one of its inputs. O(program).
    pub(super) fn reads(&self, slots: &[u32]) -> Vec<u32> {
        let mut words = self.program.room([slots], 0);
        let engine = self.program.engine_in(&mut words);
        engine.reads(to_u32(slots.len()));
        let ([answer, _], entries) = (engine.places(), engine.entries() as usize);
        words.into_iter().skip(self.program.index_of(answer)).take(entries).collect()
    }

    /// By privilege, whether roles that are listed, or that a `when` may make held, grant different options of this choice.
    /// O(grants of roles).
    fn contested(&self) -> Vec<bool> {
        let privileges = &self.program.privileges;
        let mut options = vec![None; privileges.len()];
        let mut contested = vec![false; privileges.len()];
        let roles = (0_u32..).zip(&self.program.roles);
        let held = roles.filter(|(index, role)| role.has_when() || self.state.roles.binary_search(index).is_ok());
        for grant in held.flat_map(|(_, role)| &role.grants) {
            let index = grant.privilege as usize;
            let is_choice = privileges.get(index).is_some_and(|it| it.kind == PrivilegeKind::Choice);
            if let (true, Some(option), Some(contested)) = (is_choice, options.get_mut(index), contested.get_mut(index))
            {
                *contested |= *option.get_or_insert(grant.value) != grant.value;
            }
        }
        contested
    }

    /// The sorted grants, filtered by privilege, in the form that callers write.
    fn grants(
        &self,
        grants: &[Grant],
        is_wanted: impl Fn(&Grant, &Privilege) -> bool,
        end_of: impl Fn(&Grant) -> Option<u32>,
    ) -> Value {
        let entry = |grants: &[Grant]| {
            let first = grants.first()?;
            let privilege = self.program.privileges.at(first.privilege)?;
            is_wanted(first, privilege)
                .then(|| (privilege.id.clone(), with_end("value", grant_value(privilege, grants), end_of(first))))
        };
        Value::Map(grants.chunk_by(|a, b| a.privilege == b.privilege).filter_map(entry).collect())
    }
}

/// A grant's value or a role's id, with its end if it has one.
fn with_end(key: &str, value: Value, end: Option<u32>) -> Value {
    match end {
        Some(until) => Value::Map(vec![(key.into(), value), ("until".into(), Value::Number(until))]),
        None => value,
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
        FactKind::Choice => name(&fact.values, value),
        FactKind::Level => name(&fact.values, value.saturating_sub(1)),
    }
}

fn name(names: &[String], index: u32) -> Value {
    Value::Text(names.get(index as usize).cloned().unwrap_or_default())
}
