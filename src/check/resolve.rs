//! Resolving: the words of a requirement become facts, privileges and operations that the test fits.

use super::names::Names;
use super::resolved_expr::{Operand, ResolvedExpr, ResolvedExprKind, Test, TestKind, Whose};
use crate::diagnostic::{Code, Findings};
use crate::document::{Document, Expression, ExpressionKind, Op, RawTest, Requirement, Word};
use crate::model::{FactKind, PrivilegeKind};
use crate::source::Pointer;
use crate::util::suggest::{all_of, did_you_mean};

/// Where a requirement stands decides what it may read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// Facts, privileges and operations, of the subject.
    Requirement,
    /// Facts only: a role's `when`.
    When,
    /// Anything, of anybody who takes part in a change.
    ChangeRule,
}

pub(super) struct Resolver<'a, 'n, 'f> {
    pub(super) document: &'a Document,
    pub(super) names: &'a Names<'n>,
    pub(super) findings: &'a mut Findings<'f>,
}

/// `None` means that a fault was reported.
type Resolved<T> = Option<T>;

impl Resolver<'_, '_, '_> {
    /// Parses and resolves one requirement, with all its faults reported.
    pub(super) fn requirement(
        &mut self,
        at: &Pointer,
        requirement: &Requirement,
        place: Context,
    ) -> Resolved<ResolvedExpr> {
        match requirement.parse() {
            Ok(expression) => Resolution { of: self, at, place }.tree(&expression),
            Err(error) => {
                let code = error.code();
                self.findings.add_within(code, at, &error.span, error.message, error.help);
                None
            }
        }
    }
}

struct Resolution<'r, 'a, 'n, 'f> {
    of: &'r mut Resolver<'a, 'n, 'f>,
    at: &'r Pointer<'r>,
    place: Context,
}

impl Resolution<'_, '_, '_, '_> {
    fn tree(&mut self, expression: &Expression) -> Resolved<ResolvedExpr> {
        let kind = match &expression.kind {
            ExpressionKind::All(parts) => ResolvedExprKind::All(self.exprs(parts)?),
            ExpressionKind::Any(parts) => ResolvedExprKind::Any(self.exprs(parts)?),
            ExpressionKind::Not(inner) => ResolvedExprKind::Not(Box::new(self.tree(inner)?)),
            ExpressionKind::Test(test) => ResolvedExprKind::Test(self.test(test)?),
        };
        Some(ResolvedExpr { span: expression.span.clone(), kind })
    }

    /// All parts, even when one has a fault: the others may have one too.
    fn exprs(&mut self, parts: &[Expression]) -> Resolved<Vec<ResolvedExpr>> {
        let parts: Vec<_> = parts.iter().map(|part| self.tree(part)).collect();
        parts.into_iter().collect()
    }

    fn report<T>(&mut self, code: Code, word: &Word, message: String, help: Option<String>) -> Resolved<T> {
        self.of.findings.add_within(code, self.at, &word.span, message, help);
        None
    }

    fn test(&mut self, test: &RawTest) -> Resolved<Test> {
        let (RawTest::Held(id)
        | RawTest::Compare(id, ..)
        | RawTest::In(id, _)
        | RawTest::IsSet(id)
        | RawTest::Allowed(id)) = test;
        let (whose, bare) = self.whose(id)?;
        if let RawTest::Allowed(_) = test {
            return Some(Test { whose, kind: TestKind::Allowed(self.operation(id, bare)?), options: Vec::new() });
        }
        let owner = self.owner(id, bare)?;
        let kind = match test {
            RawTest::Held(_) => self.held(owner, id),
            RawTest::Compare(_, op, value) => self.compare(owner, id, *op, value),
            RawTest::In(_, values) => {
                self.wants_options(owner, id)?;
                let options: Vec<_> = values.iter().map(|value| self.option(owner, bare, value)).collect();
                options.into_iter().collect::<Option<_>>().map(|options| TestKind::Options(owner, options, false))
            }
            RawTest::IsSet(_) | RawTest::Allowed(_) => match owner {
                Operand::Privilege(index) if self.kind(owner) == "number" => Some(TestKind::IsSet(index)),
                _ => {
                    let message = format!("`{bare}` is {}, which `is set` does not test", self.described(owner));
                    self.report(Code::WrongKind, id, message, Some("only number privileges may be not set".into()))
                }
            },
        }?;
        let options = match test {
            RawTest::In(_, values) => values.iter().map(|value| value.span.clone()).collect(),
            _ => Vec::new(),
        };
        Some(Test { whose, kind, options })
    }

    /// Splits off `actor.`, `before.` or `after.`.
    fn whose<'w>(&mut self, word: &'w Word) -> Resolved<(Whose, &'w str)> {
        let prefixes = [("actor.", Whose::Actor), ("before.", Whose::Before), ("after.", Whose::After)];
        let found = prefixes.iter().find_map(|(prefix, whose)| Some((*whose, word.text.strip_prefix(prefix)?)));
        match found {
            Some(_) if self.place != Context::ChangeRule => {
                let message = format!("`{}` says whose value it reads outside a change rule", word.text);
                self.report(Code::RequirementSyntax, word, message, Some("leave the prefix out".into()))
            }
            found => Some(found.unwrap_or((Whose::Subject, word.text))),
        }
    }

    fn operation(&mut self, word: &Word, id: &str) -> Resolved<usize> {
        if self.place == Context::When {
            return self.when_tests_grants(word);
        }
        match self.of.names.operations.get(id) {
            Some(index) => Some(index),
            None if self.of.findings.is_broken(id) => None,
            None => {
                let help = self.of.names.help(id, &[&self.of.names.operations]);
                self.report(Code::UnknownId, word, format!("unknown operation `{id}`"), help)
            }
        }
    }

    fn owner(&mut self, word: &Word, id: &str) -> Resolved<Operand> {
        let names = self.of.names;
        if let Some(fact) = names.facts.get(id) {
            return Some(Operand::Fact(fact));
        }
        match names.privileges.get(id) {
            Some(_) if self.place == Context::When => self.when_tests_grants(word),
            Some(privilege) => Some(Operand::Privilege(privilege)),
            None if self.of.findings.is_broken(id) => None,
            None => {
                let message = format!("unknown fact or privilege `{id}`");
                let help = names.help(id, &[&names.facts, &names.privileges]);
                self.report(Code::UnknownId, word, message, help)
            }
        }
    }

    fn when_tests_grants<T>(&mut self, word: &Word) -> Resolved<T> {
        let message = format!("a role's `when` reads `{}`, which is not a fact", word.text);
        let help = Some("a role may be assumed from facts only: what it grants could otherwise decide it".into());
        self.report(Code::WhenTestsGrants, word, message, help)
    }

    fn held(&mut self, owner: Operand, word: &Word) -> Resolved<TestKind> {
        match (owner, self.kind(owner)) {
            (Operand::Fact(fact), "switch") => Some(TestKind::On(fact)),
            (Operand::Privilege(privilege), "flag") => Some(TestKind::Held(privilege)),
            (_, kind) => {
                let id = &word.text;
                let first = self.values(owner).into_iter().next().unwrap_or_default();
                let help = match (owner, kind) {
                    (_, "level") => format!("write `{id} >= {first}`"),
                    (_, "choice" | "set") => format!("write `{id} = {first}`"),
                    (Operand::Fact(_), _) => format!("write `{id} >= 1`"),
                    (Operand::Privilege(_), _) => format!("write `{id} is set` or `{id} >= 1`"),
                };
                let message = format!("`{id}` is {}, which a bare id does not test", self.described(owner));
                self.report(Code::WrongKind, word, message, Some(help))
            }
        }
    }

    fn compare(&mut self, owner: Operand, word: &Word, op: Op, value: &Word) -> Resolved<TestKind> {
        let (whose, id) = self.whose(value)?;
        if whose != Whose::Subject {
            return self.against(owner, word, op, whose, value, id);
        }
        match (owner, self.kind(owner)) {
            (Operand::Privilege(privilege), "level") => {
                let rank = self.value(owner, word.text, "level", value)?;
                Some(TestKind::Level(privilege, op, rank + 1))
            }
            (_, "choice" | "set") => {
                if !matches!(op, Op::Equal | Op::NotEqual) {
                    let message = format!("`{}` is {}, which has no order", word.text, self.described(owner));
                    return self.report(Code::WrongKind, word, message, Some("compare it with `=` or `!=`".into()));
                }
                let option = self.option(owner, word.text, value)?;
                Some(TestKind::Options(owner, vec![option], op == Op::NotEqual))
            }
            (_, "number") => {
                let spare = value.text.len() > 1 && value.text.starts_with('0');
                match value.text.parse() {
                    Ok(number) if !spare => Some(TestKind::Number(owner, op, number)),
                    _ => {
                        let message = format!("`{}` is not a number", value.text);
                        let help = "write a whole number from 0 to 4294967295, without leading zeros".into();
                        self.report(Code::InvalidValue, value, message, Some(help))
                    }
                }
            }
            _ => {
                let id = &word.text;
                let message = format!("`{id}` is {}, which has nothing to compare", self.described(owner));
                self.report(Code::WrongKind, word, message, Some(format!("write `{id}` or `not {id}`")))
            }
        }
    }

    /// In a change rule: a value against somebody's.
    fn against(
        &mut self,
        owner: Operand,
        left: &Word,
        op: Op,
        whose: Whose,
        word: &Word,
        id: &str,
    ) -> Resolved<TestKind> {
        let other = self.owner(word, id)?;
        let (kind, other_kind) = (self.kind(owner), self.kind(other));
        let ordered = matches!(kind, "level" | "number") || matches!(op, Op::Equal | Op::NotEqual);
        let comparable = kind == other_kind && (owner == other || kind == "number");
        if ordered && comparable {
            return Some(TestKind::CompareSubjects(owner, op, whose, other));
        }
        let described = self.described(other);
        let (message, help) = if comparable {
            (format!("`{}` is {described}, which has no order", word.text), "compare it with `=` or `!=`")
        } else {
            let help = "numbers compare with numbers, anything else with another value of the same privilege or fact";
            (format!("`{}` is {described}, which cannot be compared with `{}`", word.text, left.text), help)
        };
        self.report(Code::WrongKind, word, message, Some(help.into()))
    }

    fn wants_options(&mut self, owner: Operand, word: &Word) -> Resolved<()> {
        if matches!(self.kind(owner), "choice" | "set") {
            return Some(());
        }
        let message = format!("`{}` is {}, which `in` does not test", word.text, self.described(owner));
        self.report(Code::WrongKind, word, message, Some("`in` tests choices and sets".into()))
    }

    fn option(&mut self, owner: Operand, id: &str, value: &Word) -> Resolved<usize> {
        self.value(owner, id, "option", value)
    }

    fn value(&mut self, owner: Operand, id: &str, what: &str, value: &Word) -> Resolved<usize> {
        let values = self.values(owner);
        let found = values.iter().position(|known| *known == value.text);
        if found.is_none() {
            let ids = || values.iter().map(String::as_str);
            let help = did_you_mean(value.text, ids()).unwrap_or_else(|| format!("it has {}", all_of(ids())));
            let message = format!("`{id}` has no {what} `{}`", value.text);
            return self.report(Code::UnknownValue, value, message, Some(help));
        }
        found
    }

    fn values(&self, owner: Operand) -> Vec<String> {
        let document = self.of.document;
        match owner {
            Operand::Fact(fact) => document.facts.get(fact).map_or_else(Vec::new, crate::document::Fact::values),
            Operand::Privilege(privilege) => {
                document.privileges.get(privilege).map_or_else(Vec::new, crate::document::Privilege::values)
            }
        }
    }

    fn kind(&self, owner: Operand) -> &'static str {
        let document = self.of.document;
        match owner {
            Operand::Fact(fact) => document.facts.get(fact).map_or("", |fact| FactKind::name(fact.kind)),
            Operand::Privilege(privilege) => {
                document.privileges.get(privilege).map_or("", |privilege| PrivilegeKind::name(privilege.kind))
            }
        }
    }

    fn described(&self, owner: Operand) -> String {
        let what = if matches!(owner, Operand::Fact(_)) { "fact" } else { "privilege" };
        format!("a {} {what}", self.kind(owner))
    }
}
