import { useEffect, useState } from "preact/hooks";
import type { Studio } from "privet/studio";
import { messages } from "../text/index.js";

let ready: Studio | undefined;
let loading: Promise<Studio> | undefined;
const listeners = new Set<() => void>();

/** Loads the studio once. A failed load is tried again when it is needed next. */
export function loadStudio(): Promise<Studio> {
  loading ??= import("privet/studio")
    .then(({ studio }) => studio({ messages }))
    .then(
      (studio) => {
        ready = studio;
        for (const update of [...listeners]) update();
        return studio;
      },
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
  return loading;
}

/** The studio once loaded, or why it could not be loaded. */
export function useStudio(): { readonly studio?: Studio; readonly error?: string; readonly retry: () => void } {
  const [error, setError] = useState<string>();
  const [, setReady] = useState(ready);
  const load = () => {
    setError(undefined);
    loadStudio().catch((error: unknown) => setError(String((error as Error).message)));
  };
  useEffect(() => {
    const update = () => setReady(ready);
    listeners.add(update);
    update(); // it may have come since the page was drawn
    if (!ready) load();
    return () => void listeners.delete(update);
  }, []);
  return { ...(ready && { studio: ready }), ...(error !== undefined && { error }), retry: load };
}

/** Loads the studio after the first view is drawn, so that the answer follows at once. */
export function loadSoon(): void {
  const load = () => void loadStudio().catch(() => undefined); // the view that needs the studio shows the error
  if ("requestIdleCallback" in globalThis) requestIdleCallback(load, { timeout: 500 });
  else setTimeout(load, 100);
}
