//! Guides: the state of each step of a set-up path, and what blocks it.

use super::fix::FixResult;
use super::options::FixOptions;
use crate::check::ResolvedExpr;
use crate::document::{Guide, Step};
use crate::model::Verdict;
use crate::session::{Session, SubjectError, SubjectFault};
use crate::studio::Studio;
use crate::studio::explain::explainer::Explainer;
use crate::studio::explain::model::Explanation;
use crate::util::collect_set;
use crate::util::suggest::{did_you_mean, one_of};
use serde::Serialize;
use std::collections::BTreeSet;

/// The people who take the steps of a guide.
///
/// # Examples
/// ```
/// use privet::{Actors, StepState, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let facts = vec![("email-allowed".into(), Value::Flag(true))];
/// let session = studio.policy().session(&Subject { facts, ..Subject::default() })?;
/// let people = [("system-administrator".to_owned(), session)];
/// let steps = studio.guide(Actors::Named(&people), "inbound-email")?;
/// assert_eq!(steps[0].state, StepState::Done);
/// assert_eq!(steps[1].state, StepState::Blocked); // the user administrator is missing
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub enum Actors<'a> {
    /// One person takes all steps.
    One(&'a Session<'a>),
    /// A session for each `who` of the guide. A step whose actor is missing is neither done nor ready; a step without
    /// `who` may be taken by any of the actors.
    Named(&'a [(String, Session<'a>)]),
}

/// The state of a step of a guide.
///
/// # Examples
/// ```
/// use privet::{Actors, Studio, Subject};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let step = studio.guide(Actors::One(&session), "inbound-email")?.remove(0);
/// assert_eq!((step.id.as_str(), step.who.as_deref()), ("allow-email", Some("system-administrator")));
/// assert_eq!(step.explanation.map(|why| why.decision), Some("denied"));
/// assert!(step.fixes.is_some_and(|result| !result.fixes.is_empty()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct GuideStep {
    /// The id of the step.
    pub id: String,
    /// The label of the step.
    pub label: String,
    /// The state of the step.
    pub state: StepState,
    /// The actor of the step.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub who: Option<String>,
    /// The earlier steps that are not done; empty for a step that is done.
    pub waits_for: Vec<String>,
    /// Why the operation of the step is not allowed to its actor, if the step is not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub explanation: Option<Explanation>,
    /// The fixes that allow the operation to its actor; present with `explanation`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", ts(optional))]
    pub fixes: Option<FixResult>,
}

/// The state of a step.
///
/// # Examples
/// ```
/// use privet::{Actors, StepState, Studio, Subject, Value};
///
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?;
/// let flag = |id: &str| (id.into(), Value::Flag(true));
/// let (grants, facts) = (vec![flag("modify-email-accounts")], vec![flag("email-allowed")]);
/// let session = studio.policy().session(&Subject { grants, facts, ..Subject::default() })?;
/// let steps = studio.guide(Actors::One(&session), "inbound-email")?;
/// let states = steps.iter().take(4).map(|step| step.state);
/// assert!(states.eq([StepState::Done, StepState::Done, StepState::Ready, StepState::Blocked]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum StepState {
    /// Its requirement `done` holds.
    Done,
    /// It is not done, all earlier steps are done, and its operation is allowed to its actor.
    Ready,
    /// It is neither done nor ready.
    Blocked,
}

impl<'a> Actors<'a> {
    /// The sessions of an actor; all sessions if no actor is named.
    fn sessions_of(self, name: Option<&str>) -> Vec<&'a Session<'a>> {
        match self {
            Actors::One(session) => vec![session],
            Actors::Named(people) => {
                let matching = people.iter().filter(|(known, _)| name.is_none_or(|name| *known == *name));
                matching.map(|(_, session)| session).collect()
            }
        }
    }
}

/// See [`Studio::guide`].
///
/// # Errors
/// [`SubjectFault::UnknownId`] for an unknown guide, or an actor's name that the guide does not use.
pub(in crate::studio) fn guide(studio: &Studio, actors: Actors, guide: &str) -> Result<Vec<GuideStep>, SubjectError> {
    let guides = &studio.checked().document().guides;
    let found = guides.iter().zip(&studio.checked().exprs().guides).find(|(known, _)| &*known.id == guide);
    let (declared, exprs) = found.ok_or_else(|| studio.policy().unknown("guide", guide))?;
    if let Actors::Named(people) = actors {
        let names = names(declared);
        let unexpected = people.iter().find(|(name, _)| !names.contains(name.as_str()));
        unexpected.map_or(Ok(()), |(name, _)| Err(unknown(name, declared, &names)))?;
    }
    let mut pending: Vec<String> = Vec::new();
    let mut steps = Vec::with_capacity(declared.steps.len());
    for (step, tree) in declared.steps.iter().zip(exprs) {
        let step = guide_step(studio, actors, step, tree.as_ref(), &pending)?;
        if step.state != StepState::Done {
            pending.push(step.id.clone());
        }
        steps.push(step);
    }
    Ok(steps)
}

fn guide_step(
    studio: &Studio,
    actors: Actors,
    step: &Step,
    done: Option<&ResolvedExpr>,
    pending: &[String],
) -> Result<GuideStep, SubjectError> {
    let actor_sessions = actors.sessions_of(step.who.as_deref());
    let tested_sessions = actors.sessions_of(step.of.as_deref().or(step.who.as_deref()));
    let are_present = !actor_sessions.is_empty() && !tested_sessions.is_empty();
    let holds = |session: &&Session| {
        Explainer::for_session(studio, session).requirement(done, &step.done).verdict == Verdict::Yes
    };
    let is_done = are_present && tested_sessions.iter().any(holds);
    let (mut explanation, mut fixes) = (None, None);
    let mut is_allowed = step.operation.is_none();
    if let Some(operation) = step.operation.as_deref().filter(|_| !is_done) {
        for session in actor_sessions {
            is_allowed |= session.can(operation)?;
            if explanation.is_none() {
                explanation = Some(studio.explain(session, operation)?);
                fixes = Some(studio.fixes(session, operation, &FixOptions::default())?);
            }
        }
    }
    let state = match (is_done, are_present && is_allowed && pending.is_empty()) {
        (true, _) => StepState::Done,
        (false, true) => StepState::Ready,
        (false, false) => StepState::Blocked,
    };
    Ok(GuideStep {
        id: String::from(&*step.id),
        label: step.label.clone(),
        state,
        who: step.who.as_deref().map(String::from),
        waits_for: if is_done { Vec::new() } else { pending.to_vec() },
        explanation: explanation.filter(|_| !is_allowed),
        fixes: fixes.filter(|_| !is_allowed),
    })
}

/// The names of the actors in a guide.
fn names(guide: &Guide) -> BTreeSet<&str> {
    collect_set(guide.steps.iter().flat_map(|step| [&step.who, &step.of]).flatten().map(|name| &**name))
}

fn unknown(name: &str, guide: &Guide, names: &BTreeSet<&str>) -> SubjectError {
    let help = did_you_mean(name, names.iter().copied()).unwrap_or_else(|| match names.len() {
        0 => "its steps have no `who`: pass one session".into(),
        _ => format!("it has {}", one_of(names.iter().copied().collect::<Vec<_>>().into_iter())),
    });
    let message = format!("unknown actor `{name}` of guide `{}`", guide.id);
    SubjectError::new(SubjectFault::UnknownId, name, message, help)
}
