//! Previewing: what a change does. And the grants that do nothing.

use crate::model::{Delta, Verdict};
use crate::pack::{Privilege, Slot};
use crate::session::{Change, Holding, Session, SubjectError};
use crate::studio::Studio;
use crate::studio::explain::explainer::Explainer;
use crate::studio::explain::model::DormantGrant;
use serde::Serialize;

/// What a change does: everything in policy order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// Operations that become allowed, without those that stand for a restriction.
    pub gained: Vec<String>,
    /// Operations that are no longer allowed, without those that stand for a restriction.
    pub lost: Vec<String>,
    /// Menu items that become shown, and that no longer are.
    pub menu: MenuChanges,
    /// Obligations that become owed, and that no longer are.
    pub obligations: Delta<Owed>,
    /// Dormant grants as they are afterwards and were not before, and the reverse: one of which the granted or the
    /// effective value changes stands in both lists, and tells the whole story in each.
    pub dormant: Delta<DormantGrant>,
}

/// Menu items that change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct MenuChanges {
    /// Those that become shown.
    pub shown: Vec<String>,
    /// Those that were shown and no longer are.
    pub hidden: Vec<String>,
}

/// An obligation of an operation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Owed {
    /// The operation.
    pub operation: String,
    /// The obligation.
    pub obligation: String,
}

/// What a change would do. The session must be one of this policy. O(program + subject), and for each grant that
/// becomes or was dormant what explaining it takes.
///
/// # Errors
/// As of [`Session::with`].
pub(in crate::studio) fn preview(studio: &Studio, session: &Session, change: &Change) -> Result<Preview, SubjectError> {
    Ok(studio.difference(session, &session.with(change)?))
}

/// What there is in one session and not in another: what the step from `before` to `after` does. Both must be of
/// this policy. O(program), and for each dormant grant of only one of them what explaining it takes.
pub(in crate::studio) fn difference(studio: &Studio, before: &Session, after: &Session) -> Preview {
    let program = studio.policy().program();
    let mut preview = Preview::default();
    for operation in &program.operations {
        let allowed = |session: &Session| session.verdict(operation.decision) == Verdict::Yes;
        let (was, is) = (allowed(before), allowed(after));
        if was != is && !operation.restricts {
            if is { &mut preview.gained } else { &mut preview.lost }.push(operation.id.clone());
        }
        for obligation in &operation.obligations {
            let owes = |session: &Session| session.verdict(obligation.owed) != Verdict::No;
            let (owed, owes) = (was && owes(before), is && owes(after));
            if owed != owes {
                let changed = &mut preview.obligations;
                if owes { &mut changed.added } else { &mut changed.removed }
                    .push(Owed { operation: operation.id.clone(), obligation: obligation.id.clone() });
            }
        }
    }
    for (item, (was, is)) in program.menu.iter().zip(before.shown().into_iter().zip(after.shown())) {
        let (was, is) = (was == Verdict::Yes, is == Verdict::Yes);
        if was != is {
            if is { &mut preview.menu.shown } else { &mut preview.menu.hidden }.push(item.id.clone());
        }
    }
    for (index, privilege) in program.privileges.iter().enumerate() {
        let (was, is) = (without_effect(before, privilege), without_effect(after, privilege));
        if was != is {
            preview.dormant.removed.extend(was.and_then(|_| reason(studio, before, index)));
            preview.dormant.added.extend(is.and_then(|_| reason(studio, after, index)));
        }
    }
    preview
}

/// Every grant that is known to have no effect, or of which the upper levels are known to have none, with what is
/// missing, in policy order. The session must be one of this policy. What is undecided is not dormant. O(program),
/// and for each what explaining it takes.
pub(in crate::studio) fn dormant(studio: &Studio, session: &Session) -> Vec<DormantGrant> {
    let privileges = studio.policy().program().privileges.iter().enumerate();
    let idle = privileges.filter(|(_, privilege)| without_effect(session, privilege).is_some());
    idle.filter_map(|(index, _)| reason(studio, session, index)).collect()
}

/// Each with an explainer of its own: one writes a chain out once.
fn reason(studio: &Studio, session: &Session, privilege: usize) -> Option<DormantGrant> {
    Explainer::for_session(studio.checked(), session).because(privilege).map(|dormant| *dormant)
}

/// The granted and the effective value of a privilege, where both are known and the second is less. Reads bits alone
/// unless a part is granted and has no effect.
pub(super) fn without_effect(session: &Session, privilege: &Privilege) -> Option<(Holding, Holding)> {
    let idle = |(part, effective): (usize, &Slot)| {
        let granted = privilege.granted.get(part).map(|granted| session.verdict(*granted));
        granted == Some(Verdict::Yes) && session.verdict(*effective) == Verdict::No
    };
    if !privilege.effective.iter().enumerate().any(idle) {
        return None;
    }
    let held = session.holds(&privilege.id).ok()?;
    (matches!(held.0, Holding::Value(_)) && held.1 != Holding::Undecided && held.0 != held.1).then_some(held)
}
