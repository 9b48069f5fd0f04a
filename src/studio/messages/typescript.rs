//! The TypeScript types of messages, generated from the English templates.

use super::{ENGLISH_TEXTS, template};

/// The module `pkg/src/studio/messages.ts`.
pub fn messages() -> String {
    let mut text = String::from(
        "// Generated from src/studio/messages/en.json by `PRIVET_BLESS=1 cargo test --test it typescript`. Do not edit.\n\n\
         /** The messages from which the studio's answers are worded: their ids and the arguments of their templates. */\n\
         export type Message =",
    );
    for (id, english) in ENGLISH_TEXTS.iter() {
        let mut arguments = Vec::new();
        // A template that is not valid has no arguments; the tests render all of them.
        let _ = template::arguments(english, &mut arguments);
        text += &format!("\n  | {{ readonly id: \"{id}\"");
        for name in arguments {
            let is_number = english.contains(&format!("{{{name}, plural"));
            text += &format!("; readonly {name}: {}", if is_number { "number" } else { "string" });
        }
        text += " }";
    }
    text + ";\n\n/** A catalogue of messages: templates by id. Messages that it does not have stay English. */\n\
            export type Messages = { readonly [id in Message[\"id\"]]?: string };\n"
}
