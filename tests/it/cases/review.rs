//! Cases of reviews: a change that an actor would make, and the change rules that it breaks.

use super::expectations::{Expectations, VERDICT, answer_or_error, word};
use super::{Case, Json, session, subject};
use privet::session::SubjectError;
use privet::{Explanation, NodeKind, ReviewKind, ReviewOptions, Studio, TestNode};
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// A change and its expected review. Only the given answers are compared.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReviewCase {
    why: String,
    actor: Json,
    before: Json,
    after: Json,
    kind: Option<String>,
    /// The time in seconds since 1970.
    now: Option<u64>,
    /// Other people, and who of them could make the change.
    #[serde(default)]
    others: Vec<Json>,
    together: Option<Vec<Vec<usize>>>,
    error: Option<Json>,
    allowed: Option<String>,
    /// The rules that fail or are unknown, in policy order.
    broken: Option<Vec<String>>,
    /// The sentence of the explanation, by rule.
    #[serde(default)]
    says: BTreeMap<String, String>,
    #[serde(default)]
    decisions: BTreeMap<String, String>,
    /// The unknown facts on which the decision depends, by rule.
    #[serde(default)]
    facts: BTreeMap<String, Vec<String>>,
    /// The decisive facts and privileges, by rule.
    #[serde(default)]
    decisive: BTreeMap<String, Vec<String>>,
    /// The tests in the explanation's tree, each as its verdict and id, by rule.
    #[serde(default)]
    tests: BTreeMap<String, Vec<String>>,
}

impl Case for ReviewCase {
    fn why(&self) -> &str {
        &self.why
    }

    fn check(&self, _: &Json, studio: &Studio, expectations: &mut Expectations) {
        let expected = self.error.clone().unwrap_or_else(|| {
            json!({
                "allowed": self.allowed, "broken": self.broken, "says": self.says,
                "decisions": self.decisions, "facts": self.facts, "decisive": self.decisive, "tests": self.tests,
                "together": self.together,
            })
        });
        expectations.equal("review", &answer_or_error(self.review(studio)), &expected);
    }
}

impl ReviewCase {
    /// The review, reduced to the answers that the case gives.
    fn review(&self, studio: &Studio) -> Result<Json, SubjectError> {
        let kind = self.kind.as_deref().map(ReviewKind::named).transpose()?;
        let actor = session(studio, &self.actor)?;
        let others = self.others.iter().map(|other| session(studio, other)).collect::<Result<Vec<_>, _>>()?;
        let others: Vec<_> = others.iter().collect();
        let options = ReviewOptions { kind, now: self.now, others: &others };
        let review = studio.review(&actor, &subject(&self.before)?, &subject(&self.after)?, options)?;
        let explanation = |rule: &str| review.broken.iter().find(|it| it.rule == rule).map(|it| &it.explanation);
        Ok(json!({
            "allowed": self.allowed.as_ref().map(|_| word(review.allowed, VERDICT)),
            "broken": self.broken.as_ref().map(|_| review.broken.iter().map(|it| &it.rule).collect::<Vec<_>>()),
            "says": by_rule(&self.says, explanation, |it| json!(it.sentence)),
            "decisions": by_rule(&self.decisions, explanation, |it| json!(it.decision)),
            "facts": by_rule(&self.facts, explanation, |it| json!(it.facts)),
            "decisive": by_rule(&self.decisive, explanation, |it| json!(it.decisive)),
            "tests": by_rule(&self.tests, explanation, |it| json!(tests(&it.tree))),
            "together": review.together,
        }))
    }
}

/// One answer for each rule that the case names.
fn by_rule<'e, T>(
    expected: &BTreeMap<String, T>,
    explanation: impl Fn(&str) -> Option<&'e Explanation>,
    answer: impl Fn(&Explanation) -> Json,
) -> BTreeMap<&str, Option<Json>> {
    expected.keys().map(|rule| (rule.as_str(), explanation(rule).map(&answer))).collect()
}

fn tests(node: &TestNode) -> Vec<String> {
    let own = (node.kind == NodeKind::Test)
        .then(|| format!("{} {}", word(node.verdict, VERDICT), node.id.as_deref().unwrap_or("")));
    own.into_iter().chain(node.children.iter().flat_map(tests)).collect()
}
