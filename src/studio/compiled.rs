//! A compiled policy with its document.

use super::labels::Labels;
use super::messages::Messages;
use crate::check::{Checked, check_files, checked, checked_files};
use crate::diagnostic::Report;
use crate::pack::{PackError, PackFault, Policy};
use crate::session::SubjectError;

/// A policy with the document it was compiled from: it can be described, and its decisions explained.
///
/// Every method that takes a [`Session`](crate::session::Session) needs one of this policy.
///
/// # Examples
/// ```
/// use privet::{FixOptions, Studio, Subject};
///
/// let studio = Studio::compile(privet::policies::CONTACT, true)?;
/// let session = studio.policy().session(&Subject::default())?;
/// let why = studio.explain(&session, "calls.flows.define")?;
/// assert_eq!(why.decision, "denied");
/// let fixes = studio.fixes(&session, "calls.flows.define", &FixOptions::default())?;
/// assert!(!fixes.fixes.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Studio {
    policy: Policy,
    checked: Checked,
    messages: Messages,
}

/// Compiling and opening.
impl Studio {
    /// Checks and compiles a policy document. `spans`: whether the text is as the user wrote it, so that diagnostics
    /// carry positions in it.
    ///
    /// # Errors
    /// [`Report`] with all diagnostics of [`check`](crate::check::check) if one of them is an error. Costs as [`Policy::compile`]; the bounded
    /// analyses of the checker run only for the report.
    ///
    /// # Examples
    /// ```
    /// use privet::Studio;
    ///
    /// assert_eq!(Studio::compile(privet::policies::CONTACT, true)?.policy().id(), "contact");
    ///
    /// let report = Studio::compile(r#"{ "format": 1, "id": "shop", "title": "Shop" }"#, true).unwrap_err();
    /// assert!(report.diagnostics[0].span.is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compile(document: &str, spans: bool) -> Result<Self, Report> {
        Self::compile_files(document, &[], spans)
    }

    /// [`Studio::compile`] of a document that includes files: pairs of name and text.
    ///
    /// # Errors
    /// As [`Studio::compile`].
    ///
    /// # Examples
    /// ```
    /// use privet::Studio;
    ///
    /// let document = r#"{ "format": 1, "id": "shop", "title": "Shop", "version": "1", "include": ["orders.jsonc"],
    ///   "operations": [{ "id": "orders.list", "label": "List orders", "requires": "orders" }] }"#;
    /// let orders = r#"{ "privileges": [{ "id": "orders", "kind": "flag", "label": "Orders" }] }"#;
    /// let studio = Studio::compile_files(document, &[("orders.jsonc", orders)], true)?;
    /// assert!(studio.policy().operations().eq(["orders.list"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compile_files(document: &str, files: &[(&str, &str)], spans: bool) -> Result<Self, Report> {
        let report = || Report { diagnostics: check_files(document, files, spans) };
        Ok(Self::from_checked(checked_files(document, files).ok_or_else(report)?))
    }

    fn from_checked(checked: Checked) -> Self {
        Self { policy: Policy::from_checked(&checked), checked, messages: Messages::default() }
    }

    /// Opens a pack by compiling the document in it, and verifies that the result is the same pack but for its reasons, which are
    /// worded by the catalogue and the labels of whoever compiled it. O(document).
    ///
    /// # Errors
    /// [`PackError`] for bytes that are not a pack, [`PackFault::NoDocument`] for a pack without its document,
    /// [`PackFault::SectionsDisagree`] if the document compiles to other bytes.
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Studio};
    ///
    /// let pack = Policy::compile(privet::policies::CONTACT)?.pack().to_vec();
    /// let studio = Studio::open_pack(&pack)?;
    /// assert_eq!(studio.policy().pack(), pack);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open_pack(pack: &[u8]) -> Result<Self, PackError> {
        let document = Policy::read_document(pack)?;
        if document.is_empty() {
            return Err(PackError::new(PackFault::NoDocument, 0));
        }
        let text = std::str::from_utf8(document).ok();
        let studio = text.and_then(checked).map(Self::from_checked);
        let same = studio.filter(|studio| studio.policy.is_but_for_reasons(pack));
        let same = same.ok_or(PackError::new(PackFault::SectionsDisagree, 0))?;
        Ok(Self { policy: same.policy.with_pack(pack), ..same })
    }

    /// Opens the document of a policy, as [`Studio::open_pack`] does.
    ///
    /// # Errors
    /// As [`Studio::open_pack`].
    ///
    /// # Examples
    /// ```
    /// use privet::{Policy, Studio};
    ///
    /// let policy = Policy::compile(privet::policies::CONTACT)?;
    /// assert_eq!(Studio::open(&policy)?.policy(), &policy);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open(policy: &Policy) -> Result<Self, PackError> {
        Self::open_pack(policy.pack())
    }

    /// The same studio, whose answers are worded by another catalogue.
    ///
    /// # Examples
    /// ```
    /// use privet::{FixOptions, Messages, Studio, Subject};
    ///
    /// let french = Messages::from_json(r#"{ "grant": "accorder « {label} »" }"#)?;
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?.with_messages(french);
    /// let session = studio.policy().session(&Subject::default())?;
    /// let result = studio.fixes(&session, "programs.access", &FixOptions::default())?;
    /// assert_eq!(result.fixes[0].sentence, "Accorder « Programs ».");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_messages(self, messages: Messages) -> Self {
        Self { messages, ..self }
    }

    /// The same studio with other labels in its answers. The policy, its pack and its fingerprint stay as they are. O(document).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidOptions`](crate::session::SubjectFault::InvalidOptions) for an id that the policy does not have;
    /// an earlier id of `renamed` is accepted.
    ///
    /// # Examples
    /// ```
    /// use privet::{Labels, Studio};
    ///
    /// let labels = Labels::from_json(r#"{ "menu": { "analytics": "Auswertungen" } }"#)?;
    /// let studio = Studio::compile(privet::policies::DOTDIGITAL, false)?;
    /// let fingerprint = studio.policy().fingerprint().to_owned();
    /// let studio = studio.with_labels(&labels)?;
    /// let description = serde_json::to_value(studio.describe())?;
    /// assert_eq!(description["operations"][0]["menu"][0][0]["label"], "Auswertungen");
    /// assert_eq!(studio.policy().fingerprint(), fingerprint);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_labels(mut self, labels: &Labels) -> Result<Self, SubjectError> {
        labels.apply(&mut self.checked)?;
        Ok(self)
    }

    /// The policy that decides.
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The catalogue by which answers are worded.
    pub(super) const fn messages(&self) -> &Messages {
        &self.messages
    }

    /// The checked document.
    #[doc(hidden)]
    pub const fn checked(&self) -> &Checked {
        &self.checked
    }
}
