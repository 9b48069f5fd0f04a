//! The engine on forged programs: whatever validation accepts, every function then uses only positions that exist. The native
//! block checks each position in builds with debug assertions; `core.wasm` is compiled from the same code without that check.

use crate::support::policies::SMALL;
use crate::support::random::Random;
use privet::engine::{Engine, TokenFault, Words, kind};
use privet::pack::Policy;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};

/// Words of a program with some of them replaced by values that are likely to be accepted or to matter.
fn forge(words: &[u32], random: &mut Random) -> Vec<u32> {
    let mut forged = words.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(forged.len());
        let length = u32::try_from(4 * words.len()).unwrap();
        forged[at] = match random.below(8) {
            0 => forged[random.below(words.len())],
            1 => forged[at].wrapping_add(1),
            2 => forged[at].wrapping_sub(1),
            3 => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9][random.below(10)],
            4 => [u32::MAX, u32::MAX - 3, 1 << 31, 1 << 28, 1 << 16, length, length - 4, length + 4][random.below(8)],
            5 => u32::try_from(4 * random.below(words.len())).unwrap(),
            6 => forged[at] ^ 1 << random.below(32),
            _ => u32::try_from(random.below(1000)).unwrap(),
        };
    }
    forged
}

/// Calls every function with random arguments, in as much room as `core.wasm` has.
fn exercise(program: &[u32], random: &mut Random) {
    let engine = Engine(Words::program(program));
    let (entries, room) = (engine.entries(), engine.token_room() as usize);
    let [_, first] = engine.places();
    let start = first as usize / 4 - program.len();
    let count = random.below(20);
    let mut pairs: Vec<[u32; 2]> = (0..count)
        .map(|_| {
            let values = [0, 1, 2, 3, 255, 256, u32::MAX];
            [u32::try_from(random.below(entries as usize + 2)).unwrap(), values[random.below(values.len())]]
        })
        .collect();
    let own = random.below(count + 1);
    if random.below(4) > 0 {
        pairs[..own].sort_unstable();
        pairs[own..].sort_unstable();
    }
    let words = 2 * count + room;
    let mut rest = vec![0; start + words.max(engine.operations() as usize / 8 + 2)];
    rest[start..start + 2 * count].copy_from_slice(pairs.as_flattened());
    let places = engine.places();
    let [own, inline] = [own, count - own].map(|count| u32::try_from(count).unwrap());
    let run = |rest: &mut [u32], call: &dyn Fn(Engine<Words<'_>>)| call(Engine(Words::new(program, rest, places)));
    run(&mut rest, &|engine| engine.decide(own, inline));
    for privilege in engine.facts()..engine.first_role() {
        run(&mut rest, &|engine| engine.holding(own, inline, privilege));
    }
    let mut copy = rest.clone();
    run(&mut copy, &|engine| engine.menu());
    let mut token = Vec::new();
    let length = Engine(Words::new(program, &mut rest, places)).write_token(own, inline) as usize;
    token.extend_from_slice(&rest[start + 2 * count..start + 2 * count + length]);
    for operation in 0..engine.operations() {
        let choices = (engine.facts()..engine.first_role()).map(|index| engine.entry(index));
        let choices = choices.filter(|entry| entry.kind() == kind::CHOICE).map(privet::engine::Entry::a);
        let roles = (engine.first_role()..entries).map(|index| engine.entry(index).slots_at());
        let slots: Vec<u32> =
            [engine.operation(operation).decision()].into_iter().chain(choices).chain(roles).collect();
        let mut rest = vec![0; start + slots.len()];
        rest[start..].copy_from_slice(&slots);
        run(&mut rest, &|engine| engine.reads(u32::try_from(slots.len()).unwrap()));
    }
    for round in 0..3 {
        let mut letters_of_token = token.clone();
        if round > 0 {
            let at = random.below(letters_of_token.len());
            letters_of_token[at] = [65, 95, 0, 255, 300][random.below(5)];
        }
        if round > 1 {
            letters_of_token.truncate(random.below(letters_of_token.len() + 1));
        }
        let mut rest = vec![0; start + letters_of_token.len() + room];
        rest[start..start + letters_of_token.len()].copy_from_slice(&letters_of_token);
        let count = u32::try_from(letters_of_token.len()).unwrap();
        let _ = Engine(Words::new(program, &mut rest, places)).read_token(count);
    }
}

/// A policy with privileges of one kind, and a role.
fn policy_of(privilege: &str, count: usize) -> String {
    let privileges = (0..count).map(|index| format!(r#"{{ "id": "p{index}", "label": "", {privilege} }}"#));
    let privileges = privileges.collect::<Vec<_>>().join(", ");
    format!(
        r#"{{ "format": 1, "id": "p", "title": "", "version": "", "privileges": [{privileges}], "facts": [],
            "roles": [{{ "id": "r", "label": "", "grants": {{}} }}], "operations": [] }}"#
    )
}

#[test]
fn the_longest_tokens_stay_in_their_room() {
    let many = |key: &str, count: usize| {
        let values = (0..count).map(|index| format!(r#"{{ "id": "v{index}", "label": "" }}"#));
        format!(r#""{key}": [{}]"#, values.collect::<Vec<_>>().join(", "))
    };
    let mut kinds = vec![r#""kind": "flag""#.to_owned(), r#""kind": "number", "max": 4294967295"#.to_owned()];
    for count in [2, 3, 4, 255] {
        kinds.push(format!(r#""kind": "level", {}"#, many("levels", count)));
        kinds.push(format!(r#""kind": "set", {}"#, many("options", count)));
        kinds.push(format!(r#""kind": "choice", {}"#, many("options", count)));
    }
    for (privilege, count) in kinds.iter().flat_map(|it| [(it, 1), (it, 40)]) {
        let policy = Policy::compile(&policy_of(privilege, count)).unwrap();
        let program = &policy.program().words;
        let engine = Engine(Words::program(program));
        let (room, places) = (engine.token_room() as usize, engine.places());
        let start = places[1] as usize / 4 - program.len();
        let mut own = Vec::new();
        for index in engine.facts()..engine.first_role() {
            let entry = engine.entry(index);
            match entry.kind() {
                kind::SET => own.extend((0..entry.values()).flat_map(|option| [index, option])),
                kind::NUMBER => own.extend([index, u32::MAX]),
                kind::CHOICE => own.extend([index, entry.values() - 1]),
                _ => own.extend([index, entry.values()]),
            }
        }
        let inline = own.clone();
        own.extend([engine.first_role(), 1]);
        let pairs = [own.clone(), inline.clone()].concat();
        let [own, inline] = [own, inline].map(|pairs| u32::try_from(pairs.len() / 2).unwrap());
        let mut rest = [vec![0; start], pairs.clone(), vec![0; room]].concat();
        let length = Engine(Words::new(program, &mut rest, places)).write_token(own, inline) as usize;
        let token = rest[start + pairs.len()..][..length].to_vec();
        let mut rest = [vec![0; start], token.clone(), vec![0; room]].concat();
        let [_, end] =
            Engine(Words::new(program, &mut rest, places)).read_token(u32::try_from(length).unwrap()).unwrap();
        let behind = start + length;
        assert_eq!(rest[behind..end as usize / 4 - program.len()], pairs, "{count} of {privilege}");
        // Letters whose bits are all 1, also more and fewer than the longest token has
        for length in [18, 19, 25, length - 1, length, length + 1, room + 1] {
            let letters = vec![u32::from(b'_'); length];
            let mut rest = [vec![0; start], letters, vec![0; room]].concat();
            let read = Engine(Words::new(program, &mut rest, places)).read_token(u32::try_from(length).unwrap());
            assert_eq!(read, Err(TokenFault::Invalid));
        }
    }
}

#[test]
fn forged_programs_are_refused_or_stay_inside_their_block() {
    let mut random = Random::new(16);
    let mut accepted = 0;
    for (text, rounds) in [(SMALL, 400_000), (CONTACT, 2_000), (DOTDIGITAL, 5_000), (VICIDIAL, 2_000)] {
        let words = Policy::compile(text).unwrap().program().words.clone();
        exercise(&words, &mut random);
        for _ in 0..rounds {
            let forged = forge(&words, &mut random);
            let engine = Engine(Words::program(&forged));
            if engine.is_valid(u32::try_from(4 * forged.len()).unwrap()) {
                accepted += 1;
                exercise(&forged, &mut random);
            }
        }
    }
    assert!(accepted > 30_000, "only {accepted} forged programs were accepted");
}

/// A header alone, or less, and lengths that do not match are refused without reading behind the end.
#[test]
fn short_programs_are_refused() {
    let words = Policy::compile(SMALL).unwrap().program().words.clone();
    for length in 17..words.len() {
        let length_in_bytes = u32::try_from(4 * length).unwrap();
        let engine = Engine(Words::program(&words[..length]));
        assert!(!engine.is_valid(length_in_bytes), "{length} words are enough");
        let mut claimed = words[..length].to_vec();
        claimed[11] = length_in_bytes;
        Engine(Words::program(&claimed)).is_valid(length_in_bytes);
    }
}

/// Menu places ascend, each from the one before: not only from the first.
#[test]
fn places_out_of_order_are_refused() {
    let items = (0..4).map(|item| format!(r#"{{ "id": "m{item}", "label": "" }}"#)).collect::<Vec<_>>().join(", ");
    let policy = Policy::compile(&format!(
        r#"{{ "format": 1, "id": "p", "title": "", "version": "", "privileges": [{{ "id": "a", "kind": "flag", "label": "" }}], "menu": [{items}],
            "operations": [{{ "id": "o", "label": "", "menu": ["m0", "m1", "m2", "m3"], "requires": "a" }}] }}"#
    ))
    .unwrap();
    let words = policy.program().words.clone();
    let length = u32::try_from(4 * words.len()).unwrap();
    let at = words.windows(4).position(|places| places == [0, 1, 2, 3]).unwrap();
    for (places, is_valid) in
        [([0, 1, 2, 3], true), ([0, 2, 1, 3], false), ([0, 1, 3, 2], false), ([0, 1, 1, 3], false)]
    {
        let mut forged = words.clone();
        forged[at..at + 4].copy_from_slice(&places);
        assert_eq!(Engine(Words::program(&forged)).is_valid(length), is_valid, "{places:?}");
    }
}

/// The room of an answer: 520 words, and one for each fact, privilege, role, operation, menu item and obligation.
#[test]
fn the_room_of_an_answer_is_that_of_its_longest() {
    let policy = Policy::compile(SMALL).unwrap();
    let [answer, arguments] = Engine(Words::program(&policy.program().words)).places();
    assert_eq!(arguments - answer, 4 * (520 + (3 + 5 + 2) + 2 + 2 + 1));
}

/// Lists may overlap, but not so often that time and memory are no longer bounded by the length of the program.
#[test]
fn lists_that_overlap_too_often_are_refused() {
    let facts = 3_000_u32;
    let entries = 17 + 10 * facts as usize;
    let mut words = vec![0; entries];
    let position = |word: usize| u32::try_from(4 * word).unwrap();
    let end = position(entries) + 8 * facts;
    let inputs = 2 + facts * facts;
    words[0] = facts;
    words[7..10].fill(position(entries));
    (words[10], words[11], words[12], words[13], words[14]) = (end, end, inputs, inputs, 2);
    for fact in 0..facts as usize {
        let row = &mut words[17 + 10 * fact..][..10];
        (row[0], row[1], row[2]) = (6, 2 + facts * u32::try_from(fact).unwrap(), 1);
        (row[3], row[4], row[6]) = (position(entries), facts, position(entries));
    }
    words.extend((0..facts).flat_map(|number| [0, number]));
    assert!(!Engine(Words::program(&words)).is_valid(end));
    // One fact with the whole list is valid.
    words[0] = 1;
    (words[12], words[13]) = (2 + facts, 2 + facts);
    assert!(Engine(Words::program(&words)).is_valid(end));
}
