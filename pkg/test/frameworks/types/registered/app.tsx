// An app with one policy: `Register` types the ids of every adapter.
import type { Signal } from "@angular/core";
import { open } from "privet";
import type { OperationId, RegisteredSchema, Session } from "privet";
import { guardRoute as angularGuard, injectCan, providePrivet } from "privet/angular";
import { connect } from "privet/elements";
import { liveStore } from "privet/live";
import { pack, type Schema } from "privet/policies/contact";
import { Can, Menu, PrivetProvider, useCan, useMenu, type useSession } from "privet/react";
import { guardRoute } from "privet/routes";
import { useCan as solidCan } from "privet/solid";
import { dehydrate, hydrate, type Dehydrated } from "privet/ssr";
import { setPrivet, usePrivet } from "privet/svelte";
import { privet, useCan as vueCan } from "privet/vue";
import { createApp, type ComputedRef } from "vue";

declare module "privet" {
  interface Register {
    schema: Schema;
  }
}

type Equals<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const expect = <_ extends true>() => {};

const contact = open(pack);
const session = contact.session();
const store = liveStore(contact, { endpoint: "/session", session: dehydrate(session) });
expect<Equals<RegisteredSchema, Schema>>();
expect<Equals<ReturnType<typeof store.get>, Session<Schema> | undefined>>();
expect<Equals<ReturnType<typeof dehydrate>, Dehydrated>>();
hydrate(contact, dehydrate(session)).can("item.reports.view");
store.facts({ "flow-editor": true });
// @ts-expect-error an unknown fact
store.facts({ "flow-edtor": true });

export function App() {
  const can: boolean = useCan("item.reports.view", { "flow-editor": true });
  // @ts-expect-error an unknown operation
  useCan("item.reports.veiw");
  expect<Equals<ReturnType<typeof useSession>, Session<Schema> | undefined>>();
  const [item] = useMenu();
  const ids: readonly OperationId<Schema>[] | undefined = item?.operations;
  return (
    <PrivetProvider store={store} why={(one, operation) => String(one.can(operation))} announce={() => undefined}>
      <Can do="item.reports.view" fallback={<p>{String(can)}</p>} not>
        {ids}
      </Can>
      <Can do="item.reports.view" disabled reason="no">
        {(shown, attributes) => <button {...attributes}>{String(shown)}</button>}
      </Can>
      {/* @ts-expect-error an unknown operation */}
      <Can do="item.reports.veiw" />
      {/* @ts-expect-error an unknown fact */}
      <Can do="item.reports.view" facts={{ "flow-edtor": true }} />
      <Menu render={({ label, meta }, below) => [label, String(meta), below]} />
    </PrivetProvider>
  );
}

createApp({}).use(privet, { store });
expect<Equals<ReturnType<typeof vueCan>, ComputedRef<boolean>>>();
vueCan(() => "item.reports.view");
// @ts-expect-error an unknown operation
vueCan("item.reports.veiw");
solidCan(() => "item.reports.view")() satisfies boolean;
// @ts-expect-error an unknown operation
solidCan("item.reports.veiw");
setPrivet(store).can("item.reports.view");
setPrivet(() => session).can("item.reports.view");
// @ts-expect-error an unknown operation
usePrivet().can("item.reports.veiw");
providePrivet(() => ({ store, session: () => session }));
expect<Equals<ReturnType<typeof injectCan>, Signal<boolean>>>();
injectCan(() => "item.reports.view");
// @ts-expect-error an unknown operation
injectCan("item.reports.veiw");
angularGuard("item.reports.view", { facts: ({ params }) => ({ "flow-editor": params.on === "true" }) });
// @ts-expect-error an unknown operation
angularGuard("item.reports.veiw");
connect(store).use(null);
guardRoute(store, "item.reports.view", { otherwise: ({ params }: { params: object }) => params });
// @ts-expect-error an unknown operation
guardRoute(store, "item.reports.veiw");
