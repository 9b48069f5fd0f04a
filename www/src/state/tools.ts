import { useEffect, useState } from "preact/hooks";
import type { Studio } from "privet/studio";

let ready: Studio | undefined;
let loading: Promise<Studio> | undefined;
const waiting = new Set<() => void>();

/** The studio, loaded once: when somebody first touches the page, or a view needs it. A failure is tried again. */
export function loadStudio(): Promise<Studio> {
  loading ??= import("privet/studio")
    .then(({ studio }) => studio())
    .then(
      (studio) => {
        ready = studio;
        for (const tell of [...waiting]) tell();
        return studio;
      },
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
  return loading;
}

/** The studio once it is there, and why it is not. Where it is not `needed` at once, it is waited for and not asked for. */
export function useStudio(needed = true): { readonly studio?: Studio; readonly error?: string } {
  const [error, setError] = useState<string>();
  const [, setReady] = useState(ready);
  useEffect(() => {
    const tell = () => setReady(ready);
    waiting.add(tell);
    return () => void waiting.delete(tell);
  }, []);
  useEffect(() => {
    if (!ready && needed) loadStudio().catch((error: unknown) => setError(String((error as Error).message)));
  }, [needed]);
  return { ...(ready && { studio: ready }), ...(error !== undefined && { error }) };
}

/** Begins to load the studio at the first sign of somebody: a first look needs none of it. */
export function loadOnIntent(): void {
  const signs = ["pointermove", "pointerdown", "keydown", "touchstart", "focusin"];
  const begin = () => {
    for (const sign of signs) removeEventListener(sign, begin);
    loadStudio().catch(() => undefined); // the view that needs it tells
  };
  for (const sign of signs) addEventListener(sign, begin, { passive: true });
}
