//! The model's answers about a whole subject: its holdings and its menu.

use super::{Given, Person, Truth, any, has_one_value, rank};
use privet::document::{MenuItem, Operation, Privilege};
use privet::model::{PrivilegeKind, Value};
use privet::session::Holding;
use serde_json::{Value as Json, json};

/// A menu item in the model.
pub(super) struct Item<'m> {
    pub(super) id: &'m str,
    pub(super) parent: Option<&'m str>,
    /// Shown, hidden or undecided.
    pub(super) state: Truth,
    pub(super) verbs: Vec<&'m str>,
    pub(super) operations: Vec<&'m str>,
}

impl<'m> Person<'m> {
    /// The allowed operations that do not restrict, in policy order.
    pub(super) fn allowed(&self) -> impl Iterator<Item = &'m Operation> {
        self.model.document.operations.iter().filter(|it| !it.restricts && self.decision(it) == Some(true))
    }

    pub(super) fn menu(&self) -> impl Iterator<Item = Item<'m>> {
        self.model.document.menu.iter().map(|item| self.item(item))
    }

    fn item(&self, item: &'m MenuItem) -> Item<'m> {
        let placed: Vec<&Operation> = self.allowed().filter(|operation| is_at(operation, item)).collect();
        let does = |verb: &str| placed.iter().any(|operation| operation.verbs.iter().any(|it| **it == *verb));
        Item {
            id: &item.id,
            parent: item.parent.as_deref(),
            state: self.state(item),
            verbs: self.model.document.verbs.iter().map(|verb| &*verb.id).filter(|verb| does(verb)).collect(),
            operations: placed.iter().map(|operation| &*operation.id).collect(),
        }
    }

    /// An item is shown if an operation at or below it is allowed, else undecided if one is undecided, else hidden.
    /// Operations that restrict do not count.
    fn state(&self, item: &MenuItem) -> Truth {
        let document = self.model.document;
        let here = document.operations.iter().filter(|operation| !operation.restricts && is_at(operation, item));
        let below = document.menu.iter().filter(|other| other.parent.as_ref() == Some(&item.id));
        any(here.map(|operation| self.decision(operation)).chain(below.map(|below| self.state(below))))
    }

    /// The granted and the effective value of a privilege.
    pub(crate) fn holds(&self, privilege: &Privilege) -> (Holding, Holding) {
        let worlds = self.worlds(privilege);
        let agree = worlds.len() == 1 && !worlds[0].clashes(privilege.kind);
        let granted = if agree { holding(privilege, &worlds[0]) } else { Holding::Undecided };
        let effective = match privilege.kind {
            PrivilegeKind::Number => match self.effective(privilege, &|given| Some(given.number.is_some())) {
                Some(true) => granted.clone(),
                Some(false) => Holding::Nothing,
                None => Holding::Undecided,
            },
            _ => self.effective_part(privilege).map_or(Holding::Undecided, |given| holding(privilege, &given)),
        };
        (granted, effective)
    }

    /// The part of a privilege that is surely granted and the effective value, if some of that part is known to have no effect.
    pub(crate) fn dormant(&self, privilege: &Privilege) -> Option<(Holding, Holding)> {
        let surely = |test: &dyn Fn(&Given) -> Truth| self.granted(privilege, test) == Some(true);
        let ineffective =
            |test: &dyn Fn(&Given) -> Truth| surely(test) && self.effective(privilege, test) == Some(false);
        let ranks = 1..=privilege.levels.len();
        let has = |option: &str| -> bool { surely(&|given| given.has(privilege.kind, option)) };
        let no_level = ranks
            .clone()
            .any(|rank| surely(&|given| Some(given.rank >= rank)) && self.at_least(privilege, rank) == Some(false));
        let no_option = privilege.options.iter().any(|it| ineffective(&|given| given.has(privilege.kind, &it.id)));
        let no_flag = ineffective(&|given| Some(given.flag));
        let no_number = ineffective(&|given| Some(given.number.is_some()));
        let sure = Given {
            flag: surely(&|given| Some(given.flag)),
            rank: ranks.filter(|rank| surely(&|given| Some(given.rank >= *rank))).max().unwrap_or(0),
            options: privilege.options.iter().map(|it| it.id.to_string()).filter(|it| has(it)).collect(),
            number: self.worlds(privilege).iter().map(|given| given.number).min().flatten(),
        };
        (no_level || no_option || no_flag || no_number).then(|| (holding(privilege, &sure), self.holds(privilege).1))
    }

    /// Who gives a privilege, by rule 21: `own`, the ids of roles (with the facts that make them held, if they are not listed), or
    /// the index of an inline role; of a set by option.
    pub(crate) fn from(&self, privilege: &Privilege) -> Json {
        let one_value = has_one_value(privilege) && self.own(privilege).is_some();
        let gives = |wanted: &dyn Fn(&Given) -> bool| -> Vec<Json> {
            let own = self.own(privilege).filter(|given| wanted(given)).map(|_| json!({ "by": "own" }));
            let roles = self.givers.iter().filter(|_| !one_value).filter(|(grants, _)| {
                let value = grants.iter().find(|(id, _)| **id == *privilege.id);
                value.is_some_and(|(_, value)| wanted(&Given::of(privilege, value)))
            });
            own.into_iter().chain(roles.map(|(_, giver)| giver.clone())).collect()
        };
        let (Holding::Value(granted), _) = self.holds(privilege) else {
            return if privilege.kind == PrivilegeKind::Set { json!({}) } else { json!([]) };
        };
        match &granted {
            Value::List(options) => {
                let of = |option: &Value| (option.shown(), json!(gives(&|it| it.options.contains(&option.shown()))));
                Json::Object(options.iter().map(of).collect())
            }
            value => {
                let given = Given::of(privilege, value);
                json!(gives(&|it| *it == given))
            }
        }
    }

    /// The effective value, if all of its parts are known.
    fn effective_part(&self, privilege: &Privilege) -> Option<Given> {
        let mut effective = Given { flag: self.effective(privilege, &|given| Some(given.flag))?, ..Given::default() };
        for level in privilege.levels.iter() {
            if self.at_least(privilege, rank(privilege, &level.id))? {
                effective.rank = rank(privilege, &level.id);
            }
        }
        for option in privilege.options.iter() {
            if self.option(privilege, &option.id)? {
                effective.options.insert(option.id.to_string());
            }
        }
        Some(effective)
    }
}

fn is_at(operation: &Operation, item: &MenuItem) -> bool {
    operation.menu.contains(&item.id)
}

/// The value of a grant.
fn holding(privilege: &Privilege, given: &Given) -> Holding {
    let level = given.rank.checked_sub(1).map(|index| &privilege.levels[index].id);
    let options = privilege.options.iter().map(|option| &option.id).filter(|option| given.options.contains(&***option));
    let mut texts = level.into_iter().chain(options).map(|id| Value::Text(id.to_string())).peekable();
    let value = match privilege.kind {
        PrivilegeKind::Flag => given.flag.then_some(Value::Flag(true)),
        PrivilegeKind::Number => given.number.map(Value::Number),
        PrivilegeKind::Set => texts.peek().is_some().then(|| Value::List(texts.collect())),
        PrivilegeKind::Level | PrivilegeKind::Choice => texts.next(),
    };
    value.map_or(Holding::Nothing, Holding::Value)
}
