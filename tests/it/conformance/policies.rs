//! The files of policies: packs, and cases of random and hand-picked subjects with the model's answers.

use super::{doc, faults};
use crate::model::json::Json;
use crate::model::lookup::Refusal;
use crate::model::pack::Pack;
use crate::model::results::{ALL, Answers, error_json};
use crate::model::{Model, changes, policies, tokens};
use crate::support::random::Random;
use base64ct::{Base64, Encoding};
use privet::diagnostic::Report;
use privet::policies::{CONTACT, DOTDIGITAL, VICIDIAL};
use privet::session::{RoleRef, Subject};
use privet::studio::Studio;
use proptest::prelude::{ProptestConfig, Strategy};
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};
use std::collections::BTreeMap;

/// The number of random policies, and of their random subjects.
const RANDOM: usize = 40;
const SUBJECTS: usize = 6;

/// When what counts ends, by id.
type Ends = BTreeMap<String, u32>;

/// A document and its pack without the document.
pub(super) struct Source {
    studio: Studio,
    pub(super) pack: Pack,
}

impl Source {
    pub(super) fn new(document: &str) -> Self {
        Self::try_new(document).unwrap_or_else(|report| panic!("{report:?}"))
    }

    fn try_new(document: &str) -> Result<Self, Report> {
        let studio = Studio::compile(document, false)?;
        let pack = Pack { document: Vec::new(), ..Pack::read(studio.policy().pack()) };
        Ok(Self { studio, pack })
    }

    pub(super) fn model(&self) -> Model<'_> {
        Model::new(self.studio.checked().document())
    }

    /// The pack with the document.
    pub(super) fn whole(&self) -> Pack {
        Pack::read(self.studio.policy().pack())
    }
}

/// A file of a policy: what its cases are made from.
struct File<'m> {
    model: &'m Model<'m>,
    pack: &'m Pack,
    random: Random,
    cases: Vec<Json>,
}

fn subject_json(subject: &Subject, random: &mut Random) -> Json {
    let mut map = |entries: &[(String, privet::model::Value)]| {
        let mut entries: Vec<_> = entries.iter().map(|(id, value)| (id.clone(), Json::of_value(value))).collect();
        shuffle(&mut entries, random);
        Json::Map(entries)
    };
    let (grants, facts) = (map(&subject.grants), map(&subject.facts));
    let mut roles: Vec<Json> = Vec::new();
    for role in &subject.roles {
        roles.push(match role {
            RoleRef::Known(id) => Json::text(id),
            RoleRef::Until { .. } => panic!("the model leaves out ends"),
            RoleRef::Inline(grants) => map(grants),
            RoleRef::Named { name, grants } => Json::map([("name", Json::text(name)), ("grants", map(grants))]),
        });
    }
    shuffle(&mut roles, random);
    let mut parts = vec![("roles", Json::List(roles)), ("grants", grants), ("facts", facts)];
    parts.retain(|(_, part)| !part.items().is_empty() || !part.entries().is_empty() || random.below(4) == 0);
    shuffle(&mut parts, random);
    Json::map(parts)
}

fn change_json(change: &privet::session::Change) -> Json {
    let map = |entries: &[(String, privet::model::Value)]| {
        Json::Map(entries.iter().map(|(id, value)| (id.clone(), Json::of_value(value))).collect())
    };
    let ids = |ids: &[String]| Json::list(ids.iter().map(String::as_str));
    let roles = Json::map([("add", ids(&change.add)), ("remove", ids(&change.remove))]);
    Json::map([("set", map(&change.set)), ("facts", map(&change.facts)), ("roles", roles)])
}

fn shuffle<T>(items: &mut [T], random: &mut Random) {
    for place in (1..items.len()).rev() {
        items.swap(place, random.below(place + 1));
    }
}

/// The model's subject with up to two more inline roles.
fn random_subject(model: &Model, random: &mut Random) -> Subject {
    let mut subject = model.subject(random);
    for _ in 0..random.below(3) {
        subject.roles.push(model.inline_role(random));
    }
    subject
}

/// A subject as hosts write it, with the ends of its grants and roles.
fn with_ends(subject: &Json, ends: &Ends) -> Json {
    let ending = |key: &str, id: &str, given: &Json| match ends.get(id) {
        Some(until) => Json::map([(key, given.clone()), ("until", Json::Atom((*until).into()))]),
        None => given.clone(),
    };
    let mut subject = subject.clone();
    let roles = subject.get("roles").expect("roles").items().iter();
    let roles = roles.map(|role| role.as_str().map_or_else(|| role.clone(), |id| ending("role", id, role)));
    subject.set("roles", Json::List(roles.collect()));
    let grants = subject.get("grants").expect("grants").entries().iter();
    let grants = grants.map(|(id, value)| (id.clone(), ending("value", id, value)));
    subject.set("grants", Json::Map(grants.collect()));
    subject
}

impl File<'_> {
    fn result(&self, subject: &Result<Subject, Refusal>, answers: Answers) -> Json {
        match subject {
            Ok(subject) => self.model.answers(self.pack, subject, answers),
            Err(refusal) => error_json(refusal),
        }
    }

    fn session(&self, subject: &Json) -> Result<Subject, Refusal> {
        self.model.read_subject(subject).and_then(|subject| self.model.decided(self.pack, subject))
    }

    /// A row of `changes`, unless hosts may refuse the change with different ids.
    fn change(&self, why: &str, subject: &Subject, change: &Json) -> Option<Json> {
        let after = match self.model.read_change(change) {
            Ok(read) => self.model.with(self.pack, subject, &read)?,
            Err(refusal) => Err(refusal),
        };
        let why = (!why.is_empty()).then(|| ("why", Json::text(why)));
        let row = [("change", change.clone()), ("is", self.result(&after, &[]))];
        Some(Json::map(why.into_iter().chain(row)))
    }

    /// A row of `tokens`. If the token is refused, the facts have no fault.
    fn token(&self, why: &str, token: &str, facts: &Json) -> Json {
        let subject = self.model.read_token(token).and_then(|subject| {
            let facts = self.model.read_known_facts(facts.entries())?;
            self.model.decided(self.pack, Subject { facts, ..subject })
        });
        let why = (!why.is_empty()).then(|| ("why", Json::text(why)));
        let is = self.result(&subject, &[]);
        Json::map(why.into_iter().chain([("token", Json::text(token)), ("facts", facts.clone()), ("is", is)]))
    }

    fn case(&mut self, why: &str, subject: &Json, answers: Answers, changes: Vec<Json>, tokens: Vec<Json>) {
        let is = self.result(&self.session(subject), answers);
        let mut case = Json::map([("subject", subject.clone()), ("is", is)]);
        if !why.is_empty() {
            case = Json::Map([("why".into(), Json::text(why))].into_iter().chain(case.entries().to_vec()).collect());
        }
        for (key, rows) in [("changes", changes), ("tokens", tokens)] {
            if !rows.is_empty() {
                case.set(key, Json::List(rows));
            }
        }
        self.cases.push(case);
    }

    /// The answers about a subject of which something may end.
    fn timed(&self, subject: Result<(Subject, Ends), Refusal>) -> Json {
        match subject {
            Err(refusal) => error_json(&refusal),
            Ok((subject, ends)) => {
                let mut is = self.model.answers(self.pack, &subject, &["inputs"]);
                is.set("subject", with_ends(is.get("subject").expect("a subject"), &ends));
                is.set("validUntil", ends.values().min().map_or(Json::NULL, |until| Json::Atom((*until).into())));
                is
            }
        }
    }

    /// The subject after a change of a session at a time, with the ends of what counts.
    fn changed_at(
        &self,
        before: &(Subject, Ends),
        change: &Json,
        now: Option<u32>,
    ) -> Result<(Subject, Ends), Refusal> {
        let (change, new) = self.model.read_change_at(change, now)?;
        let after = self.model.with(self.pack, &before.0, &change).expect("one id")?;
        let mut ends = before.1.clone();
        ends.retain(|id, _| !change.remove.contains(id) && change.set.iter().all(|(set, _)| set != id));
        ends.extend(new);
        Ok((after, ends))
    }

    /// A case of a subject with grants or roles that end, at a time, with changes.
    fn timed_case(&mut self, why: &str, subject: &Json, now: Option<u32>) {
        let read = self.model.read_subject_at(subject, now);
        let session = read.and_then(|(subject, ends)| Ok((self.model.decided(self.pack, subject)?, ends)));
        let mut changes = Vec::new();
        let mut tokens = Vec::new();
        if let Ok(before) = &session {
            for (_, reason, change) in doc::TIMED_CHANGES.iter().filter(|(about, ..)| *about == why) {
                let change = Json::parse(change);
                let is = self.timed(self.changed_at(before, &change, now));
                changes.push(Json::map([("why", Json::text(reason)), ("change", change), ("is", is)]));
            }
            if !before.1.is_empty() {
                let why = "a token has no ends: what it carries counts at any time";
                tokens.push(self.token(why, &self.model.write_token(&before.0), &Json::Map(Vec::new())));
            }
        }
        let is = self.timed(session);
        let now = now.map(|now| ("now", Json::Atom(now.into())));
        let parts = [("why", Json::text(why))].into_iter().chain(now);
        let mut case = Json::map(parts.chain([("subject", subject.clone()), ("is", is)]));
        for (key, rows) in [("changes", changes), ("tokens", tokens)] {
            if !rows.is_empty() {
                case.set(key, Json::List(rows));
            }
        }
        self.cases.push(case);
    }

    /// A case of the empty subject with tokens in which a field has a number above that of its last value.
    fn overflowing_tokens(&mut self) {
        let tokens = self.model.overflowing_tokens();
        let row = |(why, token): &(String, String)| self.token(why, token, &Json::Map(Vec::new()));
        let rows: Vec<Json> = tokens.iter().map(row).collect();
        if !rows.is_empty() {
            self.case(
                "tokens with a value that the privilege does not have",
                &Json::Map(Vec::new()),
                &[],
                Vec::new(),
                rows,
            );
        }
    }

    fn random_facts(&mut self) -> Json {
        let subject = Subject { facts: self.model.subject(&mut self.random).facts, ..Subject::default() };
        subject_json(&subject, &mut self.random).get("facts").cloned().unwrap_or(Json::Map(Vec::new()))
    }

    /// A case of a random subject with random changes and tokens.
    fn random_case(&mut self, answers: Answers, changed: usize, restored: usize) {
        let subject = random_subject(self.model, &mut self.random);
        let json = subject_json(&subject, &mut self.random);
        let (mut changes, mut restored_tokens) = (Vec::new(), Vec::new());
        if let Ok(subject) = self.session(&json) {
            for _ in 0..changed {
                let change = change_json(&changes::random(self.model, &mut self.random));
                changes.extend(self.change("", &subject, &change));
            }
            let token = self.model.write_token(&subject);
            for place in 0..restored {
                let facts = self.random_facts();
                let damaged = damaged(self.model, &token);
                let (why, token) = if place == 0 { ("", token.clone()) } else { self.random.of(&damaged) };
                restored_tokens.push(self.token(why, &token, &facts));
            }
        }
        self.case("", &json, answers, changes, restored_tokens);
    }

    /// Up to `most` subjects with one fault each.
    fn faulty_subjects(&mut self, most: usize) {
        let mut base = subject_json(&random_subject(self.model, &mut self.random), &mut self.random);
        if self.session(&base).is_err() {
            base = Json::Map(Vec::new());
        }
        let mut faults = faults::subjects(self.model, &base);
        faults.retain(|(_, subject)| self.session(subject).is_err());
        if faults.len() > most {
            shuffle(&mut faults, &mut self.random);
        }
        for (why, subject) in faults.into_iter().take(most) {
            self.case(&why, &subject, &[], Vec::new(), Vec::new());
        }
    }

    /// A case of the empty subject with up to `most` changes that have one fault each.
    fn faulty_changes(&mut self, most: usize) {
        let empty = Json::Map(Vec::new());
        let Ok(subject) = self.session(&empty) else { return };
        let mut faults = faults::changes(self.model);
        faults.retain(|(_, change)| self.model.read_change(change).is_err());
        if faults.len() > most {
            shuffle(&mut faults, &mut self.random);
        }
        let rows: Vec<Json> =
            faults.iter().take(most).filter_map(|(why, change)| self.change(why, &subject, change)).collect();
        self.case("changes with a fault", &empty, &[], rows, Vec::new());
    }

    fn text(&self, why: &str, pack: &Pack) -> String {
        let cases: Vec<String> = self.cases.iter().map(Json::to_string).collect();
        let unknown: Vec<String> = self.unknown().iter().map(Json::to_string).collect();
        format!(
            "{{\"why\":{},\n\"pack\":\"{}\",\n\"cases\":[\n{}\n],\n\"unknown\":[\n{}\n]}}\n",
            Json::text(why),
            Base64::encode_string(&pack.write()),
            cases.join(",\n"),
            unknown.join(",\n"),
        )
    }

    /// Ids that the policy does not have, or not as this kind of thing.
    fn unknown(&self) -> Vec<Json> {
        let document = self.model.document;
        let operations: Vec<String> = document.operations.iter().map(|it| it.id.to_string()).collect();
        let privileges: Vec<String> = document.privileges.iter().map(|it| it.id.to_string()).collect();
        let items: Vec<String> = document.menu.iter().map(|it| it.id.to_string()).collect();
        let facts: Vec<String> = document.facts.iter().map(|it| it.id.to_string()).collect();
        let roles: Vec<String> = document.roles.iter().map(|it| it.id.to_string()).collect();
        let mut ids: Vec<String> = ["", "toString", "__proto__", "é😀"].iter().map(|it| (*it).to_owned()).collect();
        for known in [&operations, &privileges, &items, &facts, &roles] {
            ids.extend(known.first().cloned());
        }
        for known in [&operations, &privileges, &items] {
            ids.extend(known.last().map(|id| format!("{id}x")));
        }
        let mut all = Vec::new();
        for (kind, known) in [("operation", &operations), ("privilege", &privileges), ("menu item", &items)] {
            let strange = ids.iter().filter(|id| !known.contains(id));
            all.extend(strange.map(|id| Json::list([kind, id])));
        }
        // Queries name present ids.
        let old = document.renamed.iter().filter(|(_, new)| privileges.contains(&new.to_string()));
        all.extend(old.map(|(id, _)| Json::list(["privilege", id.as_str()])));
        all
    }
}

/// Faulty variants of a token, each with the reason.
fn damaged(model: &Model, token: &str) -> Vec<(&'static str, String)> {
    let body = &token[..token.len() - 6];
    let sections = &body[12..];
    let replaced = |at: usize| {
        let other = if &token[at..=at] == "A" { "B" } else { "A" };
        format!("{}{other}{}", &token[..at], &token[at + 1..])
    };
    let flipped = |at: usize| {
        let mut bits = tokens::bits(sections).expect("letters");
        let bit = if &bits[at..=at] == "1" { "0" } else { "1" };
        bits.replace_range(at..=at, bit);
        tokens::with_checksum(&format!("{}{}", model.layout(), tokens::letters(&bits)))
    };
    let last = 6 * sections.len() - 1;
    let mut all = vec![
        ("one letter is changed", replaced(13.min(token.len() - 7))),
        ("a letter of the layout is changed", replaced(3)),
        ("a letter of the checksum is changed", replaced(token.len() - 1)),
        ("the first letter of the checksum is changed", replaced(token.len() - 6)),
        ("cut short", token[..token.len() - 1].into()),
        ("a letter too many", format!("{token}A")),
        ("a letter too many, with a right checksum", tokens::with_checksum(&format!("{body}A"))),
        ("the empty text", String::new()),
        ("shorter than layout and checksum", token[..17].into()),
        ("without the letters of the sections, with a right checksum", tokens::with_checksum(&body[..12])),
        ("an equals sign behind it", format!("{token}=")),
        ("a letter that is not in base64url", token.replacen(&token[12..13], "+", 1)),
        ("a letter outside of ASCII", token.replacen(&token[12..13], "é", 1)),
        ("white space before it", format!(" {token}")),
        ("of another layout", tokens::with_checksum(&format!("{}{sections}", swapped(&model.layout(), 7)))),
        ("of another format of tokens", tokens::with_checksum(&format!("{}{sections}", swapped(&model.layout(), 0)))),
        ("of another layout, and without sections", tokens::with_checksum(&swapped(&model.layout(), 11))),
        ("the last bit is changed, with a right checksum", flipped(last)),
        ("the first bit of the sections is changed, with a right checksum", flipped(0)),
        ("a bit is changed, with a right checksum", flipped(last / 2)),
        ("another bit is changed, with a right checksum", flipped(last / 3)),
    ];
    if sections.len() > 1 {
        all.push(("the last letter of the sections is missing", tokens::with_checksum(&body[..body.len() - 1])));
    }
    all
}

/// A text with another letter at this place.
fn swapped(text: &str, at: usize) -> String {
    let other = if &text[at..=at] == "Z" { "Y" } else { "Z" };
    format!("{}{other}{}", &text[..at], &text[at + 1..])
}

/// Some answers of large policies are left out, to keep the files small.
fn answers(place: usize) -> Vec<&'static str> {
    let every = [("allowed", 2), ("holds", 2), ("from", 12), ("menu", 6), ("inputs", 12), ("snapshot", 18)];
    every.into_iter().filter(|(_, nth)| place.is_multiple_of(*nth)).map(|(answer, _)| answer).collect()
}

/// The name and text of each file.
pub(super) fn files() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for (name, document, whole) in
        [("contact", CONTACT, false), ("dotdigital", DOTDIGITAL, true), ("vicidial", VICIDIAL, false)]
    {
        files.push((name.to_owned(), built_in(name, document, whole)));
    }
    for name in ["changes", "dependencies", "errors", "joins", "language"] {
        for (place, suite) in suites(name).items().iter().enumerate() {
            let document = suite.get("policy").expect("a policy").to_string();
            if let Some(text) = hand_picked(name, suite, &document) {
                files.push((format!("{name}-{}", place + 1), text));
            }
        }
    }
    files.push(("kinds".into(), kinds()));
    files.push(("unusual".into(), unusual()));
    files.extend(random().into_iter().enumerate().map(|(place, text)| (format!("random-{:02}", place + 1), text)));
    files.sort();
    files.into_iter().map(|(name, text)| (format!("policies/{name}.json"), text)).collect()
}

/// A file of `tests/cases`.
fn suites(name: &str) -> Json {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cases/{name}.json"));
    Json::parse(&std::fs::read_to_string(path).expect("a file"))
}

impl File<'_> {
    /// The hand-picked cases of `tests/cases`: their subjects and changes.
    fn add_suite(&mut self, suite: &Json, answers: &dyn Fn(usize) -> Vec<&'static str>) {
        let cases = suite.get("cases").map_or(&[][..], Json::items);
        for (place, case) in cases.iter().enumerate() {
            let subject = case.get("subject").cloned().unwrap_or(Json::Map(Vec::new()));
            let mut rows = Vec::new();
            if let (Some(change), Ok(subject)) = (case.get("change"), self.session(&subject)) {
                rows.extend(self.change("", &subject, change));
            }
            let why = case.get("why").and_then(Json::as_str).expect("a reason").to_owned();
            self.case(&why, &subject, &answers(place), rows, Vec::new());
        }
    }
}

fn built_in(name: &str, document: &str, whole: bool) -> String {
    let source = Source::new(document);
    let model = source.model();
    let mut file = File { model: &model, pack: &source.pack, random: Random::new(11), cases: Vec::new() };
    for suite in suites(name).items() {
        file.add_suite(suite, &answers);
    }
    for place in 1..5 {
        file.random_case(&answers(place), 1, 2);
    }
    file.faulty_subjects(6);
    file.faulty_changes(6);
    let why = if whole { "a built-in policy, with its document" } else { "a built-in policy, without its document" };
    file.text(why, &if whole { source.whole() } else { source.pack.clone() })
}

fn hand_picked(name: &str, suite: &Json, document: &str) -> Option<String> {
    let source = Source::try_new(document).ok()?;
    let model = source.model();
    let mut file = File { model: &model, pack: &source.pack, random: Random::new(13), cases: Vec::new() };
    file.add_suite(suite, &|_| ALL.to_vec());
    (!file.cases.is_empty()).then(|| file.text(&format!("hand-picked cases: {name}"), &source.pack))
}

fn kinds() -> String {
    let source = Source::new(doc::KINDS);
    let model = source.model();
    let mut file = File { model: &model, pack: &source.pack, random: Random::new(17), cases: Vec::new() };
    for (why, text) in doc::SUBJECTS {
        let json = Json::parse(text);
        let (mut rows, mut restored) = (Vec::new(), Vec::new());
        if let Ok(subject) = file.session(&json) {
            for (_, reason, change) in doc::CHANGES.iter().filter(|(about, ..)| about == why) {
                rows.push(file.change(reason, &subject, &Json::parse(change)).expect("one id"));
            }
            let token = model.write_token(&subject);
            let facts = file.random_facts();
            restored.push(file.token("", &token, &facts));
            if *why == "own grants of every kind" || *why == "a listed role behind inline roles" {
                let damaged = damaged(&model, &token);
                restored.extend(damaged.iter().map(|(why, token)| file.token(why, token, &facts)));
                for text in
                    [r#"{"seats":-1}"#, r#"{"fog":true}"#, r#"{"open":"true"}"#, r#"{"seats":7.0,"guest":null}"#]
                {
                    restored.push(file.token("the facts alone are new", &token, &Json::parse(text)));
                }
            }
        }
        file.case(why, &json, ALL, rows, restored);
    }
    for (why, now, text) in doc::TIMED {
        file.timed_case(why, &Json::parse(text), *now);
    }
    for place in 0..20 {
        file.random_case(if place % 4 == 0 { ALL } else { &[] }, 3, 2);
    }
    file.faulty_subjects(usize::MAX);
    file.faulty_changes(usize::MAX);
    file.overflowing_tokens();
    file.text("every kind of fact and privilege, and every single fault of subjects and changes", &source.pack)
}

/// The policy with every kind as an unusual pack that means the same: operators above 2, grants of roles in reverse order,
/// words that nothing refers to, and a value in a word that facts do not use.
fn unusual() -> String {
    let source = Source::new(doc::KINDS);
    let model = source.model();
    let mut pack = source.pack.clone();
    let at = |position: u32| position as usize / 4;
    let [first_privilege, first_role, entries] = pack.bounds();
    for index in 0..entries {
        let entry = 68 + 40 * index;
        let [comparisons, count] = [pack.at(entry + 12), pack.at(entry + 16)];
        for operator in (0..count).map(|place| at(comparisons + 8 * place)) {
            if pack.words[operator] == 2 {
                pack.words[operator] = [3, u32::MAX][operator % 2];
            }
        }
        if index < first_privilege {
            pack.words[at(entry + 20)] = u32::MAX;
        }
        if index >= first_role {
            let [grants, count] = [pack.at(entry + 32), pack.at(entry + 36)];
            let grants = &mut pack.words[at(grants)..at(grants + 8 * count)];
            grants.reverse();
            grants.chunks_mut(2).for_each(|grant| grant.swap(0, 1));
        }
    }
    // The instructions move by two words.
    let instructions = at(pack.at(40));
    pack.words.splice(instructions..instructions, [7, u32::MAX]);
    pack.words[10] += 8;
    pack.words[11] += 8;
    let mut file = File { model: &model, pack: &pack, random: Random::new(19), cases: Vec::new() };
    for (why, text) in doc::SUBJECTS {
        file.case(why, &Json::parse(text), &["holds", "inputs"], Vec::new(), Vec::new());
    }
    file.text("an unusual pack that means the same as that of `kinds.json`", &pack)
}

fn random() -> Vec<String> {
    let config = ProptestConfig { rng_seed: RngSeed::Fixed(5), failure_persistence: None, ..ProptestConfig::default() };
    let mut runner = TestRunner::new(config);
    let mut files = Vec::new();
    let mut seed = 0;
    while files.len() < RANDOM {
        seed += 1;
        let raw = policies::policy().new_tree(&mut runner).expect("a policy").current();
        let Ok(source) = Source::try_new(&raw.document().to_string()) else { continue };
        let model = source.model();
        if raw.careless || model.document.privileges.len() < 2 || model.document.facts.is_empty() {
            continue;
        }
        let mut file = File { model: &model, pack: &source.pack, random: Random::new(seed), cases: Vec::new() };
        for place in 0..SUBJECTS {
            let all = if place == 0 { ALL } else { &["allowed", "holds", "menu", "inputs"] };
            file.random_case(if place < 3 { all } else { &[] }, 1 + place % 2, 2);
        }
        file.faulty_subjects(3);
        file.faulty_changes(3);
        file.overflowing_tokens();
        files.push(file.text("a random policy", &source.pack));
    }
    files
}
