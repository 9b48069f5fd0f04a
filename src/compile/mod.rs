//! Compiles a checked document to a program, and packs it.

mod role_merge;

use crate::check::{Atom, Checked, DecisionStep, Formula, Part, check_files, checked_files, parts};
use crate::diagnostic::Report;
use crate::document::{Document, Id, Map};
use crate::model::{Comparison, PrivilegeKind, Value, Verbs, validate};
use crate::pack::{
    Builder, Entry, Fact, Grant, MenuItem, Named, Obligation, Operation, Policy, Privilege, Program, Role, Slot, Table,
};
use crate::util::{collect_ordered, sort};
use role_merge::RoleValues;
use sha2::{Digest, Sha256};

impl Policy {
    /// Checks and compiles a policy document, which is JSON with comments. O(document), except for the proofs that
    /// `absent` values allow nothing more, which are limited.
    ///
    /// # Errors
    /// [`Report`] with all errors and warnings, if the document has an error. A document that has warnings only is
    /// compiled; [`check`](crate::check::check) returns them.
    ///
    /// # Examples
    /// ```
    /// use privet::Policy;
    ///
    /// let policy = Policy::compile(r#"{
    ///   "format": 1, "id": "shop", "title": "Shop", "version": "1",
    ///   "privileges": [{ "id": "orders", "kind": "flag", "label": "Orders" }],
    ///   "operations": [{ "id": "orders.list", "label": "List orders", "requires": "orders" }]
    /// }"#)?;
    /// assert!(policy.operations().eq(["orders.list"]));
    ///
    /// let report = Policy::compile(r#"{ "format": 1, "id": "shop", "title": "Shop" }"#).unwrap_err();
    /// assert_eq!(report.diagnostics[0].message, "missing key `version`");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compile(document: &str) -> Result<Self, Report> {
        Self::compile_files(document, &[])
    }

    /// [`Policy::compile`] of a document that includes files: pairs of name and text.
    ///
    /// # Errors
    /// As [`Policy::compile`].
    ///
    /// # Examples
    /// ```
    /// use privet::Policy;
    ///
    /// let document = r#"{ "format": 1, "id": "shop", "title": "Shop", "version": "1", "include": ["orders.jsonc"],
    ///   "operations": [{ "id": "orders.list", "label": "List orders", "requires": "orders" }] }"#;
    /// let orders = r#"{ "privileges": [{ "id": "orders", "kind": "flag", "label": "Orders" }] }"#;
    /// let policy = Policy::compile_files(document, &[("orders.jsonc", orders)])?;
    /// assert!(policy.operations().eq(["orders.list"]));
    ///
    /// let report = Policy::compile(document).unwrap_err();
    /// assert_eq!(report.diagnostics[0].message, "file `orders.jsonc` is not given");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compile_files(document: &str, files: &[(&str, &str)]) -> Result<Self, Report> {
        let report = || Report { diagnostics: check_files(document, files, true) };
        Ok(Self::from_checked(&checked_files(document, files).ok_or_else(report)?))
    }

    /// Compiles a checked document. This cannot fail, since a [`Checked`] has no error. O(document).
    #[doc(hidden)]
    pub fn from_checked(checked: &Checked) -> Self {
        let canonical = checked.document().canonical();
        let mut program = Compiler::new(checked).compile();
        let digits = Sha256::digest(&canonical).into_iter().flat_map(|byte| [byte >> 4, byte & 15]);
        program.fingerprint = digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect();
        Self::from_program(program, &canonical)
    }
}

struct Compiler<'a> {
    checked: &'a Checked,
    document: &'a Document,
    program: Program,
    builder: Builder,
    /// The slots of the effects of each privilege, one for each part and comparison.
    effects: Vec<Vec<Slot>>,
    /// The slots of the decisions of operations.
    operations: Vec<Slot>,
}

impl<'a> Compiler<'a> {
    fn new(checked: &'a Checked) -> Self {
        let document = checked.document();
        let mut program = Program {
            id: text(&document.id),
            title: document.title.clone(),
            version: document.version.clone(),
            verbs: table(document.verbs.iter().map(|verb| named(&verb.id))),
            guides: table(document.guides.iter().map(|guide| named(&guide.id))),
            facts: table(document.facts.iter().enumerate().map(|(index, it)| fact(checked, index, it))),
            privileges: table(document.privileges.iter().enumerate().map(|(index, it)| privilege(checked, index, it))),
            ..Program::default()
        };
        program.roles = table(
            document.roles.iter().zip(&checked.exprs().grants).map(|(role, grants)| self::role(&program, role, grants)),
        );
        let is_assigned =
            |id: &str| program.facts.find(id).or(program.privileges.find(id)).or(program.roles.find(id)).is_some();
        let renamed = checked.renamed().iter().filter(|(_, new)| is_assigned(new));
        program.renamed = collect_ordered(renamed.map(|(old, new)| (old.clone(), new.clone())));
        program.assign_inputs();
        let builder = Builder::new(program.inputs());
        let operations = vec![Slot::NO; document.operations.len()];
        let effects = program.privileges.iter().map(|it| vec![Slot::NO; it.inputs_per_grant()]).collect();
        Self { checked, document, program, builder, effects, operations }
    }

    fn compile(mut self) -> Program {
        self.roles();
        self.join();
        for step in self.checked.steps() {
            match *step {
                DecisionStep::Operation(operation) => {
                    let decision = self.requirement(self.checked.exprs().operation(self.document, operation));
                    if let Some(slot) = self.operations.get_mut(operation) {
                        *slot = decision;
                    }
                }
                DecisionStep::Effect(privilege, level) => self.effect(privilege, level),
            }
        }
        for (privilege, effects) in self.program.privileges.rows_mut().zip(&self.effects) {
            privilege.effective = effects.iter().take(privilege.parts()).copied().collect();
        }
        self.menu();
        self.declare_operations();
        self.program.instructions = self.builder.instructions;
        self.program.complete()
    }

    /// Builds the instructions for whether each role is held: listed, or `when` holds, which reads facts only.
    fn roles(&mut self) {
        for index in 0..self.document.roles.len() {
            let when = self.checked.exprs().when(self.document, index).map(|when| self.formula(&when));
            if let Some(role) = self.program.roles.rows_mut().nth(index) {
                let listed = Slot::at(role.input).unwrap_or(Slot::NO);
                role.held = self.builder.or(listed, when.unwrap_or(Slot::NO));
            }
        }
    }

    /// Builds the instructions for the join of own grants and roles.
    fn join(&mut self) {
        let mut grants = vec![Vec::new(); self.program.privileges.len()];
        for role in &self.program.roles {
            for grant in &role.grants {
                if let Some(grants) = grants.get_mut(grant.privilege as usize) {
                    grants.push((grant.value, role.held));
                }
            }
        }
        for (privilege, grants) in self.program.privileges.rows_mut().zip(grants) {
            let values = RoleValues::new(&mut self.builder, grants);
            role_merge::join(&mut self.builder, privilege, &values);
        }
    }

    /// Builds the instructions of [`DecisionStep::Effect`]: a part of the privilege (the flag, the level, an option, a
    /// comparison) is effective if it is granted and its requirement holds. `level` is 0 if the privilege has no levels.
    fn effect(&mut self, privilege: usize, level: usize) {
        let Some(declared) = self.program.privileges.get(privilege) else { return };
        let decided = match declared.kind {
            PrivilegeKind::Level => vec![(Part::Value(level), level)],
            PrivilegeKind::Number => {
                let compared = declared.comparisons.iter().enumerate();
                let compared = compared.map(|(place, comparison)| (Part::Compared(*comparison), place + 1));
                [(Part::Whole, 0)].into_iter().chain(compared).collect()
            }
            _ => parts(self.document, privilege).into_iter().zip(0..).collect(),
        };
        let granted = declared.granted.clone();
        for (part, place) in decided {
            let requirement = self.requirement(self.checked.exprs().requirement(self.document, privilege, part));
            let granted = granted.get(place).copied().unwrap_or(Slot::NO);
            let effect = self.builder.and(granted, requirement);
            if let Some(place) = self.effects.get_mut(privilege).and_then(|effects| effects.get_mut(place)) {
                *place = effect;
            }
        }
    }

    /// The slot of a requirement. A document with a faulty requirement is never compiled; its slot would be `NO`.
    fn requirement(&mut self, formula: Option<Formula>) -> Slot {
        formula.map_or(Slot::NO, |formula| self.formula(&formula))
    }

    fn formula(&mut self, formula: &Formula) -> Slot {
        match formula {
            Formula::All(parts) => parts.iter().fold(Slot::YES, |all, part| {
                let part = self.formula(part);
                self.builder.and(all, part)
            }),
            Formula::Any(parts) => parts.iter().fold(Slot::NO, |any, part| {
                let part = self.formula(part);
                self.builder.or(any, part)
            }),
            Formula::Not(inner) => !self.formula(inner),
            Formula::Atom(atom) => self.atom(*atom),
        }
    }

    fn atom(&self, atom: Atom) -> Slot {
        let slot = match atom {
            Atom::Allowed(operation) => self.operations.get(operation).copied(),
            Atom::Effective(privilege, part) => self.program.privileges.get(privilege).and_then(|declared| {
                // For a number, the slot of "is set" is before those of its comparisons.
                let before = usize::from(matches!(part, Part::Compared(_)));
                self.effects.get(privilege)?.get(before + index_of(part, &declared.comparisons)?).copied()
            }),
            Atom::Fact(fact, part) => {
                let fact = self.program.facts.get(fact);
                fact.and_then(|fact| Slot::at(fact.input + index_of(part, &fact.comparisons)?))
            }
        };
        slot.unwrap_or(Slot::NO)
    }

    /// Adds the menu items with parents before children. An order that satisfies this already is preserved. Not
    /// recursive.
    fn menu(&mut self) {
        let items = &self.document.menu;
        let ids = table(items.iter().map(|item| named(&item.id)));
        let parents: Vec<Option<usize>> =
            items.iter().map(|item| item.parent.as_ref().and_then(|id| ids.find(id))).collect();
        let depth = |mut index: usize| {
            let mut depth = 0_usize;
            while let Some(parent) = parents.get(index).copied().flatten() {
                index = parent;
                depth += 1;
            }
            depth
        };
        let mut order: Vec<usize> = (0..items.len()).collect();
        if parents.iter().enumerate().any(|(index, parent)| parent.is_some_and(|parent| parent > index)) {
            sort::sort_by_key(&mut order, |index| depth(*index));
        }
        let mut places = vec![0; order.len()];
        (0..).zip(&order).for_each(|(place, index)| places.get_mut(*index).into_iter().for_each(|it| *it = place));
        let place = |index: usize| places.get(index).copied();
        self.program.menu = table(order.iter().filter_map(|index| items.get(*index).map(|item| (*index, item))).map(
            |(index, item)| MenuItem {
                id: text(&item.id),
                label: item.label.clone(),
                parent: parents.get(index).copied().flatten().and_then(place),
                meta: item.meta.as_ref().map(|meta| meta.0.clone()),
            },
        ));
    }

    fn declare_operations(&mut self) {
        let mut operations = Vec::with_capacity(self.document.operations.len());
        for (index, operation) in self.document.operations.iter().enumerate() {
            let mut obligations = Vec::with_capacity(operation.obligations.len());
            for (place, obligation) in operation.obligations.iter().enumerate() {
                let owed = self.checked.exprs().obligation(self.document, index, place);
                // A faulty `when` is never compiled; its obligation would always be owed.
                let owed = owed.map_or(Slot::YES, |owed| self.formula(&owed));
                obligations.push(Obligation { id: text(&obligation.id), owed });
            }
            let items = operation.menu.iter().filter_map(|item| self.program.menu.find(item));
            let mut menu: Vec<u32> = items.filter_map(|item| u32::try_from(item).ok()).collect();
            sort::sort(&mut menu);
            let verbs = operation.verbs.iter().filter_map(|verb| self.program.verbs.find(verb));
            operations.push(Operation {
                id: text(&operation.id),
                menu,
                verbs: verbs.fold(Verbs::empty(), |verbs, verb| verbs | Verbs::nth(verb)),
                restricts: operation.restricts,
                decision: self.operations.get(index).copied().unwrap_or(Slot::NO),
                obligations,
            });
        }
        self.program.operations = table(operations.into_iter());
    }
}

/// The index of a part among the slots of its fact or privilege; comparisons are numbered by themselves.
fn index_of(part: Part, comparisons: &[Comparison]) -> Option<usize> {
    match part {
        Part::Whole => Some(0),
        Part::Value(option) => Some(option),
        Part::Compared(comparison) => comparisons.iter().position(|other| *other == comparison),
    }
}

fn text(id: &str) -> String {
    String::from(id)
}

fn named(id: &Id) -> Named {
    Named { id: text(id) }
}

/// A table of entries. The checker has ensured that their ids differ.
fn table<T: Entry>(rows: impl Iterator<Item = T>) -> Table<T> {
    Table::new(rows.collect()).unwrap_or_default()
}

fn fact(checked: &Checked, index: usize, fact: &crate::document::Fact) -> Fact {
    let values = fact.values();
    let absent = fact.absent.as_ref();
    let absent = absent.and_then(|value| validate::fact(&fact.id, fact.kind, &values, value).ok());
    let comparisons = checked.comparisons().facts.get(index).into_iter().flatten().copied().collect();
    Fact { id: text(&fact.id), kind: fact.kind, values, absent, comparisons, input: 0 }
}

fn privilege(checked: &Checked, index: usize, privilege: &crate::document::Privilege) -> Privilege {
    let (min, max) = privilege.range();
    Privilege {
        id: text(&privilege.id),
        kind: privilege.kind,
        values: privilege.values(),
        min,
        max,
        comparisons: role_merge::comparisons(
            checked.comparisons().privileges.get(index).into_iter().flatten().copied(),
        ),
        input: 0,
        granted: Vec::new(),
        effective: Vec::new(),
        conflict: Slot::NO,
        role_numbers: Vec::new(),
    }
}

fn role(program: &Program, role: &crate::document::Role, grants: &Map<Value>) -> Role {
    let mut grants: Vec<Grant> = grants.iter().flat_map(|(id, value)| self::grants(program, id, value)).collect();
    sort::sort(&mut grants);
    Role { id: text(&role.id), grants, held: Slot::NO, input: 0 }
}

fn grants(program: &Program, id: &str, value: &Value) -> Vec<Grant> {
    let index = program.privileges.find(id);
    let declared = index.and_then(|index| program.privileges.get(index));
    let (Some(index), Some(declared)) = (index.and_then(|index| u32::try_from(index).ok()), declared) else {
        return Vec::new();
    };
    let range = (declared.min, declared.max);
    let values = validate::grant(id, declared.kind, &declared.values, range, value).unwrap_or_default();
    values.into_iter().map(|value| Grant { privilege: index, value }).collect()
}
