//! Guides: how far along a set-up path people are, whose turn it is, and what is in the way.

use super::fix::FixResult;
use super::options::FixOptions;
use crate::check::ResolvedExpr;
use crate::document::{Guide, Step};
use crate::model::Verdict;
use crate::session::{Session, SubjectError, SubjectFault};
use crate::studio::Studio;
use crate::studio::explain::explainer::Explainer;
use crate::studio::explain::model::Explanation;
use crate::util::suggest::{did_you_mean, one_of};
use serde::Serialize;
use std::collections::BTreeSet;

/// Who takes the steps of a guide.
#[derive(Clone, Copy, Debug)]
pub enum Actors<'a> {
    /// One person takes all of them.
    One(&'a Session<'a>),
    /// Each by the name that the guide gives them. Steps of people who are missing are neither done nor ready; steps that
    /// name nobody are anybody's.
    Named(&'a [(String, Session<'a>)]),
}

/// A step of a guide as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GuideStep {
    /// Its id.
    pub id: String,
    /// What to do.
    pub label: String,
    /// How it stands.
    pub state: StepState,
    /// Who does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The earlier steps that are not done; of a step that is done, none.
    pub waits_for: Vec<String>,
    /// Why its operation is not allowed to who does it, where the step is not done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
    /// What would allow the operation: goes with `explanation`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixes: Option<FixResult>,
}

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum StepState {
    /// What it is for holds.
    Done,
    /// It is its turn: all earlier steps are done, and who does it may.
    Ready,
    /// Neither.
    Blocked,
}

impl<'a> Actors<'a> {
    /// The sessions of a name of the guide; without a name, of everybody.
    fn called(self, name: Option<&str>) -> Vec<&'a Session<'a>> {
        match self {
            Actors::One(session) => vec![session],
            Actors::Named(people) => {
                let called = people.iter().filter(|(known, _)| name.is_none_or(|name| *known == *name));
                called.map(|(_, session)| session).collect()
            }
        }
    }
}

/// How the steps of a guide stand, in their order. Sessions must be of this policy. O(guide × what its requirements
/// read).
///
/// # Errors
/// [`SubjectFault::UnknownId`] for a guide that the policy lacks, or a name that the guide does not give anybody.
pub(in crate::studio) fn guide(studio: &Studio, actors: Actors, guide: &str) -> Result<Vec<GuideStep>, SubjectError> {
    let guides = &studio.checked().document().guides;
    let found = guides.iter().zip(&studio.checked().exprs().guides).find(|(known, _)| &*known.id == guide);
    let (declared, trees) = found.ok_or_else(|| studio.policy().unknown("guide", guide))?;
    if let Actors::Named(people) = actors {
        let names = names(declared);
        let stranger = people.iter().find(|(name, _)| !names.contains(name.as_str()));
        stranger.map_or(Ok(()), |(name, _)| Err(unknown(name, declared, &names)))?;
    }
    let mut open: Vec<String> = Vec::new();
    let mut steps = Vec::with_capacity(declared.steps.len());
    for (step, tree) in declared.steps.iter().zip(trees) {
        let step = guide_step(studio, actors, step, tree.as_ref(), &open)?;
        if step.state != StepState::Done {
            open.push(step.id.clone());
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
    open: &[String],
) -> Result<GuideStep, SubjectError> {
    let doers = actors.called(step.who.as_deref());
    let done_to = actors.called(step.of.as_deref().or(step.who.as_deref()));
    let are_there = !doers.is_empty() && !done_to.is_empty();
    let holds = |session: &&Session| {
        Explainer::for_session(studio.checked(), session).requirement(done, &step.done).verdict == Verdict::Yes
    };
    let is_done = are_there && done_to.iter().any(holds);
    let (mut explanation, mut fixes) = (None, None);
    let mut is_allowed = step.operation.is_none();
    if let Some(operation) = step.operation.as_deref().filter(|_| !is_done) {
        for doer in doers {
            is_allowed |= doer.can(operation)?;
            if explanation.is_none() {
                explanation = Some(studio.explain(doer, operation)?);
                fixes = Some(studio.fixes(doer, operation, &FixOptions::default())?);
            }
        }
    }
    let state = match (is_done, are_there && is_allowed && open.is_empty()) {
        (true, _) => StepState::Done,
        (false, true) => StepState::Ready,
        (false, false) => StepState::Blocked,
    };
    Ok(GuideStep {
        id: String::from(&*step.id),
        label: step.label.clone(),
        state,
        who: step.who.as_deref().map(String::from),
        waits_for: if is_done { Vec::new() } else { open.to_vec() },
        explanation: explanation.filter(|_| !is_allowed),
        fixes: fixes.filter(|_| !is_allowed),
    })
}

/// The names that a guide gives the people who take its steps.
fn names(guide: &Guide) -> BTreeSet<&str> {
    guide.steps.iter().flat_map(|step| [&step.who, &step.of]).flatten().map(|name| &**name).collect()
}

fn unknown(name: &str, guide: &Guide, names: &BTreeSet<&str>) -> SubjectError {
    let help = did_you_mean(name, names.iter().copied()).unwrap_or_else(|| match names.len() {
        0 => "its steps name nobody: give one session".into(),
        _ => format!("it has {}", one_of(names.iter().copied().collect::<Vec<_>>().into_iter())),
    });
    let message = format!("unknown actor `{name}` of guide `{}`", guide.id);
    SubjectError::new(SubjectFault::UnknownId, name, message, help)
}
