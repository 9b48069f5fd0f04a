//! The catalogue of messages: every text of the studio's answers. `en.json` is the English one; a caller may pass another one.

mod template;
#[cfg(feature = "schema")]
pub(super) mod typescript;

use crate::model::Value;
use crate::session::{SubjectError, SubjectFault};
use crate::util::suggest::did_you_mean;
use std::sync::{Arc, LazyLock};

/// The English messages, as JSON: templates by id. `docs/studio.md` describes templates.
pub const ENGLISH: &str = include_str!("en.json");
/// The German messages, as JSON.
pub const GERMAN: &str = include_str!("de.json");

static ENGLISH_TEXTS: LazyLock<Texts> = LazyLock::new(|| texts(serde_json::from_str(ENGLISH).unwrap_or(Value::Null)));

/// Texts by their ids.
type Texts = Vec<(String, String)>;

/// A catalogue of messages: the templates from which the studio's answers are worded. English by default; a catalogue replaces all
/// or some of the messages.
///
/// # Examples
/// ```
/// use privet::{Messages, Studio, Subject, messages};
///
/// let german = Messages::from_json(messages::GERMAN)?;
/// let studio = Studio::compile(privet::policies::VICIDIAL, false)?.with_messages(german);
/// let session = studio.policy().session(&Subject::default())?;
/// let why = studio.explain(&session, "admin.enter")?;
/// assert_eq!(why.sentence, "Enter the admin interface: nicht erlaubt, denn „User Level“ ist nicht erteilt (nötig: 8 oder höher).");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Messages(Arc<Texts>);

impl Messages {
    /// Reads a catalogue: an object of templates by id. Messages that it does not have stay English. O(text).
    ///
    /// # Errors
    /// [`SubjectFault::InvalidOptions`] for an id that English does not have, an argument that the English message does not
    /// have, and a text that is not a template.
    ///
    /// # Examples
    /// ```
    /// use privet::Messages;
    ///
    /// assert!(Messages::from_json(r#"{ "quoted": "«{label}»" }"#).is_ok());
    /// let error = Messages::from_json(r#"{ "quoted": "«{lable}»" }"#).unwrap_err();
    /// assert_eq!(error.to_string(), "message `quoted` has no argument `lable`; did you mean `label`?");
    /// ```
    pub fn from_json(json: &str) -> Result<Self, SubjectError> {
        Self::from_value(serde_json::from_str(json).unwrap_or(Value::Null))
    }

    /// Reads a catalogue from a value, as [`Messages::from_json`] does.
    ///
    /// # Errors
    /// As [`Messages::from_json`].
    #[doc(hidden)]
    pub fn from_value(catalogue: Value) -> Result<Self, SubjectError> {
        let Value::Map(entries) = catalogue else {
            return Err(invalid("messages", "`messages` is not an object".into(), "pass texts by id".into()));
        };
        for (id, text) in &entries {
            check(id, text)?;
        }
        Ok(Self(Arc::new(texts(Value::Map(entries)))))
    }

    /// Renders a message.
    pub(super) fn text(&self, id: &str, arguments: &[(&str, &str)]) -> String {
        let mut text = String::new();
        template::render(self.template(id), arguments, &mut text);
        text
    }

    /// A text as the beginning of a sentence.
    pub(super) fn capital(text: &str) -> String {
        let mut capital = String::new();
        template::render("{text, capital}", &[("text", text)], &mut capital);
        capital
    }

    /// A word: `on`, `off`, `undecided`. Another text stays as it is.
    pub(super) fn word(&self, word: &str) -> String {
        self.text("word", &[("word", word)])
    }

    /// Joins items as `a, b and c`; `last` is the message before the last item.
    pub(super) fn list(&self, items: &[String], last: &str) -> String {
        let mut text = String::new();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                text += self.template(if index + 1 == items.len() { last } else { "comma" });
            }
            text += item;
        }
        text
    }

    /// The template of a message.
    pub(super) fn template(&self, id: &str) -> &str {
        find(&self.0, id).or_else(|| find(&ENGLISH_TEXTS, id)).unwrap_or_default()
    }
}

/// Checks a message of a catalogue against the English one.
fn check(id: &str, text: &Value) -> Result<(), SubjectError> {
    let Some(english) = find(&ENGLISH_TEXTS, id) else {
        let known = ENGLISH_TEXTS.iter().map(|(id, _)| id.as_str());
        let help = did_you_mean(id, known).unwrap_or_else(|| "leave it out".into());
        return Err(invalid(id, format!("unknown message `{id}`"), help));
    };
    let Value::Text(text) = text else {
        return Err(invalid(id, format!("message `{id}` is `{}`", text.shown()), "pass a text".into()));
    };
    let (mut known, mut used) = (Vec::new(), Vec::new());
    let fault = |fault| invalid(id, format!("message `{id}` {fault}"), format!("the English one is `{english}`"));
    template::arguments(english, &mut known).map_err(fault)?;
    template::arguments(text, &mut used).map_err(fault)?;
    let Some(name) = used.into_iter().find(|name| !known.contains(name)) else { return Ok(()) };
    let help = did_you_mean(name, known).unwrap_or_else(|| format!("the English one is `{english}`"));
    Err(invalid(id, format!("message `{id}` has no argument `{name}`"), help))
}

fn invalid(id: &str, message: String, help: String) -> SubjectError {
    SubjectError::new(SubjectFault::InvalidOptions, id, message, help)
}

fn find<'a>(texts: &'a Texts, id: &str) -> Option<&'a str> {
    texts.iter().find(|(known, _)| known == id).map(|(_, text)| text.as_str())
}

fn texts(catalogue: Value) -> Texts {
    let Value::Map(entries) = catalogue else { return Texts::new() };
    let text = |(id, text)| if let Value::Text(text) = text { Some((id, text)) } else { None };
    entries.into_iter().filter_map(text).collect()
}
