//! All decisions of a session as JSON.

use privet::{MenuNode, Policy, Session, Verdict};
use serde_json::{Value, json};

/// `{ decisions: [[operation, decision, [obligations]]], menu: [[item, state, [operations]]] }`, in policy order; parents
/// precede their children.
pub(crate) fn everything(policy: &Policy, session: &Session) -> Value {
    let decision = |id: &str| {
        let decided = session.decide(id).ok()?;
        Some(json!([id, words(decided.verdict, ["allowed", "denied", "undecided"]), decided.obligations]))
    };
    let decisions: Vec<Value> = policy.operations().filter_map(decision).collect();
    let mut menu = Vec::new();
    session.menu().iter().for_each(|item| place(item, &mut menu));
    json!({ "decisions": decisions, "menu": menu })
}

fn place(item: &MenuNode, menu: &mut Vec<Value>) {
    menu.push(json!([item.id, words(item.state, ["shown", "hidden", "undecided"]), item.operations]));
    item.children.iter().for_each(|child| place(child, menu));
}

fn words(verdict: Verdict, [yes, no, unknown]: [&'static str; 3]) -> &'static str {
    match verdict {
        Verdict::Yes => yes,
        Verdict::No => no,
        Verdict::Unknown => unknown,
    }
}
