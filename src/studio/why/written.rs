//! Requirements for readers who are programs: the text and its tree, so that nobody parses it twice.

use crate::check::{Owner, Test, TestKind, Tree, TreeKind, Whose};
use crate::document::{Document, Requirement};
use crate::ground::{Gather, Json};
use alloc::string::String;
use alloc::vec::Vec;

/// `{ text, tree }`. A tree is `{ kind: "all" | "any", children }`, `{ kind: "not", children: [one] }` or
/// `{ kind: "test", test, id, … }`; `true` is `all` of nothing and `false` is `any` of nothing.
pub(super) fn requirement(document: &Document, text: &Requirement, tree: Option<&Tree>) -> Json {
    Json::object().with("text", text.as_str()).with("tree", tree.map(|tree| node(document, tree)))
}

fn node(document: &Document, tree: &Tree) -> Json {
    let kind = match &tree.kind {
        TreeKind::All(_) => "all",
        TreeKind::Any(_) => "any",
        TreeKind::Not(_) => "not",
        TreeKind::Test(test) => return self::test(document, test),
    };
    let children: Vec<Json> = tree.parts().iter().map(|part| node(document, part)).listed();
    Json::object().with("kind", kind).with("children", children)
}

fn test(document: &Document, test: &Test) -> Json {
    let about = |word: &str, owner: Owner| {
        Json::object().with("kind", "test").with("test", word).with("id", id(document, owner))
    };
    let written = match &test.kind {
        TestKind::Held(privilege) => about("held", Owner::Privilege(*privilege)),
        TestKind::On(fact) => about("on", Owner::Fact(*fact)),
        TestKind::IsSet(privilege) => about("is-set", Owner::Privilege(*privilege)),
        TestKind::Level(privilege, op, rank) => {
            let owner = Owner::Privilege(*privilege);
            let level = values(document, owner).into_iter().nth(rank - 1);
            about("level", owner).with("op", op.symbol()).with("value", level)
        }
        TestKind::Options(owner, options, negated) => {
            let all = values(document, *owner);
            let options: Vec<Json> = options.iter().filter_map(|it| all.get(*it)).map(|it| it.as_str().into()).listed();
            let op = match (options.len(), negated) {
                (_, true) => "!=",
                (1, false) => "=",
                _ => "in",
            };
            about("option", *owner).with("op", op).with("values", options)
        }
        TestKind::Number(owner, op, number) => about("number", *owner).with("op", op.symbol()).with("value", *number),
        TestKind::Allowed(operation) => {
            let operation = document.operations.get(*operation).map(|operation| &*operation.id);
            Json::object().with("kind", "test").with("test", "allowed").with("id", operation)
        }
        TestKind::Against(owner, op, other, value) => {
            let value = Json::object().with("whose", whose(*other)).with("id", id(document, *value));
            about("against", *owner).with("op", op.symbol()).with("value", value)
        }
    };
    match whose(test.whose) {
        Some(whose) => written.with("whose", whose),
        None => written,
    }
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
