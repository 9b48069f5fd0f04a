// `<privet-preview policy="…">`: the preview in a frame of a product's own page. The page gives the policy, the people and the facts,
// and hears each change as an event; nothing is stored or sent elsewhere.
import { type ChangeMessage, type EmbeddedPerson, type OpenMessage, type ReadyMessage, themed } from "./messages.js";

const builtIn = ["vicidial", "contact", "dotdigital"];

/**
 * The element. Attributes: `policy`, the id of a built-in policy or the address of a document; `language`, `en` or `de`; `view`.
 * Properties: `policy` (also the text of a document), `people`, `facts`. Event: `privet-change`, with `{ did, people, facts }`.
 */
export class PrivetPreview extends HTMLElement {
  static observedAttributes = ["policy", "language"];
  #policy: string | undefined;
  #people: readonly EmbeddedPerson[] | undefined;
  #facts: OpenMessage["facts"];
  #isReady = false;
  readonly #frame = document.createElement("iframe");
  readonly #page = new URL("./index.html", import.meta.url);

  /** The policy to show: an id, an address, or the text of a document. */
  get policy(): string {
    return this.#policy ?? this.getAttribute("policy") ?? "vicidial";
  }
  set policy(policy: string) {
    this.#policy = policy;
    this.#open();
  }
  set people(people: readonly EmbeddedPerson[]) {
    this.#people = people;
    this.#open();
  }
  set facts(facts: NonNullable<OpenMessage["facts"]>) {
    this.#facts = facts;
    this.#open();
  }

  connectedCallback(): void {
    // Properties that were set before the element was defined
    for (const name of ["policy", "people", "facts"] as const) {
      if (!Object.hasOwn(this, name)) continue;
      const value = this[name as "policy"];
      delete (this as { policy?: string })[name as "policy"];
      this[name as "policy"] = value;
    }
    this.#load();
    this.#frame.title = "Privet";
    this.#frame.style.cssText = "width:100%; height:100%; border:0; display:block";
    if (!this.contains(this.#frame)) this.append(this.#frame);
    addEventListener("message", this.#hear);
  }
  disconnectedCallback(): void {
    this.#isReady = false;
    removeEventListener("message", this.#hear);
  }
  attributeChangedCallback(name: string): void {
    // The page has one language from when it is loaded
    if (name === "language" && this.isConnected) this.#load();
    else this.#open();
  }

  #load(): void {
    this.#isReady = false;
    const language = this.getAttribute("language");
    this.#page.search = language === null ? "?embedded" : `?embedded&language=${encodeURIComponent(language)}`;
    this.#frame.src = `${this.#page.href}#${this.getAttribute("view") ?? "person"}/embedded`;
  }

  readonly #hear = (event: MessageEvent<ReadyMessage | ChangeMessage>): void => {
    if (event.source !== this.#frame.contentWindow || event.origin !== this.#page.origin) return;
    const { data } = event;
    if (data.type === "privet-ready") {
      this.#isReady = true;
      this.#open();
    } else if (data.type === "privet-change") {
      const { did, people, facts } = data;
      this.dispatchEvent(
        new CustomEvent("privet-change", { detail: { did, people, facts }, bubbles: true, composed: true }),
      );
    }
  };

  #pending = 0;
  /** Tells the frame what to show, once for several properties that are set together. */
  #open(): void {
    if (!this.#isReady) return;
    clearTimeout(this.#pending);
    this.#pending = setTimeout(() => void this.#send()) as unknown as number;
  }

  async #send(): Promise<void> {
    const { policy } = this;
    const isDocument = policy.trimStart().startsWith("{") || policy.trimStart().startsWith("/");
    const isText = builtIn.includes(policy) || (isDocument && policy.includes("{"));
    const text = isText ? policy : await read(policy);
    const style = getComputedStyle(this);
    const theme = Object.fromEntries(
      themed.map((name) => [name, style.getPropertyValue(name).trim()]).filter(([, value]) => value !== ""),
    );
    const message: OpenMessage = {
      type: "privet-open",
      policy: text ?? "",
      theme,
      ...(text === undefined && { unread: policy }),
      ...(this.#people && { people: this.#people }),
      ...(this.#facts && { facts: this.#facts }),
    };
    this.#frame.contentWindow?.postMessage(message, this.#page.origin);
  }
}

/** The document at an address; `undefined` if it cannot be read. */
async function read(address: string): Promise<string | undefined> {
  try {
    const response = await fetch(address);
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined;
  }
}

if (!customElements.get("privet-preview")) customElements.define("privet-preview", PrivetPreview);
