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

/** Keeps a request in the workspace, made now and under an id of its own, and shows it. */
export function keepRequest(
  { workspace, update, ask }: Pick<App, "workspace" | "update" | "ask">,
  request: AccessRequest,
) {
  const at = Date.now();
  const id = `r-${at.toString(36)}`;
  update({ requests: [...workspace.requests, { ...request, id, at }] });
  ask({ view: "requests", request: id });
}
