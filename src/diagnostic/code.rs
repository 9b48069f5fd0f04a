//! The stable codes. A code never changes its meaning: programs test it, and `allow` entries name it.

use serde::{Deserialize, Serialize};

/// Whether a diagnostic forbids compiling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document cannot be compiled.
    Error,
    /// The document can be compiled but probably says something other than was meant.
    Warning,
}

macro_rules! codes {
    ($($severity:ident { $($(#[$doc:meta])* $name:ident = $code:literal,)* })*) => {
        /// What a diagnostic is about.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Code {
            $($($(#[$doc])* #[serde(rename = $code)] $name,)*)*
        }

        impl Code {
            /// All codes.
            pub const ALL: &'static [Self] = &[$($(Self::$name,)*)*];

            /// Its stable name.
            pub const fn as_str(self) -> &'static str {
                match self { $($(Self::$name => $code,)*)* }
            }

            /// How grave it is.
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
        /// A document, list, id or requirement is larger than Privet accepts.
        LimitExceeded = "limit-exceeded",
        /// An object has a key twice.
        DuplicateKey = "duplicate-key",
        /// A key that the format does not have.
        UnknownKey = "unknown-key",
        /// A key that must be there is not.
        MissingKey = "missing-key",
        /// A value of the wrong JSON type, or not one of the few that are possible.
        InvalidValue = "invalid-value",
        /// A `format` that this release does not read.
        UnsupportedFormat = "unsupported-format",
        /// An id that the grammar of ids does not allow.
        InvalidId = "invalid-id",
        /// An id that is declared twice.
        DuplicateId = "duplicate-id",
        /// An id that nothing declares.
        UnknownId = "unknown-id",
        /// A level or option that its privilege or fact does not have.
        UnknownValue = "unknown-value",
        /// A value, key or test that does not fit the kind of what it is about.
        WrongKind = "wrong-kind",
        /// A requirement that cannot be read.
        RequirementSyntax = "requirement-syntax",
        /// Requirements or menu items that depend on themselves.
        Cycle = "cycle",
        /// A restricting privilege that requires something: where that is missing, the restriction would lift itself.
        RestrictingRequires = "restricting-requires",
        /// A role assumed by something other than facts.
        WhenTestsGrants = "when-tests-grants",
        /// A fact whose `absent` value opens something that another value would not.
        AbsentOpens = "absent-opens",
        /// A change that cannot be: a rename from an id that still exists.
        RenamedStillExists = "renamed-still-exists",
    }
    Warning {
        /// A requirement that no subject meets.
        NeverAllowed = "never-allowed",
        /// A requirement that every subject meets.
        AlwaysAllowed = "always-allowed",
        /// An alternative that changes nothing.
        RedundantAlternative = "redundant-alternative",
        /// A privilege that nothing reads.
        UnusedPrivilege = "unused-privilege",
        /// A privilege or level whose dependency no subject meets.
        DependencyNeverHolds = "dependency-never-holds",
        /// A privilege whose grant can take something away.
        GrantTakesAway = "grant-takes-away",
        /// Two operations on one menu item with the same meaning.
        EqualRequirement = "equal-requirement",
        /// An operation that is allowed only when another on its menu item is, which does there whatever it does.
        ImpliedOperation = "implied-operation",
        /// Obligations of one id that mean different things.
        ObligationDiffers = "obligation-differs",
        /// A question that was too large to answer within the limit.
        AnalysisLimit = "analysis-limit",
        /// An accepted warning that was not given.
        UnusedAllow = "unused-allow",
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
