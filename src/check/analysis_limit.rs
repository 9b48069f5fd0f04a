//! Analyses that exceed the limit are reported, once.

use super::symbolic::AnalysisError;
use crate::diagnostic::{Code, Findings};
use crate::source::Pointer;

/// The answer, if there is one. The first analysis that exceeds a limit is reported as `analysis-limit`; one that
/// depends on a faulty requirement is not, since the fault is reported already.
pub(super) fn answer_or_report<T>(
    answer: Result<T, AnalysisError>,
    at: &Pointer,
    what: &str,
    findings: &mut Findings,
) -> Option<T> {
    if matches!(answer, Err(AnalysisError::TooLarge)) && !findings.has(Code::AnalysisLimit) {
        let message = format!("the analysis is too large to decide whether {what}; other warnings may be missing, too");
        findings.add(Code::AnalysisLimit, at, message, None);
    }
    answer.ok()
}
