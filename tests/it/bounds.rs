//! Bounds: a question about a large document has an answer, or says which limit it met. The sizes of answers are asserted, not times:
//! each document here took minutes or gigabytes when its question had no bound.

use privet::check::check;
use privet::diagnostic::{Code, Diagnostic};
use privet::model::limits;
use privet::session::{Change, RoleRef, Subject};
use privet::studio::{DormantGrant, Studio};
use privet::{FixOptions, Goal, Policy, Value};

fn document(members: &str) -> String {
    format!(r#"{{ "format": 1, "id": "large", "title": "Large", "version": "1", {members} }}"#)
}

/// A list of entries, each made from its number.
fn list(count: usize, entry: impl Fn(usize) -> String) -> String {
    format!("[{}]", (0..count).map(entry).collect::<Vec<_>>().join(","))
}

fn flags(count: usize) -> String {
    list(count, |it| format!(r#"{{ "id": "f{it}", "kind": "flag", "label": "F" }}"#))
}

fn codes(all: &[Diagnostic]) -> Vec<(Code, &str)> {
    all.iter().map(|it| (it.code, it.pointer.as_str())).collect()
}

/// All analyses share one budget: where it ends, one warning says so.
#[test]
fn a_long_chain_of_operations_meets_the_limit_once() {
    let requires = |it: usize| match it {
        0 => "f0".to_owned(),
        _ => format!("allowed(o{}) {} f{it}", it - 1, if it.is_multiple_of(2) { "and" } else { "or" }),
    };
    let operation = |it: usize| format!(r#"{{ "id": "o{it}", "label": "O", "requires": "{}" }}"#, requires(it));
    let text = document(&format!(r#""privileges": {}, "operations": {}"#, flags(1_500), list(1_500, operation)));
    assert_eq!(codes(&check(&text, false)), [(Code::AnalysisLimit, "/operations/513/requires")]);
}

fn causes(grant: &DormantGrant) -> usize {
    1 + grant.missing.iter().filter_map(|it| it.because.as_deref()).map(causes).sum::<usize>()
}

/// A policy of flags, each of which requires the one before it; the operation `o` requires the last one.
fn chain(count: usize) -> Studio {
    let privilege = |it: usize| match it {
        0 => r#"{ "id": "f0", "kind": "flag", "label": "F0" }"#.to_owned(),
        _ => format!(r#"{{ "id": "f{it}", "kind": "flag", "label": "F{it}", "requires": "f{}" }}"#, it - 1),
    };
    let operations = format!(r#"[{{ "id": "o", "label": "O", "requires": "f{}" }}]"#, count - 1);
    let text = document(&format!(r#""privileges": {}, "operations": {operations}"#, list(count, privilege)));
    Studio::compile(&text, false).unwrap()
}

/// Somebody who is granted these flags of a chain.
fn holding(flags: std::ops::Range<usize>) -> Subject {
    Subject { grants: flags.map(|it| (format!("f{it}"), Value::Flag(true))).collect(), ..Subject::default() }
}

/// A list of dormant grants does not write out each chain in full: all causes are in the list.
#[test]
fn a_list_of_dormant_grants_is_linear() {
    let longest = |count: usize| {
        let studio = chain(count);
        let session = studio.policy().session(&holding(1..count)).unwrap();
        let dormant = studio.dormant(&session);
        assert_eq!(dormant.len(), count - 1);
        assert!(dormant.iter().all(|it| !it.missing.is_empty()), "each has its own cause");
        assert!(dormant.iter().map(causes).sum::<usize>() <= limits::DORMANT_CAUSES + 2 * count);
        dormant.iter().map(causes).max()
    };
    assert_eq!(longest(100), Some(33));
    assert_eq!(longest(4_000), Some(5));
}

/// Each of the fixes of an answer says which grants become dormant, and why: together they are no larger than one list of dormant grants.
#[test]
fn side_effects_of_many_fixes_are_bounded() {
    let fixes = |count: usize| {
        let studio = chain(count);
        let session = studio.policy().session(&holding(0..count)).unwrap();
        let options = FixOptions { to: Goal::Denied, ..FixOptions::default() };
        let found = studio.fixes(&session, "o", &options).unwrap();
        let dormant = found.fixes.iter().flat_map(|it| &it.side_effects.dormant.added);
        (found.fixes.len(), found.complete, dormant.clone().count(), dormant.map(causes).sum::<usize>())
    };
    assert_eq!(fixes(20), (20, true, 190, 1_330));
    let (found, is_complete, dormant, all) = fixes(100);
    assert_eq!((found, is_complete, dormant), (100, true, 4_950));
    assert!(all <= limits::DORMANT_CAUSES + 2 * dormant, "{all}");
    let (found, is_complete, dormant, all) = fixes(400);
    assert!(found < 100 && !is_complete && dormant <= limits::DORMANT_CAUSES + 400, "{found} {dormant}");
    assert!(all <= limits::DORMANT_CAUSES + 2 * dormant, "{all}");
}

/// Of very many errors only the first are made: the last diagnostic counts the others.
#[test]
fn many_unknown_keys_are_counted() {
    let keys = (0..9_000).map(|it| format!(r#""k{it}": 0"#)).collect::<Vec<_>>().join(",");
    let all = check(&document(&keys), true);
    assert_eq!(all.len(), limits::FINDINGS + 1);
    assert_eq!(all[999].pointer, "/k999");
    assert_eq!(all[1_000].message, "findings not shown: 8000; fix these first");
}

#[test]
fn a_document_with_too_many_values_is_not_read() {
    let text = document(&format!(r#""meta": [0{}]"#, ",0".repeat(limits::DOCUMENT_COMMAS)));
    let all = check(&text, true);
    assert_eq!(codes(&all), [(Code::LimitExceeded, "")]);
    assert_eq!(all[0].message, "document has 1000004 commas; the limit is 1000000");
}

/// The searches for a similar id share one budget. What is unknown is reported anyway.
#[test]
fn searches_for_similar_ids_end() {
    let id = |it: usize| format!("{}{it:04}", "a".repeat(100));
    let privilege = |it: usize| format!(r#"{{ "id": "{}", "kind": "flag", "label": "F" }}"#, id(it));
    let wrong = format!("{}{}0999x", "b".repeat(30), "a".repeat(70));
    let operation = |it: usize| format!(r#"{{ "id": "o{it}", "label": "O", "requires": "{wrong}" }}"#);
    let text = document(&format!(r#""privileges": {}, "operations": {}"#, list(1_000, privilege), list(20, operation)));
    let all = check(&text, false);
    let unknown: Vec<_> = all.iter().filter(|it| it.code == Code::UnknownId).collect();
    assert_eq!(unknown.len(), 20);
    assert_eq!(
        unknown.iter().filter(|it| it.help.is_some()).count(),
        1,
        "the first search takes the whole budget: it would compare 10,920,000 pairs of letters"
    );
}

/// A condition that is another name for a condition is nested, too: what reads it recurses.
#[test]
fn chains_of_conditions_end() {
    let condition = |it: usize| match it {
        0 => r#"{ "id": "c0", "label": "C", "requires": "f0" }"#.to_owned(),
        _ => format!(r#"{{ "id": "c{it}", "label": "C", "requires": "c{}" }}"#, it - 1),
    };
    let of = |count: usize| {
        let operations = format!(r#"[{{ "id": "o", "label": "O", "requires": "c{}" }}]"#, count - 1);
        let conditions = list(count, condition);
        let all = format!(r#""privileges": {}, "conditions": {conditions}, "operations": {operations}"#, flags(1));
        check(&document(&all), false).iter().map(|it| (it.code, it.pointer.clone())).collect::<Vec<_>>()
    };
    assert_eq!(of(256), []);
    assert_eq!(of(60_000), [(Code::LimitExceeded, "/conditions/256/requires".to_owned())]);
}

/// What roles inherit is bounded by the grants read, not only by those that result.
#[test]
fn roles_that_inherit_many_roles_end() {
    let grants = (0..200).map(|it| format!(r#""f{it}": true"#)).collect::<Vec<_>>().join(",");
    let role = |it: usize| {
        let parents = list(it.min(100), |parent| format!(r#""r{}""#, it - parent - 1));
        let grants = if it == 0 { &grants } else { "" };
        format!(r#"{{ "id": "r{it}", "label": "R", "grants": {{ {grants} }}, "inherits": {parents} }}"#)
    };
    let text = document(&format!(r#""privileges": {}, "roles": {}"#, flags(200), list(400, role)));
    let all = check(&text, false);
    let message = "the roles inherit more than 2097152 grants, counted for each role that they inherit them from";
    let limit = all.iter().find(|it| it.code == Code::LimitExceeded).map(|it| (&*it.pointer, &*it.message));
    assert_eq!(limit, Some(("/roles/155", message)));
}

/// A large change of a subject with many roles is looked up and refused by search, not by comparison of all with all.
#[test]
fn a_large_change_applies_as_a_whole() {
    let levels = r#"[{ "id": "x", "label": "X" }, { "id": "y", "label": "Y" }]"#;
    let privilege = |it: usize| format!(r#"{{ "id": "f{it}", "kind": "level", "label": "F", "levels": {levels} }}"#);
    let role = |it: usize| format!(r#"{{ "id": "r{it}", "label": "R", "grants": {{ "f{it}": "x" }} }}"#);
    let text = document(&format!(r#""privileges": {}, "roles": {}"#, list(2_000, privilege), list(2_000, role)));
    let policy = Policy::compile(&text).unwrap();
    let roles = (0..2_000).map(|it| RoleRef::Known(format!("r{it}"))).collect();
    let session = policy.session(&Subject { roles, ..Subject::default() }).unwrap();
    let set = |level: &str| (0..2_000).rev().map(|it| (format!("f{it}"), Value::Text(level.into()))).collect();
    let raised = session.with(&Change { set: set("y"), ..Change::default() }).unwrap();
    let removed = Change { remove: (0..2_000).map(|it| format!("r{it}")).collect(), ..Change::default() };
    let own = raised.with(&removed).unwrap();
    assert_eq!((own.state().own.len(), own.state().roles.len()), (2_000, 0));
    assert!(own.state().own.iter().all(|it| it.value == 2) && own.state().own.is_sorted_by_key(|it| it.privilege));
}

/// Facts that only add are proved by polarity in one pass, however many there are.
#[test]
fn many_absent_values_are_proved() {
    let fact = |it: usize| format!(r#"{{ "id": "s{it}", "kind": "switch", "label": "S", "absent": false }}"#);
    let role =
        |it: usize| format!(r#"{{ "id": "r{it}", "label": "R", "when": "s{it}", "grants": {{ "f{it}": true }} }}"#);
    let requires = |it: usize| {
        let parts = (0..20).map(|part| format!("(s{} or f{})", (it * 7 + part * 31) % 700, (it + part * 11) % 700));
        parts.collect::<Vec<_>>().join(" and ")
    };
    let operation = |it: usize| format!(r#"{{ "id": "o{it}", "label": "O", "requires": "{}" }}"#, requires(it));
    let text = document(&format!(
        r#""facts": {}, "privileges": {}, "roles": {}, "operations": {}"#,
        list(700, fact),
        flags(700),
        list(700, role),
        list(700, operation)
    ));
    assert!(privet::check::checked(&text).is_some());
}

/// Rule 22: where roles clash under the other value, there is no session, so nothing is compared.
#[test]
fn a_clash_is_no_opening() {
    let text = |requires: &str, south: &str| {
        document(&format!(
            r#""facts": [{{ "id": "owner", "kind": "switch", "label": "Owner", "absent": false }}],
            "privileges": [
              {{ "id": "desk", "kind": "choice", "label": "Desk",
                 "options": [{{ "id": "north", "label": "North" }}, {{ "id": "south", "label": "South" }}] }},
              {{ "id": "key", "kind": "flag", "label": "Key" }}],
            "roles": [{{ "id": "o", "label": "O", "when": "owner", "grants": {{ "desk": "north" }} }}{south}],
            "operations": [{{ "id": "sit", "label": "Sit", "requires": "{requires}" }}]"#
        ))
    };
    let opens = |requires, south| privet::check::checked(&text(requires, south)).is_none();
    assert!(!opens("desk in (north, south)", ""), "a subject whose role grants south clashes with north");
    assert!(!opens("desk = south", ""), "so there is none that loses south");
    assert!(opens("key and desk != north", ""), "a subject without a desk is given north");
    assert!(opens("desk = south or not desk = north and key", ""), "and so it may lose what it is allowed without one");
    let other = r#", { "id": "s", "label": "S", "when": "owner", "grants": { "desk": "south" } }"#;
    assert!(!opens("key and desk != north", other), "two roles that clash whenever the fact holds");
}
