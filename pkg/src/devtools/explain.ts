// Explanations by the studio, which is loaded for the first one.
import type { Studio } from "privet/studio";
import type { Session } from "../core/interfaces.js";
import type { Schema } from "../core/types.js";
import type { Decision } from "../frameworks/inspect.js";

let loading: Promise<Studio> | undefined;

/** Why a session decides as it does, as a sentence; what is wrong, if it cannot be said. Never rejects. */
export async function explain(session: Session<Schema> | undefined, decision: Decision): Promise<string> {
  if (!session) return "there is no session: nothing is allowed";
  try {
    loading ??= import("privet/studio").then(({ studio }) => studio());
    const tools = await loading;
    const by = decision.facts ? session.under(decision.facts) : session;
    return tools.explain(by as Session, decision.operation).sentence;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
