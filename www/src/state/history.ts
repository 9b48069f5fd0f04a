// Undo steps of a workspace. They cover the people, the roles and the installation, and nothing else.
import type { Content, Step, Workspace } from "./types.js";

/** The most steps that are kept. */
const MOST = 100;

export function committed(workspace: Workspace, content: Content, did: string, focus?: string): Workspace {
  const step: Step = { content: workspace.content, did, ...(focus !== undefined && { focus }) };
  return { ...workspace, content, past: [...workspace.past.slice(1 - MOST), step], future: [] };
}

/** One step back or forward; `undefined` where there is none. */
export function stepped(workspace: Workspace, way: "undo" | "redo"): { workspace: Workspace; step: Step } | undefined {
  const [from, to] = way === "undo" ? [workspace.past, workspace.future] : [workspace.future, workspace.past];
  const step = from.at(-1);
  if (!step) return undefined;
  const [rest, kept] = [from.slice(0, -1), [...to, { ...step, content: workspace.content }]];
  const [past, future] = way === "undo" ? [rest, kept] : [kept, rest];
  return { workspace: { ...workspace, content: step.content, past, future }, step };
}
