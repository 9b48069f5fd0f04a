//! The TypeScript types of messages, generated from the English templates.

use super::ENGLISH_TEXTS;

/// The module `pkg/src/studio/messages.ts`.
pub fn messages() -> String {
    let mut text = String::from(
        "// Generated from src/studio/messages/en.json by `PRIVET_BLESS=1 cargo test --test it typescript`. Do not edit.\n\n\
         /** The messages from which the studio's answers are worded: their ids and the arguments of their templates. */\n\
         export type Message =",
    );
    for english in &ENGLISH_TEXTS.messages {
        let id = &english.id;
        let mut arguments = Vec::new();
        english.template.arguments(&mut arguments);
        text += &format!("\n  | {{ readonly id: \"{id}\"");
        for name in arguments {
            let is_number = english.text.contains(&format!("{{{name}, plural"));
            text += &format!("; readonly {name}: {}", if is_number { "number" } else { "string" });
        }
        text += " }";
    }
    text + ";\n\n/** A catalogue of messages: templates by id. Messages that it does not have stay English. */\n\
            export type Messages = { readonly [id in Message[\"id\"]]?: string };\n"
}
