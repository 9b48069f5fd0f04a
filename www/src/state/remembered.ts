// Small settings that this browser remembers. Storage may be blocked: then they last until the page is closed.
type Storage = "localStorage" | "sessionStorage";

export function remembered(key: string, storage: Storage = "localStorage"): string | null {
  try {
    return globalThis[storage].getItem(`privet.${key}`);
  } catch {
    return null;
  }
}

export function remember(key: string, value: string, storage: Storage = "localStorage"): void {
  try {
    globalThis[storage].setItem(`privet.${key}`, value);
  } catch {
    // not kept
  }
}
