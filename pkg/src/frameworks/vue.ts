// Vue 3.
import {
  Comment,
  Fragment,
  Text,
  cloneVNode,
  computed,
  defineComponent,
  effectScope,
  h,
  inject,
  shallowReadonly,
  shallowRef,
  toValue,
  useId,
  watch,
  watchEffect,
} from "vue";
import type {
  App,
  Component,
  ComputedRef,
  Directive,
  DirectiveBinding,
  EffectScope,
  MaybeRefOrGetter,
  Ref,
  VNode,
} from "vue";
import type { Policy, Session } from "../core/interfaces.js";
import type { Facts, MenuItem, OperationId, RegisteredSchema, Schema } from "../core/types.js";
import { conceal, disable } from "./conceal.js";
import { disabledAttributes, refuse } from "./disabled.js";
import { END, MARK, markElement } from "./inspect.js";
import { watchPage } from "./page.js";
import { createScope } from "./scope.js";
import type { Readable, Scope, ScopeOptions, WhyAnswer } from "./scope.js";

/** Options of the plugin: a session or a store, and those of every adapter. */
export interface PluginOptions<S extends Schema> extends ScopeOptions<S> {
  /** The session, a ref or a getter of one; `null` while there is none. */
  readonly session?: MaybeRefOrGetter<Session<S> | null | undefined>;
  /** A store of `createStore` or `liveStore`, instead of a session. */
  readonly store?: Readable<S> | undefined;
}

/** What `<Can>` takes. Its slot `fallback` is shown instead of the default slot. */
export interface CanProps<S extends Schema> {
  readonly do: OperationId<S>;
  /** Shows the slot where the operation is not allowed instead. */
  readonly not?: boolean;
  /** Facts of a record: decides by `session.under(facts)`. */
  readonly facts?: Facts<S> | undefined;
  /** Shows the elements as disabled instead of removing them, with the reason as their description. */
  readonly disabled?: boolean;
  /** The reason of disabled elements; without it, the plugin's `why` is asked. */
  readonly reason?: string | ((operation: OperationId<S>) => string | undefined) | undefined;
}

/** What the default slot of `<Can>` gets: whether it is shown as it is, and the attributes if it is disabled. */
export interface CanSlot {
  readonly shown: boolean;
  readonly disabled: Readonly<Record<string, unknown>>;
}

/** The value of `v-can`: an operation, or the properties of `<Can>`. The modifiers `not` and `disabled` do what the properties do. */
export type CanValue<S extends Schema> = OperationId<S> | CanProps<S>;

/** The plugin, components, composables and directive for one policy. */
export interface Privet<S extends Schema> {
  /** For `app.use(privet, { store })`. It also registers the directive `v-can`. */
  readonly privet: { install(app: App, options: PluginOptions<S>): void };
  /** Shows its slot where an operation is allowed. It renders again only if the decision changes. */
  readonly Can: new () => {
    $props: CanProps<S>;
    $slots: { default?: (slot: CanSlot) => unknown; fallback?: () => unknown };
  };
  /** Renders the shown items of the menu: nested lists of labels, or the slot `item` for each, with `below`, a component. */
  readonly Menu: new () => {
    $props: object;
    $slots: { item?: (slot: { item: MenuItem<S>; below: () => VNode[] }) => unknown };
  };
  /** Whether an operation is allowed, under the facts of a record if they are given. */
  useCan(
    operation: MaybeRefOrGetter<OperationId<S>>,
    facts?: MaybeRefOrGetter<Facts<S> | undefined>,
  ): ComputedRef<boolean>;
  /** The shown items of the menu, with the shown ones below them. */
  useMenu(): ComputedRef<readonly MenuItem<S>[]>;
  /** The session; `undefined` while there is none. */
  useSession(): Readonly<Ref<Session<S> | undefined>>;
  /** Why an operation is allowed or not, by the plugin's `why`; `undefined` without a session or a `why`. */
  useWhy(
    operation: MaybeRefOrGetter<OperationId<S>>,
    facts?: MaybeRefOrGetter<Facts<S> | undefined>,
  ): ComputedRef<WhyAnswer<S> | undefined>;
}

/** What the plugin provides. */
interface State<S extends Schema> {
  readonly scope: Scope<S>;
  readonly session: Ref<Session<S> | undefined>;
  /** In development builds: counts what the scope tells, so that marks for devtools follow. */
  readonly told: Ref<number> | undefined;
}

/**
 * The plugin, components, composables and directive for one policy, for apps with several. The policy is read for its types only;
 * `createPrivet<Schema>()` does without it. `directive` is the name of its directive.
 */
export function createPrivet<S extends Schema = RegisteredSchema>(_policy?: Policy<S>, directive = "can"): Privet<S> {
  const key = Symbol("privet");

  function state(): State<S> {
    const found = inject<State<S> | undefined>(key, undefined);
    if (!found) throw new Error("the app does not use Privet; call `app.use(privet, { store })`");
    return found;
  }

  const verdictOf = ({ scope, session }: State<S>, operation: OperationId<S>, facts: Facts<S> | undefined) =>
    scope.verdict(operation, facts, session.value ?? null);

  const reasonOf = ({ scope, session }: State<S>, { do: operation, facts, reason }: CanProps<S>) =>
    (typeof reason === "function" ? reason(operation) : reason) ??
    scope.reason(operation, facts, session.value ?? null);

  const Can = defineComponent({
    name: "PrivetCan",
    props: {
      do: { type: String, required: true },
      not: Boolean,
      facts: Object,
      disabled: Boolean,
      reason: [String, Function],
    },
    setup(given, { slots }) {
      const props = given as unknown as CanProps<S>;
      const found = state();
      const id = useId();
      const verdict = computed(() => verdictOf(found, props.do, props.facts));
      const reason = computed(() => reasonOf(found, props));
      return () => {
        const shown = verdict.value === !props.not;
        if (verdict.value === undefined) return undefined;
        if (!shown && !props.disabled) return slots.fallback?.();
        const text = shown ? undefined : reason.value;
        const attributes = (name: unknown) =>
          shown ? {} : { ...disabledAttributes(name, text === undefined ? undefined : id), onClickCapture: refuse };
        const children = slots.default?.({ shown, disabled: attributes(undefined) }) ?? [];
        if (shown) return children;
        const span = text === undefined ? [] : [h("span", { id, hidden: true }, text)];
        return [...children.map((child) => disabledNode(child, attributes)), ...span];
      };
    },
  });

  const Menu = defineComponent({
    name: "PrivetMenu",
    setup(_, { slots }) {
      const menu = useMenu();
      const list = (items: readonly MenuItem<S>[]): VNode[] => {
        const rendered = items.map((item) => {
          const below = () => list(item.children);
          const slot = slots.item;
          return slot
            ? h(Fragment, { key: item.id }, slot({ item, below }))
            : h("li", { key: item.id }, [item.label, below()]);
        });
        return slots.item || rendered.length === 0 ? rendered : [h("ul", rendered)];
      };
      return () => list(menu.value);
    },
  });

  function useMenu(): ComputedRef<readonly MenuItem<S>[]> {
    const { scope, session } = state();
    return computed(() => scope.menu(session.value ?? null));
  }

  /** The directive hides or disables where the element stands: Vue owns the element, so it is not removed. */
  function directiveOf(found: State<S>): Directive<HTMLElement, CanValue<S>> {
    const effects = new WeakMap<HTMLElement, EffectScope>();
    const wanted = ({ value, modifiers }: DirectiveBinding<CanValue<S>>): CanProps<S> => {
      const props = typeof value === "object" ? value : { do: value };
      return { ...props, ...("not" in modifiers && { not: true }), ...("disabled" in modifiers && { disabled: true }) };
    };
    const follow = (element: HTMLElement, binding: DirectiveBinding<CanValue<S>>) => {
      effects.get(element)?.stop();
      const scope = effectScope(true);
      effects.set(element, scope);
      const props = wanted(binding);
      scope.run(() =>
        watchEffect(
          () => {
            const verdict = verdictOf(found, props.do, props.facts);
            const shown = verdict === !props.not;
            const isDisabled = !shown && props.disabled === true && verdict !== undefined;
            try {
              if (process.env.NODE_ENV !== "production") markElement(element, markOf(found, props));
            } catch {
              // a page without a bundler has no `process`
            }
            conceal(element, !shown && !isDisabled);
            disable(element, isDisabled, isDisabled ? reasonOf(found, props) : undefined);
          },
          { flush: "sync" },
        ),
      );
    };
    return {
      beforeMount: follow,
      updated: follow,
      beforeUnmount(element) {
        effects.get(element)?.stop();
        disable(element, false);
      },
      getSSRProps(binding) {
        const props = wanted(binding);
        const verdict = verdictOf(found, props.do, props.facts);
        if (verdict === !props.not) return {};
        return props.disabled && verdict !== undefined
          ? { "aria-disabled": "true" }
          : { hidden: true, style: "display:none!important" };
      },
    };
  }

  let UsedCan: Component = Can;
  try {
    if (process.env.NODE_ENV !== "production") UsedCan = markedCan(Can, state);
  } catch {
    // a page without a bundler has no `process`
  }

  return {
    privet: {
      install(app, { session, store, ...options }) {
        const source = () => store ?? toValue(session);
        const scope = createScope<S>(source(), options);
        const current = shallowRef(scope.get());
        let told: Ref<number> | undefined;
        try {
          if (process.env.NODE_ENV !== "production") told = shallowRef(0);
        } catch {
          // a page without a bundler has no `process`
        }
        const found: State<S> = { scope, session: current, told };
        app.provide(key, found);
        app.directive(directive, directiveOf(found));
        if (typeof document === "undefined") return; // a server renders once
        const stops = [
          watchPage(scope),
          scope.subscribe(() => {
            current.value = scope.get();
            if (told) told.value++;
          }),
          watch(source, (next) => scope.use(next), { flush: "sync" }),
        ];
        app.onUnmount(() => {
          for (const stop of stops) stop();
        });
      },
    },
    Can: UsedCan as unknown as Privet<S>["Can"],
    Menu: Menu as unknown as Privet<S>["Menu"],
    useCan(operation, facts) {
      const found = state();
      return computed(() => verdictOf(found, toValue(operation), toValue(facts)) === true);
    },
    useMenu,
    useSession: () => shallowReadonly(state().session) as Readonly<Ref<Session<S> | undefined>>,
    useWhy(operation, facts) {
      const { scope, session } = state();
      return computed(() => scope.why(toValue(operation), toValue(facts), session.value ?? null));
    },
  };
}

/** A node as disabled: elements and components, also those of fragments. */
function disabledNode(node: VNode, attributes: (name: unknown) => Record<string, unknown>): VNode {
  if (node.type === Comment || node.type === Text) return node;
  if (node.type === Fragment && Array.isArray(node.children)) {
    const clone = cloneVNode(node);
    clone.children = (node.children as VNode[]).map((child) => disabledNode(child, attributes));
    return clone;
  }
  const added = attributes(node.type);
  const known = node.props?.["aria-describedby"] as string | undefined;
  const id = added["aria-describedby"];
  return cloneVNode(node, known && id ? { ...added, "aria-describedby": `${known} ${id}` } : added);
}

/** In development builds: the value of `data-privet` for devtools. */
const markOf = <S extends Schema>({ scope, told }: State<S>, { do: operation, facts }: CanProps<S>) =>
  told && told.value >= 0 ? scope.mark?.(operation, facts) : undefined;

/** In development builds: the component with marks for devtools around it. */
function markedCan<S extends Schema>(Can: Component, state: () => State<S>): Component {
  return defineComponent({
    name: "PrivetMarkedCan",
    inheritAttrs: false,
    setup(_, { attrs, slots }) {
      const found = state();
      const key = computed(() => markOf(found, attrs as unknown as CanProps<S>));
      return () => {
        const can = h(Can, attrs, slots);
        return key.value ? [h("template", { [MARK]: key.value }), can, h("template", { [END]: key.value })] : can;
      };
    },
  });
}

const registered = /* @__PURE__ */ createPrivet<RegisteredSchema>();

export const privet: Privet<RegisteredSchema>["privet"] = registered.privet;
export const Can: Privet<RegisteredSchema>["Can"] = registered.Can;
export const Menu: Privet<RegisteredSchema>["Menu"] = registered.Menu;
export const useCan: Privet<RegisteredSchema>["useCan"] = registered.useCan;
export const useMenu: Privet<RegisteredSchema>["useMenu"] = registered.useMenu;
export const useSession: Privet<RegisteredSchema>["useSession"] = registered.useSession;
export const useWhy: Privet<RegisteredSchema>["useWhy"] = registered.useWhy;
