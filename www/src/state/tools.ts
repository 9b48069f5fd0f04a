import { useEffect, useState } from "preact/hooks";
import type { Studio } from "privet/studio";

let ready: Studio | undefined;
let loading: Promise<Studio> | undefined;
const listeners = new Set<() => void>();

/** Loads the studio once, on first user input or when a view needs it. A failed load is retried. */
export function loadStudio(): Promise<Studio> {
  loading ??= import("privet/studio")
    .then(({ studio }) => studio())
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

/** The studio once loaded, or the load error. With `needed` false it does not trigger the load. */
export function useStudio(needed = true): { readonly studio?: Studio; readonly error?: string } {
  const [error, setError] = useState<string>();
  const [, setReady] = useState(ready);
  useEffect(() => {
    const update = () => setReady(ready);
    listeners.add(update);
    return () => void listeners.delete(update);
  }, []);
  useEffect(() => {
    if (!ready && needed) loadStudio().catch((error: unknown) => setError(String((error as Error).message)));
  }, [needed]);
  return { ...(ready && { studio: ready }), ...(error !== undefined && { error }) };
}

/** Loads the studio on the first user input; the first view does not need it. */
export function loadOnIntent(): void {
  const events = ["pointermove", "pointerdown", "keydown", "touchstart", "focusin"];
  const load = () => {
    for (const event of events) removeEventListener(event, load);
    loadStudio().catch(() => undefined); // the view that needs the studio shows the error
  };
  for (const event of events) addEventListener(event, load, { passive: true });
}
