//! The catalogue of messages: every text of the studio's answers. `en.json` is the English one; a caller may pass another one.

mod template;
#[cfg(feature = "schema")]
pub(super) mod typescript;

use crate::model::Value;
use crate::session::{SubjectError, SubjectFault};
use crate::util::suggest::did_you_mean;
use std::sync::{Arc, LazyLock};
use template::Template;

/// The English messages, as JSON: templates by id. `docs/studio.md` describes templates.
pub const ENGLISH: &str = include_str!("en.json");
/// The German messages, as JSON.
pub const GERMAN: &str = include_str!("de.json");

static ENGLISH_TEXTS: LazyLock<Catalogue> = LazyLock::new(|| {
    let Ok(Value::Map(entries)) = serde_json::from_str(ENGLISH) else { return Catalogue::default() };
    let message = |(id, text)| if let Value::Text(text) = text { Message::parse(id, text).ok() } else { None };
    Catalogue::new(entries.into_iter().filter_map(message).collect())
});

/// Messages, and the verbs of labels, which the message `verbs` lists.
#[derive(Debug, Default, PartialEq, Eq)]
struct Catalogue {
    messages: Vec<Message>,
    verbs: Vec<Verb>,
}

#[derive(Debug, PartialEq, Eq)]
struct Message {
    id: String,
    text: String,
    template: Template,
}

/// A verb that makes a label a clause of its own.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Verb {
    /// The verb between spaces, as it stands in a label.
    pub(super) word: String,
    /// What negates it; empty if nothing does.
    pub(super) negated: String,
}

impl Message {
    fn parse(id: String, text: String) -> Result<Self, &'static str> {
        let template = Template::parse(&text)?;
        Ok(Self { id, text, template })
    }
}

impl Catalogue {
    fn new(messages: Vec<Message>) -> Self {
        let verb = |verb: &str| {
            let (verb, negated) = verb.split_once(':').unwrap_or((verb, ""));
            Verb { word: format!(" {} ", verb.trim()), negated: negated.trim().into() }
        };
        let listed = messages.iter().filter(|message| message.id == "verbs");
        let verbs = listed.flat_map(|message| message.text.split(';').map(verb)).collect();
        Self { messages, verbs }
    }

    fn find(&self, id: &str) -> Option<&Message> {
        self.messages.iter().find(|message| message.id == id)
    }
}

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
pub struct Messages(Arc<Catalogue>);

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
        let messages = entries.into_iter().map(|(id, text)| checked(id, text)).collect::<Result<_, _>>()?;
        Ok(Self(Arc::new(Catalogue::new(messages))))
    }

    /// Renders a message.
    pub(super) fn text(&self, id: &str, arguments: &[(&str, &str)]) -> String {
        let mut text = String::new();
        if let Some(message) = self.find(id) {
            message.template.render(arguments, &mut text);
        }
        text
    }

    /// A text as the beginning of a sentence.
    pub(super) fn capital(text: &str) -> String {
        template::capital(text)
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

    /// The template of a message, as it is written.
    pub(super) fn template(&self, id: &str) -> &str {
        self.find(id).map_or("", |message| &message.text)
    }

    /// The verbs that make a label a clause of its own.
    pub(super) fn verbs(&self) -> &[Verb] {
        if self.0.verbs.is_empty() { &ENGLISH_TEXTS.verbs } else { &self.0.verbs }
    }

    fn find(&self, id: &str) -> Option<&Message> {
        self.0.find(id).or_else(|| ENGLISH_TEXTS.find(id))
    }
}

/// Checks a message of a catalogue against the English one.
fn checked(id: String, text: Value) -> Result<Message, SubjectError> {
    let Some(english) = ENGLISH_TEXTS.find(&id) else {
        let help = did_you_mean(&id, ENGLISH_TEXTS.messages.iter().map(|it| it.id.as_str()));
        let help = help.unwrap_or_else(|| "leave it out".into());
        return Err(invalid(&id, format!("unknown message `{id}`"), help));
    };
    let Value::Text(text) = text else {
        return Err(invalid(&id, format!("message `{id}` is `{}`", text.shown()), "pass a text".into()));
    };
    let english_is = || format!("the English one is `{}`", english.text);
    let message = Message::parse(id, text)
        .map_err(|fault| invalid(&english.id, format!("message `{}` {fault}", english.id), english_is()))?;
    let (mut known, mut used) = (Vec::new(), Vec::new());
    english.template.arguments(&mut known);
    message.template.arguments(&mut used);
    let error = used.into_iter().find(|name| !known.contains(name)).map(|name| {
        let help = did_you_mean(name, known.iter().copied()).unwrap_or_else(english_is);
        invalid(&message.id, format!("message `{}` has no argument `{name}`", message.id), help)
    });
    error.map_or(Ok(message), Err)
}

fn invalid(id: &str, message: String, help: String) -> SubjectError {
    SubjectError::new(SubjectFault::InvalidOptions, id, message, help)
}
