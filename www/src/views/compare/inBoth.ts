import type { Session } from "privet";
import type { Model } from "../../state/model.js";
import type { Content, Person } from "../../state/types.js";
import { subjectOf } from "../../state/workspace.js";

/** What a person may do in two versions of a policy, or why one of them does not accept what they hold. */
export function inBoth(
  before: Model,
  after: Model,
  content: Content,
  person: Person,
): { readonly was: Session; readonly is: Session } | { readonly fault: string } {
  const subject = subjectOf(content, person);
  // A setting that only one of the versions has is no fault of the person
  const known = (model: Model) =>
    ({
      ...subject,
      facts: Object.fromEntries(Object.entries(subject.facts ?? {}).filter(([id]) => model.facts.has(id))),
    }) as typeof subject;
  try {
    return { was: before.session(known(before)), is: after.session(known(after)) };
  } catch (error) {
    return { fault: (error as Error).message };
  }
}
