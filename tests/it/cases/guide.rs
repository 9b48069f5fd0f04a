//! Cases of guides: the states of the steps of a set-up path.

use super::expectations::{Expectations, answer_or_error};
use super::{Case, Json, session};
use privet::session::SubjectError;
use privet::{Actors, GuideStep, Studio};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// The actors of a guide and the expected states of its steps.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct GuideCase {
    why: String,
    guide: String,
    /// One person for all steps.
    actor: Option<Json>,
    /// A person for each `who` of the guide.
    actors: Option<BTreeMap<String, Json>>,
    error: Option<Json>,
    /// Each step as a list of its id, its state and the steps that it waits for.
    steps: Option<Json>,
    /// The sentence of the explanation, by step; `null` if the step has none.
    #[serde(default)]
    says: BTreeMap<String, Json>,
}

impl Case for GuideCase {
    fn why(&self) -> &str {
        &self.why
    }

    fn check(&self, _: &Json, studio: &Studio, expectations: &mut Expectations) {
        let expected = self.error.clone().unwrap_or_else(|| json!([self.steps, self.says]));
        expectations.equal("guide", &answer_or_error(self.steps(studio)), &expected);
    }
}

impl GuideCase {
    fn steps(&self, studio: &Studio) -> Result<Json, SubjectError> {
        let one = self.actor.as_ref().map(|actor| session(studio, actor)).transpose()?;
        let named = self.actors.iter().flatten().map(|(name, actor)| Ok((name.clone(), session(studio, actor)?)));
        let named: Vec<_> = named.collect::<Result<_, SubjectError>>()?;
        let actors = one.as_ref().map_or(Actors::Named(&named), Actors::One);
        let steps = studio.guide(actors, &self.guide)?;
        let sentence = |id: &String| {
            let step = steps.iter().find(|step| step.id == *id).expect("the guide has the step");
            (id.clone(), step.explanation.as_ref().map(|it| it.sentence.clone()))
        };
        let says: BTreeMap<_, _> = self.says.keys().map(sentence).collect();
        let row = |step: &GuideStep| {
            let mut row = vec![json!(step.id), json!(step.state)];
            row.extend(step.waits_for.iter().map(|id| json!(id)));
            row
        };
        Ok(json!([steps.iter().map(row).collect::<Vec<_>>(), says]))
    }
}
