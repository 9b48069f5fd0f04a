//! In which directions decisions may move when facts leave their `absent` values, by the polarity of the atoms that read
//! them.
//!
//! Truth is ordered: known false, unknown, known true. Conjunction and disjunction are monotone in this order and negation
//! reverses it, so the directions of a formula follow from those of its atoms. Where a direction is ruled out, that is a
//! proof; where it is not, the decision need not move in it.

use super::decision_step::{DecisionStep, all, step};
use super::formula::{Atom, Formula, Part};
use super::input::AnalysisInput;
use crate::bdd::TooLarge;
use crate::document::{Fact, Privilege};
use crate::model::{Comparison, FactKind, PrivilegeKind};
use crate::util::sort;
use hashbrown::HashMap;

/// Whether a truth value may rise and whether it may fall.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Directions {
    pub(super) rises: bool,
    pub(super) falls: bool,
}

impl Directions {
    fn join(&mut self, other: Self) {
        self.rises |= other.rises;
        self.falls |= other.falls;
    }

    const fn reversed(self) -> Self {
        Self { rises: self.falls, falls: self.rises }
    }

    const fn is_none(self) -> bool {
        !self.rises && !self.falls
    }
}

/// The facts that leave their `absent` values, each by its index with that value.
pub(super) type Leaving = HashMap<usize, u32>;

/// What the directions of decisions are computed from. It is collected once for all facts.
pub(super) struct Polarity<'a> {
    input: &'a AnalysisInput<'a>,
    /// The steps that read each fact directly, or are of privileges that roles grant whose `when` reads it.
    readers: HashMap<usize, Vec<DecisionStep>>,
}

impl<'a> Polarity<'a> {
    /// Collects what reads the facts with an `absent` value. O(document).
    pub(super) fn new(input: &'a AnalysisInput<'a>) -> Self {
        let (document, exprs) = (input.document, input.exprs);
        let mut readers: HashMap<usize, Vec<DecisionStep>> = HashMap::new();
        let mut read = |formula: &Formula, steps: &[DecisionStep]| {
            formula.atoms(&mut |atom, _| {
                if let Atom::Fact(fact, _) = atom
                    && document.facts.get(fact).is_some_and(|fact| fact.absent.is_some())
                {
                    readers.entry(fact).or_default().extend(steps);
                }
            });
        };
        for step in all(document) {
            exprs.of_step(document, step).into_iter().for_each(|formula| read(&formula, &[step]));
        }
        for (privilege, granted) in input.granted_when {
            let parts = document.privileges.get(*privilege).map_or(0, |it| it.levels.len().max(1));
            let steps: Vec<_> = (0..parts).map(|part| DecisionStep::Effect(*privilege, part)).collect();
            for (_, role) in granted {
                exprs.when(document, *role).into_iter().for_each(|when| read(&when, &steps));
            }
        }
        Self { input, readers }
    }

    /// The directions of all steps while all of these facts leave their `absent` values, each on its own.
    /// O(document).
    pub(super) fn of_all(&self, leaving: &Leaving) -> Moves<'_> {
        self.moves(leaving, self.input.order.steps.iter().copied())
    }

    /// The directions of the steps while one fact leaves its `absent` value. O(what depends on it).
    ///
    /// # Errors
    /// [`TooLarge`] if the budget of the analysis is exceeded.
    pub(super) fn of_one(&self, fact: usize, absent: u32) -> Result<Moves<'_>, TooLarge> {
        let readers = self.readers.get(&fact).into_iter().flatten().copied();
        let mut steps: Vec<DecisionStep> = self.input.dependents_of(readers)?.into_iter().collect();
        sort::sort_by_key(&mut steps, |step| self.input.resolved.positions.get(*step).copied().flatten());
        Ok(self.moves(&Leaving::from_iter([(fact, absent)]), steps.into_iter()))
    }

    fn moves(&self, leaving: &Leaving, steps: impl Iterator<Item = DecisionStep>) -> Moves<'_> {
        let mut moves =
            Moves { polarity: self, leaving: leaving.clone(), whens: HashMap::new(), steps: HashMap::new() };
        for step in steps {
            let moved = moves.of_step(step);
            if !moved.is_empty() {
                moves.steps.insert(step, moved);
            }
        }
        moves
    }
}

/// The directions of steps while some facts leave their `absent` values.
pub(super) struct Moves<'a> {
    polarity: &'a Polarity<'a>,
    leaving: Leaving,
    /// The directions of the `when` of roles that were asked for.
    whens: HashMap<usize, Directions>,
    /// The directions of the parts that a requirement may read of each step; those that do not move are left out.
    steps: HashMap<DecisionStep, Vec<(Part, Directions)>>,
}

impl Moves<'_> {
    /// The directions of a formula.
    pub(super) fn of(&self, formula: &Formula) -> Directions {
        let mut all = Directions::default();
        formula.atoms(&mut |atom, negated| {
            let moved = self.of_atom(atom);
            all.join(if negated { moved.reversed() } else { moved });
        });
        all
    }

    fn of_atom(&self, atom: Atom) -> Directions {
        let input = self.polarity.input;
        match atom {
            Atom::Fact(fact, part) => match (input.document.facts.get(fact), self.leaving.get(&fact)) {
                (Some(declared), Some(absent)) => of_fact(declared, *absent, part),
                _ => Directions::default(),
            },
            Atom::Effective(_, part) => self.of_part(step(input.document, atom), part),
            Atom::Allowed(_) => self.of_part(step(input.document, atom), Part::Whole),
        }
    }

    fn of_part(&self, step: Option<DecisionStep>, part: Part) -> Directions {
        let parts = step.and_then(|step| self.steps.get(&step));
        parts.into_iter().flatten().find(|(known, _)| *known == part).map_or_else(Directions::default, |(_, it)| *it)
    }

    fn of_step(&mut self, step: DecisionStep) -> Vec<(Part, Directions)> {
        let input = self.polarity.input;
        let required = input.exprs.of_step(input.document, step).map_or_else(Directions::default, |it| self.of(&it));
        let DecisionStep::Effect(privilege, level) = step else {
            return if required.is_none() { Vec::new() } else { vec![(Part::Whole, required)] };
        };
        let Some(declared) = input.document.privileges.get(privilege) else { return Vec::new() };
        let givers: Vec<(u32, Directions)> = match input.granted_when.get(&privilege) {
            Some(granted) => granted.iter().map(|(value, role)| (*value, self.of_when(*role))).collect(),
            None => Vec::new(),
        };
        if required.is_none() && givers.iter().all(|(_, when)| when.is_none()) {
            return Vec::new();
        }
        let parts = match declared.kind {
            PrivilegeKind::Level => vec![Part::Value(level)],
            PrivilegeKind::Flag => vec![Part::Whole],
            PrivilegeKind::Choice | PrivilegeKind::Set => (0..declared.options.len()).map(Part::Value).collect(),
            PrivilegeKind::Number => {
                let compared = input.comparisons.privileges.get(privilege).into_iter().flatten();
                [Part::Whole].into_iter().chain(compared.map(|it| Part::Compared(*it))).collect()
            }
        };
        let moved = |part| (part, granted_part(declared, part, &givers, required));
        parts.into_iter().map(moved).filter(|(_, moved)| !moved.is_none()).collect()
    }

    fn of_when(&mut self, role: usize) -> Directions {
        if let Some(known) = self.whens.get(&role) {
            return *known;
        }
        let input = self.polarity.input;
        let moved = input.exprs.when(input.document, role).map_or_else(Directions::default, |when| self.of(&when));
        self.whens.insert(role, moved);
        moved
    }
}

/// The directions of an atom of a fact that leaves its `absent` value for any other.
fn of_fact(fact: &Fact, absent: u32, part: Part) -> Directions {
    let is_true = |value: u32| part.of_fact(fact.kind, value);
    let last = u32::try_from(fact.values().len()).unwrap_or(u32::MAX);
    // What an atom says of a value changes at most at one bound, or at one value and the next: these are on all sides of it.
    let values = match (fact.kind, part) {
        (FactKind::Switch, _) => vec![0, 1],
        (FactKind::Level, _) => vec![1, last],
        (FactKind::Choice, Part::Value(option)) => {
            let option = u32::try_from(option).unwrap_or(u32::MAX);
            let other = u32::from(option == 0);
            [option, other].into_iter().filter(|value| *value < last).collect()
        }
        (_, Part::Compared(Comparison::Equal(number))) => vec![0, u32::MAX, number],
        _ => vec![0, u32::MAX],
    };
    let was = is_true(absent);
    Directions {
        rises: !was && values.iter().any(|it| is_true(*it)),
        falls: was && !values.iter().all(|it| is_true(*it)),
    }
}

/// The directions of a part of a privilege, from those of the `when` of roles that grant it values, and of its requirement. A
/// role only adds a flag, level or option of a set. It can replace the number that counts by a larger one, and it can clash
/// with an option.
fn granted_part(privilege: &Privilege, part: Part, givers: &[(u32, Directions)], required: Directions) -> Directions {
    let mut all = required;
    for (value, when) in givers {
        let passes = part.granted_by(privilege.kind, *value);
        let hinders = match (privilege.kind, part) {
            (PrivilegeKind::Choice, Part::Value(_)) => !passes,
            (_, Part::Compared(Comparison::Below(bound))) => *value >= bound,
            (_, Part::Compared(Comparison::Equal(number))) => *value > number,
            _ => false,
        };
        if passes {
            all.join(*when);
        }
        if hinders {
            all.join(when.reversed());
        }
    }
    all
}
