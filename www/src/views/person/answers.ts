// Answers of the studio about the operation that is asked about. Memoised by session, so that panes share them.
import type { Session } from "privet";
import type { Explanation, FixResult, Studio } from "privet/studio";
import { useApp } from "../../state/app.js";
import { useStudio } from "../../state/tools.js";
import { useAsked } from "./asked.js";
import { memo } from "../../state/memo.js";

const explanations = memo<Session, Explanation>();
export const explain = (studio: Studio, session: Session, operation: string): Explanation =>
  explanations(session, operation, () => studio.explain(session, operation));

const found = memo<Session, FixResult>();
export const fixes = (
  studio: Studio,
  session: Session,
  operation: string,
  to: "allowed" | "denied" = "allowed",
): FixResult => found(session, `${to} ${operation}`, () => studio.fixes(session, operation, { to }));

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
