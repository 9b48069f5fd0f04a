//! Hard limits: far above what a product needs, and low enough that no document can exhaust a worker. A document that exceeds
//! a limit gets a diagnostic: `limit-exceeded`, or `analysis-limit` where an analysis is incomplete. A query of the studio that
//! exceeds one says that its answer is incomplete. Long messages are truncated and end in `…`; of too many diagnostics, the last
//! one says so.
//!
//! # Examples
//! ```
//! use privet::{Code, limits};
//!
//! let id = "a".repeat(limits::ID_BYTES + 1);
//! let document = format!(r#"{{ "format": 1, "id": "{id}", "title": "Shop", "version": "1" }}"#);
//! let found = privet::check(&document, true);
//! assert_eq!(found[0].code, Code::LimitExceeded);
//! assert_eq!(found[0].help.as_deref(), Some("an id has at most 128 bytes"));
//! ```

/// Bytes of a policy document, and of the files that it includes together: 16 MiB each. AWS IAM's 20,000 actions, written as a policy, take about 8 MiB.
pub const DOCUMENT_BYTES: usize = 16 << 20;
/// Commas of a document, those in strings and comments included. They bound the number of its values, and so the memory that reading
/// takes.
pub const DOCUMENT_COMMAS: usize = 1_000_000;
/// Files that a document includes.
pub const FILES: usize = 256;
/// Nesting depth of arrays and objects in a document. The format needs 6.
pub const DOCUMENT_NESTING: usize = 32;
/// Bytes of one requirement.
pub const REQUIREMENT_BYTES: usize = 16 << 10;
/// Nesting depth of parentheses and `not` in one requirement.
pub const REQUIREMENT_NESTING: usize = 64;
/// Tests of one requirement that reads conditions, with their tests.
pub const CONDITION_TESTS: usize = 8_192;
/// Nesting depth of one requirement that reads conditions, with theirs.
pub const CONDITION_NESTING: usize = 256;
/// Tests of all requirements of a document that read conditions, with their tests.
pub const DOCUMENT_TESTS: usize = 1 << 20;
/// Grants of all roles of a document, with those that they inherit.
pub const ROLE_GRANTS: usize = 1 << 20;
/// Grants that the roles of a document inherit, counted for each role that they are inherited from.
pub const INHERITED_GRANTS: usize = 1 << 21;
/// Bytes of an id.
pub const ID_BYTES: usize = 128;
/// Verbs of a policy: each is one bit of a `u32`.
pub const VERBS: usize = 32;
/// Entries of each list of a document: facts, privileges, roles, menu items, operations, guides, rules.
pub const ENTRIES: usize = 65_536;
/// Levels or options of one fact or privilege.
pub const VALUES: usize = 256;
/// Nodes of the binary decision diagrams of one analysis. Above it the checker reports `analysis-limit`.
pub const DIAGRAM_NODES: usize = 20_000;
/// Results of if-then-else that the diagrams of one analysis may cache: each takes one step to compute.
pub const DIAGRAM_STEPS: usize = 200_000;
/// Steps of if-then-else that all analyses of one document may take together, with one step for each formula. Above it the
/// checker reports `analysis-limit`.
pub const ANALYSIS_STEPS: usize = 1_000_000;
/// Steps, counted as for [`ANALYSIS_STEPS`], that fixes, or least privilege, may take. Above it the answer says that it is incomplete.
pub const QUERY_STEPS: usize = 1_000_000;
/// Steps, counted as for [`ANALYSIS_STEPS`], that a question about all operations may take together: the impact of one target, or the
/// comparison of two versions. An operation whose diagram is too large counts as [`DIAGRAM_STEPS`]. Above it the other operations are
/// `unanswered`.
pub const SWEEP_STEPS: usize = 1_000_000;
/// Unknown ids of one document for which a similar known id is searched.
pub const SUGGESTIONS: usize = 50;
/// Nodes of a residual.
pub const RESIDUAL_NODES: usize = 4_096;
/// Other people of a review: pairs of them are compared.
pub const REVIEWERS: usize = 256;
/// Depth of the menu tree.
pub const MENU_DEPTH: usize = 64;
/// Diagnostics of one document. If there are more, the last one says so.
pub const FINDINGS: usize = 1_000;
/// Characters of a message or help. A quoted text that does not fit is truncated and ends in `…`.
pub const MESSAGE_CHARS: usize = 600;
/// Dormant grants in a chain that an explanation follows.
pub const DORMANT_CHAIN: usize = 32;
/// Dormant grants in all chains of a list of dormant grants: of a list with more than 512, the chains are shorter. Each has its own
/// cause at least, and each cause that is a dormant grant is in the list itself.
pub const DORMANT_CAUSES: usize = 16_384;
