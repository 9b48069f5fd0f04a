//! Resolves the ids and values of a requirement, and checks that each test fits the kind of its fact or privilege.

use super::conditions::{self, Conditions};
use super::names::Names;
use super::resolved_expr::{Operand, ResolvedExpr, ResolvedExprKind, Test, TestKind, Whose};
use crate::diagnostic::{Code, Findings};
use crate::document::{Document, Expression, ExpressionKind, Op, RawTest, Requirement, Word};
use crate::model::{FactKind, PrivilegeKind, limits};
use crate::source::Pointer;
use crate::util::suggest::all_of;
use std::sync::Arc;

/// The context of a requirement. It determines what the requirement may read.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Context {
    /// The facts, privileges and operations of the subject.
    Requirement,
    /// A role's `when`: facts only.
    When,
    /// A change rule: the values of the actor, and of the subject before and after the change.
    ChangeRule,
}

pub(super) struct Resolver<'a, 'n, 'f> {
    pub(super) document: &'a Document,
    pub(super) names: &'a Names<'n>,
    pub(super) findings: &'a mut Findings<'f>,
    /// The conditions that are resolved.
    pub(super) conditions: Conditions,
    /// The tests that the requirements of the document may still have, with those of the conditions that they read.
    pub(super) tests_left: usize,
}

/// `None` if a fault was reported.
type Resolved<T> = Option<T>;

impl Resolver<'_, '_, '_> {
    /// Parses and resolves a requirement, and reports all its faults.
    pub(super) fn requirement(
        &mut self,
        at: &Pointer,
        requirement: &Requirement,
        context: Context,
    ) -> Resolved<ResolvedExpr> {
        let expression = match requirement.parse() {
            Ok(expression) => expression,
            Err(error) => {
                let code = error.code();
                self.findings.add_within(code, at, &error.span, error.message, error.help);
                return None;
            }
        };
        let tree = ExprResolver { resolver: self, at, context }.expr(&expression)?;
        let size = self.conditions.size_of(&tree);
        if size == tree.size(&|_| (1, 0)) {
            return Some(tree); // it reads no condition, or only such as are no larger than their names
        }
        let left = self.tests_left.checked_sub(size.0);
        let reaches_limit = left.is_none() && self.tests_left > 0;
        self.tests_left = left.unwrap_or(0);
        let of_document = || {
            let limit = limits::DOCUMENT_TESTS;
            format!(
                "the requirements of the document have more than {limit} tests with those of the conditions that they read"
            )
        };
        match conditions::exceeded(size).or(reaches_limit.then(of_document)) {
            Some(message) => {
                self.findings.add(Code::LimitExceeded, at, message, Some("use smaller conditions".into()));
                None
            }
            None => left.map(|_| tree),
        }
    }
}

/// Resolves the expression of one requirement.
struct ExprResolver<'r, 'a, 'n, 'f> {
    resolver: &'r mut Resolver<'a, 'n, 'f>,
    at: &'r Pointer<'r>,
    context: Context,
}

impl ExprResolver<'_, '_, '_, '_> {
    fn expr(&mut self, expression: &Expression) -> Resolved<ResolvedExpr> {
        let kind = match &expression.kind {
            ExpressionKind::All(parts) => ResolvedExprKind::All(self.exprs(parts)?),
            ExpressionKind::Any(parts) => ResolvedExprKind::Any(self.exprs(parts)?),
            ExpressionKind::Not(inner) => ResolvedExprKind::Not(Box::new(self.expr(inner)?)),
            ExpressionKind::Test(test) => ResolvedExprKind::Test(self.test(test)?),
        };
        Some(ResolvedExpr { span: expression.span.clone(), kind })
    }

    /// Resolves all parts, even after one with a fault, so that all faults are reported.
    fn exprs(&mut self, parts: &[Expression]) -> Resolved<Vec<ResolvedExpr>> {
        let parts: Vec<_> = parts.iter().map(|part| self.expr(part)).collect();
        parts.into_iter().collect()
    }

    fn report<T>(&mut self, code: Code, word: &Word, message: String, help: Option<String>) -> Resolved<T> {
        self.resolver.findings.add_within(code, self.at, &word.span, message, help);
        None
    }

    fn test(&mut self, test: &RawTest) -> Resolved<Test> {
        let (RawTest::Held(id)
        | RawTest::Compare(id, ..)
        | RawTest::In(id, _)
        | RawTest::IsSet(id)
        | RawTest::Allowed(id)) = test;
        let (whose, bare) = self.split_prefix(id)?;
        if let RawTest::Allowed(_) = test {
            return Some(Test { whose, kind: TestKind::Allowed(self.operation(id, bare)?), options: Vec::new() });
        }
        if let Some(condition) = self.resolver.names.conditions.get(bare) {
            return Some(Test { whose, kind: self.condition(test, id, condition)?, options: Vec::new() });
        }
        let operand = self.operand(id, bare)?;
        let kind = match test {
            RawTest::Held(_) => self.held(operand, id),
            RawTest::Compare(_, op, value) => self.compare(operand, id, *op, value),
            RawTest::In(_, values) => {
                let noun = self.require_values(operand, id)?;
                let options: Vec<_> = values.iter().map(|value| self.value(operand, bare, noun, value)).collect();
                options.into_iter().collect::<Option<_>>().map(|options| TestKind::Options(operand, options, false))
            }
            RawTest::IsSet(_) | RawTest::Allowed(_) => match operand {
                Operand::Privilege(index) if self.kind(operand) == "number" => Some(TestKind::IsSet(index)),
                _ => {
                    let message = format!("`is set` cannot test `{bare}`, which is {}", self.described(operand));
                    let test = match self.values(operand) {
                        // Any option or level will do, but only options need to be listed.
                        options if matches!(self.kind(operand), "choice" | "set") && options.len() > 1 => {
                            format!("write `{} in ({})`", id.text, options.join(", "))
                        }
                        _ => self.suitable_test(operand, id.text),
                    };
                    let help = format!("`is set` tests number privileges; {test}");
                    self.report(Code::WrongKind, id, message, Some(help))
                }
            },
        }?;
        let options = match test {
            RawTest::In(_, values) => values.iter().map(|value| value.span.clone()).collect(),
            _ => Vec::new(),
        };
        Some(Test { whose, kind, options })
    }

    /// Splits off the prefix `actor.`, `before.` or `after.`.
    fn split_prefix<'w>(&mut self, word: &'w Word) -> Resolved<(Whose, &'w str)> {
        let prefixes = [("actor.", Whose::Actor), ("before.", Whose::Before), ("after.", Whose::After)];
        let found = prefixes.iter().find_map(|(prefix, whose)| Some((*whose, word.text.strip_prefix(prefix)?)));
        match found {
            Some(_) if self.context != Context::ChangeRule => {
                let message = format!("`{}` has a prefix that only change rules allow", word.text);
                self.report(Code::RequirementSyntax, word, message, Some("remove the prefix".into()))
            }
            found => Some(found.unwrap_or((Whose::Subject, word.text))),
        }
    }

    fn operation(&mut self, word: &Word, id: &str) -> Resolved<usize> {
        if self.context == Context::When {
            return self.when_tests_grants(word);
        }
        match self.resolver.names.operations.get(id) {
            Some(index) => Some(index),
            None if self.resolver.findings.is_broken(id) => None,
            None => {
                let help = self.resolver.names.help(id, &[&self.resolver.names.operations]);
                self.report(Code::UnknownId, word, format!("unknown operation `{id}`"), help)
            }
        }
    }

    /// A test of a condition. One that has a fault or is on a cycle has been reported.
    fn condition(&mut self, test: &RawTest, word: &Word, index: usize) -> Resolved<TestKind> {
        if !matches!(test, RawTest::Held(_)) {
            let message = format!("`{}` is a condition, which cannot be compared", word.text);
            let help = format!("write `{id}` or `not {id}`", id = word.text);
            return self.report(Code::WrongKind, word, message, Some(help));
        }
        let condition = self.resolver.conditions.get(index)?;
        let (tree, reads_facts_only) = (Arc::clone(&condition.tree), condition.reads_facts_only);
        if self.context == Context::When && !reads_facts_only {
            let message = format!("a role's `when` reads condition `{}`, which does not read facts only", word.text);
            let help = "`when` may read facts only: otherwise the grants of the role could decide it".into();
            return self.report(Code::WhenTestsGrants, word, message, Some(help));
        }
        Some(TestKind::Condition(index, tree))
    }

    fn operand(&mut self, word: &Word, id: &str) -> Resolved<Operand> {
        let names = self.resolver.names;
        if let Some(fact) = names.facts.get(id) {
            return Some(Operand::Fact(fact));
        }
        match names.privileges.get(id) {
            Some(_) if self.context == Context::When => self.when_tests_grants(word),
            Some(privilege) => Some(Operand::Privilege(privilege)),
            None if self.resolver.findings.is_broken(id) => None,
            None => {
                let message = format!("unknown fact, condition or privilege `{id}`");
                let help = names.help(id, &[&names.facts, &names.conditions, &names.privileges]);
                self.report(Code::UnknownId, word, message, help)
            }
        }
    }

    fn when_tests_grants<T>(&mut self, word: &Word) -> Resolved<T> {
        let message = format!("a role's `when` reads `{}`, which is not a fact", word.text);
        let help = Some("`when` may read facts only: otherwise the grants of the role could decide it".into());
        self.report(Code::WhenTestsGrants, word, message, help)
    }

    fn held(&mut self, operand: Operand, word: &Word) -> Resolved<TestKind> {
        match (operand, self.kind(operand)) {
            (Operand::Fact(fact), "switch") => Some(TestKind::On(fact)),
            (Operand::Privilege(privilege), "flag") => Some(TestKind::Held(privilege)),
            _ => {
                let id = word.text;
                let message = format!("a bare id cannot test `{id}`, which is {}", self.described(operand));
                self.report(Code::WrongKind, word, message, Some(self.suitable_test(operand, id)))
            }
        }
    }

    /// Help that names a test which fits the kind of an operand.
    fn suitable_test(&self, operand: Operand, id: &str) -> String {
        let first = self.values(operand).into_iter().next().unwrap_or_default();
        match (operand, self.kind(operand)) {
            (_, "flag" | "switch") => format!("write `{id}`"),
            (_, "level") => format!("write `{id} >= {first}`"),
            (_, "choice" | "set") => format!("write `{id} = {first}`"),
            (Operand::Fact(_), _) => format!("write `{id} >= 1`"),
            (Operand::Privilege(_), _) => format!("write `{id} is set` or `{id} >= 1`"),
        }
    }

    fn compare(&mut self, operand: Operand, word: &Word, op: Op, value: &Word) -> Resolved<TestKind> {
        let (whose, id) = self.split_prefix(value)?;
        if whose != Whose::Subject {
            return self.compare_subjects(operand, word, op, whose, value, id);
        }
        match (operand, self.kind(operand)) {
            (_, "level") => {
                let index = self.value(operand, word.text, "level", value)?;
                Some(TestKind::Level(operand, op, index + 1))
            }
            (_, "choice" | "set") => {
                if !matches!(op, Op::Equal | Op::NotEqual) {
                    let message = format!("`{}` is {}, which has no order", word.text, self.described(operand));
                    return self.report(Code::WrongKind, word, message, Some("compare it with `=` or `!=`".into()));
                }
                let option = self.value(operand, word.text, "option", value)?;
                Some(TestKind::Options(operand, vec![option], op == Op::NotEqual))
            }
            (_, "number") => {
                let has_leading_zero = value.text.len() > 1 && value.text.starts_with('0');
                match value.text.parse() {
                    Ok(number) if !has_leading_zero => Some(TestKind::Number(operand, op, number)),
                    _ => self.not_a_number(word, op, value),
                }
            }
            _ => {
                let id = &word.text;
                let message = format!("`{id}` is {}, which cannot be compared", self.described(operand));
                self.report(Code::WrongKind, word, message, Some(format!("write `{id}` or `not {id}`")))
            }
        }
    }

    /// Reports a word that a number cannot be compared with. Another fact or privilege is a mistake of its own kind.
    fn not_a_number(&mut self, word: &Word, op: Op, value: &Word) -> Resolved<TestKind> {
        let Some(other) = self.known_operand(value.text) else {
            let message = format!("`{}` is not a number", value.text);
            let help = "write a whole number from 0 to 4294967295, without leading zeros".into();
            return self.report(Code::InvalidValue, value, message, Some(help));
        };
        let message = format!(
            "`{}` is compared with `{}`, {}, but numbers are compared with constants only",
            word.text,
            value.text,
            self.described(other)
        );
        let help = if self.context == Context::ChangeRule {
            format!(
                "name the subject whose value is meant: `actor.{id}`, `before.{id}` or `after.{id}`",
                id = value.text
            )
        } else {
            format!(
                "declare a switch fact that is on while `{} {} {}` holds, let the host compute it, and write its id here",
                word.text,
                op.symbol(),
                value.text
            )
        };
        self.report(Code::WrongKind, value, message, Some(help))
    }

    /// The fact or privilege with this id, if there is one.
    fn known_operand(&self, id: &str) -> Option<Operand> {
        let names = self.resolver.names;
        let privilege = || names.privileges.get(id).map(Operand::Privilege);
        names.facts.get(id).map(Operand::Fact).or_else(privilege)
    }

    /// A comparison with a value of another subject, in a change rule.
    fn compare_subjects(
        &mut self,
        operand: Operand,
        left: &Word,
        op: Op,
        whose: Whose,
        word: &Word,
        id: &str,
    ) -> Resolved<TestKind> {
        let other = self.operand(word, id)?;
        let (kind, other_kind) = (self.kind(operand), self.kind(other));
        let ordered = matches!(kind, "level" | "number") || matches!(op, Op::Equal | Op::NotEqual);
        let comparable = kind == other_kind && (operand == other || kind == "number");
        if ordered && comparable {
            return Some(TestKind::CompareSubjects(operand, op, whose, other));
        }
        let described = self.described(other);
        let (message, help) = if comparable {
            (format!("`{}` is {described}, which has no order", word.text), "compare it with `=` or `!=`")
        } else {
            let help = "a number can be compared with any number, anything else only with the same fact or privilege";
            (format!("`{}` is {described}, which cannot be compared with `{}`", word.text, left.text), help)
        };
        self.report(Code::WrongKind, word, message, Some(help.into()))
    }

    /// The name of the values of an operand that `in` can test.
    fn require_values(&mut self, operand: Operand, word: &Word) -> Resolved<&'static str> {
        match self.kind(operand) {
            "choice" | "set" => Some("option"),
            "level" => Some("level"),
            _ => {
                let message = format!("`in` cannot test `{}`, which is {}", word.text, self.described(operand));
                self.report(Code::WrongKind, word, message, Some("`in` tests choices, sets and levels".into()))
            }
        }
    }

    fn value(&mut self, operand: Operand, id: &str, what: &str, value: &Word) -> Resolved<usize> {
        let values = self.values(operand);
        let found = values.iter().position(|known| *known == value.text);
        if found.is_none() {
            let ids = || values.iter().map(String::as_str);
            let similar = || self.resolver.names.nearest(value.text, ids());
            let help = match self.known_operand(value.text) {
                Some(other) => {
                    let (described, all) = (self.described(other), all_of(ids()));
                    format!("`{}` is {described}; `{id}` is compared with constants only: {all}", value.text)
                }
                None => similar().unwrap_or_else(|| format!("the {what}s are {}", all_of(ids()))),
            };
            let message = format!("`{id}` has no {what} `{}`", value.text);
            return self.report(Code::UnknownValue, value, message, Some(help));
        }
        found
    }

    fn values(&self, operand: Operand) -> Vec<String> {
        let document = self.resolver.document;
        match operand {
            Operand::Fact(fact) => document.facts.get(fact).map_or_else(Vec::new, crate::document::Fact::values),
            Operand::Privilege(privilege) => {
                document.privileges.get(privilege).map_or_else(Vec::new, crate::document::Privilege::values)
            }
        }
    }

    fn kind(&self, operand: Operand) -> &'static str {
        let document = self.resolver.document;
        match operand {
            Operand::Fact(fact) => document.facts.get(fact).map_or("", |fact| FactKind::name(fact.kind)),
            Operand::Privilege(privilege) => {
                document.privileges.get(privilege).map_or("", |privilege| PrivilegeKind::name(privilege.kind))
            }
        }
    }

    fn described(&self, operand: Operand) -> String {
        let what = if matches!(operand, Operand::Fact(_)) { "fact" } else { "privilege" };
        format!("a {} {what}", self.kind(operand))
    }
}
