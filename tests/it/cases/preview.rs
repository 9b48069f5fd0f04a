//! Cases of previews: the effects of a change, and dormant grants.

use super::expectations::{Expectations, answer_or_error};
use super::{Case, Json};
use privet::model::Value;
use privet::session::Change;
use privet::{DormantGrant, Owed, Preview, Studio};
use serde::Deserialize;
use serde_json::json;

/// A subject, an optional change, and the expected preview.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PreviewCase {
    why: String,
    #[serde(default = "super::empty_object")]
    subject: Json,
    #[serde(default = "super::empty_object")]
    change: Json,
    /// The expected error of the change.
    error: Option<Json>,
    /// The dormant grants after the change.
    dormant: Option<Json>,
    preview: Option<ExpectedPreview>,
}

/// The expected preview. Lists that are left out are empty. An obligation is written `operation obligation`, a dormant
/// grant by its privilege.
#[derive(Default, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, default)]
struct ExpectedPreview {
    gained: Vec<String>,
    lost: Vec<String>,
    menu: Items,
    obligations: Lists,
    dormant: Lists,
}

#[derive(Default, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, default)]
struct Items {
    shown: Vec<String>,
    hidden: Vec<String>,
}

#[derive(Default, Deserialize, serde::Serialize)]
#[serde(deny_unknown_fields, default)]
struct Lists {
    added: Vec<String>,
    removed: Vec<String>,
}

impl Case for PreviewCase {
    fn why(&self) -> &str {
        &self.why
    }

    fn check(&self, _: &Json, studio: &Studio, expectations: &mut Expectations) {
        let before = super::session(studio, &self.subject).expect("a valid subject");
        let change = Change::from_value(Value::from(&self.change)).expect("a change");
        let preview = studio.preview(&before, &change);
        if let Some(expected) = &self.error {
            return expectations.equal("error", &answer_or_error(preview.map(|it| json!(it))), expected);
        }
        if let Some(expected) = &self.preview {
            let found = answer_or_error(preview.map(|preview| json!(in_notation_of_cases(preview))));
            expectations.equal("preview", &found, &json!(expected));
        }
        if let Some(expected) = &self.dormant {
            let after = before.with(&change).expect("a valid change");
            expectations.equal("dormant", &json!(studio.dormant(&after)), expected);
        }
        // A population of one has the same dormant grants as its session.
        let of_session: Vec<String> = studio.dormant(&before).into_iter().map(|dormant| dormant.privilege).collect();
        let population = studio.policy().population(&[super::subject(&self.subject).expect("a subject")]);
        let of_population: Vec<&str> = population.dormant().into_iter().map(|(id, _)| id).collect();
        expectations.equal("dormant of a population", &json!(of_population), &json!(of_session));
    }
}

fn in_notation_of_cases(preview: Preview) -> ExpectedPreview {
    let owed = |it: Owed| format!("{} {}", it.operation, it.obligation);
    let dormant = |it: DormantGrant| it.privilege;
    let Preview { gained, lost, menu, obligations, dormant: grants } = preview;
    ExpectedPreview {
        gained,
        lost,
        menu: Items { shown: menu.shown, hidden: menu.hidden },
        obligations: Lists {
            added: obligations.added.into_iter().map(owed).collect(),
            removed: obligations.removed.into_iter().map(owed).collect(),
        },
        dormant: Lists {
            added: grants.added.into_iter().map(dormant).collect(),
            removed: grants.removed.into_iter().map(dormant).collect(),
        },
    }
}
