//! Populations of sizes and policies of shapes that an evaluation in blocks can get wrong: a last word or block that is incomplete, rows
//! that are shorter than a word or end within one, a single operation, a thousand.

use crate::model::{Model, changes, decisions};
use crate::support::random::Random;
use privet::model::Value;
use privet::session::{Change, Subject};
use privet::{Matches, Policy, Studio};
use std::collections::BTreeMap;

/// People whose answers are compared with those of all.
const PART: usize = 63;

/// A policy with switches, flags and operations. The rows have 1 bit and 2 for each switch, 1 for each flag, 1 for the role.
fn document(switches: usize, flags: usize, operations: usize) -> String {
    let list = |count: usize, entry: &dyn Fn(usize) -> String| (0..count).map(entry).collect::<Vec<_>>().join(",\n");
    let requirement = |operation: usize| {
        let (one, other) = (operation % flags, (7 * operation + 1) % flags);
        let flags = match operation % 2 {
            _ if one == other => format!("p{one}"),
            0 => format!("(p{one} or p{other})"),
            _ => format!("p{one} and p{other}"),
        };
        if switches > 0 && operation.is_multiple_of(3) {
            format!("{flags} and f{}", operation % switches)
        } else {
            flags
        }
    };
    format!(
        r#"{{ "format": 1, "id": "shape", "title": "Shape", "version": "1",
  "facts": [{}],
  "privileges": [{}],
  "roles": [{{ "id": "r", "label": "R", "grants": {{ "p0": true }} }}],
  "operations": [{}] }}"#,
        list(switches, &|at| format!(r#"{{ "id": "f{at}", "kind": "switch", "label": "F{at}" }}"#)),
        list(flags, &|at| format!(r#"{{ "id": "p{at}", "kind": "flag", "label": "P{at}" }}"#)),
        list(operations, &|at| format!(r#"{{ "id": "o{at}", "label": "O{at}", "requires": "{}" }}"#, requirement(at))),
    )
}

/// Lists of rows by what they are of, for people from the row `first`.
fn add(lists: &mut BTreeMap<String, Vec<usize>>, kind: &str, first: usize, more: &[Matches<&str>]) {
    for (id, rows) in more {
        lists.entry(format!("{kind} {id}")).or_default().extend(rows.iter().map(|row| first + row));
    }
}

/// The dormant grants of people, and the effects of a change on them.
fn lists(policy: &Policy, people: &[Subject], change: &Change, part: usize) -> BTreeMap<String, Vec<usize>> {
    let mut lists = BTreeMap::new();
    for (first, people) in (0..).step_by(part).zip(people.chunks(part)) {
        let population = policy.population(people);
        let preview = population.preview(change).expect("a valid change");
        add(&mut lists, "dormant", first, &population.dormant());
        add(&mut lists, "gained", first, &preview.operations.added);
        add(&mut lists, "lost", first, &preview.operations.removed);
        add(&mut lists, "becomes dormant", first, &preview.dormant.added);
        for error in &preview.errors {
            lists.entry(format!("error {:?}", error.error)).or_default().push(first + error.row);
        }
    }
    lists
}

#[test]
fn populations_of_all_shapes_agree_with_sessions() {
    let sizes = [0, 1, 63, 64, 65, 127, 511, 512, 513, 4095];
    let few = &[1, 65, 513][..];
    let shapes = [
        (0, 1, 1, &sizes[..]),   // 3 bits
        (1, 4, 3, few),          // 8 bits
        (0, 62, 5, few),         // 64 bits: a word
        (0, 63, 5, few),         // 65 bits: 9 bytes
        (9, 107, 7, &sizes[..]), // 127 bits
        (3, 300, 1000, few),
    ];
    let mut compared = decisions::Compared::default();
    for (switches, flags, operations, sizes) in shapes {
        let studio = Studio::compile(&document(switches, flags, operations), false).expect("a valid policy");
        let (policy, model) = (studio.policy(), Model::new(studio.checked().document()));
        assert_eq!(policy.row_width(), (2 + 2 * switches + flags).div_ceil(8));
        let mut random = Random::new(switches as u64 + 10);
        let mut everybody: Vec<Subject> = (0..4095).map(|_| model.subject(&mut random)).collect();
        let stranger = Subject { grants: vec![("nothing".into(), Value::Flag(true))], ..Subject::default() };
        for row in [64, 300, 512, 4094] {
            everybody[row] = stranger.clone();
        }
        let change = changes::random(&model, &mut random);
        let change = Change { amend: Vec::new(), ..change };
        for people in sizes.iter().map(|size| &everybody[..*size]) {
            let population = policy.population(people);
            let sessions: Vec<_> = people.iter().map(|person| policy.session(person)).collect();
            decisions::of_all(&population, &sessions, &mut compared);
            let allowed = policy.operations().map(|id| population.who_can(id).expect("an operation").len());
            assert_eq!(population.counts(), allowed.collect::<Vec<_>>());
            let packed = population.pack();
            assert_eq!(policy.population_of_rows(&packed).expect("what `pack` made").matrix(), population.matrix());
            let (all, parts) =
                (lists(policy, people, &change, people.len().max(1)), lists(policy, people, &change, PART));
            assert_eq!(all, parts, "{} people, {flags} flags", people.len());
        }
    }
    assert_eq!(compared.differ, 0, "{compared}");
    assert!(compared.decisions > 500_000, "{compared}");
}
