// A small policy for the tests of adapters: one operation per privilege, and one that depends on a fact of a record.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createStore, open } from "privet";
import { studio } from "privet/studio";

const flag = (id) => ({ id, kind: "flag", label: id });
const operation = (id, requires, more = {}) => ({ id, label: id, requires, ...more });

export const document = {
  format: 1,
  id: "shop",
  title: "Shop",
  version: "1",
  facts: [{ id: "own", kind: "switch", label: "own" }],
  privileges: ["list", "refund", "audit"].map(flag),
  menu: [
    { id: "orders", label: "Orders" },
    { id: "refunds", label: "Refunds", parent: "orders" },
    { id: "audits", label: "Audits" },
  ],
  operations: [
    operation("orders.list", "list", { menu: ["orders"] }),
    operation("orders.refund", "refund", { menu: ["refunds"] }),
    operation("orders.edit", "list and own"),
    operation("audit.read", "audit", { menu: ["audits"] }),
    operation("page.open", "true"),
  ],
};

const wasm = join(process.env.PRIVET_INSTALLED, "node_modules/privet/wasm/studio_bg.wasm");
export const tools = await studio(readFileSync(wasm));
export const policy = open(tools.compile(document));
export const policyWithoutReasons = open(tools.compile(document, { reasons: false }));
export const clerk = policy.session({ grants: { list: true } });
export const boss = policy.session({ grants: { list: true, refund: true } });
export const storeOf = (session) => createStore(session);
export const titles = (items) => items.map(({ label, children }) => [label, ...titles(children)].join(">"));
