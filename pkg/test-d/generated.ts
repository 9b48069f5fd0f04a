// Generated modules: a policy whose labels contain comment ends and tags, and a policy with a single operation.
import { open, type Policy } from "privet";
import bare, { type operations as nothing, type Schema as Bare } from "./bare.js";
import { operations, pack, type Schema } from "./shop.js";
import { expect, type Equals } from "./equals.js";

const shop = open(pack);
expect<Equals<typeof shop, Policy<Schema>>>();
expect<Equals<Schema["operations"], "orders.list" | "orders.refund">>();
expect<Equals<Schema["grantValues"]["orders"], "view" | "edit">>();
expect<Equals<Schema["grantValues"]["colour"], "red" | "green">>();
expect<Equals<Schema["roles"], "clerk">>();
expect<Equals<Schema["guides"], "set-up">>();
shop.session({ roles: ["clerk"], facts: { seats: 3, plan: "large" } }).can(operations["orders.refund"]);
// @ts-expect-error an unknown option
shop.session({ facts: { plan: "tiny" } });

const none = open(bare);
expect<
  Equals<Bare["privileges"] | Bare["facts"] | Bare["roles"] | Bare["guides"] | Bare["verbs"] | Bare["menu"], never>
>();
expect<Equals<keyof typeof nothing, "page.open">>();
none.session({ grants: {}, facts: {} }).can("page.open");
// @ts-expect-error it has no privileges
none.session({ grants: { any: true } });
// @ts-expect-error it has no facts
none.session({ facts: { any: true } });
// @ts-expect-error it has no roles
none.session({ roles: ["any"] });
// @ts-expect-error it has no menu
none.session().verbs("any");
