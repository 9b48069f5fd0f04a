// Requests of a workspace.
import type { Change } from "privet";
import type { App } from "./app.js";
import type { AccessRequest } from "./types.js";

/** A request that has not been sent. An operation is empty where the change is asked for itself. */
export const draftRequest = (id: string, person: string, operation: string, change: Change): AccessRequest => ({
  id,
  person,
  operation,
  change,
  to: "",
  at: 0,
  state: "draft",
});

/** Whether two requests ask the same of the same person, and are as far. */
const isSame = (one: AccessRequest, other: AccessRequest) =>
  one.state === other.state &&
  one.person === other.person &&
  one.operation === other.operation &&
  JSON.stringify(one.change) === JSON.stringify(other.change);

/** Keeps a request in the workspace, made now and under an id of its own, and shows it. One that is there already is shown. */
export function keepRequest({ update, ask }: Pick<App, "update" | "ask">, request: AccessRequest) {
  const at = Date.now();
  let id = `r-${at.toString(36)}`;
  update(({ requests }) => {
    const same = requests.find((it) => isSame(it, request));
    if (same) id = same.id;
    return same ? {} : { requests: [...requests, { ...request, id, at }] };
  });
  ask({ view: "requests", request: id });
}
