//! The engine in the form that the host of `core.wasm` calls: decisions, obligations, roles and the menu as bits in the answer. Sessions of the library
//! read slots instead, so here both are compared.

use crate::model::{Model, policies};
use crate::support::policies::SMALL;
use crate::support::random::Random;
use privet::engine::{Engine, Words};
use privet::model::Verdict;
use privet::pack::Policy;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use privet::session::{MenuNode, Session, State};
use privet::{Studio, Subject};

/// The bits of a word that are used.
const BITS: usize = 16;

/// Reads lists of bits, each of which begins with a new word.
struct Lists<'a>(&'a [u32]);

impl Lists<'_> {
    fn next(&mut self, count: usize) -> Vec<bool> {
        let (words, rest) = self.0.split_at(count.div_ceil(BITS));
        assert!(words.iter().all(|word| *word < 1 << BITS), "{words:?}");
        self.0 = rest;
        (0..count).map(|bit| words[bit / BITS] >> (bit % BITS) & 1 == 1).collect()
    }
}

/// The pairs of own grants, facts and roles, and those of all inline roles, from the encoded state.
fn pairs(words: &[u32]) -> [Vec<[u32; 2]>; 2] {
    let mut words = words.iter().copied();
    let list = |words: &mut dyn Iterator<Item = u32>| {
        let count = words.next().unwrap();
        (0..count).map(|_| [words.next().unwrap(), words.next().unwrap()]).collect::<Vec<_>>()
    };
    let own = list(&mut words);
    let roles = words.next().unwrap();
    let mut inline: Vec<_> = (0..roles).flat_map(|_| list(&mut words)).collect();
    inline.sort_unstable();
    [own, inline]
}

/// The states of menu items, by their index: 0 hidden, 1 undecided, 2 shown.
fn menu_states(policy: &Policy, nodes: &[MenuNode], states: &mut [u32]) {
    for node in nodes {
        states[policy.program().menu.find(node.id).unwrap()] = match node.state {
            Verdict::No => 0,
            Verdict::Unknown => 1,
            Verdict::Yes => 2,
        };
        menu_states(policy, &node.children, states);
    }
}

/// What `decide` and `menu` write, compared with the session.
fn agree(policy: &Policy, session: &Session, state: &State) {
    let program = policy.program();
    let encoded = state.words(program);
    assert_eq!(State::from_words(program, &encoded).as_ref(), Some(state));
    let [own, inline] = pairs(&encoded);
    let words = &program.words;
    let places = Engine(Words::program(words)).places();
    let [answer, arguments] = places.map(|place| place as usize / 4 - words.len());
    let operations = program.operations.len();
    let lists = 2 * operations.div_ceil(BITS);
    let mut rest = vec![u32::MAX; arguments + (2 * (own.len() + inline.len())).max(lists)];
    let subject = [own.as_flattened(), inline.as_flattened()].concat();
    rest[arguments..][..subject.len()].copy_from_slice(&subject);
    let [own, inline] = [own.len(), inline.len()].map(|count| u32::try_from(count).unwrap());
    Engine(Words::new(words, &mut rest, places)).decide(own, inline);

    assert_eq!(rest[answer], 0, "a session has no conflict");
    let mut read = Lists(&rest[answer + 1..]);
    let is = |verdicts: &[Verdict], verdict| verdicts.iter().map(|it| *it == verdict).collect::<Vec<_>>();
    let decisions: Vec<Verdict> = program.operations.iter().map(|it| session.decide(&it.id).unwrap().verdict).collect();
    assert_eq!(read.next(operations), is(&decisions, Verdict::Yes), "allowed");
    assert_eq!(read.next(operations), is(&decisions, Verdict::No), "denied");
    let owed = program.operations.iter().flat_map(|it| &it.obligations).map(|it| session.verdict(it.owed));
    let owed: Vec<Verdict> = owed.collect();
    assert_eq!(read.next(owed.len()), is(&owed, Verdict::No), "not owed");
    let roles = session.held_roles();
    assert_eq!(read.next(roles.len()), is(&roles, Verdict::Yes), "held roles");

    let bits = rest[answer + 1..][..lists].to_vec();
    rest[arguments..][..lists].copy_from_slice(&bits);
    Engine(Words::new(words, &mut rest, places)).menu();
    let mut expected = vec![u32::MAX; program.menu.len()];
    menu_states(policy, &session.menu(), &mut expected);
    assert_eq!(rest[answer..][..expected.len()], expected, "menu");

    // What earlier calls have left in the memory is in no token
    let mut rest = vec![u32::MAX; arguments + subject.len() + Engine(Words::program(words)).token_room() as usize];
    rest[arguments..][..subject.len()].copy_from_slice(&subject);
    let length = Engine(Words::new(words, &mut rest, places)).write_token(own, inline) as usize;
    let letters = rest[arguments + subject.len()..][..length].iter();
    let token: String = letters.map(|letter| char::from_u32(*letter).unwrap()).collect();
    assert_eq!(token, session.token());
    assert_eq!(token[..12], program.layout_text());
}

fn random_people(text: &str, seed: u64, people: usize) -> usize {
    let Ok(studio) = Studio::compile(text, false) else { return 0 };
    let model = Model::new(studio.checked().document());
    let mut random = Random::new(seed);
    let policy = studio.policy();
    let subjects = (0..people).map(|_| model.subject(&mut random)).chain([Subject::default()]);
    let agreeing = subjects.filter(|subject| {
        let Ok(session) = policy.session(subject) else { return false };
        agree(policy, &session, &policy.state(subject, None).unwrap());
        true
    });
    agreeing.count()
}

#[test]
fn answers_of_the_core_are_those_of_sessions() {
    for (text, people) in [(SMALL, 100), (CONTACT, 10), (DOTDIGITAL, 10), (VICIDIAL, 10)] {
        assert!(random_people(text, 7, people) > people / 4);
    }
    let agreeing = std::cell::Cell::new(0);
    policies::each(60, 22, |raw, seed| {
        agreeing.set(agreeing.get() + random_people(&raw.document().to_string(), seed, 3));
        Ok(())
    });
    assert!(agreeing.get() > 60, "too few people are accepted to test much");
}

/// A choice for which roles conflict is named in the first word of the answer.
#[test]
fn conflicts_are_told_by_their_choice() {
    let policy = Policy::compile(SMALL).unwrap();
    let program = policy.program();
    let words = &program.words;
    let engine = Engine(Words::program(words));
    let places = engine.places();
    let [answer, arguments] = places.map(|place| place as usize / 4 - words.len());
    let choice = engine.facts() + u32::try_from(program.privileges.find("c").unwrap()).unwrap();
    let role = engine.first_role() + u32::try_from(program.roles.find("t").unwrap()).unwrap();
    // The role `t` and an inline role give different options
    for (option, conflict) in [(0, 0), (1, 1 + choice)] {
        let mut rest = vec![0; arguments + 4];
        rest[arguments..].copy_from_slice(&[role, 1, choice, option]);
        Engine(Words::new(words, &mut rest, places)).decide(1, 1);
        assert_eq!(rest[answer], conflict, "option {option}");
    }
}
