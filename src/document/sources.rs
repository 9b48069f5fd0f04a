//! Where declarations come from. The comments on types and keys are the descriptions in its JSON Schema.

use super::read::document_object;

document_object! {
    /// A source of a declaration.
    ///
    /// # Examples
    /// ```
    /// use privet::{Source, Studio, Subject};
    ///
    /// let studio = Studio::compile(privet::policies::CONTACT, false)?;
    /// let session = studio.policy().session(&Subject::default())?;
    /// let operation = studio.policy().operations().next().ok_or("no operation")?;
    /// let sources: Vec<Source> = studio.explain(&session, &operation)?.inferred;
    /// assert!(sources.iter().all(|source| source.inferred));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg_attr(feature = "schema", derive(ts_rs::TS))]
    Source
    required {
        /// The name of the document that the declaration was taken from, such as a specification or a spreadsheet.
        "document" document: String,
    }
    optional {
        /// The row in the document, from 1.
        #[cfg_attr(feature = "schema", ts(optional))]
        "row" row: Option<u32>,
        /// Whether the declaration is inferred from the document rather than stated in it.
        #[cfg_attr(feature = "schema", ts(optional, as = "Option<bool>"))]
        "inferred" inferred: bool,
    }
}
