//! The join as a function: what somebody's own value and all that roles give come to, by the exact rules.

use super::{AnalysisError, Answer};
use crate::bdd::{Bdd, BddManager, Ternary};
use crate::check::formula::Part;
use crate::document::Document;
use crate::model::Comparison;
use crate::model::PrivilegeKind;

/// Everything that source a privilege, as functions.
pub trait GrantSource {
    /// The subject's own value has the part.
    ///
    /// # Errors
    /// [`AnalysisError`].
    fn own(&mut self, bdds: &mut BddManager, privilege: usize, part: Part) -> Answer<Bdd>;

    /// The subject has no value of its own; asked of choices and numbers only.
    ///
    /// # Errors
    /// [`AnalysisError`].
    fn own_is_unset(&mut self, bdds: &mut BddManager, privilege: usize) -> Answer<Bdd>;

    /// Some role source a value that passes.
    ///
    /// # Errors
    /// [`AnalysisError`].
    fn from_roles(&mut self, bdds: &mut BddManager, privilege: usize, test: RoleQuery) -> Answer<Ternary>;
}

/// What is asked of a value that roles give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleQuery {
    /// It has the part.
    Part(Part),
    /// It is another option than this one.
    OtherThan(usize),
}

/// What is granted of a part of a privilege. Flags, levels and sets unite; a choice or number takes the subject's own
/// value, else what the roles give.
///
/// # Errors
/// [`AnalysisError`].
pub fn granted(
    source: &mut dyn GrantSource,
    bdds: &mut BddManager,
    document: &Document,
    privilege: usize,
    part: Part,
) -> Answer<Ternary> {
    let declared = document.privileges.get(privilege).ok_or(AnalysisError::Faulty)?;
    let own = source.own(bdds, privilege, part)?;
    let own = bdds.two_valued(own)?;
    if !matches!(declared.kind, PrivilegeKind::Choice | PrivilegeKind::Number) {
        let roles = source.from_roles(bdds, privilege, RoleQuery::Part(part))?;
        return Ok(bdds.kleene_or(own, roles)?);
    }
    let mut from_roles = |bdds: &mut BddManager, test| source.from_roles(bdds, privilege, test);
    let this = from_roles(bdds, RoleQuery::Part(part))?;
    let roles = match part {
        // Two options that may both be given leave either unknown; one that nobody source is not held.
        Part::Value(option) => {
            let others = from_roles(bdds, RoleQuery::OtherThan(option))?;
            Ternary { no: this.no, ..bdds.kleene_and(this, !others)? }
        }
        // The largest counts, so a larger one that fails the test spoils it.
        Part::Compared(comparison @ (Comparison::Below(bound) | Comparison::Equal(bound))) => {
            let above = match comparison {
                Comparison::Below(_) => Some(bound),
                _ => bound.checked_add(1),
            };
            match above {
                Some(above) => {
                    let larger = from_roles(bdds, RoleQuery::Part(Part::Compared(Comparison::AtLeast(above))))?;
                    bdds.kleene_and(this, !larger)?
                }
                None => this,
            }
        }
        Part::Compared(Comparison::AtLeast(_)) | Part::Whole => this,
    };
    let unset = source.own_is_unset(bdds, privilege)?;
    Ok(bdds.kleene_ite(unset, roles, own)?)
}
