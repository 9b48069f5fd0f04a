// A policy of a shop whose ids are those that other issuers put into claims, and guards for it.
import { AUDIENCE, ISSUER, claims, keys, request } from "./issuer.mjs";
import { load } from "./package.mjs";

const { open } = await load("privet");
const { guard } = await load("privet/edge");
const tools = await (await load("privet/studio")).studio();

const flag = (id) => ({ id, kind: "flag", label: id });
export const document = {
  format: 1,
  id: "orders",
  title: "Orders",
  version: "1",
  facts: [{ id: "open-day", kind: "switch", label: "Open day" }],
  privileges: [
    ...["orders:read", "orders:refund", "org:orders:read", "org:orders:refund"].map(flag),
    { id: "stock", kind: "level", label: "Stock", levels: ["view", "edit"].map((id) => ({ id, label: id })) },
    { id: "email", kind: "flag", label: "Reads the mail of customers" },
  ],
  roles: [
    { id: "clerk", label: "Clerk", grants: { "orders:read": true } },
    { id: "manager", label: "Manager", grants: { "orders:read": true, "orders:refund": true } },
    { id: "org:admin", label: "Administrator", grants: { "orders:refund": true } },
  ],
  operations: [
    { id: "orders.list", label: "List", requires: "orders:read or org:orders:read" },
    { id: "orders.refund", label: "Refund", requires: "orders:refund or org:orders:refund" },
    { id: "stock.edit", label: "Edit the stock", requires: "stock >= edit" },
    { id: "mail.read", label: "Read mail", requires: "email" },
    { id: "day.close", label: "Close the day", requires: "open-day and orders:read" },
  ],
};
export const pack = tools.compile(document);
export const orders = open(pack);

/** Options of a guard for this policy; problems are not written to the console. */
export const options = {
  policies: [orders],
  keys: keys.publicKey,
  issuer: ISSUER,
  audience: AUDIENCE,
  algorithms: ["EdDSA"],
  onProblem: () => {},
};

/** A guard that maps claims, and what it was told. */
export function mapping(subject, more = {}) {
  const records = [];
  const problems = [];
  const guarded = guard({
    ...options,
    subject,
    onDecision: (record) => void records.push(record),
    onProblem: (error, { during }) => void problems.push([during, error.code]),
    ...more,
  });
  return {
    guarded,
    records,
    problems,
    /** The operations that these claims allow. */
    allowed: async (more) => [...(await guarded.session(await request(claims({}, more)))).allowed()],
    require: async (more, operation) => guarded.require(await request(claims({}, more)), operation),
  };
}
