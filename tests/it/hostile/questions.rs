//! Every question, and how it ends.

use super::documents::Hostile;
use super::packs::forged;
use privet::diagnostic::Code;
use privet::session::{Change, RoleRef, Session, Subject};
use privet::{FixOptions, Goal, LeastPrivilegeOptions, Policy, Studio, Target};
use serde_json::json;

/// The questions, each with what it needs before.
pub(crate) const QUESTIONS: [&str; 15] = [
    "check",
    "compile",
    "open",
    "forged",
    "session",
    "explain",
    "dormant",
    "fixes",
    "fixes-denied",
    "least-privilege",
    "impact",
    "compare",
    "residual",
    "preview",
    "population",
];

/// What a question is about, made once for all questions.
pub(crate) struct Asked {
    hostile: Hostile,
    text: String,
    /// `None` if the document is refused.
    studio: Option<Studio>,
    /// A version in which the last requirement is negated, if that is legal.
    after: Option<Studio>,
}

impl Asked {
    pub(crate) fn new(hostile: &Hostile) -> Self {
        let mut document = hostile.document();
        let text = document.to_string();
        let studio = Studio::compile(&text, false).ok();
        if let Some(requires) =
            document["operations"].as_array_mut().and_then(|all| all.last_mut()).map(|it| &mut it["requires"])
        {
            *requires = json!(format!(
                "({}) and {}",
                requires.as_str().unwrap_or_default(),
                hostile.inputs()[0].clone()
                    + match &*hostile.kind {
                        "level" => " >= v0",
                        "set" | "choice" => " = v0",
                        "number" => " >= 3",
                        _ => "",
                    }
            ));
        }
        let after = Studio::compile(&document.to_string(), false).ok();
        Self { hostile: hostile.clone(), text, studio, after }
    }

    /// Asks a question: how it ended. `answered`, the code of a limit, `refused` for a document with errors and their codes.
    pub(crate) fn ask(&self, question: &str) -> String {
        let codes = || {
            let found = privet::check(&self.text, false);
            let limits = found.iter().filter(|it| matches!(it.code, Code::AnalysisLimit | Code::LimitExceeded));
            limits.map(|it| it.code.as_str()).next().unwrap_or("answered").to_owned()
        };
        if question == "check" {
            return codes();
        }
        if question == "compile" {
            return if Studio::compile(&self.text, false).is_ok() {
                "answered".into()
            } else {
                format!("refused: {}", codes())
            };
        }
        let Some(studio) = &self.studio else { return "refused".into() };
        let pack = studio.policy().pack();
        if question == "open" {
            let is_same = |policy: &Policy| Ok(Studio::open(policy)?.policy().pack() == pack);
            return if Policy::open(pack).and_then(|policy| is_same(&policy)) == Ok(true) {
                "answered".into()
            } else {
                "another pack".into()
            };
        }
        if question == "forged" {
            let all = forged(pack, self.hostile.seed);
            let opened = all.iter().filter(|pack| self.asks_forged(pack)).count();
            return format!("{opened} of {} opened", all.len());
        }
        let Ok(session) = studio.policy().session(&self.subject()) else { return "refused".into() };
        self.of_session(question, studio, &session).unwrap_or_else(|| "answered".into())
    }

    /// A subject with all roles, and nothing of its own.
    fn subject(&self) -> Subject {
        let known = self.studio.iter().flat_map(|studio| studio.policy().program().roles.ids());
        // Roles that give a choice different options clash
        let roles = known.take(if self.hostile.kind == "choice" { 1 } else { usize::MAX });
        Subject { roles: roles.map(|id| RoleRef::Known(id.into())).collect(), ..Subject::default() }
    }

    /// Opens a forged pack and asks it what needs no document; whether it opened.
    fn asks_forged(&self, pack: &[u8]) -> bool {
        let Ok(policy) = Policy::open(pack) else { return false };
        // Roles may clash, and a subject may be refused
        for subject in [self.subject(), Subject::default()] {
            let Ok(session) = policy.session(&subject) else { continue };
            let _ = (session.allowed().len(), session.menu().len(), session.inputs(Some(&self.hostile.operation())));
            let _ = policy.restore(&session.token(), &[]);
            let [_, last] = self.hostile.inputs();
            let _ = (session.holds(&last), session.from(&last));
        }
        let people: Vec<Subject> = (0..70).map(|_| self.subject()).collect();
        let _ = policy.population(&people).who_can(&self.hostile.operation());
        true
    }

    /// The limit that stopped the question, if one did.
    fn of_session(&self, question: &str, studio: &Studio, session: &Session) -> Option<String> {
        let operation = self.hostile.operation();
        let [first, last] = self.hostile.inputs();
        let is_fact = self.hostile.kind == "switch";
        let stopped = |stopped: Option<&'static str>| stopped.map(str::to_owned);
        let fixes = |to| {
            let options = FixOptions { to, ..FixOptions::default() };
            let nobody = studio.policy().session(&Subject::default()).ok()?;
            stopped(
                studio
                    .fixes(if to == Goal::Allowed { &nobody } else { session }, &operation, &options)
                    .ok()?
                    .stopped_by,
            )
        };
        match question {
            "session" => {
                let again = studio.policy().session(&self.subject()).ok()?;
                let _ = (
                    again.allowed().len(),
                    again.menu().len(),
                    again.token().len(),
                    again.inputs(Some(&operation)).ok()?,
                );
                None
            }
            "explain" => {
                let told = studio.explain(session, &operation).ok()?;
                let _ = serde_json::to_string(&told).ok()?;
                None
            }
            "dormant" => {
                let _ = studio.dormant(session).len();
                None
            }
            "fixes" => fixes(Goal::Allowed),
            "fixes-denied" => fixes(Goal::Denied),
            "least-privilege" => {
                let all = studio.least_privilege(&[&operation], &LeastPrivilegeOptions::default()).ok()?;
                stopped(all.fixes.stopped_by)
            }
            "impact" => {
                let target = if is_fact { Target::Fact(first, None) } else { Target::Privilege(first, None) };
                let impact = studio.impact(&target).ok()?;
                impact.unanswered.first().map(|_| "unanswered".into())
            }
            "compare" => studio.compare(self.after.as_ref()?).unanswered.first().map(|_| "unanswered".into()),
            "residual" => {
                let left = serde_json::to_value(studio.residual(session, &operation).ok()?).ok()?;
                left["stoppedBy"].as_str().map(str::to_owned)
            }
            "preview" => {
                let value = privet::model::Value::Null;
                let change = if is_fact {
                    Change { facts: vec![(last, value)], ..Change::default() }
                } else {
                    Change { set: vec![(last, value)], ..Change::default() }
                };
                studio.preview(session, &change).ok().and(None)
            }
            "population" => {
                let people: Vec<Subject> = (0..70).map(|_| self.subject()).collect();
                let population = studio.policy().population(&people);
                population.who_can(&operation).ok().and(None)
            }
            other => panic!("there is no question `{other}`"),
        }
    }
}
