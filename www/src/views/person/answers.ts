// Answers of the studio about the operation that is asked about. Memoised by session, so that panes share them.
import type { Session } from "privet";
import type { Explanation, FixResult, Studio } from "privet/studio";
import { useApp } from "../../state/app.js";
import { useStudio } from "../../state/tools.js";
import { useAsked } from "./asked.js";

interface Known {
  readonly explained: Map<string, Explanation>;
  readonly fixed: Map<string, FixResult>;
}
const known = new WeakMap<Session, Known>();

function knownOf(session: Session): Known {
  const found = known.get(session) ?? { explained: new Map(), fixed: new Map() };
  known.set(session, found);
  return found;
}

export function explain(studio: Studio, session: Session, operation: string): Explanation {
  const { explained } = knownOf(session);
  const found = explained.get(operation) ?? studio.explain(session, operation);
  explained.set(operation, found);
  return found;
}

export function fixes(
  studio: Studio,
  session: Session,
  operation: string,
  to: "allowed" | "denied" = "allowed",
): FixResult {
  const { fixed } = knownOf(session);
  const key = `${to} ${operation}`;
  const found = fixed.get(key) ?? studio.fixes(session, operation, { to });
  fixed.set(key, found);
  return found;
}

/** The smallest changes for the operation that is asked about; none where it is allowed, or only restricts. */
export function useFixes(of?: Session): {
  readonly fixes?: FixResult;
  readonly explanation?: Explanation;
  readonly error?: string;
  readonly retry: () => void;
} {
  const app = useApp();
  const session = of ?? app.session;
  const { operation } = useAsked();
  const { studio, error, retry } = useStudio();
  if (!studio || !operation) return { ...(error !== undefined && { error }), retry };
  const explanation = explain(studio, session, operation.id);
  if (explanation.decision === "allowed" || operation.restricts) return { explanation, retry };
  return { explanation, fixes: fixes(studio, session, operation.id), retry };
}
