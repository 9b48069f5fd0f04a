//! Reviews of VICIdial's user levels, compared with the table in its source code.

use super::expectations::{VERDICT, word};
use super::{Json, compile, session, subject};
use privet::model::Verdict;
use privet::{ReviewKind, ReviewOptions};
use serde_json::json;

/// The level of an editor, its Modify Same User Level, and the target levels that the source of VICIdial allows it to open
/// and to assign: a character for each level from 1 to 9, `+` if allowed. Below level 9, Modify Same User Level has no
/// effect. Levels below 7 are as level 7.
const LEVELS: [(&str, bool, &str, &str); 4] = [
    ("7", true, ".........", "........."),
    ("8", true, "+++++++..", "++++++++."),
    ("9", false, "++++++++.", "++++++++."),
    ("9", true, "+++++++++", "+++++++++"),
];

#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
#[cfg_attr(not(target_arch = "wasm32"), test)]
fn level_table_of_vicidial() {
    let studio = compile(&json!("vicidial")).expect("the built-in policy compiles");
    let (mut reviews, mut wrong) = (0, Vec::new());
    let below: Vec<_> = ('1'..='6').map(|level| (level.to_string(), true, LEVELS[0].2, LEVELS[0].3)).collect();
    let editors = below.iter().map(|(level, same, opens, gives)| (level.as_str(), *same, *opens, *gives)).chain(LEVELS);
    let editors = editors.flat_map(|(level, same, opens, gives)| {
        [(level, same, opens, gives)].into_iter().chain((level != "9").then_some((level, !same, opens, gives)))
    });
    for (editor, same, opens, gives) in editors {
        let grants =
            json!({ "user-level": editor, "modify-users": true, "modify-same-user-level": same, "delete-users": true });
        let facts = json!({ "level-8-disable-add": false });
        let actor = session(&studio, &json!({ "grants": grants, "facts": facts })).expect("a valid subject");
        let mut review = |what: &str, before: Json, after: Json, kind: Option<ReviewKind>, may: bool| {
            let result = studio.review(
                &actor,
                &subject(&before).expect("a valid subject"),
                &subject(&after).expect("a valid subject"),
                ReviewOptions { kind, ..ReviewOptions::default() },
            );
            let allowed = result.expect("a valid change").allowed;
            reviews += 1;
            if allowed != Verdict::from(may) {
                wrong
                    .push(format!("{editor} (same level: {same}) {what} {before} {after}: {}", word(allowed, VERDICT)));
            }
        };
        let person = |level: usize| json!({ "grants": { "user-level": level.to_string() } });
        let admin = |level: &str| level >= "8";
        for (target, open) in opens.chars().enumerate().map(|(index, letter)| (index + 1, letter == '+')) {
            // Level 8 copies users of lower levels. Level 9 copies all users, even those that it may not open.
            review("deletes", person(target), json!({}), Some(ReviewKind::Delete), open);
            for (level, give) in gives.chars().enumerate().map(|(index, letter)| (index + 1, letter == '+')) {
                if level != target {
                    review("sets", person(target), person(level), None, open && give);
                }
                let copies = admin(editor) && (editor == "9" || target.to_string().as_str() < editor);
                review("copies", person(target), person(level), Some(ReviewKind::Create), copies && give);
                if target == 1 {
                    review("adds", json!({}), person(level), Some(ReviewKind::Create), give);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {reviews} differ\n{}", wrong.len(), wrong.join("\n"));
    assert_eq!(reviews, 18 * (9 + 72 + 81 + 9));
}
