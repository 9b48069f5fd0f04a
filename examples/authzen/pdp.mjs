// The decision point of the certification scenario: who the people and records are, and which operation an action is.
import { authzen } from "privet/authzen";

/** The people and their roles. In production they come from a directory. */
const people = { alice: ["editor"], bob: ["reader"] };
/** The records and their status. In production they come from a store. */
const records = { "record-1": "active", "record-2": "archived" };

const known = (table, id) => (Object.hasOwn(table, id) ? table[id] : undefined);

/** The options of the decision point: what the caller states as `properties` counts where the scenario says so. */
export const mapping = {
  subject: {
    user({ id, properties }) {
      const roles = known(people, id);
      return roles && { roles: properties.role === "admin" ? [...roles, "admin"] : roles };
    },
  },
  resource: {
    record({ id, properties }) {
      const status = properties.status ?? known(records, id);
      if (status === undefined) return undefined; // a record that nobody knows
      // Any other status is unknown, and what depends on it is undecided
      return { archived: { active: false, archived: true }[String(status)] ?? null };
    },
  },
  action: {
    record: {
      read: "records.read",
      write: "records.write",
      delete: ({ properties }) => (properties.soft === true ? "records.bin" : "records.delete"),
    },
  },
  search: {
    subject: { user: ["alice", { id: "bob", properties: { role: "admin" } }] },
    resource: { record: Object.keys(records) },
  },
};

/** The fetch handler for an opened policy. */
export const pdp = (policy, options = {}) => authzen({ policy, ...mapping, ...options });
