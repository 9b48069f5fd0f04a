// All texts of the page, by language. Labels come from the policy; sentences about a decision are put together from the reasons of
// the studio, whose catalogue (`privet/messages/de`) has the same languages.
import type { Messages } from "privet/studio";
import { remember, remembered } from "../state/remembered.js";
import { en } from "./en.js";

export type Text = typeof en;
export const languages = ["en", "de"] as const;
export type Language = (typeof languages)[number];

/** The texts of the language in use; it changes only before the page is drawn. */
export let text: Text = en;
/** The studio's texts in the language in use; `undefined` is English. */
export let messages: Messages | undefined;
export let language: Language = "en";

/** The language of the address, which a product's page gives for its preview. */
const given = () => new URLSearchParams(globalThis.location?.search).get("language");

/** The language that was given or chosen, else that of the browser. */
export function chosenLanguage(): Language {
  const chosen = given() ?? remembered("language");
  if (chosen) return languages.find((it) => it === chosen) ?? "en";
  return globalThis.navigator?.language?.startsWith("de") ? "de" : "en";
}

/** Uses a language from now on. */
export async function speak(id: Language): Promise<void> {
  if (id === "de") {
    const [{ de }, german] = await Promise.all([import("./de.js"), import("privet/messages/de")]);
    text = de;
    messages = german.messages as Messages;
  } else {
    text = en;
    messages = undefined;
  }
  language = id;
}

/** Remembers a language; the page is loaded again with it. */
export function choose(id: Language): void {
  if (given() === null) {
    remember("language", id);
    location.reload();
  } else {
    const address = new URL(location.href);
    address.searchParams.set("language", id);
    location.replace(address);
  }
}
