// Angular 20 and newer, with signals. Angular's own compiler compiles this file (see pkg/angular): applications link its output.
import { isPlatformBrowser } from "@angular/common";
import {
  DestroyRef,
  Directive,
  ElementRef,
  EnvironmentInjector,
  InjectionToken,
  Injector,
  PLATFORM_ID,
  Renderer2,
  TemplateRef,
  ViewContainerRef,
  booleanAttribute,
  computed,
  effect,
  inject,
  input,
  makeEnvironmentProviders,
  runInInjectionContext,
  signal,
  untracked,
} from "@angular/core";
import type { EmbeddedViewRef, EnvironmentProviders, Signal } from "@angular/core";
import type { ActivatedRouteSnapshot, GuardResult, Route } from "@angular/router";
import type { Policy, Session } from "../core/interfaces.js";
import type { Facts, MenuItem, OperationId, RegisteredSchema, Schema } from "../core/types.js";
import { conceal, disable } from "./conceal.js";
import { END, MARK, markElement } from "./inspect.js";
import { watchPage } from "./page.js";
import { sessionOf } from "./routes.js";
import { createScope } from "./scope.js";
import type { Readable, Scope, ScopeOptions, Source, Verdict, WhyAnswer } from "./scope.js";

/** Options of {@link Privet.providePrivet}: a session or a store, and those of every adapter. */
export interface ProvideOptions<S extends Schema> extends ScopeOptions<S> {
  /** The session, or a signal or function that returns it; `null` while there is none. */
  readonly session?: Session<S> | null | undefined | (() => Session<S> | null | undefined);
  /** A store of `createStore` or `liveStore`, instead of a session. */
  readonly store?: Readable<S> | undefined;
}

/** Options of {@link Privet.guardRoute}; `R` is what the router calls the guard with. Both functions may use `inject`. */
export interface GuardOptions<S extends Schema, R> {
  /** The facts of the record that the route shows. */
  readonly facts?: (route: R) => Facts<S> | undefined;
  /** What the guard answers where the operation is not allowed: by default `false`. */
  readonly otherwise?: (route: R, session: Session<S> | undefined) => GuardResult;
}

/** The functions for one policy. All but `providePrivet` and `guardRoute` are called where `inject` may be. */
export interface Privet<S extends Schema> {
  /** Gives a session or a store to the application or to a route. A function of options may use `inject`. */
  providePrivet(options: ProvideOptions<S> | (() => ProvideOptions<S>)): EnvironmentProviders;
  /** Whether an operation is allowed, under the facts of a record if they are given. */
  injectCan(operation: OperationId<S> | (() => OperationId<S>), facts?: () => Facts<S> | undefined): Signal<boolean>;
  /** The shown items of the menu, with the shown ones below them. */
  injectMenu(): Signal<readonly MenuItem<S>[]>;
  /** The session; `undefined` while there is none. */
  injectSession(): Signal<Session<S> | undefined>;
  /** Why an operation is allowed or not, by the option `why`; `undefined` without a session or a `why`. */
  injectWhy(
    operation: OperationId<S> | (() => OperationId<S>),
    facts?: () => Facts<S> | undefined,
  ): Signal<WhyAnswer<S> | undefined>;
  /** A guard for `canActivate`, `canActivateChild` or `canMatch`. It waits until a live store has a session. */
  guardRoute<R extends ActivatedRouteSnapshot | Route = ActivatedRouteSnapshot>(
    operation: OperationId<S>,
    options?: GuardOptions<S, R>,
  ): (route: R) => Promise<GuardResult>;
  /** @internal */
  readonly token: InjectionToken<State<S>>;
}

/** What `providePrivet` gives. */
interface State<S extends Schema> {
  readonly scope: Scope<S>;
  readonly source: () => Source<S>;
  readonly session: Signal<Session<S> | undefined>;
  /** Counts what the scope tells. */
  readonly told: Signal<number>;
}

/** The attribute of elements that the server has hidden or disabled. */
const SERVER = "data-can-server";

const read = <T extends string>(operation: T | (() => T)): T =>
  typeof operation === "function" ? operation() : operation;

/** The scope for the options, and signals that follow it. */
function stateOf<S extends Schema>({ session, store, ...options }: ProvideOptions<S>): State<S> {
  const source = (): Source<S> => store ?? (typeof session === "function" ? session() : session);
  const scope = createScope<S>(untracked(source), options);
  const version = signal(0);
  const state: State<S> = {
    scope,
    source,
    session: computed(() => {
      version();
      if (typeof session !== "function" || store) return scope.get();
      let found = session() ?? undefined;
      try {
        if (process.env.NODE_ENV !== "production") found = scope.seen?.(found);
      } catch {
        // a page without a bundler has no `process`
      }
      return found;
    }),
    told: version,
  };
  if (!isPlatformBrowser(inject(PLATFORM_ID))) return state; // a server renders once
  const stops = [watchPage(scope), scope.subscribe(() => version.update((count) => count + 1))];
  effect(() => {
    const next = source();
    untracked(() => scope.use(next));
  });
  inject(DestroyRef).onDestroy(() => {
    for (const stop of stops) stop();
  });
  return state;
}

/**
 * The functions for one policy, for applications with several. The policy is read for its types only; `createPrivet<Schema>()` does
 * without it. Directives take the result as `of`.
 */
export function createPrivet<S extends Schema = RegisteredSchema>(_policy?: Policy<S>): Privet<S> {
  const token = new InjectionToken<State<S>>("privet");
  const state = () => stateIn(token);
  return {
    token,
    providePrivet: (options) =>
      makeEnvironmentProviders([
        { provide: token, useFactory: () => stateOf(typeof options === "function" ? options() : options) },
      ]),
    injectCan(operation, facts) {
      const { scope, session } = state();
      return computed(() => scope.verdict(read(operation), facts?.(), session() ?? null) === true);
    },
    injectWhy(operation, facts) {
      const { scope, session } = state();
      return computed(() => scope.why(read(operation), facts?.(), session() ?? null));
    },
    injectMenu() {
      const { scope, session } = state();
      return computed(() => scope.menu(session() ?? null));
    },
    injectSession: () => state().session,
    guardRoute:
      (operation, { facts, otherwise } = {}) =>
      async (route) => {
        const { source } = state();
        const injector = inject(EnvironmentInjector);
        const session = await sessionOf(untracked(source));
        return runInInjectionContext(injector, () => {
          const known = facts?.(route);
          if ((known ? session?.under(known) : session)?.can(operation)) return true;
          return otherwise?.(route, session) ?? false;
        });
      },
  };
}

/** What `providePrivet` gives here. */
function stateIn<S extends Schema>(token: InjectionToken<State<S>>): State<S> {
  const found = inject(token, { optional: true });
  if (!found) throw new Error("nothing provides Privet here; add `providePrivet({ store })` to the providers");
  return found;
}

const registered = /* @__PURE__ */ createPrivet<RegisteredSchema>();

/** What both directives are asked, as signals. */
interface Asked<S extends Schema> {
  readonly operation: Signal<OperationId<S>>;
  readonly facts: Signal<Facts<S> | undefined>;
  readonly not: Signal<boolean>;
  readonly of: Signal<Privet<S> | undefined>;
}

/** The answer for a directive, as signals. */
function answer<S extends Schema>({ operation, facts, not, of }: Asked<S>) {
  const injector = inject(Injector);
  const state = computed(() => {
    const { token } = of() ?? (registered as unknown as Privet<S>);
    return untracked(() => runInInjectionContext(injector, () => stateIn(token)));
  });
  const verdict = computed((): Verdict => {
    const { scope, session } = state();
    return scope.verdict(operation(), facts(), session() ?? null);
  });
  return { state, verdict, shown: computed(() => verdict() === !not()) };
}

/** In development builds: the value of `data-privet` for devtools. */
const markOf = <S extends Schema>({ scope, told }: State<S>, operation: OperationId<S>, facts: Facts<S> | undefined) =>
  told() >= 0 ? scope.mark?.(operation, facts) : undefined;

/** In development builds: marks for devtools around what a directive renders, which stands before the comment of its container. */
function markPlace(place: ViewContainerRef, mark: () => string | undefined): void {
  if (!isPlatformBrowser(inject(PLATFORM_ID))) return;
  const marks: HTMLElement[] = [];
  const remove = () => {
    for (const element of marks.splice(0)) element.remove();
  };
  effect(() => {
    const key = mark();
    remove();
    const comment = place.element.nativeElement as Comment;
    const view = place.get(0) as EmbeddedViewRef<unknown> | null;
    if (key === undefined || !comment.parentNode) return;
    for (const attribute of [MARK, END]) {
      const element = document.createElement("template");
      element.setAttribute(attribute, key);
      marks.push(element);
    }
    const [start, end] = marks as [HTMLElement, HTMLElement];
    ((view?.rootNodes[0] as ChildNode | undefined) ?? comment).before(start);
    comment.after(end);
  });
  inject(DestroyRef).onDestroy(remove);
}

/**
 * Renders its template where an operation is allowed: `*privetCan="'orders.refund'; facts: { own: true }; else: ask"`. It renders again
 * only if the decision changes.
 */
@Directive({ selector: "[privetCan]" })
export class PrivetCan<S extends Schema = RegisteredSchema> {
  /** The operation. */
  readonly privetCan = input.required<OperationId<S>>();
  /** Renders the template where the operation is not allowed instead. */
  readonly privetCanNot = input(false);
  /** Facts of a record: decides by `session.under(facts)`. */
  readonly privetCanFacts = input<Facts<S>>();
  /** The template that is rendered instead. */
  readonly privetCanElse = input<TemplateRef<unknown> | null>();
  /** What `createPrivet` returned for another policy. */
  readonly privetCanOf = input<Privet<S>>();

  constructor() {
    const place = inject(ViewContainerRef);
    const template = inject<TemplateRef<unknown>>(TemplateRef);
    const { state, verdict, shown } = answer<S>({
      operation: this.privetCan,
      facts: this.privetCanFacts,
      not: this.privetCanNot,
      of: this.privetCanOf,
    });
    const wanted = computed(() => {
      if (verdict() === undefined) return undefined;
      return shown() ? template : (this.privetCanElse() ?? undefined);
    });
    effect(() => {
      const found = wanted();
      untracked(() => {
        place.clear();
        if (found) place.createEmbeddedView(found);
      });
    });
    try {
      if (process.env.NODE_ENV !== "production")
        markPlace(place, () => markOf(state(), this.privetCan(), this.privetCanFacts()));
    } catch {
      // a page without a bundler has no `process`
    }
  }
}

/**
 * Disables an element where an operation is not allowed, with the reason as its description: `<button privetDisabled="orders.refund"
 * privetDisabledReason="…">`. It keeps its place in the order of focus, and ignores clicks. Without a session it is hidden.
 */
@Directive({ selector: "[privetDisabled]" })
export class PrivetDisabled<S extends Schema = RegisteredSchema> {
  /** The operation. */
  readonly privetDisabled = input.required<OperationId<S>>();
  /** Disables the element where the operation is allowed instead. */
  readonly privetDisabledNot = input(false, { transform: booleanAttribute });
  /** Facts of a record: decides by `session.under(facts)`. */
  readonly privetDisabledFacts = input<Facts<S>>();
  /** The reason; without it, the option `why` is asked. */
  readonly privetDisabledReason = input<string | ((operation: OperationId<S>) => string | undefined)>();
  /** What `createPrivet` returned for another policy. */
  readonly privetDisabledOf = input<Privet<S>>();

  private readonly answer = answer<S>({
    operation: this.privetDisabled,
    facts: this.privetDisabledFacts,
    not: this.privetDisabledNot,
    of: this.privetDisabledOf,
  });
  constructor() {
    const element = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    const isBrowser = isPlatformBrowser(inject(PLATFORM_ID));
    const renderer = inject(Renderer2);
    if (isBrowser && element.hasAttribute(SERVER))
      for (const attribute of ["aria-disabled", "hidden", SERVER]) element.removeAttribute(attribute);
    // Not by bindings of the host: with these, the component around the element would be checked again
    effect(() => {
      const isHidden = this.answer.verdict() === undefined;
      const isDisabled = !isHidden && !this.answer.shown();
      if (!isBrowser) {
        if (isDisabled) renderer.setAttribute(element, "aria-disabled", "true");
        if (isHidden) renderer.setAttribute(element, "hidden", "");
        if (isDisabled || isHidden) renderer.setAttribute(element, SERVER, "");
        return;
      }
      const reason = isDisabled ? this.reason() : undefined;
      try {
        if (process.env.NODE_ENV !== "production")
          markElement(element, markOf(this.answer.state(), this.privetDisabled(), this.privetDisabledFacts()));
      } catch {
        // a page without a bundler has no `process`
      }
      untracked(() => {
        conceal(element, isHidden);
        disable(element, isDisabled, reason);
      });
    });
    if (isBrowser) inject(DestroyRef).onDestroy(() => disable(element, false));
  }

  /** Why the element is disabled. */
  private reason(): string | undefined {
    const [operation, reason] = [this.privetDisabled(), this.privetDisabledReason()];
    const own = typeof reason === "function" ? reason(operation) : reason;
    return own ?? this.answer.state().scope.reason(operation, this.privetDisabledFacts());
  }
}

export const providePrivet: Privet<RegisteredSchema>["providePrivet"] = registered.providePrivet;
export const injectCan: Privet<RegisteredSchema>["injectCan"] = registered.injectCan;
export const injectMenu: Privet<RegisteredSchema>["injectMenu"] = registered.injectMenu;
export const injectSession: Privet<RegisteredSchema>["injectSession"] = registered.injectSession;
export const injectWhy: Privet<RegisteredSchema>["injectWhy"] = registered.injectWhy;
export const guardRoute: Privet<RegisteredSchema>["guardRoute"] = registered.guardRoute;
