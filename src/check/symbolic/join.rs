//! The join as a function: what somebody's own value and all that roles give come to, by the exact rules.

use super::{Answer, Unanswered};
use crate::check::formula::Part;
use crate::document::Document;
use crate::ground::PrivilegeKind;
use crate::logic::{Diagram, Diagrams, Pair};
use crate::program::Comparison;

/// Everything that gives a privilege, as functions.
pub trait Gives {
    /// The subject's own value has the part.
    ///
    /// # Errors
    /// [`Unanswered`].
    fn own(&mut self, logic: &mut Diagrams, privilege: usize, part: Part) -> Answer<Diagram>;

    /// The subject has no value of its own; asked of choices and numbers only.
    ///
    /// # Errors
    /// [`Unanswered`].
    fn unset(&mut self, logic: &mut Diagrams, privilege: usize) -> Answer<Diagram>;

    /// Some role gives a value that passes.
    ///
    /// # Errors
    /// [`Unanswered`].
    fn given(&mut self, logic: &mut Diagrams, privilege: usize, test: Given) -> Answer<Pair>;
}

/// What is asked of a value that roles give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Given {
    /// It has the part.
    Part(Part),
    /// It is another option than this one.
    OtherThan(usize),
}

/// What is granted of a part of a privilege. Flags, levels and sets unite; a choice or number takes the subject's own
/// value, else what the roles give.
///
/// # Errors
/// [`Unanswered`].
pub fn granted(
    gives: &mut dyn Gives,
    logic: &mut Diagrams,
    document: &Document,
    privilege: usize,
    part: Part,
) -> Answer<Pair> {
    let declared = document.privileges.get(privilege).ok_or(Unanswered::Faulty)?;
    let own = gives.own(logic, privilege, part)?;
    let own = logic.known(own)?;
    if !matches!(declared.kind, PrivilegeKind::Choice | PrivilegeKind::Number) {
        let roles = gives.given(logic, privilege, Given::Part(part))?;
        return Ok(logic.either(own, roles)?);
    }
    let mut given = |logic: &mut Diagrams, test| gives.given(logic, privilege, test);
    let this = given(logic, Given::Part(part))?;
    let roles = match part {
        // Two options that may both be given leave either unknown; one that nobody gives is not held.
        Part::Value(option) => {
            let others = given(logic, Given::OtherThan(option))?;
            Pair { no: this.no, ..logic.both(this, !others)? }
        }
        // The largest counts, so a larger one that fails the test spoils it.
        Part::Compared(comparison @ (Comparison::Below(bound) | Comparison::Equal(bound))) => {
            let above = match comparison {
                Comparison::Below(_) => Some(bound),
                _ => bound.checked_add(1),
            };
            match above {
                Some(above) => {
                    let larger = given(logic, Given::Part(Part::Compared(Comparison::AtLeast(above))))?;
                    logic.both(this, !larger)?
                }
                None => this,
            }
        }
        Part::Compared(Comparison::AtLeast(_)) | Part::Whole => this,
    };
    let unset = gives.unset(logic, privilege)?;
    Ok(logic.switch(unset, roles, own)?)
}
