//! The effects of a change, and dormant grants.

use crate::model::{Delta, Verdict, limits};
use crate::pack::{Privilege, Slot};
use crate::session::{Change, Holding, Session, SubjectError};
use crate::studio::Studio;
use crate::studio::explain::explainer::Explainer;
use crate::studio::explain::model::DormantGrant;
use serde::Serialize;

/// The effects of a change. All lists are in policy order.
///
/// # Examples
/// ```
/// use privet::{Change, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let grants = vec![("contacts".into(), Value::Flag(true)), ("contact-exporter".into(), Value::Flag(true))];
/// let session = studio.policy().session(&Subject { grants, ..Subject::default() })?;
/// let change = Change { set: vec![("contacts".into(), Value::Null)], ..Change::default() };
/// let preview = studio.preview(&session, &change)?;
/// assert!(preview.gained.is_empty() && preview.lost.contains(&"contacts.export".into()));
/// assert_eq!(preview.dormant.added[0].privilege, "contact-exporter");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Preview {
    /// Operations that become allowed, without those that restrict.
    #[cfg_attr(feature = "schema", ts(type = "readonly OperationId<S>[]"))]
    pub gained: Vec<String>,
    /// Operations that are no longer allowed, without those that restrict.
    #[cfg_attr(feature = "schema", ts(type = "readonly OperationId<S>[]"))]
    pub lost: Vec<String>,
    /// Menu items that become shown, and items that are no longer shown.
    pub menu: MenuChanges,
    /// Obligations that become owed, and obligations that are no longer owed.
    pub obligations: Delta<Owed>,
    /// Dormant grants that exist only after the change, and only before it. A dormant grant whose granted or effective
    /// value changes is in both lists.
    pub dormant: Delta<DormantGrant>,
}

/// The menu items that a change shows and hides.
///
/// # Examples
/// ```
/// use privet::{Change, MenuChanges, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let flag = |id: &str| (id.into(), Value::Flag(true));
/// let (grants, facts) = (vec![flag("modify-email-accounts")], vec![flag("email-allowed")]);
/// let session = studio.policy().session(&Subject { grants, facts, ..Subject::default() })?;
/// let off = Change { facts: vec![("email-allowed".into(), Value::Flag(false))], ..Change::default() };
/// let MenuChanges { shown, hidden } = studio.preview(&session, &off)?.menu;
/// assert_eq!((shown.len(), hidden), (0, vec!["admin".to_owned(), "email-accounts".to_owned()]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct MenuChanges {
    /// Items that become shown.
    #[cfg_attr(feature = "schema", ts(type = "readonly MenuItemId<S>[]"))]
    pub shown: Vec<String>,
    /// Items that are no longer shown.
    #[cfg_attr(feature = "schema", ts(type = "readonly MenuItemId<S>[]"))]
    pub hidden: Vec<String>,
}

/// An obligation that is owed for an operation.
///
/// # Examples
/// ```
/// use privet::{Change, Owed, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let change = Change { set: vec![("sender".into(), Value::Flag(true))], ..Change::default() };
/// let owed = Owed { operation: "campaigns.send".into(), obligation: "awaits-approval".into() };
/// assert_eq!(studio.preview(&session, &change)?.obligations.added, [owed]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
pub struct Owed {
    /// The operation.
    #[cfg_attr(feature = "schema", ts(type = "OperationId<S>"))]
    pub operation: String,
    /// The obligation.
    #[cfg_attr(feature = "schema", ts(type = "ObligationId<S>"))]
    pub obligation: String,
}

/// See [`Studio::preview`].
pub(in crate::studio) fn preview(studio: &Studio, session: &Session, change: &Change) -> Result<Preview, SubjectError> {
    Ok(studio.difference(session, &session.with(change)?))
}

/// See [`Studio::difference`].
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
    for (item, (was, is)) in program.menu.iter().zip(before.menu_states().into_iter().zip(after.menu_states())) {
        let (was, is) = (was == Verdict::Yes, is == Verdict::Yes);
        if was != is {
            if is { &mut preview.menu.shown } else { &mut preview.menu.hidden }.push(item.id.clone());
        }
    }
    let effects =
        |(index, privilege)| (index, without_effect(before, index, privilege), without_effect(after, index, privilege));
    let effects = program.privileges.iter().enumerate().map(effects).filter(|(_, was, is)| was != is);
    let changed: Vec<_> = effects.collect();
    let chain = limits::DORMANT_CAUSES / changed.len().max(1);
    for (index, was, is) in changed {
        preview.dormant.removed.extend(was.and_then(|_| dormant_grant(studio, before, index, chain)));
        preview.dormant.added.extend(is.and_then(|_| dormant_grant(studio, after, index, chain)));
    }
    preview
}

/// See [`Studio::dormant`].
pub(in crate::studio) fn dormant(studio: &Studio, session: &Session) -> Vec<DormantGrant> {
    let privileges = studio.policy().program().privileges.iter().enumerate();
    let dormant: Vec<usize> = privileges
        .filter(|(index, privilege)| without_effect(session, *index, privilege).is_some())
        .map(|(index, _)| index)
        .collect();
    let chain = limits::DORMANT_CAUSES / dormant.len().max(1);
    dormant.into_iter().filter_map(|index| dormant_grant(studio, session, index, chain)).collect()
}

/// Explains a dormant grant, with at least its own cause and at most `chain` in a chain of them. Each gets an explainer of its
/// own, because an explainer writes out each chain of causes only once.
fn dormant_grant(studio: &Studio, session: &Session, privilege: usize, chain: usize) -> Option<DormantGrant> {
    let mut explainer = Explainer::for_session(studio, session);
    explainer.depth = limits::DORMANT_CHAIN.saturating_sub(chain.max(1));
    explainer.because(privilege).map(|dormant| *dormant)
}

/// The part of a privilege that is surely granted and the effective value, if some of that part is known to have no effect. Reads only
/// bits, unless it has none.
pub(super) fn without_effect(session: &Session, index: usize, privilege: &Privilege) -> Option<(Holding, Holding)> {
    let has_no_effect = |(part, effective): (usize, &Slot)| {
        let granted = privilege.granted.get(part).map(|granted| session.verdict(*granted));
        granted == Some(Verdict::Yes) && session.verdict(*effective) == Verdict::No
    };
    if !privilege.effective.iter().enumerate().any(has_no_effect) {
        return None;
    }
    Some((session.surely_granted(index).0, session.holds(&privilege.id).ok()?.1))
}
