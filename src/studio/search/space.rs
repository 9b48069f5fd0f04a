//! What somebody may become: a state, and for some ids the values that they may be given instead.
//!
//! Each of these ids has a variable that says that it is assigned; what it is then given is the first of its values whose
//! own variable holds, or the last. So the cheapest assignments of the first kind are the smallest changes, and those of
//! the second kind only say to what.

use crate::bdd::{Bdd, BddManager, Ternary, TooLarge, VARIABLES};
use crate::check::{
    AnalysisError, Answer, GrantSource, Inputs, Meaning, Part, RoleQuery, Symbolic, evaluate_facts, granted,
};
use crate::model::{PrivilegeKind, limits};
use crate::pack::{Grant, Program};
use crate::session::State;
use litemap::LiteMap;
use std::cell::Cell;
use std::collections::BTreeMap;

/// What a change may assign, by its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::studio) enum Id {
    /// The subject's own value of a privilege.
    Privilege(usize),
    /// A role: listed, or no longer.
    Role(usize),
    /// A fact.
    Fact(usize),
}

/// The values that an id may be given instead of the present one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::studio) enum Values {
    /// A role is listed that was not, or the reverse.
    Flip,
    /// One of these, nearest last; `None` is no value.
    OneOf(Vec<Option<u32>>),
    /// Of a set, each of these options or not; the others stay as they are.
    Each(Vec<u32>),
}

impl Values {
    /// How many variables they need, besides the one that says that the id is assigned.
    const fn variables(&self) -> usize {
        match self {
            Self::Flip => 0,
            Self::OneOf(values) => values.len().saturating_sub(1),
            Self::Each(options) => options.len(),
        }
    }
}

/// The variables of each id: whether it is assigned, then to what. By the name of the id, so that two policies share them.
#[derive(Clone, Debug, Default)]
pub(in crate::studio) struct Variables {
    known: BTreeMap<String, Vec<u32>>,
    count: u32,
}

impl Variables {
    /// The variables of an id. Later ones stand above earlier ones in the diagrams, so that what a requirement adds to the
    /// dependencies that were decided before it goes on top of their diagram.
    fn of(&mut self, id: &str, count: usize) -> Answer<Vec<u32>> {
        if let Some(known) = self.known.get(id) {
            return Ok(known.clone());
        }
        let count = u32::try_from(count).map_err(|_| TooLarge)? + 1;
        self.count += count;
        let first = VARIABLES.checked_sub(self.count).ok_or(TooLarge)?;
        let all: Vec<u32> = (first..first + count).collect();
        self.known.insert(id.into(), all.clone());
        Ok(all)
    }

    /// The variables that an id of this name has.
    pub(in crate::studio) fn get(&self, name: &str) -> &[u32] {
        self.known.get(name).map_or(&[], Vec::as_slice)
    }
}

/// A state and what it may become, as inputs of decisions.
pub(in crate::studio) struct SearchSpace<'a> {
    pub(in crate::studio) meaning: Meaning<'a>,
    pub(in crate::studio) program: &'a Program,
    pub(super) state: &'a State,
    pub(in crate::studio) axes: &'a LiteMap<Id, Values>,
    pub(in crate::studio) variables: Variables,
    /// What ids are called where that is not their name: two versions of a policy may call the same thing differently.
    pub(in crate::studio) aliases: LiteMap<Id, String>,
    /// What each role's being held comes to.
    held: LiteMap<usize, Ternary>,
    steps_left: Cell<usize>,
}

impl<'a> SearchSpace<'a> {
    /// The functions of a space.
    pub(in crate::studio) fn symbolic(
        meaning: Meaning<'a>,
        program: &'a Program,
        state: &'a State,
        axes: &'a LiteMap<Id, Values>,
    ) -> Symbolic<'a, Self> {
        Self::after(meaning, program, state, axes, Variables::default(), BddManager::default())
    }

    /// The functions of a space over variables and diagrams that there are already.
    pub(super) fn after(
        meaning: Meaning<'a>,
        program: &'a Program,
        state: &'a State,
        axes: &'a LiteMap<Id, Values>,
        variables: Variables,
        diagrams: BddManager,
    ) -> Symbolic<'a, Self> {
        let (aliases, held) = (LiteMap::new_vec(), LiteMap::new_vec());
        let steps_left = Cell::new(limits::QUESTION_STEPS);
        Symbolic::new(meaning, diagrams, Self { meaning, program, state, axes, variables, aliases, held, steps_left })
    }

    /// The variables of an id that may be assigned: whether it is, then to what; none where no function reads it.
    pub(in crate::studio) fn variables_of(&self, id: Id) -> &[u32] {
        self.variables.get(self.name(id))
    }

    /// What an id is called.
    pub(in crate::studio) fn name(&self, id: Id) -> &str {
        self.aliases.get(&id).map_or_else(|| name(self.program, id), String::as_str)
    }

    /// Of an id that may be assigned: where it is, the values, and the variables that choose among them.
    fn axis(&mut self, logic: &mut BddManager, id: Id) -> Answer<Option<(Bdd, &'a Values, Vec<u32>)>> {
        let Some(values) = self.axes.get(&id) else { return Ok(None) };
        let name = self.aliases.get(&id).map_or_else(|| name(self.program, id), String::as_str);
        let mut variables = self.variables.of(name, values.variables())?;
        let assigned = logic.variable(variables.remove(0))?;
        Ok(Some((assigned, values, variables)))
    }

    /// Something about the value of an id, by what it is at present and by what it is of a value that may be assigned.
    pub(in crate::studio) fn value(
        &mut self,
        logic: &mut BddManager,
        id: Id,
        present: bool,
        test: &dyn Fn(Option<u32>) -> bool,
    ) -> Answer<Bdd> {
        let constant = |holds: bool| if holds { Bdd::TRUE } else { Bdd::FALSE };
        let Some((assigned, values, variables)) = self.axis(logic, id)? else { return Ok(constant(present)) };
        let then = match values {
            Values::Flip => constant(!present),
            Values::OneOf(values) => {
                let mut chosen = constant(values.last().is_some_and(|last| test(*last)));
                for (value, variable) in values.iter().zip(variables).rev() {
                    let variable = logic.variable(variable)?;
                    chosen = logic.ite(variable, constant(test(*value)), chosen)?;
                }
                chosen
            }
            Values::Each(options) => {
                let option = options.iter().zip(variables).find(|(option, _)| test(Some(**option)));
                match option {
                    Some((_, variable)) => logic.variable(variable)?,
                    None => constant(present),
                }
            }
        };
        Ok(logic.ite(assigned, then, constant(present))?)
    }

    /// Of the values that an id may be given, the one that no test tells from this.
    pub(in crate::studio) fn representative(&self, id: Id, value: u32) -> u32 {
        match self.axes.get(&id) {
            Some(Values::OneOf(values)) => {
                values.iter().flatten().copied().filter(|known| *known <= value).max().unwrap_or(value)
            }
            _ => value,
        }
    }

    /// Whether some test tells a number from every other that the id may be given; the other kinds' values all differ.
    pub(in crate::studio) fn is_told_apart(&self, id: Id, number: u32) -> bool {
        let max = match id {
            Id::Privilege(index) => self.program.privileges.get(index).map_or(u32::MAX, |it| it.max),
            _ => u32::MAX,
        };
        let starts_range = |number: u32| self.representative(id, number) == number;
        starts_range(number) && (number == max || number.checked_add(1).is_some_and(starts_range))
    }

    /// Whether a role is held: listed, or assumed.
    pub(in crate::studio) fn held(&mut self, logic: &mut BddManager, role: usize) -> Answer<Ternary> {
        if let Some(known) = self.held.get(&role) {
            return Ok(*known);
        }
        let present = self.state.roles.iter().any(|listed| *listed as usize == role);
        let listed = self.value(logic, Id::Role(role), present, &|_| false)?;
        let mut held = logic.two_valued(listed)?;
        if let Some(when) = self.assumed(logic, role)? {
            held = logic.kleene_or(held, when)?;
        }
        self.held.insert(role, held);
        Ok(held)
    }

    /// Whether facts assume a role, if they ever do.
    pub(super) fn assumed(&mut self, logic: &mut BddManager, role: usize) -> Answer<Option<Ternary>> {
        let when = self.meaning.exprs.when(self.meaning.document, role);
        when.map(|when| evaluate_facts(self, logic, &when)).transpose()
    }

    /// The values that roles give a privilege, each with when.
    pub(super) fn givers(&mut self, logic: &mut BddManager, privilege: usize) -> Answer<Vec<(u32, Ternary)>> {
        let of = |grant: &&Grant| grant.privilege as usize == privilege;
        let inline = self.state.inline.iter().flatten().filter(of).map(|grant| (grant.value, Ternary::YES));
        let mut givers: Vec<_> = inline.collect();
        for (index, role) in self.program.roles.iter().enumerate() {
            for grant in role.grants.iter().filter(of) {
                givers.push((grant.value, self.held(logic, index)?));
            }
        }
        Ok(givers)
    }

    /// Whether the present set has an option.
    pub(super) fn has(&self, id: Id, option: u32) -> bool {
        matches!(id, Id::Privilege(privilege) if self.present(privilege).any(|value| value == option))
    }

    /// The subject's own grants of a privilege at present.
    fn present(&self, privilege: usize) -> impl Iterator<Item = u32> + 'a {
        let own = self.state.own.iter().filter(move |grant| grant.privilege as usize == privilege);
        own.map(|grant| grant.value)
    }
}

impl Inputs for SearchSpace<'_> {
    fn fact(&mut self, logic: &mut BddManager, index: usize, part: Part) -> Answer<Ternary> {
        let fact = self.program.facts.get(index).ok_or(AnalysisError::Faulty)?;
        let known = self.state.fact(index);
        let holds = |value: Option<u32>| value.or(fact.absent).is_some_and(|value| part.of_fact(fact.kind, value));
        let fails = |value: Option<u32>| value.or(fact.absent).is_some_and(|value| !part.of_fact(fact.kind, value));
        let yes = self.value(logic, Id::Fact(index), holds(known), &holds)?;
        Ok(Ternary { yes, no: self.value(logic, Id::Fact(index), fails(known), &fails)? })
    }

    fn granted(&mut self, logic: &mut BddManager, privilege: usize, part: Part) -> Answer<Ternary> {
        let document = self.meaning.document;
        granted(self, logic, document, privilege, part)
    }

    fn spend(&self, steps: usize) -> Result<(), TooLarge> {
        let left = self.steps_left.get().checked_sub(steps);
        self.steps_left.set(left.unwrap_or(0));
        left.map(|_| ()).ok_or(TooLarge)
    }
}

impl GrantSource for SearchSpace<'_> {
    fn own(&mut self, logic: &mut BddManager, privilege: usize, part: Part) -> Answer<Bdd> {
        let kind = self.program.privileges.get(privilege).ok_or(AnalysisError::Faulty)?.kind;
        let present = self.present(privilege).any(|value| part.granted_by(kind, value));
        self.value(logic, Id::Privilege(privilege), present, &|value| {
            value.is_some_and(|value| part.granted_by(kind, value))
        })
    }

    fn own_is_unset(&mut self, logic: &mut BddManager, privilege: usize) -> Answer<Bdd> {
        let present = self.present(privilege).next().is_none();
        self.value(logic, Id::Privilege(privilege), present, &|value| value.is_none())
    }

    fn granted_by_roles(&mut self, logic: &mut BddManager, privilege: usize, test: RoleQuery) -> Answer<Ternary> {
        let kind = self.program.privileges.get(privilege).ok_or(AnalysisError::Faulty)?.kind;
        let passes = |value: u32| match test {
            RoleQuery::OtherThan(option) => value as usize != option,
            RoleQuery::Part(part) => part.granted_by(kind, value),
        };
        let givers = self.givers(logic, privilege)?;
        let mut passing = givers.iter().filter(|(value, _)| passes(*value));
        passing.try_fold(Ternary::NO, |any, (_, when)| Ok(logic.kleene_or(any, *when)?))
    }
}

/// The name of an id.
pub(in crate::studio) fn name(program: &Program, id: Id) -> &str {
    let name = match id {
        Id::Privilege(index) => program.privileges.get(index).map(|it| it.id.as_str()),
        Id::Role(index) => program.roles.get(index).map(|it| it.id.as_str()),
        Id::Fact(index) => program.facts.get(index).map(|it| it.id.as_str()),
    };
    name.unwrap_or_default()
}

/// Where a change is one that a session accepts: no roles clash on a choice, no value is taken away that a role gives
/// all the same, and no role is taken off that facts assume.
pub(in crate::studio) fn valid(of: &mut Symbolic<SearchSpace>) -> Answer<Bdd> {
    let Symbolic { bdds: logic, inputs: space, .. } = of;
    let mut valid = Bdd::TRUE;
    let axes = space.axes;
    for (id, values) in axes {
        match (id, values) {
            (Id::Role(role), _) if space.state.roles.iter().any(|listed| *listed as usize == *role) => {
                let Some(assumed) = space.assumed(logic, *role)? else { continue };
                let removed = space.value(logic, *id, false, &|_| false)?;
                let refused = logic.and(removed, assumed.yes)?;
                valid = logic.and_not(valid, refused)?;
            }
            (Id::Privilege(privilege), Values::OneOf(values)) if values.contains(&None) => {
                let taken = space.value(logic, *id, false, &|value| value.is_none())?;
                for (_, given) in space.givers(logic, *privilege)? {
                    let refused = logic.and(taken, given.yes)?;
                    valid = logic.and_not(valid, refused)?;
                }
            }
            _ => {}
        }
    }
    let program = space.program;
    for (index, _) in program.privileges.iter().enumerate().filter(|(_, it)| it.kind == PrivilegeKind::Choice) {
        let givers = space.givers(logic, index)?;
        let unset = space.own_is_unset(logic, index)?;
        for (place, (value, given)) in givers.iter().enumerate() {
            for (_, other) in givers.iter().skip(place + 1).filter(|(other, _)| other != value) {
                let both = logic.and(given.yes, other.yes)?;
                let clash = logic.and(unset, both)?;
                valid = logic.and_not(valid, clash)?;
            }
        }
    }
    Ok(valid)
}
