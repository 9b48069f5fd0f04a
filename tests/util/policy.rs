//! The policy of a suite: the name of a built-in one, or a document.

use privet::studio::Studio;

/// The policy, or everything that is wrong with it.
pub(crate) fn compile(policy: &serde_json::Value) -> Result<Studio, String> {
    let text = match policy.as_str() {
        Some("vicidial") => privet::policies::VICIDIAL.to_owned(),
        Some("contact") => privet::policies::CONTACT.to_owned(),
        Some("dotdigital") => privet::policies::DOTDIGITAL.to_owned(),
        Some(other) => return Err(format!("there is no built-in policy `{other}`")),
        None => policy.to_string(),
    };
    let compiled = Studio::compile(&text, true);
    compiled.map(|(studio, _)| studio).map_err(|report| privet::diagnostic::render(&report.diagnostics, &text))
}
