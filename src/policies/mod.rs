//! Three real systems, as documents: nothing here is code.
//!
//! # Examples
//! ```
//! use privet::{Policy, policies};
//!
//! for document in [policies::CONTACT, policies::DOTDIGITAL, policies::VICIDIAL] {
//!     assert!(Policy::compile(document)?.operations().count() > 30);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

/// Horizon Contact's privileges: every row of its privileges summary.
pub const CONTACT: &str = include_str!("contact.jsonc");
/// dotdigital's user permissions.
pub const DOTDIGITAL: &str = include_str!("dotdigital.jsonc");
/// VICIdial's administration: Email Accounts and what stands around it.
pub const VICIDIAL: &str = include_str!("vicidial.jsonc");
