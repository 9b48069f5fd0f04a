import type { Component, Snippet } from "svelte";
import type { Facts, OperationId, RegisteredSchema } from "privet";
import type { Decisions } from "privet/svelte";

/** Shows its children where an operation is allowed. */
declare const Can: Component<{
  do: OperationId<RegisteredSchema>;
  /** Shows the children where the operation is not allowed instead. */
  not?: boolean;
  /** Facts of a record: decides by `session.under(facts)`. */
  facts?: Facts<RegisteredSchema> | undefined;
  /** Shows the children as disabled instead of removing them: spread the attributes that they get. */
  disabled?: boolean;
  /** The reason of disabled children; without it, the option `why` is asked. */
  reason?: string | ((operation: OperationId<RegisteredSchema>) => string | undefined) | undefined;
  /** The decisions of another policy than that of the context. */
  privet?: Decisions<RegisteredSchema>;
  children?: Snippet<[{ shown: boolean; disabled: Record<string, unknown> }]> | Snippet;
  fallback?: Snippet;
}>;
export default Can;
