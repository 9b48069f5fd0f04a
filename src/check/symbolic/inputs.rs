//! Inputs as functions: what a subject may be, encoded so that every assignment of the variables is one.
//!
//! A level holds when its own variable and those of all lower ones do; an option when its variable is the first of its
//! choice that does; a number climbs through the bounds that the policy compares it with. What roles that facts assume
//! grant is joined in by the exact rules.

use super::{Answer, NO, Pair, Symbolic, Unanswered, Variable, YES};
use crate::check::formula::Part;
use crate::document::{Fact, Privilege};
use crate::ground::{FactKind, PrivilegeKind, Value, fit};
use crate::logic::{Diagram, TooLarge};
use crate::program::Comparison;
use alloc::collections::BTreeSet;
use alloc::vec::Vec;

impl Symbolic<'_> {
    pub(super) fn fact(&mut self, index: usize, part: Part) -> Answer<Pair> {
        let Some(fact) = self.model.document.facts.get(index) else { return Err(Unanswered::Faulty) };
        if let Some((assumed, value)) = self.assumed.filter(|(assumed, _)| *assumed == index) {
            // Named here too, so that it shows which functions depend on it.
            self.variable(Variable::Fact(assumed, 0))?;
            return Ok(if holds(fact, part, value) { YES } else { NO });
        }
        let value = |part: u32| Variable::Fact(index, part);
        let yes = match part {
            Part::Whole => self.variable(value(0))?,
            Part::Value(option) => self.first(value, option, fact.options.len().saturating_sub(1))?,
            Part::Compared(comparison) => {
                let bounds = self.model.comparisons.fact_bounds(index);
                self.compared(value, Diagram::YES, &bounds, (0, u32::MAX), comparison)?
            }
        };
        if !self.unknowns || fact.absent.is_some() {
            return self.known(yes);
        }
        let known = self.variable(Variable::Known(index))?;
        Ok(Pair { yes: self.diagrams.and(known, yes)?, no: self.diagrams.and_not(known, yes)? })
    }

    /// The option is the first whose variable holds. The option at `last`, where there is one, has none of its own:
    /// it is what remains, for values of which exactly one holds.
    fn first(&mut self, variable: impl Fn(u32) -> Variable, option: usize, last: usize) -> Answer<Diagram> {
        let mut before = Diagram::YES;
        for earlier in 0..option {
            let earlier = self.variable(variable(u32::try_from(earlier).unwrap_or(u32::MAX)))?;
            before = self.diagrams.and_not(before, earlier)?;
        }
        if option == last {
            return Ok(before);
        }
        let own = self.variable(variable(u32::try_from(option).unwrap_or(u32::MAX)))?;
        Ok(self.diagrams.and(before, own)?)
    }

    /// The value is at or above `place`: its own variable and all before it hold.
    fn climbed(&mut self, variable: impl Fn(u32) -> Variable, places: u32) -> Answer<Diagram> {
        let mut all = Diagram::YES;
        for place in 0..places {
            let place = self.variable(variable(place))?;
            all = self.diagrams.and(all, place)?;
        }
        Ok(all)
    }

    /// A number climbs through the bounds that the policy compares it with, each of which has a place from 1; `set`
    /// says where it is set at all.
    fn compared(
        &mut self,
        variable: impl Fn(u32) -> Variable + Copy,
        set: Diagram,
        bounds: &BTreeSet<u32>,
        (min, max): (u32, u32),
        comparison: Comparison,
    ) -> Answer<Diagram> {
        self.model.spend(bounds.len())?;
        let mut at_least = |bound: u32| -> Answer<Diagram> {
            if bound > max {
                return Ok(Diagram::NO);
            }
            let places = bounds.iter().filter(|other| **other > min && **other <= bound.max(min)).count();
            let places = u32::try_from(places).map_err(|_| TooLarge)?;
            let climbed = self.climbed(|place| variable(place + 1), places)?;
            Ok(self.diagrams.and(set, climbed)?)
        };
        let (low, high) = match comparison {
            Comparison::AtLeast(bound) => (at_least(bound)?, Diagram::NO),
            Comparison::Below(bound) => (set, at_least(bound)?),
            Comparison::Equal(number) => (at_least(number)?, number.checked_add(1).map_or(Ok(Diagram::NO), at_least)?),
        };
        Ok(self.diagrams.and_not(low, high)?)
    }

    /// What the subject is granted of a part of a privilege, by itself and by its roles.
    pub(super) fn granted(&mut self, index: usize, part: Part) -> Answer<Pair> {
        let Some(privilege) = self.model.document.privileges.get(index) else { return Err(Unanswered::Faulty) };
        let assumed = self.assumed_roles(index)?;
        match (privilege.kind, part) {
            (PrivilegeKind::Choice | PrivilegeKind::Number, _) => self.exclusive(index, privilege, part, &assumed),
            (kind, part) => {
                let (own, gives): (_, &dyn Fn(u32) -> bool) = match (kind, part) {
                    (PrivilegeKind::Level, Part::Value(level)) => {
                        let rank = u32::try_from(level + 1).map_err(|_| TooLarge)?;
                        (self.climbed(|place| Variable::Own(index, place), rank)?, &move |value| value >= rank)
                    }
                    (PrivilegeKind::Set, Part::Value(option)) => {
                        let option = u32::try_from(option).map_err(|_| TooLarge)?;
                        (self.variable(Variable::Own(index, option))?, &move |value| value == option)
                    }
                    _ => (self.variable(Variable::Own(index, 0))?, &|_| true),
                };
                let mut granted = self.known(own)?;
                for (value, when) in &assumed {
                    if gives(*value) {
                        granted = self.or(granted, *when)?;
                    }
                }
                Ok(granted)
            }
        }
    }

    /// The roles that facts may assume and that grant the privilege: each value with when.
    fn assumed_roles(&mut self, privilege: usize) -> Answer<Vec<(u32, Pair)>> {
        let document = self.model.document;
        let Some(declared) = document.privileges.get(privilege) else { return Err(Unanswered::Faulty) };
        let mut assumed = Vec::new();
        for (index, role) in document.roles.iter().enumerate().filter(|(_, role)| role.when.is_some()) {
            let Some(value) = role.grants.get(&*declared.id) else { continue };
            let formula = self.model.trees.when(document, index).ok_or(Unanswered::Faulty)?;
            let when = self.evaluate(&formula)?;
            assumed.extend(values(declared, value)?.into_iter().map(|value| (value, when)));
        }
        Ok(assumed)
    }

    /// A choice or number: the subject's own value, else what its roles give.
    fn exclusive(&mut self, index: usize, privilege: &Privilege, part: Part, assumed: &[(u32, Pair)]) -> Answer<Pair> {
        let own = |place| Variable::Own(index, place);
        let holds = self.value(index, privilege, own, part)?;
        if assumed.is_empty() {
            return self.known(holds);
        }
        let given =
            |this: &mut Self, part, test: &dyn Fn(u32) -> bool| this.given(index, privilege, part, assumed, test);
        let roles = match part {
            // Two options that may both be given leave either unknown; one that nobody gives is not held.
            Part::Value(option) => {
                let this = given(self, part, &|value| value as usize == option)?;
                let others = self.others(index, privilege, option, assumed)?;
                Pair { no: this.no, ..self.and(this, others)? }
            }
            // The largest counts, so a larger one that fails the test spoils it.
            Part::Compared(comparison @ (Comparison::Below(bound) | Comparison::Equal(bound))) => {
                let this = given(self, part, &|value| comparison.holds(value))?;
                let above = match comparison {
                    Comparison::Below(_) => Some(bound),
                    _ => bound.checked_add(1),
                };
                match above {
                    Some(above) => {
                        let part = Part::Compared(Comparison::AtLeast(above));
                        let larger = given(self, part, &|value| value >= above)?;
                        self.and(this, Pair { yes: larger.no, no: larger.yes })?
                    }
                    None => this,
                }
            }
            Part::Compared(comparison) => given(self, part, &|value| comparison.holds(value))?,
            Part::Whole => given(self, part, &|_| true)?,
        };
        let unset = self.unset(privilege, own)?;
        let from_roles = Pair { yes: self.diagrams.and(unset, roles.yes)?, no: self.diagrams.and(unset, roles.no)? };
        let set = self.diagrams.not(unset)?;
        let another = self.diagrams.and_not(set, holds)?;
        Ok(Pair { yes: self.diagrams.or(holds, from_roles.yes)?, no: self.diagrams.or(another, from_roles.no)? })
    }

    /// Some role gives a value that passes: a listed one, whose part this is, or one that facts assume.
    fn given(
        &mut self,
        index: usize,
        privilege: &Privilege,
        part: Part,
        assumed: &[(u32, Pair)],
        test: &dyn Fn(u32) -> bool,
    ) -> Answer<Pair> {
        let listed = self.value(index, privilege, |place| Variable::Listed(index, place), part)?;
        let listed = self.known(listed)?;
        assumed.iter().filter(|(value, _)| test(*value)).try_fold(listed, |any, (_, when)| self.or(any, *when))
    }

    /// No role gives another option.
    fn others(&mut self, index: usize, privilege: &Privilege, option: usize, assumed: &[(u32, Pair)]) -> Answer<Pair> {
        let listed = |place| Variable::Listed(index, place);
        let this = self.value(index, privilege, listed, Part::Value(option))?;
        let none = self.unset(privilege, listed)?;
        let fine = self.diagrams.or(this, none)?;
        let fine = self.known(fine)?;
        let mut others = assumed.iter().filter(|(value, _)| *value as usize != option);
        others.try_fold(fine, |fine, (_, when)| self.and(fine, Pair { yes: when.no, no: when.yes }))
    }

    /// A part of a value that is given in one place.
    fn value(
        &mut self,
        index: usize,
        privilege: &Privilege,
        variable: impl Fn(u32) -> Variable + Copy,
        part: Part,
    ) -> Answer<Diagram> {
        match part {
            Part::Whole => self.variable(variable(0)),
            Part::Value(option) => self.first(variable, option, privilege.options.len()),
            Part::Compared(comparison) => {
                let set = self.variable(variable(0))?;
                let bounds = self.model.comparisons.privilege_bounds(index);
                self.compared(variable, set, &bounds, privilege.range(), comparison)
            }
        }
    }

    /// No value is given in that place.
    fn unset(&mut self, privilege: &Privilege, variable: impl Fn(u32) -> Variable + Copy) -> Answer<Diagram> {
        if privilege.kind == PrivilegeKind::Choice {
            return self.first(variable, privilege.options.len(), privilege.options.len());
        }
        let set = self.variable(variable(0))?;
        Ok(self.diagrams.not(set)?)
    }
}

/// Whether a part of a fact holds for a value of it.
fn holds(fact: &Fact, part: Part, value: u32) -> bool {
    match (part, fact.kind) {
        (Part::Value(option), _) => value as usize == option,
        (Part::Compared(comparison), _) => comparison.holds(value),
        (Part::Whole, FactKind::Switch) => value == 1,
        (Part::Whole, _) => true,
    }
}

/// A role's grant of a privilege, as numbers; nothing where it does not fit, which is reported elsewhere.
fn values(privilege: &Privilege, value: &Value) -> Answer<Vec<u32>> {
    let fits = fit::grant(&privilege.id, privilege.kind, &privilege.values(), privilege.range(), value);
    fits.map_err(|_| Unanswered::Faulty)
}
