//! The join of a subject's own grant and the grants of its roles, as a function.

use super::{AnalysisError, Answer};
use crate::bdd::{Bdd, BddManager, Ternary};
use crate::check::formula::Part;
use crate::document::Document;
use crate::model::Comparison;
use crate::model::PrivilegeKind;

/// The grants of a privilege by source, as functions.
pub trait GrantSource {
    /// Whether the subject's own grant has the part.
    ///
    /// # Errors
    /// [`AnalysisError`] if a limit is exceeded, or something that is read is faulty.
    fn own(&mut self, bdds: &mut BddManager, privilege: usize, part: Part) -> Answer<Bdd>;

    /// Whether the subject has no own grant. Called for choices and numbers only.
    ///
    /// # Errors
    /// [`AnalysisError`] if a limit is exceeded, or something that is read is faulty.
    fn own_is_unset(&mut self, bdds: &mut BddManager, privilege: usize) -> Answer<Bdd>;

    /// Whether a role grants a value that passes the test.
    ///
    /// # Errors
    /// [`AnalysisError`] if a limit is exceeded, or something that is read is faulty.
    fn granted_by_roles(&mut self, bdds: &mut BddManager, privilege: usize, test: RoleQuery) -> Answer<Ternary>;
}

/// A test of a value that a role grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleQuery {
    /// The value has the part.
    Part(Part),
    /// The value is an option other than this one.
    OtherThan(usize),
}

/// Whether a part of a privilege is granted. Flags, levels and sets are united; a choice or number is the subject's own
/// value, else the joined value of the roles.
///
/// # Errors
/// [`AnalysisError`] if a limit is exceeded, or something that is read is faulty.
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
        let roles = source.granted_by_roles(bdds, privilege, RoleQuery::Part(part))?;
        return Ok(bdds.kleene_or(own, roles)?);
    }
    let mut granted_by_roles = |bdds: &mut BddManager, test| source.granted_by_roles(bdds, privilege, test);
    let this = granted_by_roles(bdds, RoleQuery::Part(part))?;
    let roles = match part {
        // If roles may grant two options, each of them is unknown. An option that no role grants is not held.
        Part::Value(option) => {
            let others = granted_by_roles(bdds, RoleQuery::OtherThan(option))?;
            Ternary { no: this.no, ..bdds.kleene_and(this, !others)? }
        }
        // The largest number counts, so the test fails if a role grants a larger number that fails it.
        Part::Compared(comparison @ (Comparison::Below(bound) | Comparison::Equal(bound))) => {
            let above = match comparison {
                Comparison::Below(_) => Some(bound),
                _ => bound.checked_add(1),
            };
            match above {
                Some(above) => {
                    let larger = granted_by_roles(bdds, RoleQuery::Part(Part::Compared(Comparison::AtLeast(above))))?;
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
