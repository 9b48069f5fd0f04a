//! The kinds of facts and privileges.

/// The kind of a fact's value. A fact may also be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum FactKind {
    /// On or off.
    Switch,
    /// A whole number from 0 to 4,294,967,295.
    Number,
    /// Exactly one of its options.
    Choice,
    /// Exactly one of its levels, which are ordered.
    Level,
}

/// The kind of value that a grant of a privilege has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema, ts_rs::TS))]
pub enum PrivilegeKind {
    /// Held or not.
    Flag,
    /// One of several ordered levels. A level includes all lower levels.
    Level,
    /// Exactly one of its options.
    Choice,
    /// Any number of its options.
    Set,
    /// A whole number from 0 to 4,294,967,295, within the privilege's minimum and maximum.
    Number,
}

impl FactKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Switch, Self::Number, Self::Choice, Self::Level];

    /// The name of the kind in documents, packs and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Switch => "switch",
            Self::Number => "number",
            Self::Choice => "choice",
            Self::Level => "level",
        }
    }
}

impl PrivilegeKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Flag, Self::Level, Self::Choice, Self::Set, Self::Number];

    /// The name of the kind in documents, packs and messages.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Level => "level",
            Self::Choice => "choice",
            Self::Set => "set",
            Self::Number => "number",
        }
    }
}
