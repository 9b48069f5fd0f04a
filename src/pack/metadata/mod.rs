//! The metadata section of a pack: the program without its instructions, as JSON.
//!
//! The JavaScript reader must be small, so the section also contains derived data in the form that a reader uses: names by
//! encoded value, the test of each input, the first input of each entry, operations and children by menu item.
//!
//! ```text
//! { id, title, version, fingerprint, layout,
//!   ids:        [["fact", "facts", [id]], the same for privilege, role, operation, menu item (list: menu), guide, verb]],
//!   entries:    { fact: [entry], privilege: [entry], role: [entry] },
//!   operations: [[verb bits, 1 if it restricts, [obligation id], index of its first obligation's output, [menu item]]],
//!   menu:       [[label, parent or null, [operation placed here, without restrictions], [child]]],
//!               with one more row at the end whose children are the top-level items,
//!   sizes:      [inputs, slots, packed output numbers of 16 bits],
//!   choicePrivileges: [privilege] }
//! entry: { what: fact, privilege or role, index, id, kind, at: its first input, tests }, and
//!   names:              all but numbers: the caller's form of each encoded value; null if a value has no name
//!   range:              numbers: minimum and maximum
//!   absent:             facts with an `absent` value: that value, encoded
//!   roleNumbers:        number privileges: [number, slot] for each number that roles grant; see `Privilege::role_numbers`
//!   conflict:           choice privileges: the slot of a conflict between roles
//!   inline:             choice and number privileges: the first input for inline roles
//!   granted, effective: privileges: slots, see `Privilege`
//!   grants, held:       roles: [privilege, value] pairs; a slot
//! ```
//!
//! `tests` has two numbers for each input: the comparison (0 at least, 1 below, 2 equal) and its operand. `at` and `inline`
//! are slot indices; all other slots are a [`Slot::word`], which may be negated.

mod read;
mod write;

use super::{Program, Slot};
use crate::model::{Comparison, FactKind, PrivilegeKind};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A string, borrowed from the program or from the pack if possible.
type Text<'a> = Cow<'a, str>;

/// The comparison codes of `tests`.
const AT_LEAST: u32 = 0;
const BELOW: u32 = 1;
const EQUAL: u32 = 2;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    title: Text<'a>,
    version: Text<'a>,
    fingerprint: Text<'a>,
    layout: Text<'a>,
    ids: [(Text<'a>, Text<'a>, Vec<Text<'a>>); 7],
    entries: Entries<'a>,
    operations: Vec<OperationRow<'a>>,
    menu: Vec<MenuRow<'a>>,
    sizes: [u32; 3],
    choice_privileges: Vec<u32>,
}

#[derive(Serialize, Deserialize)]
struct Entries<'a> {
    #[serde(borrow)]
    fact: Vec<FactEntry<'a>>,
    privilege: Vec<PrivilegeEntry<'a>>,
    role: Vec<RoleEntry<'a>>,
}

/// Verb bits, 1 if it restricts, obligations, index of the first obligation's output, menu items.
#[derive(Serialize, Deserialize)]
struct OperationRow<'a>(u32, u32, #[serde(borrow)] Vec<Text<'a>>, u32, Vec<u32>);

/// Label, parent, operations at the item, children.
#[derive(Serialize, Deserialize)]
struct MenuRow<'a>(#[serde(borrow)] Text<'a>, Option<u32>, Vec<u32>, Vec<u32>);

/// A privilege and a granted value, or a number and a slot.
type IdValue = [u32; 2];

/// The caller's form of a value: `true`, `false`, or the id of a level or option.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Name<'a> {
    Flag(bool),
    Text(#[serde(borrow)] Text<'a>),
}

#[derive(Serialize, Deserialize)]
struct FactEntry<'a> {
    what: Text<'a>,
    index: u32,
    id: Text<'a>,
    kind: FactKind,
    at: u32,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    names: Option<Vec<Option<Name<'a>>>>,
    tests: Vec<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    range: Option<[u32; 2]>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    absent: Option<u32>,
}

#[derive(Serialize, Deserialize)]
struct PrivilegeEntry<'a> {
    what: Text<'a>,
    index: u32,
    id: Text<'a>,
    kind: PrivilegeKind,
    at: u32,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    names: Option<Vec<Option<Name<'a>>>>,
    tests: Vec<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    range: Option<[u32; 2]>,
    #[serde(rename = "roleNumbers", default, skip_serializing_if = "Option::is_none")]
    role_numbers: Option<Vec<IdValue>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    conflict: Option<Slot>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    inline: Option<u32>,
    granted: Vec<Slot>,
    effective: Vec<Slot>,
}

#[derive(Serialize, Deserialize)]
struct RoleEntry<'a> {
    what: Text<'a>,
    index: u32,
    id: Text<'a>,
    kind: Text<'a>,
    at: u32,
    #[serde(borrow)]
    names: Vec<Option<Name<'a>>>,
    tests: Vec<u32>,
    grants: Vec<IdValue>,
    held: Slot,
}

/// Encodes comparisons as `tests`: two numbers each.
fn tests(comparisons: &[Comparison]) -> impl Iterator<Item = u32> {
    comparisons.iter().flat_map(|comparison| match *comparison {
        Comparison::AtLeast(number) => [AT_LEAST, number],
        Comparison::Below(number) => [BELOW, number],
        Comparison::Equal(number) => [EQUAL, number],
    })
}
