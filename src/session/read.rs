//! Reads decisions, menu states and grants from a session. The only possible error is an unknown id.

use super::error::SubjectError;
use super::evaluate::Session;
use super::givers::{self, Giver};
use super::lookup;
use super::state::State;
use crate::engine::{Below, EFFECTIVE, GRANTED, HOLDING_WORDS, UNDECIDED};
use crate::model::json::Data;
use crate::model::{PrivilegeKind, Value, Verbs, Verdict};
use crate::pack::{Grant, MenuIndex, Operation, Policy, Privilege, Program, Slot};

/// The decision on an operation, with its obligations.
///
/// # Examples
/// ```
/// use privet::{Decision, Policy, Subject, Value, Verdict};
///
/// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
/// let grants = vec![("sender".into(), Value::Flag(true))];
/// let session = policy.session(&Subject { grants, ..Subject::default() })?;
/// let decision = session.decide("campaigns.send")?;
/// assert_eq!(decision, Decision { verdict: Verdict::Yes, obligations: vec!["awaits-approval"] });
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<'p> {
    /// `Yes` is allowed, `No` denied, `Unknown` undecided. Only an allowed operation may be performed.
    pub verdict: Verdict,
    /// The ids of the obligations owed, in policy order; empty unless the operation is allowed.
    pub obligations: Vec<&'p str>,
}

/// A menu item and its state for one subject.
///
/// # Examples
/// ```
/// use privet::{Policy, Subject, Value, Verdict};
///
/// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
/// let grants = vec![("sender".into(), Value::Flag(true))];
/// let menu = policy.session(&Subject { grants, ..Subject::default() })?.menu();
/// let campaigns = menu.iter().find(|item| item.state == Verdict::Yes).ok_or("nothing is shown")?;
/// assert_eq!((campaigns.id, campaigns.label), ("campaigns", "Campaigns"));
/// let send = campaigns.children.iter().find(|item| item.state == Verdict::Yes).ok_or("no child is shown")?;
/// assert_eq!((send.id, send.operations.as_slice()), ("campaigns.send", ["campaigns.send"].as_slice()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MenuNode<'p> {
    /// The id.
    pub id: &'p str,
    /// The label.
    pub label: &'p str,
    /// Data of the product, such as an address or an icon.
    pub meta: Option<&'p Data>,
    /// `Yes` is shown, `No` hidden, `Unknown` undecided.
    pub state: Verdict,
    /// The verbs of the allowed operations placed at this item, without those of its children.
    pub verbs: Verbs,
    /// The allowed operations placed at this item, without those of its children.
    pub operations: Vec<&'p str>,
    /// The children.
    pub children: Vec<MenuNode<'p>>,
}

/// The value that a subject holds for a privilege.
///
/// # Examples
/// ```
/// use privet::{Holding, Policy, Subject, Value};
///
/// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
/// let grants = vec![("contact-exporter".into(), Value::Flag(true))]; // it requires `contacts`
/// let session = policy.session(&Subject { grants, ..Subject::default() })?;
/// let (granted, effective) = session.holds("contact-exporter")?;
/// assert_eq!((&granted, &effective), (&Holding::Value(Value::Flag(true)), &Holding::Nothing));
/// assert_eq!((granted.shown().as_deref(), effective.shown()), (Some("true"), None));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holding {
    /// No grant.
    Nothing,
    /// This value.
    Value(Value),
    /// It depends on an unknown fact.
    Undecided,
}

impl Policy {
    /// The error for an unknown id. `kind` is `operation`, `menu item`, `privilege`, `fact`, `role`, `guide` or `verb`.
    #[doc(hidden)]
    pub fn unknown(&self, kind: &str, id: &str) -> SubjectError {
        lookup::unknown(self.program(), kind, id, "")
    }
}

impl<'p> Session<'p> {
    /// The program.
    #[doc(hidden)]
    pub const fn program(&self) -> &'p Program {
        self.program
    }

    /// The subject, with its ids looked up.
    #[doc(hidden)]
    pub const fn state(&self) -> &State {
        &self.state
    }

    /// The verdict of a slot of the program.
    #[doc(hidden)]
    pub fn verdict(&self, slot: Slot) -> Verdict {
        let word = |slot: Slot| self.words.get(slot.word() as usize).copied().unwrap_or_default();
        match (word(slot), word(!slot)) {
            (1, _) => Verdict::Yes,
            (_, 1) => Verdict::No,
            _ => Verdict::Unknown,
        }
    }

    /// Whether each role is held, in policy order.
    #[doc(hidden)]
    pub fn held_roles(&self) -> Vec<Verdict> {
        self.program.roles.iter().map(|role| self.verdict(role.held)).collect()
    }

    /// The value of the fact at this index, or its `absent` value if the subject does not set it: 0 or 1, the number, or the
    /// index of the option. `None` if it is unknown. O(log facts).
    #[doc(hidden)]
    pub fn fact(&self, index: usize) -> Option<u32> {
        self.state.fact(index).or_else(|| self.program.facts.get(index)?.absent)
    }

    /// All grants of the subject and of its held and possibly held roles, with their provenance. A grant with several givers
    /// occurs several times. O(roles + grants).
    #[doc(hidden)]
    pub fn grants_with_givers(&self) -> Vec<(Grant, Giver)> {
        givers::grants_with_givers(self.program, &self.state, &|role| self.verdict(role.held))
    }

    /// Whether the operation is allowed; `false` if it is undecided. O(1).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](super::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::VICIDIAL)?;
    /// let grants = vec![("modify-email-accounts".into(), Value::Flag(true))];
    /// let session = policy.session(&Subject { grants, ..Subject::default() })?;
    /// assert!(!session.can("email-accounts.open")?); // undecided: the fact `email-allowed` is unknown
    /// assert!(session.can("email-acounts.open").is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn can(&self, operation: &str) -> Result<bool, SubjectError> {
        Ok(self.verdict(self.operation(operation)?.decision) == Verdict::Yes)
    }

    /// The decision on an operation, with the obligations owed. O(obligations).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](super::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value, Verdict};
    ///
    /// let policy = Policy::compile(privet::policies::VICIDIAL)?;
    /// let grants = vec![("modify-email-accounts".into(), Value::Flag(true))];
    /// let session = policy.session(&Subject { grants, ..Subject::default() })?;
    /// assert_eq!(session.decide("email-accounts.open")?.verdict, Verdict::Unknown); // `email-allowed` is unknown
    /// assert_eq!(session.decide("users.add")?.verdict, Verdict::No);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decide(&self, operation: &str) -> Result<Decision<'p>, SubjectError> {
        let operation = self.operation(operation)?;
        let verdict = self.verdict(operation.decision);
        let owed = operation
            .obligations
            .iter()
            .filter(|obligation| verdict == Verdict::Yes && self.verdict(obligation.owed) != Verdict::No);
        Ok(Decision { verdict, obligations: owed.map(|obligation| obligation.id.as_str()).collect() })
    }

    /// The allowed operations, in policy order, without those that restrict. O(operations).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let grants = vec![("contacts".into(), Value::Flag(true))];
    /// let session = policy.session(&Subject { grants, ..Subject::default() })?;
    /// assert_eq!(session.allowed(), ["contacts.access", "contacts.addresses.view"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn allowed(&self) -> Vec<&'p str> {
        let allowed = self.program.operations.iter().filter(|operation| self.is_listed(operation));
        allowed.map(|operation| operation.id.as_str()).collect()
    }

    /// The menu tree, including hidden items. O(operations × their menu items + menu).
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Subject, Value, Verdict};
    ///
    /// let policy = Policy::compile(privet::policies::DOTDIGITAL)?;
    /// let grants = vec![("contacts".into(), Value::Flag(true)), ("programs".into(), Value::Flag(true))];
    /// let menu = policy.session(&Subject { grants, ..Subject::default() })?.menu();
    /// let shown = menu.iter().filter(|item| item.state == Verdict::Yes).map(|item| item.label);
    /// assert!(shown.eq(["Contacts", "Programs"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn menu(&self) -> Vec<MenuNode<'p>> {
        self.children(&self.program.menu_index(), &self.menu_states(), self.program.menu.len())
    }

    /// The state of each menu item, in policy order. O(operations × their menu items + menu).
    pub(crate) fn menu_states(&self) -> Vec<Verdict> {
        let mut states = vec![Verdict::No; self.program.menu.len()];
        self.program.engine().menu_states(&mut |item, below| {
            let below = match below {
                Below::Operation(index) => self.program.operations.at(index).map(|it| self.verdict(it.decision)),
                Below::Item(child) => states.get(child as usize).copied(),
            };
            if let (Some(state), Some(below)) = (states.get_mut(item as usize), below) {
                *state = *state | below;
            }
        });
        states
    }

    /// The granted and the effective value of a privilege. O(privilege + subject).
    ///
    /// # Errors
    /// [`SubjectFault::UnknownId`](super::SubjectFault::UnknownId).
    ///
    /// # Examples
    /// ```
    /// use privet::{Holding, Policy, Subject, Value};
    ///
    /// let policy = Policy::compile(privet::policies::CONTACT)?;
    /// let grants = vec![("users".into(), Value::Text("modify".into()))];
    /// let session = policy.session(&Subject { grants, ..Subject::default() })?;
    /// let (granted, effective) = session.holds("users")?;
    /// assert_eq!(granted, Holding::Value(Value::Text("modify".into())));
    /// assert_eq!(effective, granted);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn holds(&self, privilege: &str) -> Result<(Holding, Holding), SubjectError> {
        let index = lookup::find(self.program, &self.program.privileges, "privilege", privilege, "")?;
        let Some(privilege) = self.program.privileges.at(index) else {
            return Ok((Holding::Nothing, Holding::Nothing));
        };
        let held = |which| holding(privilege, self.held_values(index, which));
        Ok((held(GRANTED), held(EFFECTIVE)))
    }

    /// The granted or effective values of the privilege at this index, see [`GRANTED`]: of a set all values, else at most one. `None`
    /// if they are undecided. O(privilege + subject).
    pub(super) fn held_values(&self, index: u32, which: u32) -> Option<Vec<u32>> {
        let mut words = [0; HOLDING_WORDS];
        let [own, inline] = self.pairs;
        let entry = self.program.engine().facts() + index;
        self.program.evaluated(&self.words, &mut words).held(own, inline, entry);
        let words = words.get(which as usize / 4..).unwrap_or_default();
        let (count, values) = words.split_first().unwrap_or((&UNDECIDED, &[]));
        (*count != UNDECIDED).then(|| values.get(..*count as usize).unwrap_or_default().to_vec())
    }

    /// The verdicts of operations, then of the conditions of obligations (in the order of operations), then of the conflicts of
    /// choices, which are never `Yes` in a session. O(operations + privileges).
    #[doc(hidden)]
    pub fn outputs(&self) -> Vec<Verdict> {
        let operations = &self.program.operations;
        let decisions = operations.iter().map(|operation| operation.decision);
        let owed = operations.iter().flat_map(|operation| &operation.obligations).map(|obligation| obligation.owed);
        let conflicts = self.program.choices().map(|choice| choice.conflict);
        decisions.chain(owed).chain(conflicts).map(|slot| self.verdict(slot)).collect()
    }

    pub(crate) fn operation(&self, id: &str) -> Result<&'p Operation, SubjectError> {
        let operations = &self.program.operations;
        let found = operations.find(id).and_then(|index| operations.get(index));
        found.ok_or_else(|| lookup::unknown(self.program, "operation", id, ""))
    }

    /// Whether the operation is allowed and does not restrict.
    fn is_listed(&self, operation: &Operation) -> bool {
        !operation.restricts && self.verdict(operation.decision) == Verdict::Yes
    }

    /// The children of a menu item. `states` contains the state of each item.
    fn children(&self, menu: &MenuIndex<'p>, states: &[Verdict], parent: usize) -> Vec<MenuNode<'p>> {
        let node = |&index: &usize| {
            let item = self.program.menu.get(index)?;
            let operations = menu.operations.get(index)?.iter().map(|(_, operation)| *operation);
            let allowed: Vec<&Operation> = operations.filter(|it| self.is_listed(it)).collect();
            Some(MenuNode {
                id: &item.id,
                label: &item.label,
                meta: item.meta.as_ref(),
                state: *states.get(index)?,
                verbs: allowed.iter().fold(Verbs::empty(), |verbs, operation| verbs | operation.verbs),
                operations: allowed.iter().map(|operation| operation.id.as_str()).collect(),
                children: self.children(menu, states, index),
            })
        };
        menu.children.get(parent).into_iter().flatten().filter_map(node).collect()
    }
}

/// Decodes the values of a privilege; `None` if they are undecided.
pub(super) fn holding(privilege: &Privilege, values: Option<Vec<u32>>) -> Holding {
    let Some(values) = values else { return Holding::Undecided };
    let lowest = u32::from(privilege.kind == PrivilegeKind::Level); // ranks count from 1
    let text = |value: &u32| privilege.values.get(value.checked_sub(lowest)? as usize).cloned().map(Value::Text);
    let value = match (privilege.kind, values.as_slice()) {
        (_, []) => None,
        (PrivilegeKind::Flag, _) => Some(Value::Flag(true)),
        (PrivilegeKind::Set, _) => Some(Value::List(values.iter().filter_map(text).collect())),
        (PrivilegeKind::Number, [number, ..]) => Some(Value::Number(*number)),
        (PrivilegeKind::Level | PrivilegeKind::Choice, [value, ..]) => text(value),
    };
    value.map_or(Holding::Nothing, Holding::Value)
}

impl Holding {
    /// The value as a message shows it; `None` for no grant.
    pub fn shown(&self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Value(Value::List(items)) => Some(items.iter().map(Value::shown).collect::<Vec<_>>().join(", ")),
            Self::Value(value) => Some(value.shown()),
            Self::Undecided => Some("undecided".into()),
        }
    }
}
