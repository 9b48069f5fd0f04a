// A policy that is not known at compile time: ids are strings, but shapes are checked.
import { InvalidPackError, open } from "privet";
import type { AnySchema, GrantValue, MenuItem, OperationId, Policy, Session, Subject } from "privet";
import { open as openWithoutWasm } from "privet/js";
import { read } from "privet/read";
import { studio } from "privet/studio";
import { expect, type Equals } from "./equals.js";

const tools = await studio();
const policy = open(tools.compile({ format: 1, id: "shop" }));
const fetched = open(new Uint8Array(await (await fetch("shop.pack")).arrayBuffer()));
expect<Equals<typeof policy, Policy<AnySchema>>>();
expect<Equals<typeof fetched, Policy>>();
expect<Equals<OperationId, string>>();

const session = policy.session({
  roles: ["anybody", { orders: "edit" }],
  grants: { orders: "view", refund: true, days: 3, shops: ["north"] },
  facts: { "returns-on": true, plan: "large", seats: 5, unknown: null },
});
expect<Equals<typeof session, Session>>();
session.can("orders.list");
session.can(`orders.${"list" as string}`);
session.with({ set: { orders: null }, roles: { add: ["somebody"] } }).diff(session).gained satisfies readonly string[];
expect<Equals<ReturnType<typeof session.holds<"orders">>["granted"], GrantValue | undefined>>();
session.menu() satisfies readonly MenuItem[];
tools.explain(session, "orders.list").facts satisfies readonly string[];
tools.describe(policy).privileges.map(({ id }) => session.holds(id));
read(session.snapshot()).can("orders.list");
const stored: Subject = JSON.parse("{}");
policy.session(stored);

// @ts-expect-error an operation is not a number
session.can(1);
// @ts-expect-error a grant is not an object
policy.session({ grants: { orders: { level: "view" } } });
// @ts-expect-error an unknown property of a subject
policy.session({ grant: {} });
// @ts-expect-error a role is an id or an object of grants
policy.session({ roles: [1] });
// @ts-expect-error an unknown property of a change
session.with({ grants: {} });
// @ts-expect-error a pack is bytes
open("shop");
const opened = open(new Uint8Array(4), { fallback: () => import("privet/js") });
expect<Equals<typeof opened, Promise<Policy>>>();
expect<Equals<typeof openWithoutWasm, typeof open>>();
// @ts-expect-error a fallback is imported when it is needed
open(new Uint8Array(4), { fallback: openWithoutWasm });

try {
  open(new Uint8Array(4));
} catch (error) {
  if (error instanceof InvalidPackError && error.code === "invalid-pack") console.log(error.message);
  // @ts-expect-error not the code of this error
  if (error instanceof InvalidPackError && error.code === "invalid-pak") console.log(error.message);
}
