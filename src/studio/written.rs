//! Requirements for readers who are programs: the text and its tree, so that nobody parses it twice.

use crate::check::{Owner, Test, TestKind, Tree, TreeKind, Whose};
use crate::document::{Document, Requirement};
use alloc::string::String;
use alloc::vec::Vec;
use serde_json::{Value, json};

/// `{ text, tree }`. A tree is `{ kind: "all" | "any", children }`, `{ kind: "not", children: [one] }` or
/// `{ kind: "test", test, id, … }`; `true` is `all` of nothing and `false` is `any` of nothing.
pub(super) fn requirement(document: &Document, text: &Requirement, tree: Option<&Tree>) -> Value {
    json!({ "text": text.as_str(), "tree": tree.map(|tree| node(document, tree)) })
}

fn node(document: &Document, tree: &Tree) -> Value {
    let children = || tree.parts().iter().map(|part| node(document, part)).collect::<Vec<_>>();
    match &tree.kind {
        TreeKind::All(_) => json!({ "kind": "all", "children": children() }),
        TreeKind::Any(_) => json!({ "kind": "any", "children": children() }),
        TreeKind::Not(_) => json!({ "kind": "not", "children": children() }),
        TreeKind::Test(test) => self::test(document, test),
    }
}

fn test(document: &Document, test: &Test) -> Value {
    let mut written = match &test.kind {
        TestKind::Held(privilege) => json!({ "test": "held", "id": id(document, Owner::Privilege(*privilege)) }),
        TestKind::On(fact) => json!({ "test": "on", "id": id(document, Owner::Fact(*fact)) }),
        TestKind::IsSet(privilege) => json!({ "test": "is-set", "id": id(document, Owner::Privilege(*privilege)) }),
        TestKind::Level(privilege, op, rank) => {
            let owner = Owner::Privilege(*privilege);
            let level = values(document, owner).into_iter().nth(rank - 1);
            json!({ "test": "level", "id": id(document, owner), "op": op.symbol(), "value": level })
        }
        TestKind::Options(owner, options, negated) => {
            let all = values(document, *owner);
            let options: Vec<_> = options.iter().filter_map(|option| all.get(*option)).collect();
            let op = match (options.len(), negated) {
                (_, true) => "!=",
                (1, false) => "=",
                _ => "in",
            };
            json!({ "test": "option", "id": id(document, *owner), "op": op, "values": options })
        }
        TestKind::Number(owner, op, number) => {
            json!({ "test": "number", "id": id(document, *owner), "op": op.symbol(), "value": number })
        }
        TestKind::Allowed(operation) => {
            let operation = document.operations.get(*operation).map(|operation| &*operation.id);
            json!({ "test": "allowed", "id": operation })
        }
        TestKind::Against(owner, op, other, value) => {
            let value = json!({ "whose": whose(*other), "id": id(document, *value) });
            json!({ "test": "against", "id": id(document, *owner), "op": op.symbol(), "value": value })
        }
    };
    if let Value::Object(fields) = &mut written {
        fields.insert("kind".into(), "test".into());
        if let Some(whose) = whose(test.whose) {
            fields.insert("whose".into(), whose.into());
        }
    }
    written
}

/// How a change rule says whose value it reads; nothing where it is the result's.
pub(super) const fn whose(whose: Whose) -> Option<&'static str> {
    match whose {
        Whose::Subject => None,
        Whose::Actor => Some("actor"),
        Whose::Before => Some("before"),
        Whose::After => Some("after"),
    }
}

fn id(document: &Document, owner: Owner) -> Option<&str> {
    match owner {
        Owner::Fact(fact) => document.facts.get(fact).map(|fact| &*fact.id),
        Owner::Privilege(privilege) => document.privileges.get(privilege).map(|privilege| &*privilege.id),
    }
}

fn values(document: &Document, owner: Owner) -> Vec<String> {
    match owner {
        Owner::Fact(fact) => document.facts.get(fact).map(crate::document::Fact::values),
        Owner::Privilege(privilege) => document.privileges.get(privilege).map(crate::document::Privilege::values),
    }
    .unwrap_or_default()
}
