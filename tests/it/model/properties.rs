//! Properties that hold for every policy: the program decides as the reference model, packs and canonical documents are the policy
//! again, explanations are the decisions, tokens restore the session.

use crate::model::compare::compare;
use crate::model::{Model, Person, absent, changes, previews, sufficient};
use crate::support::random::Random;
use privet::check::{check, checked};
use privet::diagnostic::{Code, Diagnostic, Severity};
use privet::model::Verdict;
use privet::pack::Policy;
use privet::session::{Session, Subject};
use privet::{NodeKind, Studio, TestNode};

/// Subjects that are tried with each policy.
const SUBJECTS: usize = 4;

/// Whether the checker accepts a document. It refuses exactly the documents for which it reports an error. Generated
/// documents are legal except for `absent` values.
pub(crate) fn is_accepted(text: &str, careless: bool) -> Result<bool, String> {
    let (diagnostics, checked) = (check(text, true), checked(text));
    let errors: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    ensure(errors.is_empty() == checked.is_some(), &format!("errors and refusal differ: {diagnostics:?}"))?;
    let others: Vec<_> = errors.iter().filter(|error| error.code != Code::AbsentOpens).collect();
    ensure(careless || others.is_empty(), &format!("refused, though legal: {others:?}"))?;
    Ok(checked.is_some())
}

/// Checks all properties of an accepted policy. Returns the number of valid subjects.
pub(crate) fn policy(text: &str, seed: u64) -> Result<usize, String> {
    let studio = Studio::compile(text, false).map_err(|report| format!("{report:?}"))?;
    let warnings = check(text, false);
    packs(studio.policy())?;
    let model = Model::new(studio.checked().document());
    let mut random = Random::new(seed);
    if let Some(opened) = absent::opens(&model, &mut random, SUBJECTS) {
        return Err(opened);
    }
    let mut resolved = 0;
    for _ in 0..SUBJECTS {
        let subject = model.subject(&mut random);
        let change = changes::random(&model, &mut random);
        let about = |fault: String| format!("{fault}\n{subject:?}");
        if compare(&model, studio.policy(), &subject).map_err(about)? {
            resolved += 1;
            constants(&model, &warnings, &subject).map_err(about)?;
            explanations(&studio, &model, &subject).map_err(about)?;
            tokens(studio.policy(), &subject).map_err(about)?;
            changes::agree(&model, studio.policy(), &subject, &change)
                .map_err(|fault| format!("{fault}\n{subject:?}\n{change:?}"))?;
        }
    }
    previews::agree(&studio, &model, &mut random, SUBJECTS)?;
    Ok(resolved)
}

/// A pack is read as it was written, and its document compiles to the same pack.
pub(crate) fn packs(policy: &Policy) -> Result<(), String> {
    let opened = Policy::open(policy.pack()).map_err(|error| error.to_string())?;
    ensure(opened == *policy, "the opened pack is another policy")?;
    let canonical = core::str::from_utf8(policy.document_section()).map_err(|error| error.to_string())?;
    let again = Policy::compile(canonical).map_err(|report| format!("canonical document: {report:?}"))?;
    ensure(again.pack() == policy.pack(), "the canonical document compiles to another pack")?;
    let studio = Studio::open(&opened).map_err(|error| error.to_string())?;
    ensure(studio.policy() == policy, "the studio opened another policy")
}

pub(crate) fn ensure(holds: bool, otherwise: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise.into()) }
}

/// The checker's findings about all subjects hold for this subject. (`never` and `always` are about known facts, so an
/// undecided operation contradicts neither.)
fn constants(model: &Model, warnings: &[Diagnostic], subject: &Subject) -> Result<(), String> {
    let person = Person::new(model, subject).map_err(|clash| format!("{clash:?} clash"))?;
    for (place, operation) in model.document.operations.iter().enumerate() {
        let at = format!("/operations/{place}/requires");
        let is_reported = |code| warnings.iter().any(|warning| warning.code == code && warning.pointer == at);
        let refuted = match person.decision(operation) {
            Some(true) => is_reported(Code::NeverAllowed),
            Some(false) => is_reported(Code::AlwaysAllowed),
            None => false,
        };
        ensure(!refuted, &format!("`{}` is not always or never allowed", operation.id))?;
    }
    Ok(())
}

/// Restoring a token yields the same session.
fn tokens(policy: &Policy, subject: &Subject) -> Result<(), String> {
    let session = policy.session(subject).map_err(|error| error.to_string())?;
    let restored = policy.restore(&session.token(), &subject.facts).map_err(|error| error.to_string())?;
    // The planes are not compared: they also state which roles are held, which a token does not.
    let decided =
        |it: &Session| policy.program().operations.ids().map(|id| format!("{:?}", it.decide(id))).collect::<Vec<_>>();
    let same = decided(&restored) == decided(&session) && restored.menu() == session.menu();
    ensure(same, "a token came back as another session")?;
    ensure(restored.token() == session.token(), "a token that came back gives another")
}

/// The verdict of an explanation is the decision, and each node follows from its children.
fn explanations(studio: &Studio, model: &Model, subject: &Subject) -> Result<(), String> {
    let session = studio.policy().session(subject).map_err(|error| error.to_string())?;
    for operation in &studio.policy().program().operations {
        let decided = session.decide(&operation.id).map_err(|error| error.to_string())?;
        let explained = studio.explain(&session, &operation.id).map_err(|error| error.to_string())?;
        let decision = match decided.verdict {
            Verdict::Yes => "allowed",
            Verdict::No => "denied",
            Verdict::Unknown => "undecided",
        };
        let fault = |what: &str| format!("explanation of `{}`: {what}: {explained:?}", operation.id);
        ensure(explained.decision == decision, &fault("another decision"))?;
        ensure(explained.tree.verdict == decided.verdict, &fault("another verdict"))?;
        ensure(explained.obligations == decided.obligations, &fault("other obligations"))?;
        ensure(follows(&explained.tree), &fault("a node does not follow from its parts"))?;
        let facts = decision == "undecided" || explained.facts.is_empty() || has_unknown(&explained.tree);
        ensure(facts || explained.args.reasons.iter().any(|it| !it.through.is_empty()), &fault("facts"))?;
        let declared =
            |id: &String| model.facts.contains_key(id.as_str()) || model.privileges.contains_key(id.as_str());
        ensure(explained.decisive.iter().all(declared), &fault("what decides is neither a fact nor a privilege"))?;
        if decided.verdict == Verdict::Yes {
            sufficient::agrees(studio, model, (subject, &session), &explained)?;
        }
    }
    Ok(())
}

/// Whether each node of an explanation follows from its children. (An operation that is already explained has no
/// children; the child of a test on an operation is the requirement of that operation.)
fn follows(node: &TestNode) -> bool {
    let mut parts = node.children.iter().map(|part| part.verdict);
    let expected = match node.kind {
        NodeKind::All => parts.fold(Verdict::Yes, |all, part| all & part),
        NodeKind::Any => parts.fold(Verdict::No, |any, part| any | part),
        NodeKind::Not => parts.next().map_or(node.verdict, |part| !part),
        NodeKind::Test => parts.next().unwrap_or(node.verdict),
    };
    node.verdict == expected && node.children.iter().all(follows)
}

fn has_unknown(node: &TestNode) -> bool {
    node.verdict == Verdict::Unknown || node.children.iter().any(has_unknown)
}
