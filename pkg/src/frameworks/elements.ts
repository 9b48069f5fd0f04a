// Plain HTML: the attribute `data-can` on any element, and the element `<privet-can>`.
import type { Facts, RegisteredSchema, Schema } from "../core/types.js";
import { conceal, disable } from "./conceal.js";
import { markElement } from "./inspect.js";
import { watchPage } from "./page.js";
import { createScope } from "./scope.js";
import type { Scope, ScopeOptions, Source } from "./scope.js";

/** Options of {@link connect}. */
export interface ElementsOptions<S extends Schema> extends ScopeOptions<S> {
  /** The part of the page that is observed; by default the document. */
  readonly root?: Document | Element | ShadowRoot | undefined;
  /** The prefix of the attributes and of the element, for apps with several policies; by default `data-can` and `privet-can`. */
  readonly attribute?: `data-${string}` | undefined;
  readonly element?: `${string}-${string}` | undefined;
}

/** A page that follows a session. */
export interface Connected<S extends Schema> {
  /** Replaces the session or store. */
  use(source: Source<S>): void;
  /** Decides on the elements of another root too, such as a shadow root, until the returned function is called. */
  observe(root: Document | Element | ShadowRoot): () => void;
  /** Stops: elements stay as they are. */
  stop(): void;
}

/** What an element asks for. */
interface Wanted {
  readonly operation: string;
  readonly not: boolean;
  readonly disabled: boolean;
  readonly reason: string | undefined;
  readonly facts: Facts | undefined;
}

/** By the name of an element: the scope that decides, and its instances in the page. */
const defined = new Map<string, { scope: Scope<Schema> | undefined; readonly instances: Set<Instance> }>();

interface Instance {
  render(): void;
}

const NAMES = ["not", "disabled", "reason", "facts"] as const;

/** What the attributes of an element say. */
function read(element: Element, name: string, prefix: string): Wanted {
  const text = (attribute: string) => element.getAttribute(prefix + attribute) ?? undefined;
  const facts = text("facts");
  return {
    operation: element.getAttribute(name) ?? "",
    not: text("not") !== undefined,
    disabled: text("disabled") !== undefined,
    reason: text("reason"),
    facts: facts === undefined ? undefined : (JSON.parse(facts) as Facts),
  };
}

/** Whether an element is shown, and else the reason; `undefined` where nothing can be said. */
function decide(scope: Scope<Schema> | undefined, element: Element, name: string, prefix: string) {
  try {
    const { operation, not, disabled, reason, facts } = read(element, name, prefix);
    const verdict = scope?.verdict(operation, facts);
    try {
      if (process.env.NODE_ENV !== "production") markElement(element, scope?.mark?.(operation, facts));
    } catch {
      // a page without a bundler has no `process`
    }
    if (!scope || verdict === undefined) return { verdict: undefined, shown: false, disabled, reason: undefined };
    const shown = verdict === !not;
    const text = shown || !disabled ? undefined : (reason ?? scope.reason(operation, facts));
    return { verdict, shown, disabled, reason: text };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    (scope?.options.onError ?? console.error)(error);
    return { verdict: undefined, shown: false, disabled: false, reason: undefined };
  }
}

/**
 * Shows, hides or disables elements by the decisions of a session, also elements that come later. In the page:
 * `<button data-can="orders.refund" data-can-disabled data-can-reason="…">` or `<privet-can do="orders.refund">…</privet-can>`, with
 * `not`, `disabled`, `reason`, `facts` (JSON), and for the element a child with `slot="fallback"`. An element gets the attribute
 * `data-can-state`: `allowed`, `denied` or `none`. Unknown ids hide and are told, unless `strict` is set.
 */
export function connect<S extends Schema = RegisteredSchema>(
  source: Source<S>,
  { root = document, attribute = "data-can", element = "privet-can", ...options }: ElementsOptions<S> = {},
): Connected<S> {
  const scope = createScope<S>(source, { strict: false, ...options }) as unknown as Scope<Schema>;
  const prefix = `${attribute}-`;
  const known = new Set<HTMLElement>();
  const observers = new Set<MutationObserver>();
  const selector = `[${attribute}]`;

  function apply(target: HTMLElement) {
    if (!target.hasAttribute(attribute)) {
      known.delete(target);
      conceal(target, false);
      disable(target, false);
      target.removeAttribute(`${prefix}state`);
      return;
    }
    known.add(target);
    const { verdict, shown, disabled, reason } = decide(scope, target, attribute, prefix);
    const isDisabled = !shown && disabled && verdict !== undefined;
    conceal(target, !shown && !isDisabled);
    disable(target, isDisabled, reason);
    target.setAttribute(`${prefix}state`, verdict === undefined ? "none" : verdict ? "allowed" : "denied");
  }
  const visit = (node: Node) => {
    if (!(node instanceof Element)) return;
    if (node.matches(selector)) apply(node as HTMLElement);
    for (const target of node.querySelectorAll<HTMLElement>(selector)) apply(target);
  };

  function observe(part: Document | Element | ShadowRoot): () => void {
    for (const target of part.querySelectorAll<HTMLElement>(selector)) apply(target);
    const observer = new MutationObserver((records) => {
      for (const { type, target, addedNodes, removedNodes } of records) {
        if (type === "attributes") apply(target as HTMLElement);
        for (const node of addedNodes) visit(node);
        for (const node of removedNodes) {
          if (!node.isConnected) for (const one of known) if (node.contains(one)) known.delete(one);
        }
      }
    });
    const attributeFilter = [attribute, ...NAMES.map((name) => prefix + name)];
    observer.observe(part, { childList: true, subtree: true, attributeFilter });
    observers.add(observer);
    return () => {
      observers.delete(observer);
      observer.disconnect();
    };
  }

  const entry = define(element);
  entry.scope = scope;
  const render = () => {
    for (const target of known) apply(target);
    for (const instance of entry.instances) instance.render();
  };
  const stopPage = watchPage(scope); // before the elements, so that it knows what had the focus
  const stop = scope.subscribe(render);
  observe(root);
  for (const instance of entry.instances) instance.render();

  return {
    use: (next) => scope.use(next as Source<Schema>),
    observe,
    stop() {
      stop();
      stopPage();
      for (const observer of observers) observer.disconnect();
    },
  };
}

/** Defines the element once; later calls give it another scope. Its shadow tree has a slot only for what is shown. */
function define(name: string) {
  const found = defined.get(name);
  if (found) return found;
  const entry: { scope: Scope<Schema> | undefined; readonly instances: Set<Instance> } = {
    scope: undefined,
    instances: new Set(),
  };
  defined.set(name, entry);
  customElements.define(
    name,
    class extends HTMLElement implements Instance {
      static observedAttributes = ["do", ...NAMES];
      private readonly tree = this.attachShadow({ mode: "open" });

      connectedCallback() {
        entry.instances.add(this);
        this.render();
      }
      disconnectedCallback() {
        entry.instances.delete(this);
      }
      attributeChangedCallback() {
        if (this.isConnected) this.render();
      }
      render() {
        const { verdict, shown, disabled, reason } = decide(entry.scope, this, "do", "");
        const isDisabled = disabled && !shown && verdict !== undefined;
        const slot =
          shown || isDisabled ? "<slot></slot>" : verdict === undefined ? "" : '<slot name="fallback"></slot>';
        const content = `<style>:host{display:contents}</style>${slot}`;
        if (this.tree.innerHTML !== content) {
          this.tree.innerHTML = content;
          this.tree.querySelector("slot")?.addEventListener("slotchange", () => this.render());
        }
        for (const child of this.children) if (!child.slot) disable(child, isDisabled, reason);
      }
    },
  );
  return entry;
}
