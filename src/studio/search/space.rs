//! The search space of changes: a state, and for some ids the values that a change may assign.
//!
//! Each of these ids has a variable for whether it is assigned, and variables that select its value: the first value
//! whose variable is true, or the last value. The cost of a change is that of the assigned ids, so the first kind of
//! variable determines the smallest changes, and the second kind only their values.

use crate::bdd::{Bdd, BddManager, Ternary, TooLarge, VARIABLES};
use crate::check::{
    AnalysisError, Answer, GrantSource, Inputs, Part, ResolvedPolicy, RoleQuery, Symbolic, evaluate_facts, granted,
};
use crate::model::{PrivilegeKind, limits};
use crate::pack::{Grant, Program};
use crate::session::State;
use crate::util::collect_map;
use hashbrown::HashMap;
use litemap::LiteMap;
use std::borrow::Cow;
use std::cell::{Cell, OnceCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// An id that a change may assign, by its index in the program. In policy order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::studio) enum Id {
    /// The value of a fact.
    Fact(usize),
    /// The subject's own value of a privilege.
    Privilege(usize),
    /// What the subject's inline role at the first index grants of the privilege at the second one.
    Inline(usize, usize),
    /// Whether a role is listed.
    Role(usize),
}

/// The values that a change may assign to an id.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::studio) enum Domain {
    /// A role may be added to the list, or removed from it.
    Toggle,
    /// One of these values, the nearest last. `None` removes the value.
    OneOf(Vec<Option<u32>>),
    /// Each of these options of a set, or not. The other options do not change.
    Subset(Vec<u32>),
}

impl Domain {
    /// The number of variables that select a value, besides the one for whether the id is assigned.
    const fn variables(&self) -> usize {
        match self {
            Self::Toggle => 0,
            Self::OneOf(values) => values.len().saturating_sub(1),
            Self::Subset(options) => options.len(),
        }
    }
}

/// The variables of each id: first the one for whether it is assigned, then those that select the value. They are
/// stored by the name of the id, so that two policies can share them.
#[derive(Clone, Debug, Default)]
pub(in crate::studio) struct Variables {
    by_name: BTreeMap<String, Vec<u32>>,
    count: u32,
}

impl Variables {
    /// Returns the variables of an id, allocating them if there are none. Each new block is above all earlier ones in
    /// the order, so that a requirement extends the BDDs of its dependencies on top.
    fn of(&mut self, id: &str, count: usize) -> Answer<Vec<u32>> {
        if let Some(known) = self.by_name.get(id) {
            return Ok(known.clone());
        }
        let count = u32::try_from(count).map_err(|_| TooLarge)? + 1;
        self.count += count;
        let first = VARIABLES.checked_sub(self.count).ok_or(TooLarge)?;
        let all: Vec<u32> = (first..first + count).collect();
        self.by_name.insert(id.into(), all.clone());
        Ok(all)
    }

    /// The variables of the id with this name; empty if there are none.
    pub(in crate::studio) fn get(&self, name: &str) -> &[u32] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }
}

/// A state and the changes that may be made to it, as inputs of symbolic evaluation.
pub(in crate::studio) struct SearchSpace<'a> {
    pub(in crate::studio) resolved: ResolvedPolicy<'a>,
    pub(in crate::studio) program: &'a Program,
    pub(super) state: &'a State,
    pub(in crate::studio) domains: &'a LiteMap<Id, Domain>,
    pub(in crate::studio) variables: Variables,
    /// Names that replace those of the program: two versions of a policy may have different names for the same id.
    pub(in crate::studio) aliases: Cow<'a, LiteMap<Id, String>>,
    /// Cached functions of [`SearchSpace::held`].
    held: HashMap<usize, Ternary>,
    /// Which roles grant what, by privilege, once it is asked for.
    role_grants: OnceCell<HashMap<usize, Vec<(usize, u32)>>>,
    /// The steps that are left of a budget, which several searches may share.
    remaining_steps: Rc<Cell<usize>>,
}

impl<'a> SearchSpace<'a> {
    /// Symbolic evaluation over a space.
    pub(in crate::studio) fn symbolic(
        resolved: ResolvedPolicy<'a>,
        program: &'a Program,
        state: &'a State,
        domains: &'a LiteMap<Id, Domain>,
    ) -> Symbolic<'a, Self> {
        Self::with_manager(resolved, program, state, domains, Variables::default(), BddManager::default())
    }

    /// Symbolic evaluation over a space, with existing variables and BDDs.
    pub(in crate::studio) fn with_manager(
        resolved: ResolvedPolicy<'a>,
        program: &'a Program,
        state: &'a State,
        domains: &'a LiteMap<Id, Domain>,
        variables: Variables,
        diagrams: BddManager,
    ) -> Symbolic<'a, Self> {
        // No id has a space.
        let name_of_inline = |id: &Id| match *id {
            Id::Inline(place, _) => Some((*id, format!("{place} {}", name(program, *id)))),
            _ => None,
        };
        let aliases = Cow::Owned(collect_map(domains.keys().filter_map(name_of_inline)));
        let (held, role_grants) = (HashMap::new(), OnceCell::new());
        let remaining_steps = Rc::new(Cell::new(limits::QUERY_STEPS));
        Symbolic::new(
            resolved,
            diagrams,
            Self { resolved, program, state, domains, variables, aliases, held, role_grants, remaining_steps },
        )
    }

    /// Takes the steps from a budget that other searches take theirs from, too.
    pub(in crate::studio) fn share(&mut self, budget: &Rc<Cell<usize>>) {
        self.remaining_steps = Rc::clone(budget);
    }

    /// The variables of an id; empty if no function has read the id.
    pub(in crate::studio) fn variables_of(&self, id: Id) -> &[u32] {
        self.variables.get(self.name(id))
    }

    /// The name of an id.
    pub(in crate::studio) fn name(&self, id: Id) -> &str {
        self.aliases.get(&id).map_or_else(|| name(self.program, id), String::as_str)
    }

    /// For an id that may be assigned: the function that is true if it is assigned, its domain, and the variables that
    /// select its value.
    fn domain_of(&mut self, manager: &mut BddManager, id: Id) -> Answer<Option<(Bdd, &'a Domain, Vec<u32>)>> {
        let Some(values) = self.domains.get(&id) else { return Ok(None) };
        let name = self.aliases.get(&id).map_or_else(|| name(self.program, id), String::as_str);
        let mut variables = self.variables.of(name, values.variables())?;
        let assigned = manager.variable(variables.remove(0))?;
        Ok(Some((assigned, values, variables)))
    }

    /// The function of a test on the value of an id. `present` is the result of the test on the present value.
    pub(in crate::studio) fn test_value(
        &mut self,
        manager: &mut BddManager,
        id: Id,
        present: bool,
        test: &dyn Fn(Option<u32>) -> bool,
    ) -> Answer<Bdd> {
        let constant = |holds: bool| if holds { Bdd::TRUE } else { Bdd::FALSE };
        let Some((assigned, values, variables)) = self.domain_of(manager, id)? else { return Ok(constant(present)) };
        let assigned_value = match values {
            Domain::Toggle => constant(!present),
            Domain::OneOf(values) => {
                let mut chosen = constant(values.last().is_some_and(|last| test(*last)));
                for (value, variable) in values.iter().zip(variables).rev() {
                    let variable = manager.variable(variable)?;
                    chosen = manager.ite(variable, constant(test(*value)), chosen)?;
                }
                chosen
            }
            Domain::Subset(options) => {
                let option = options.iter().zip(variables).find(|(option, _)| test(Some(**option)));
                match option {
                    Some((_, variable)) => manager.variable(variable)?,
                    None => constant(present),
                }
            }
        };
        Ok(manager.ite(assigned, assigned_value, constant(present))?)
    }

    /// The value in the domain that no test distinguishes from this one.
    pub(in crate::studio) fn representative(&self, id: Id, value: u32) -> u32 {
        match self.domains.get(&id) {
            Some(Domain::OneOf(values)) => {
                values.iter().flatten().copied().filter(|known| *known <= value).max().unwrap_or(value)
            }
            _ => value,
        }
    }

    /// Whether some test distinguishes the number from each other number that the id may have.
    pub(in crate::studio) fn is_distinguished(&self, id: Id, number: u32) -> bool {
        let max = match id {
            Id::Privilege(index) | Id::Inline(_, index) => {
                self.program.privileges.get(index).map_or(u32::MAX, |it| it.max)
            }
            _ => u32::MAX,
        };
        let starts_range = |number: u32| self.representative(id, number) == number;
        starts_range(number) && (number == max || number.checked_add(1).is_some_and(starts_range))
    }

    /// Whether a role is held: it is listed, or its `when` holds.
    pub(in crate::studio) fn held(&mut self, manager: &mut BddManager, role: usize) -> Answer<Ternary> {
        if let Some(known) = self.held.get(&role) {
            return Ok(*known);
        }
        let present = self.state.roles.iter().any(|listed| *listed as usize == role);
        let listed = self.test_value(manager, Id::Role(role), present, &|_| false)?;
        let mut held = manager.two_valued(listed)?;
        if let Some(when) = self.when(manager, role)? {
            held = manager.kleene_or(held, when)?;
        }
        self.held.insert(role, held);
        Ok(held)
    }

    /// Whether the `when` of a role holds; `None` if it has none.
    pub(super) fn when(&mut self, manager: &mut BddManager, role: usize) -> Answer<Option<Ternary>> {
        let when = self.resolved.exprs.when(self.resolved.document, role);
        when.map(|when| evaluate_facts(self, manager, &when)).transpose()
    }

    /// The values that roles give to a privilege, each with the function of its role being held.
    pub(super) fn givers(&mut self, manager: &mut BddManager, privilege: usize) -> Answer<Vec<(u32, Ternary)>> {
        let mut givers = Vec::new();
        for (place, grants) in self.state.inline.iter().enumerate() {
            let id = Id::Inline(place, privilege);
            let present = values_of(grants, privilege);
            let mut values = present.clone();
            match self.domains.get(&id) {
                Some(Domain::OneOf(others)) => {
                    values.extend(others.iter().flatten().filter(|it| !present.contains(it)));
                }
                Some(Domain::Subset(others)) => values.extend(others.iter().filter(|it| !present.contains(it))),
                _ => {}
            }
            for value in values {
                let gives = self.test_value(manager, id, present.contains(&value), &|it| it == Some(value))?;
                givers.push((value, manager.two_valued(gives)?));
            }
        }
        let by_roles = self.role_grants.get_or_init(|| role_grants(self.program)).get(&privilege);
        for (role, value) in by_roles.cloned().unwrap_or_default() {
            givers.push((value, self.held(manager, role)?));
        }
        Ok(givers)
    }

    /// The subject's own grants of a privilege at present.
    fn own_grants(&self, privilege: usize) -> impl Iterator<Item = u32> + 'a {
        let own = self.state.own.iter().filter(move |grant| grant.privilege as usize == privilege);
        own.map(|grant| grant.value)
    }
}

impl Inputs for SearchSpace<'_> {
    fn fact(&mut self, manager: &mut BddManager, index: usize, part: Part) -> Answer<Ternary> {
        let fact = self.program.facts.get(index).ok_or(AnalysisError::Faulty)?;
        let known = self.state.fact(index);
        let holds = |value: Option<u32>| value.or(fact.absent).is_some_and(|value| part.of_fact(fact.kind, value));
        let fails = |value: Option<u32>| value.or(fact.absent).is_some_and(|value| !part.of_fact(fact.kind, value));
        let yes = self.test_value(manager, Id::Fact(index), holds(known), &holds)?;
        Ok(Ternary { yes, no: self.test_value(manager, Id::Fact(index), fails(known), &fails)? })
    }

    fn granted(&mut self, manager: &mut BddManager, privilege: usize, part: Part) -> Answer<Ternary> {
        let document = self.resolved.document;
        granted(self, manager, document, privilege, part)
    }

    fn spend(&self, steps: usize) -> Result<(), TooLarge> {
        let left = self.remaining_steps.get().checked_sub(steps);
        self.remaining_steps.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(TooLarge)
    }
}

impl GrantSource for SearchSpace<'_> {
    fn own(&mut self, manager: &mut BddManager, privilege: usize, part: Part) -> Answer<Bdd> {
        let kind = self.program.privileges.get(privilege).ok_or(AnalysisError::Faulty)?.kind;
        let present = self.own_grants(privilege).any(|value| part.granted_by(kind, value));
        self.test_value(manager, Id::Privilege(privilege), present, &|value| {
            value.is_some_and(|value| part.granted_by(kind, value))
        })
    }

    fn own_is_unset(&mut self, manager: &mut BddManager, privilege: usize) -> Answer<Bdd> {
        let present = self.own_grants(privilege).next().is_none();
        self.test_value(manager, Id::Privilege(privilege), present, &|value| value.is_none())
    }

    fn granted_by_roles(&mut self, manager: &mut BddManager, privilege: usize, test: RoleQuery) -> Answer<Ternary> {
        let kind = self.program.privileges.get(privilege).ok_or(AnalysisError::Faulty)?.kind;
        let passes = |value: u32| match test {
            RoleQuery::OtherThan(option) => value as usize != option,
            RoleQuery::Part(part) => part.granted_by(kind, value),
        };
        let givers = self.givers(manager, privilege)?;
        let mut passing = givers.iter().filter(|(value, _)| passes(*value));
        passing.try_fold(Ternary::NO, |any, (_, when)| Ok(manager.kleene_or(any, *when)?))
    }
}

/// The values that grants have for a privilege. O(grants).
pub(in crate::studio) fn values_of(grants: &[Grant], privilege: usize) -> Vec<u32> {
    let of = grants.iter().filter(|grant| grant.privilege as usize == privilege);
    of.map(|grant| grant.value).collect()
}

/// The roles that grant each privilege, in policy order, with the granted values. O(grants of roles).
fn role_grants(program: &Program) -> HashMap<usize, Vec<(usize, u32)>> {
    let mut by_privilege: HashMap<usize, Vec<(usize, u32)>> = HashMap::new();
    for (index, role) in program.roles.iter().enumerate() {
        for grant in &role.grants {
            by_privilege.entry(grant.privilege as usize).or_default().push((index, grant.value));
        }
    }
    by_privilege
}

/// The name of an id in a program; of an inline role's grant, the name of the privilege.
pub(in crate::studio) fn name(program: &Program, id: Id) -> &str {
    let name = match id {
        Id::Privilege(index) | Id::Inline(_, index) => program.privileges.get(index).map(|it| it.id.as_str()),
        Id::Role(index) => program.roles.get(index).map(|it| it.id.as_str()),
        Id::Fact(index) => program.facts.get(index).map(|it| it.id.as_str()),
    };
    name.unwrap_or_default()
}

/// The changes that a session accepts: no roles conflict on a choice, no value is removed that a role gives, and no role
/// is removed whose `when` holds.
pub(in crate::studio) fn valid_changes(symbolic: &mut Symbolic<SearchSpace>) -> Answer<Bdd> {
    let Symbolic { bdds: manager, inputs: space, .. } = symbolic;
    let mut valid = Bdd::TRUE;
    let domains = space.domains;
    for (id, values) in domains {
        match (id, values) {
            (Id::Role(role), _) if space.state.roles.iter().any(|listed| *listed as usize == *role) => {
                let Some(when) = space.when(manager, *role)? else { continue };
                let removes = space.test_value(manager, *id, false, &|_| false)?;
                let refused = manager.and(removes, when.yes)?;
                valid = manager.and_not(valid, refused)?;
            }
            (Id::Privilege(privilege), Domain::OneOf(values)) if values.contains(&None) => {
                let removes = space.test_value(manager, *id, false, &|value| value.is_none())?;
                for (_, granted) in space.givers(manager, *privilege)? {
                    let refused = manager.and(removes, granted.yes)?;
                    valid = manager.and_not(valid, refused)?;
                }
            }
            _ => {}
        }
    }
    let program = space.program;
    for (index, _) in program.privileges.iter().enumerate().filter(|(_, it)| it.kind == PrivilegeKind::Choice) {
        let givers = space.givers(manager, index)?;
        let unset = space.own_is_unset(manager, index)?;
        for (place, (value, granted)) in givers.iter().enumerate() {
            for (_, other) in givers.iter().skip(place + 1).filter(|(other, _)| other != value) {
                let both = manager.and(granted.yes, other.yes)?;
                let conflict = manager.and(unset, both)?;
                valid = manager.and_not(valid, conflict)?;
            }
        }
    }
    Ok(valid)
}
