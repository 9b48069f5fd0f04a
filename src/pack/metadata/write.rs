//! Writes the metadata section.

use super::{
    AT_LEAST, EQUAL, Entries, FactEntry, MenuRow, Metadata, Name, OperationRow, PrivilegeEntry, Program, RoleEntry,
    Text, tests,
};
use crate::model::{FactKind, PrivilegeKind};
use crate::pack::image::OUTPUTS_PER_NUMBER;
use crate::pack::{Fact, Ids, Privilege, Role};
use crate::util::to_u32;

impl Program {
    /// The metadata section. O(program).
    pub(in crate::pack) fn metadata(&self) -> Vec<u8> {
        let packed = self.outputs().len().div_ceil(OUTPUTS_PER_NUMBER);
        let choices = self.choices().filter_map(|choice| self.privileges.find(&choice.id));
        let mut index = 0..;
        let entries = Entries {
            fact: self.facts.iter().zip(&mut index).map(|(it, index)| fact(index, it)).collect(),
            privilege: self.privileges.iter().zip(&mut index).map(|(it, index)| privilege(index, it)).collect(),
            role: self.roles.iter().zip(&mut index).map(|(it, index)| role(index, it)).collect(),
        };
        let metadata = Metadata {
            id: (&self.id).into(),
            title: (&self.title).into(),
            version: (&self.version).into(),
            fingerprint: (&self.fingerprint).into(),
            layout: self.layout_text().into(),
            ids: self.tables().map(|(what, ids)| id_list(what, ids)),
            entries,
            operations: self.operation_rows(),
            menu: self.menu_rows(),
            sizes: [self.inputs(), self.slots(), packed].map(to_u32),
            choice_privileges: choices.map(to_u32).collect(),
        };
        // All map keys are strings, so serialization cannot fail.
        serde_json::to_vec(&metadata).unwrap_or_default()
    }

    fn operation_rows(&self) -> Vec<OperationRow<'_>> {
        let mut next_output = self.operations.len();
        let rows = self.operations.iter().map(|operation| {
            let first = to_u32(next_output);
            next_output += operation.obligations.len();
            let obligations = operation.obligations.iter().map(|obligation| (&obligation.id).into());
            let restricts = u32::from(operation.restricts);
            OperationRow(operation.verbs.bits(), restricts, obligations.collect(), first, operation.menu.clone())
        });
        rows.collect()
    }

    fn menu_rows(&self) -> Vec<MenuRow<'_>> {
        let index = self.menu_index();
        let items = self.menu.iter().map(Some).chain([None]);
        let rows = items.zip(index.operations.iter().zip(&index.children)).map(|(item, (operations, children))| {
            let label = item.map_or("", |item| item.label.as_str()).into();
            let operations = operations.iter().map(|(operation, _)| to_u32(*operation));
            let children = children.iter().map(|item| to_u32(*item));
            MenuRow(label, item.and_then(|item| item.parent), operations.collect(), children.collect())
        });
        rows.collect()
    }
}

fn id_list<'a>(what: &'static str, ids: &'a dyn Ids) -> (Text<'a>, Text<'a>, Vec<Text<'a>>) {
    let list = if what == "menu item" { "menu".into() } else { format!("{what}s").into() };
    (what.into(), list, (0..).map_while(|index| ids.id(index)).map(Text::from).collect())
}

/// The names of a switch, flag or role. `true` is encoded as 1; the encoding of `false` is 0 or no grant, so its index is unused.
fn switch_names<'a>() -> Vec<Option<Name<'a>>> {
    vec![None, Some(Name::Flag(true)), Some(Name::Flag(false))]
}

fn names(values: &[String]) -> impl Iterator<Item = Option<Name<'_>>> {
    values.iter().map(|value| Some(Name::Text(value.into())))
}

/// The tests of a choice or set: one for each option, whether the value equals its index.
fn option_tests(values: &[String]) -> Vec<u32> {
    (0..).zip(values).flat_map(|(option, _)| [EQUAL, option]).collect()
}

fn fact(index: u32, fact: &Fact) -> FactEntry<'_> {
    let is_number = fact.kind == FactKind::Number;
    FactEntry {
        what: "fact".into(),
        index,
        id: (&fact.id).into(),
        kind: fact.kind,
        at: to_u32(fact.input),
        names: match fact.kind {
            FactKind::Switch => Some(switch_names()),
            FactKind::Choice => Some(names(&fact.options).collect()),
            FactKind::Number => None,
        },
        tests: match fact.kind {
            FactKind::Switch => vec![AT_LEAST, 1],
            FactKind::Choice => option_tests(&fact.options),
            FactKind::Number => tests(&fact.comparisons).collect(),
        },
        range: is_number.then_some([0, u32::MAX]),
        absent: fact.absent,
    }
}

fn privilege(index: u32, privilege: &Privilege) -> PrivilegeEntry<'_> {
    let is_number = privilege.kind == PrivilegeKind::Number;
    let is_choice = privilege.kind == PrivilegeKind::Choice;
    let values = &privilege.values;
    PrivilegeEntry {
        what: "privilege".into(),
        index,
        id: (&privilege.id).into(),
        kind: privilege.kind,
        at: to_u32(privilege.input),
        names: match privilege.kind {
            PrivilegeKind::Flag => Some(switch_names()),
            PrivilegeKind::Level => Some([None].into_iter().chain(names(values)).collect()),
            PrivilegeKind::Choice | PrivilegeKind::Set => Some(names(values).collect()),
            PrivilegeKind::Number => None,
        },
        tests: match privilege.kind {
            PrivilegeKind::Flag => vec![AT_LEAST, 1],
            PrivilegeKind::Level => (1..).zip(values).flat_map(|(rank, _)| [AT_LEAST, rank]).collect(),
            PrivilegeKind::Choice | PrivilegeKind::Set => option_tests(values),
            PrivilegeKind::Number => [AT_LEAST, 0].into_iter().chain(tests(&privilege.comparisons)).collect(),
        },
        range: is_number.then_some([privilege.min, privilege.max]),
        role_numbers: is_number
            .then(|| privilege.role_numbers.iter().map(|(number, slot)| [*number, slot.word()]).collect()),
        conflict: is_choice.then_some(privilege.conflict),
        inline: (is_number || is_choice).then(|| to_u32(privilege.input + privilege.inputs_per_grant())),
        granted: privilege.granted.clone(),
        effective: privilege.effective.clone(),
    }
}

fn role(index: u32, role: &Role) -> RoleEntry<'_> {
    RoleEntry {
        what: "role".into(),
        index,
        id: (&role.id).into(),
        kind: "flag".into(),
        at: to_u32(role.input),
        names: switch_names(),
        tests: vec![AT_LEAST, 1],
        grants: role.grants.iter().map(|grant| [grant.privilege, grant.value]).collect(),
        held: role.held,
    }
}
