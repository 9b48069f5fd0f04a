//! The BDD encoding of all possible subjects: every assignment of the variables is a valid subject.
//!
//! A level is held if its variable and those of all lower levels are true. An option is chosen if its variable is the
//! first true one of its choice. If none is true, a fact has its last option, which has no variable, and a privilege has
//! no value. A number is at least a bound if the variables of that bound and all lower bounds are true; only bounds that
//! the policy compares with have variables. Grants of roles with a `when` are computed from the facts and joined with
//! the encoded grants.

use super::join::{self, GrantSource, RoleQuery};
use super::{AnalysisError, Answer, Inputs, ResolvedPolicy, Symbolic};
use crate::bdd::{Bdd, BddManager, Ternary, TooLarge, VARIABLES};
use crate::check::formula::Part;
use crate::check::input::AnalysisInput;
use crate::document::Privilege;
use crate::model::Comparison;
use crate::model::{FactKind, PrivilegeKind};
use crate::util::{collect_set, to_u32};
use litemap::LiteMap;
use std::collections::BTreeSet;

/// The meaning of a BDD variable. The second number is the level, option or bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Variable {
    /// The fact is known.
    Known(usize),
    /// A part of a fact's value.
    Fact(usize, u32),
    /// A part of the subject's own grant of a privilege. For flags, levels and sets it includes the grants of listed
    /// roles.
    Own(usize, u32),
    /// A part of the value that listed roles grant of a choice or number.
    Listed(usize, u32),
}

/// The inputs over all possible subjects.
pub(in crate::check) struct AllSubjects<'a> {
    input: &'a AnalysisInput<'a>,
    variables: LiteMap<Variable, u32>,
    /// Whether facts may be unknown.
    unknowns: bool,
    /// A fact with a fixed value.
    fixed: Option<(usize, u32)>,
}

impl<'a> Symbolic<'a, AllSubjects<'a>> {
    /// An evaluation over all subjects. `unknowns` is whether facts may be unknown.
    pub(in crate::check) fn over_all_subjects(input: &'a AnalysisInput<'a>, unknowns: bool) -> Self {
        let inputs = AllSubjects { input, variables: LiteMap::new_vec(), unknowns, fixed: None };
        Self::new(input.resolved, BddManager::default(), inputs)
    }
}

impl Symbolic<'_, AllSubjects<'_>> {
    /// Fixes the value of a fact, or of none. Functions built before stay comparable.
    pub(in crate::check) fn fix_fact(&mut self, fact: Option<(usize, u32)>) {
        self.inputs.fixed = fact;
        self.clear_cache();
    }
}

impl Inputs for AllSubjects<'_> {
    fn fact(&mut self, bdds: &mut BddManager, index: usize, part: Part) -> Answer<Ternary> {
        let Some(fact) = self.resolved().document.facts.get(index) else { return Err(AnalysisError::Faulty) };
        if let Some((fixed, value)) = self.fixed.filter(|(fixed, _)| *fixed == index) {
            // The variable is registered, so that `reads_fact` is true.
            self.variable(bdds, Variable::Fact(fixed, 0))?;
            return Ok(if part.of_fact(fact.kind, value) { Ternary::YES } else { Ternary::NO });
        }
        let value = |part: u32| Variable::Fact(index, part);
        let yes = match part {
            Part::Whole => self.variable(bdds, value(0))?,
            // Every value of a fact is at least the first level, which has no variable.
            Part::Value(level) if fact.kind == FactKind::Level => self.reaches(bdds, value, to_u32(level))?,
            Part::Value(option) => self.option_chosen(bdds, value, option, fact.options.len().saturating_sub(1))?,
            Part::Compared(comparison) => {
                let bounds = self.resolved().comparisons.fact_bounds(index);
                self.compare_number(bdds, value, Bdd::TRUE, &bounds, (0, u32::MAX), comparison)?
            }
        };
        if !self.unknowns || fact.absent.is_some() {
            return Ok(bdds.two_valued(yes)?);
        }
        let known = self.variable(bdds, Variable::Known(index))?;
        Ok(Ternary { yes: bdds.and(known, yes)?, no: bdds.and_not(known, yes)? })
    }

    fn granted(&mut self, bdds: &mut BddManager, privilege: usize, part: Part) -> Answer<Ternary> {
        let document = self.input.document;
        join::granted(self, bdds, document, privilege, part)
    }

    fn spend(&self, steps: usize) -> Result<(), TooLarge> {
        self.input.spend(steps)
    }
}

impl GrantSource for AllSubjects<'_> {
    fn own(&mut self, bdds: &mut BddManager, index: usize, part: Part) -> Answer<Bdd> {
        let own = |place| Variable::Own(index, place);
        let privilege = self.privilege(index)?;
        match (privilege.kind, part) {
            (PrivilegeKind::Level, Part::Value(level)) => {
                let rank = u32::try_from(level + 1).map_err(|_| TooLarge)?;
                self.reaches(bdds, own, rank)
            }
            (PrivilegeKind::Set, Part::Value(option)) => {
                let option = u32::try_from(option).map_err(|_| TooLarge)?;
                self.variable(bdds, own(option))
            }
            (PrivilegeKind::Choice | PrivilegeKind::Number, _) => self.encoded_part(bdds, index, own, part),
            _ => self.variable(bdds, own(0)),
        }
    }

    fn own_is_unset(&mut self, bdds: &mut BddManager, index: usize) -> Answer<Bdd> {
        self.no_value(bdds, index, |place| Variable::Own(index, place))
    }

    /// Whether a held role grants a value that passes the test. Grants of listed roles have separate variables only for
    /// choices and numbers that a role with a `when` grants, since the subject's own grant replaces what roles grant of these.
    /// For other kinds, the variables of the own grant represent the join of both.
    fn granted_by_roles(&mut self, bdds: &mut BddManager, index: usize, test: RoleQuery) -> Answer<Ternary> {
        let privilege = self.privilege(index)?;
        let conditional = self.roles_with_when(bdds, index)?;
        let exclusive = matches!(privilege.kind, PrivilegeKind::Choice | PrivilegeKind::Number);
        let listed = |place| Variable::Listed(index, place);
        let listed = match test {
            // If no role with a `when` grants the privilege, the own variables encode all joined values.
            _ if !exclusive || conditional.is_empty() => Bdd::FALSE,
            RoleQuery::Part(part) => self.encoded_part(bdds, index, listed, part)?,
            RoleQuery::OtherThan(option) => {
                let this = self.encoded_part(bdds, index, listed, Part::Value(option))?;
                let no_value = self.no_value(bdds, index, listed)?;
                let this_or_none = bdds.or(this, no_value)?;
                bdds.not(this_or_none)?
            }
        };
        let passes = |value: u32| match test {
            RoleQuery::OtherThan(option) => value as usize != option,
            RoleQuery::Part(part) => part.granted_by(privilege.kind, value),
        };
        let listed = bdds.two_valued(listed)?;
        let mut passing = conditional.iter().filter(|(value, _)| passes(*value));
        passing.try_fold(listed, |any, (_, when)| Ok(bdds.kleene_or(any, *when)?))
    }
}

impl<'a> AllSubjects<'a> {
    const fn resolved(&self) -> ResolvedPolicy<'a> {
        self.input.resolved
    }

    fn privilege(&self, index: usize) -> Answer<&'a Privilege> {
        self.input.document.privileges.get(index).ok_or(AnalysisError::Faulty)
    }

    /// The function of a variable. Numbers are assigned in descending order, so a new variable is above all earlier
    /// ones in the diagrams: what a requirement adds to its dependencies goes on top of their diagrams instead of
    /// changing all their nodes.
    fn variable(&mut self, bdds: &mut BddManager, variable: Variable) -> Answer<Bdd> {
        let count = u32::try_from(self.variables.len()).map_err(|_| TooLarge)?;
        let number = match self.variables.get(&variable) {
            Some(number) => *number,
            None => (VARIABLES - 1).checked_sub(count).ok_or(TooLarge)?,
        };
        self.variables.insert(variable, number);
        Ok(bdds.variable(number)?)
    }

    /// The variables of the subject's own grant of a privilege.
    pub(in crate::check) fn variables_of(&self, privilege: usize) -> Vec<u32> {
        let own =
            self.variables.iter().filter(|(variable, _)| matches!(variable, Variable::Own(it, _) if *it == privilege));
        own.map(|(_, number)| *number).collect()
    }

    /// The choices of which a function that was built depends on the subject's own grant.
    pub(in crate::check) fn choices_read(&self) -> BTreeSet<usize> {
        let is_choice = |privilege: &usize| {
            self.input.document.privileges.get(*privilege).is_some_and(|it| it.kind == PrivilegeKind::Choice)
        };
        let own = self.variables.keys().filter_map(|variable| match variable {
            Variable::Own(privilege, _) => Some(*privilege),
            _ => None,
        });
        collect_set(own.filter(is_choice))
    }

    /// Where roles that are surely held give a choice different options, and the subject has none of its own: the subject cannot
    /// be resolved.
    pub(in crate::check) fn clash(&mut self, bdds: &mut BddManager, choice: usize) -> Answer<Bdd> {
        let options = self.privilege(choice)?.options.len();
        let mut clash = Bdd::FALSE;
        for option in 0..options {
            let this = self.granted_by_roles(bdds, choice, RoleQuery::Part(Part::Value(option)))?;
            let other = self.granted_by_roles(bdds, choice, RoleQuery::OtherThan(option))?;
            let both = bdds.and(this.yes, other.yes)?;
            clash = bdds.or(clash, both)?;
        }
        let unset = self.own_is_unset(bdds, choice)?;
        Ok(bdds.and(clash, unset)?)
    }

    /// Whether a function that was built depends on the fact.
    pub(in crate::check) fn reads_fact(&self, fact: usize) -> bool {
        let of = |variable: &Variable| matches!(variable, Variable::Fact(it, _) | Variable::Known(it) if *it == fact);
        self.variables.keys().any(of)
    }

    /// Whether the option is chosen: its variable is true and those of all earlier options are false. The option at
    /// `last` has no variable: it is chosen if no other is. For a privilege, which may have no value, `last` is the
    /// number of options and stands for "no value".
    fn option_chosen(
        &mut self,
        bdds: &mut BddManager,
        variable: impl Fn(u32) -> Variable,
        option: usize,
        last: usize,
    ) -> Answer<Bdd> {
        let mut before = Bdd::TRUE;
        for earlier in 0..option {
            let earlier = self.variable(bdds, variable(to_u32(earlier)))?;
            before = bdds.and_not(before, earlier)?;
        }
        if option == last {
            return Ok(before);
        }
        let own = self.variable(bdds, variable(to_u32(option)))?;
        Ok(bdds.and(before, own)?)
    }

    /// The conjunction of the first `places` variables: the value is at or above that place.
    fn reaches(&mut self, bdds: &mut BddManager, variable: impl Fn(u32) -> Variable, places: u32) -> Answer<Bdd> {
        let mut all = Bdd::TRUE;
        for place in 0..places {
            let place = self.variable(bdds, variable(place))?;
            all = bdds.and(all, place)?;
        }
        Ok(all)
    }

    /// The result of a comparison with a number. The bounds within `min` and `max` have variables from 1, in ascending
    /// order; variable 0 is not used here. `set` is where the number is set.
    fn compare_number(
        &mut self,
        bdds: &mut BddManager,
        variable: impl Fn(u32) -> Variable + Copy,
        set: Bdd,
        bounds: &BTreeSet<u32>,
        (min, max): (u32, u32),
        comparison: Comparison,
    ) -> Answer<Bdd> {
        self.spend(bounds.len())?;
        let mut at_least = |bdds: &mut BddManager, bound: u32| -> Answer<Bdd> {
            if bound > max {
                return Ok(Bdd::FALSE);
            }
            let places = bounds.iter().filter(|other| **other > min && **other <= bound.max(min)).count();
            let places = u32::try_from(places).map_err(|_| TooLarge)?;
            let reaches = self.reaches(bdds, |place| variable(place + 1), places)?;
            Ok(bdds.and(set, reaches)?)
        };
        let (low, high) = match comparison {
            Comparison::AtLeast(bound) => (at_least(bdds, bound)?, Bdd::FALSE),
            Comparison::Below(bound) => (set, at_least(bdds, bound)?),
            Comparison::Equal(number) => {
                let low = at_least(bdds, number)?;
                (low, number.checked_add(1).map_or(Ok(Bdd::FALSE), |next| at_least(bdds, next))?)
            }
        };
        Ok(bdds.and_not(low, high)?)
    }

    /// The values that roles with `when` grant of the privilege, each with the function of that `when`.
    fn roles_with_when(&mut self, bdds: &mut BddManager, privilege: usize) -> Answer<Vec<(u32, Ternary)>> {
        let mut conditional = Vec::new();
        for (value, role) in self.input.granted_when.get(&privilege).into_iter().flatten() {
            let when = self.input.exprs.when(self.input.document, *role).ok_or(AnalysisError::Faulty)?;
            conditional.push((*value, super::evaluate_facts(self, bdds, &when)?));
        }
        Ok(conditional)
    }

    /// The part of a choice or number that is encoded by `variable`.
    fn encoded_part(
        &mut self,
        bdds: &mut BddManager,
        index: usize,
        variable: impl Fn(u32) -> Variable + Copy,
        part: Part,
    ) -> Answer<Bdd> {
        let privilege = self.privilege(index)?;
        match part {
            Part::Whole => self.variable(bdds, variable(0)),
            Part::Value(option) => self.option_chosen(bdds, variable, option, privilege.options.len()),
            Part::Compared(comparison) => {
                let set = self.variable(bdds, variable(0))?;
                let bounds = self.resolved().comparisons.privilege_bounds(index);
                self.compare_number(bdds, variable, set, &bounds, privilege.range(), comparison)
            }
        }
    }

    /// Whether the choice or number that is encoded by `variable` has no value.
    fn no_value(
        &mut self,
        bdds: &mut BddManager,
        index: usize,
        variable: impl Fn(u32) -> Variable + Copy,
    ) -> Answer<Bdd> {
        let privilege = self.privilege(index)?;
        if privilege.kind == PrivilegeKind::Choice {
            return self.option_chosen(bdds, variable, privilege.options.len(), privilege.options.len());
        }
        let set = self.variable(bdds, variable(0))?;
        Ok(bdds.not(set)?)
    }
}
