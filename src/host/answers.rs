//! The answers as JSON, in the shapes of the npm package. Only values have serializers, which are large: the few shapes here are
//! put together from texts.

use super::fault::Fault;
use crate::model::{Verbs, Verdict, json};
use crate::pack::{Entry, Program, Table};
use crate::session::{Decision, GrantGiver, Holding, MenuNode, Provenance, Session};

/// A JSON text that grows.
#[derive(Default)]
struct Text(String);

impl Text {
    /// Appends what is JSON already.
    fn raw(&mut self, json: &str) -> &mut Self {
        self.0.push_str(json);
        self
    }

    /// Appends a string.
    fn string(&mut self, text: &str) -> &mut Self {
        json::write_text(&mut self.0, text);
        self
    }

    /// Appends a list.
    fn list<T>(&mut self, items: impl IntoIterator<Item = T>, each: &mut dyn FnMut(&mut Self, T)) -> &mut Self {
        self.raw("[");
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                self.raw(",");
            }
            each(self, item);
        }
        self.raw("]")
    }

    fn ids<'a>(&mut self, ids: &mut dyn Iterator<Item = &'a str>) -> &mut Self {
        self.list(ids, &mut |text, id| {
            text.string(id);
        })
    }
}

pub(super) fn fault(fault: &Fault) -> Vec<u8> {
    let mut text = Text::default();
    text.raw("{\"code\":").string(fault.code).raw(",\"id\":").string(&fault.id);
    text.raw(",\"message\":").string(&fault.message).raw("}");
    text.0.into()
}

pub(super) fn ids(ids: Vec<&str>) -> Vec<u8> {
    let mut text = Text::default();
    text.ids(&mut ids.into_iter());
    text.0.into()
}

fn table<T: Entry>(text: &mut Text, name: &str, table: &Table<T>) {
    text.raw(",\"").raw(name).raw("\":").ids(&mut table.ids());
}

pub(super) fn description(program: &Program) -> Vec<u8> {
    let mut text = Text::default();
    text.raw("{\"id\":").string(&program.id).raw(",\"title\":").string(&program.title);
    text.raw(",\"version\":").string(&program.version).raw(",\"fingerprint\":").string(&program.fingerprint);
    text.raw(",\"layout\":").string(&program.layout_text());
    table(&mut text, "facts", &program.facts);
    table(&mut text, "privileges", &program.privileges);
    table(&mut text, "roles", &program.roles);
    table(&mut text, "operations", &program.operations);
    table(&mut text, "menu", &program.menu);
    table(&mut text, "verbs", &program.verbs);
    text.raw("}");
    text.0.into()
}

pub(super) fn decision(decision: &Decision) -> Vec<u8> {
    let mut text = Text::default();
    text.raw("{\"decision\":").string(state(decision.verdict, ["allowed", "denied", "undecided"]));
    text.raw(",\"obligations\":").ids(&mut decision.obligations.iter().copied()).raw("}");
    text.0.into()
}

pub(super) fn holding((granted, effective): &(Holding, Holding), from: &Provenance) -> Vec<u8> {
    let mut text = Text::default();
    for (key, held) in [("{\"granted\":", granted), (",\"effective\":", effective)] {
        text.raw(key);
        match held {
            Holding::Nothing => text.raw("null"),
            Holding::Undecided => text.string("undecided"),
            Holding::Value(value) => text.raw(&json::write(value)),
        };
    }
    text.raw(",\"from\":");
    match from {
        Provenance::Whole(all) => givers(&mut text, all),
        Provenance::Options(options) => {
            for (index, (option, all)) in options.iter().enumerate() {
                text.raw(if index == 0 { "{" } else { "," }).string(option).raw(":");
                givers(&mut text, all);
            }
            text.raw(if options.is_empty() { "{}" } else { "}" });
        }
    }
    text.raw("}");
    text.0.into()
}

fn givers(text: &mut Text, givers: &[GrantGiver]) {
    text.list(givers, &mut |text, giver| {
        match giver {
            GrantGiver::Own => {
                text.raw("{\"by\":\"own\"");
            }
            GrantGiver::Role { role, facts } => {
                text.raw("{\"by\":\"role\",\"role\":").string(role);
                if let Some(facts) = facts {
                    text.raw(",\"facts\":").ids(&mut facts.iter().map(String::as_str));
                }
            }
            GrantGiver::Inline { index, name } => {
                text.raw("{\"by\":\"inline\",\"index\":").raw(&index.to_string());
                if let Some(name) = name {
                    text.raw(",\"name\":").string(name);
                }
            }
        }
        text.raw("}");
    });
}

pub(super) fn menu(session: &Session) -> Vec<u8> {
    let mut text = Text::default();
    text.list(session.menu(), &mut |text, node| item(text, session.program(), &node));
    text.0.into()
}

/// The menu item with this id.
pub(super) fn menu_item(session: &Session, id: &str) -> Option<Vec<u8>> {
    let (menu, mut text) = (session.menu(), Text::default());
    item(&mut text, session.program(), menu.iter().find_map(|node| find(node, id))?);
    Some(text.0.into())
}

fn find<'n, 'p>(node: &'n MenuNode<'p>, id: &str) -> Option<&'n MenuNode<'p>> {
    if node.id == id { Some(node) } else { node.children.iter().find_map(|node| find(node, id)) }
}

fn item(text: &mut Text, program: &Program, node: &MenuNode) {
    text.raw("{\"id\":").string(node.id).raw(",\"label\":").string(node.label);
    if let Some(meta) = node.meta {
        text.raw(",\"meta\":").raw(&meta.0);
    }
    text.raw(",\"state\":").string(state(node.state, ["shown", "hidden", "undecided"]));
    text.raw(",\"verbs\":").ids(&mut verbs(program, node.verbs));
    text.raw(",\"operations\":").ids(&mut node.operations.iter().copied());
    text.raw(",\"children\":").list(&node.children, &mut |text, node| item(text, program, node)).raw("}");
}

pub(super) fn snapshot(session: &Session) -> Vec<u8> {
    let (program, mut text) = (session.program(), Text::default());
    text.raw("[\"privet\",1,").string(&program.fingerprint).raw(",").ids(&mut program.operations.ids()).raw(",\"");
    for operation in &program.operations {
        text.raw(state(session.verdict(operation.decision), ["1", "0", "0"]));
    }
    text.raw("\",").list(session.menu(), &mut |text, node| row(text, program, &node)).raw("]");
    text.0.into()
}

fn row(text: &mut Text, program: &Program, node: &MenuNode) {
    text.raw("[").string(node.id).raw(",").string(node.label).raw(",");
    text.raw(state(node.state, ["1", "0", "2"])).raw(",").ids(&mut verbs(program, node.verbs)).raw(",");
    text.ids(&mut node.operations.iter().copied()).raw(",");
    text.list(&node.children, &mut |text, node| row(text, program, node)).raw("]");
}

fn verbs(program: &Program, verbs: Verbs) -> impl Iterator<Item = &str> {
    verbs.indices().filter_map(|verb| program.verbs.get(verb)).map(|verb| verb.id.as_str())
}

const fn state(verdict: Verdict, [yes, no, unknown]: [&str; 3]) -> &str {
    match verdict {
        Verdict::Yes => yes,
        Verdict::No => no,
        Verdict::Unknown => unknown,
    }
}
