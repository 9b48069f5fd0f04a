import type { VNode } from "preact";
import { useMemo } from "preact/hooks";

/**
 * What is drawn of plain data: the same elements as long as the data are equal, so that Preact leaves them alone. A change of a person
 * draws the whole page, and most rows stay as they are. `draw` may use nothing else that changes, except through refs.
 */
export const useDrawn = <T extends object>(data: T, draw: (data: T) => VNode): VNode =>
  useMemo(() => draw(data), [JSON.stringify(data)]);
