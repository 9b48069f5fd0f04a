//! The codes of diagnostics. A code is stable: programs compare it, and `allow` entries of documents name it.

use serde::{Deserialize, Serialize};

/// Whether a diagnostic prevents compiling.
///
/// # Examples
/// ```
/// use privet::{Code, Severity};
///
/// let found = privet::check(r#"{ "format": 1, "id": "shop", "title": "Shop" }"#, false);
/// let errors = found.iter().filter(|it| it.severity == Severity::Error).count();
/// assert_eq!(errors, 1);
/// assert_eq!(Code::NeverAllowed.severity(), Severity::Warning);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(ts_rs::TS))]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document cannot be compiled.
    Error,
    /// The document can be compiled, but probably does not mean what its author intended.
    Warning,
}

macro_rules! codes {
    ($($severity:ident { $($(#[$doc:meta])* $name:ident = $code:literal,)* })*) => {
        /// The kind of a diagnostic.
        ///
        /// # Examples
        /// ```
        /// use privet::{Code, Severity};
        ///
        /// assert_eq!(Code::UnknownId.as_str(), "unknown-id");
        /// assert_eq!(serde_json::from_str::<Code>(r#""unknown-id""#)?, Code::UnknownId);
        /// let warnings = Code::ALL.iter().filter(|code| code.severity() == Severity::Warning);
        /// assert!(warnings.clone().any(|code| code.to_string() == "unused-privilege"));
        /// # Ok::<(), Box<dyn std::error::Error>>(())
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Code {
            $($($(#[$doc])* #[serde(rename = $code)] $name,)*)*
        }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)*)*];

            /// The stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $($(Self::$name => $code,)*)* }
            }

            /// The severity; it depends only on the code.
            pub const fn severity(self) -> Severity {
                match self { $($(Self::$name => Severity::$severity,)*)* }
            }
        }
    };
}

codes! {
    Error {
        /// The text is not JSON with comments.
        Syntax = "syntax",
        /// A document, list, id or requirement exceeds a limit; also, there are more errors than are reported.
        LimitExceeded = "limit-exceeded",
        /// A file that is included is not given.
        MissingFile = "missing-file",
        /// An object has the same key twice.
        DuplicateKey = "duplicate-key",
        /// A key that the format does not have.
        UnknownKey = "unknown-key",
        /// A required key is missing.
        MissingKey = "missing-key",
        /// A value has the wrong JSON type or is not one of the allowed values.
        InvalidValue = "invalid-value",
        /// A `format` that this release does not support.
        UnsupportedFormat = "unsupported-format",
        /// An id that does not match the grammar of ids, or is reserved.
        InvalidId = "invalid-id",
        /// An id that is declared twice.
        DuplicateId = "duplicate-id",
        /// A reference to an id that is not declared.
        UnknownId = "unknown-id",
        /// A level or option that its privilege or fact does not have.
        UnknownValue = "unknown-value",
        /// A value, key or test that does not fit the kind of its fact, privilege or rule.
        WrongKind = "wrong-kind",
        /// A requirement that cannot be parsed.
        RequirementSyntax = "requirement-syntax",
        /// A requirement that depends on itself, or a menu item that is its own ancestor.
        Cycle = "cycle",
        /// A restricting privilege that has `requires`: the restriction would stop when that does not hold.
        RestrictingRequires = "restricting-requires",
        /// A role's `when` that reads a privilege or an operation.
        WhenTestsGrants = "when-tests-grants",
        /// A fact whose `absent` value allows an operation, or removes an obligation, that another value would not;
        /// also, a fact for which the proof is too large.
        AbsentOpens = "absent-opens",
        /// A role that inherits different options of a choice, and grants none itself.
        InheritedConflict = "inherited-conflict",
        /// A rename from an id that is still declared.
        RenamedStillExists = "renamed-still-exists",
    }
    Warning {
        /// An operation that no subject can be allowed.
        NeverAllowed = "never-allowed",
        /// An operation that every subject is allowed.
        AlwaysAllowed = "always-allowed",
        /// An alternative without which the requirement means the same.
        RedundantAlternative = "redundant-alternative",
        /// A privilege that no requirement reads.
        UnusedPrivilege = "unused-privilege",
        /// A privilege that is granted only through roles, and that no role grants.
        NeverGranted = "never-granted",
        /// A privilege or level whose `requires` no subject can meet.
        DependencyNeverHolds = "dependency-never-holds",
        /// A privilege whose grant can make an operation no longer allowed.
        GrantTakesAway = "grant-takes-away",
        /// A comparison (`<`, `<=` or `!=`) that holds for somebody who is granted nothing, in an operation that can thereby be
        /// allowed for them.
        HoldsWithoutGrant = "holds-without-grant",
        /// A menu item that is never shown: no operation is placed at it or below it.
        EmptyMenuItem = "empty-menu-item",
        /// A menu item with items below it that only its own operations show: none of the items below has an operation.
        EmptyContainer = "empty-container",
        /// Two operations with the same verbs on one menu item that are allowed for the same subjects.
        EqualRequirement = "equal-requirement",
        /// An operation that is allowed only when another one is that has the same menu item and the same verbs.
        ImpliedOperation = "implied-operation",
        /// Obligations that share an id but differ in label or `when`.
        ObligationDiffers = "obligation-differs",
        /// Two ids that differ only in case or in separators.
        ConfusableId = "confusable-id",
        /// A file that is given and not included.
        UnusedFile = "unused-file",
        /// An analysis that exceeds its limits; also, there are more warnings than are reported.
        AnalysisLimit = "analysis-limit",
        /// An `allow` entry for a warning that was not reported.
        UnusedAllow = "unused-allow",
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
