//! Evaluation: the verdicts of one session on the atoms of requirements, and comparisons of its values with those of
//! another session.

use crate::check::{Atom, Checked, Formula, Operand, Part, parts};
use crate::document::{Document, Op};
use crate::model::{Comparison, FactKind, PrivilegeKind, Value, Verdict};
use crate::pack::{Fact, Privilege, Slot};
use crate::session::{Holding, Session};

/// One session, and the checked document that defines the meaning of its bits.
#[derive(Clone, Copy)]
pub(super) struct Evaluation<'a> {
    pub(super) checked: &'a Checked,
    pub(super) session: &'a Session<'a>,
}

/// A value that is compared with a value of another session.
enum ComparedValue {
    /// The verdict on each level or option, or on the flag or switch; and whether equality needs a chosen option.
    Parts(Vec<Verdict>, bool),
    /// A number. An unknown fact is `None`; an undecided privilege is [`Holding::Undecided`].
    Number(Option<Holding>),
}

impl<'a> Evaluation<'a> {
    fn document(self) -> &'a Document {
        self.checked.document()
    }

    /// The verdict on a formula.
    pub(super) fn verdict(self, formula: &Formula) -> Verdict {
        formula.verdict(&|atom| self.atom(atom))
    }

    /// The verdict on an atom. O(comparisons of the atom's fact or privilege). The effect of a comparison has no slot: it
    /// is computed from the comparison's input and the effect of being set. A comparison that the policy does not
    /// contain has no input either, so it is evaluated on the number itself.
    pub(super) fn atom(self, atom: Atom) -> Verdict {
        let program = self.session.program();
        let slot = |index: usize| Slot::at(index).map_or(Verdict::Unknown, |slot| self.session.verdict(slot));
        let granted = |privilege: &Privilege, place: usize| {
            privilege.granted.get(place).map_or(Verdict::Unknown, |slot| self.session.verdict(*slot))
        };
        let compared = |comparisons: &[Comparison], comparison| comparisons.iter().position(|it| *it == comparison);
        let verdict = match atom {
            Atom::Allowed(operation) => program.operations.get(operation).map(|it| self.session.verdict(it.decision)),
            Atom::Fact(index, part) => program.facts.get(index).and_then(|fact| match part {
                Part::Whole => Some(slot(fact.input)),
                Part::Value(option) => Some(slot(fact.input + option)),
                Part::Compared(it) => compared(&fact.comparisons, it).map(|place| slot(fact.input + place)),
            }),
            Atom::Effective(index, part) => program.privileges.get(index).and_then(|privilege| match part {
                Part::Whole => privilege.effective.first().map(|effect| self.session.verdict(*effect)),
                Part::Value(value) => privilege.effective.get(value).map(|effect| self.session.verdict(*effect)),
                Part::Compared(it) => match compared(&privilege.comparisons, it) {
                    // A number that passes a comparison is set: where it is, the effect of being set is the requirement.
                    Some(place) => privilege
                        .effective
                        .first()
                        .map(|is_set| granted(privilege, place + 1) & self.session.verdict(*is_set)),
                    None => match self.effective(index)? {
                        Holding::Value(Value::Number(number)) => Some(it.holds(number).into()),
                        Holding::Value(_) | Holding::Nothing => Some(Verdict::No),
                        Holding::Undecided => None,
                    },
                },
            }),
        };
        verdict.unwrap_or(Verdict::Unknown)
    }

    /// The verdict on an atom as if all grants had an effect.
    pub(super) fn granted(self, atom: Atom) -> Verdict {
        let Atom::Effective(index, part) = atom else { return self.atom(atom) };
        let Some(privilege) = self.session.program().privileges.get(index) else { return Verdict::Unknown };
        let place = match part {
            Part::Whole => Some(0),
            Part::Value(value) => Some(value),
            Part::Compared(it) => privilege.comparisons.iter().position(|known| *known == it).map(|place| place + 1),
        };
        let slot = place.and_then(|place| privilege.granted.get(place));
        slot.map_or(Verdict::Unknown, |slot| self.session.verdict(*slot))
    }

    /// The id of a fact or privilege, and its value as text.
    pub(super) fn held(self, operand: Operand) -> (Option<String>, Option<String>) {
        match operand {
            Operand::Fact(index) => {
                let Some(fact) = self.session.program().facts.get(index) else { return (None, None) };
                let known = self.session.fact(index);
                let held = known.map_or_else(|| String::from("unknown"), |value| fact_value(fact, value));
                (Some(fact.id.clone()), Some(held))
            }
            Operand::Privilege(index) => {
                let id = self.document().privileges.get(index).map(|it| String::from(&*it.id));
                (id, self.effective(index).and_then(|effective| effective.shown()))
            }
        }
    }

    /// Compares a value with a value of another session. Levels compare by rank, and holding no level is the lowest
    /// rank. Flags, switches and sets are equal if they hold the same. A choice or number that is not set equals
    /// nothing.
    pub(super) fn compare_with(self, operand: Operand, op: Op, other: Self, value: Operand) -> Verdict {
        match (self.compared_value(operand), other.compared_value(value)) {
            (ComparedValue::Parts(left, needs_choice), ComparedValue::Parts(right, _)) => {
                compare_parts(&left, op, &right, needs_choice)
            }
            (ComparedValue::Number(left), ComparedValue::Number(right)) => compare_numbers(left, op, right),
            _ => Verdict::Unknown,
        }
    }

    fn compared_value(self, operand: Operand) -> ComparedValue {
        let verdicts = |parts: Vec<Part>| parts.into_iter().map(|part| self.atom(operand.atom(part))).collect();
        let document = self.document();
        match operand {
            Operand::Privilege(index) => match document.privileges.get(index).map(|it| it.kind) {
                Some(PrivilegeKind::Number) => ComparedValue::Number(self.effective(index)),
                kind => ComparedValue::Parts(verdicts(parts(document, index)), kind == Some(PrivilegeKind::Choice)),
            },
            Operand::Fact(index) => match document.facts.get(index) {
                Some(fact) if matches!(fact.kind, FactKind::Choice | FactKind::Level) => {
                    let values = (0..fact.values().len()).map(Part::Value).collect();
                    ComparedValue::Parts(verdicts(values), fact.kind == FactKind::Choice)
                }
                Some(fact) if fact.kind == FactKind::Switch => ComparedValue::Parts(verdicts(vec![Part::Whole]), false),
                _ => {
                    ComparedValue::Number(self.session.fact(index).map(|number| Holding::Value(Value::Number(number))))
                }
            },
        }
    }

    /// The effective value of a privilege.
    fn effective(self, index: usize) -> Option<Holding> {
        let privilege = self.document().privileges.get(index)?;
        self.session.holds(&privilege.id).ok().map(|(_, effective)| effective)
    }
}

fn compare_parts(left: &[Verdict], op: Op, right: &[Verdict], needs_choice: bool) -> Verdict {
    let has_all = |a: &[Verdict], b: &[Verdict]| a.iter().zip(b).fold(Verdict::Yes, |all, (a, b)| all & (*a | !*b));
    let has_more = |a: &[Verdict], b: &[Verdict]| a.iter().zip(b).fold(Verdict::No, |any, (a, b)| any | (*a & !*b));
    let is_chosen = if needs_choice { left.iter().fold(Verdict::No, |any, one| any | *one) } else { Verdict::Yes };
    let equal = || has_all(left, right) & has_all(right, left) & is_chosen;
    match op {
        Op::AtLeast => has_all(left, right),
        Op::Above => has_more(left, right),
        Op::AtMost => has_all(right, left),
        Op::Below => has_more(right, left),
        Op::Equal => equal(),
        Op::NotEqual => !equal(),
    }
}

fn compare_numbers(left: Option<Holding>, op: Op, right: Option<Holding>) -> Verdict {
    let differs = op == Op::NotEqual;
    match (left, right) {
        (Some(Holding::Nothing), _) | (_, Some(Holding::Nothing)) => differs.into(),
        (Some(Holding::Value(Value::Number(left))), Some(Holding::Value(Value::Number(right)))) => match op {
            Op::AtLeast => left >= right,
            Op::Above => left > right,
            Op::AtMost => left <= right,
            Op::Below => left < right,
            Op::Equal => left == right,
            Op::NotEqual => left != right,
        }
        .into(),
        _ => Verdict::Unknown,
    }
}

/// The text of a fact's known value.
fn fact_value(fact: &Fact, value: u32) -> String {
    match fact.kind {
        FactKind::Switch => if value == 1 { "on" } else { "off" }.into(),
        FactKind::Number => format!("{value}"),
        FactKind::Choice => fact.values.get(value as usize).cloned().unwrap_or_default(),
        FactKind::Level => fact.values.get((value as usize).saturating_sub(1)).cloned().unwrap_or_default(),
    }
}
