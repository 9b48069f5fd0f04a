//! Hard limits. Each is far above what a product needs and low enough that no document can exhaust a worker. What
//! exceeds one is refused or said, with the code `limit-exceeded` or `analysis-limit`; only what is shown to people is
//! cut short, visibly.

/// Bytes of a policy document: 16 MiB (AWS IAM's 20,000 actions, written as a policy, take about 8).
pub const DOCUMENT_BYTES: usize = 16 << 20;
/// Levels of arrays and objects in a document; the format itself needs 6.
pub const DOCUMENT_NESTING: usize = 32;
/// Bytes of one requirement.
pub const REQUIREMENT_BYTES: usize = 16 << 10;
/// Parentheses and `not`s inside one another in one requirement.
pub const REQUIREMENT_NESTING: usize = 64;
/// Bytes of an id.
pub const ID_BYTES: usize = 128;
/// Verbs of a policy: they are the bits of one word.
pub const VERBS: usize = 32;
/// Entries of each list of a document: facts, privileges, roles, menu items, operations, guides, rules.
pub const ENTRIES: usize = 65_536;
/// Levels or options of one fact or privilege.
pub const VALUES: usize = 256;
/// Nodes of the decision diagrams behind one question of the checker. Above it the checker says `analysis-limit`.
pub const DIAGRAM_NODES: usize = 20_000;
/// Steps that building the diagrams behind one question may take.
pub const DIAGRAM_STEPS: usize = 200_000;
/// Steps that all questions of the checker about one document may take together.
pub const ANALYSIS_STEPS: usize = 4_000_000;
/// Steps that one question of the studio may take: fixes, comparisons, least privilege.
pub const QUESTION_STEPS: usize = 1_000_000;
/// Unknown ids of one document for which the nearest known one is looked for.
pub const SUGGESTIONS: usize = 50;
/// Menu items under one another.
pub const MENU_DEPTH: usize = 64;
/// Findings about one document; with more, the last one says that there are more.
pub const FINDINGS: usize = 1_000;
/// Characters of a message or help; what quotes more than fits ends in `…`.
pub const MESSAGE_CHARS: usize = 600;
/// Dormant grants that an explanation follows from one to the next.
pub const CHAIN: usize = 32;
