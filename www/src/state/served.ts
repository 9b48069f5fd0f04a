// The policy that `privet serve` serves: the server names its events in the page. Elsewhere there are none.

const path = document.querySelector<HTMLMetaElement>('meta[name="privet-serve"]')?.content;

/** Whether the page is served by `privet serve`. */
export const isServed = path !== undefined;

/** The id of the workspace of the served policy. */
export const SERVED = "own";

let latest: string | undefined;

/** The text of the served policy, once it compiled. */
export const servedText = (): string | undefined => latest;

/** Whether an address means the served policy: names it, or no workspace. */
export const meansServed = (workspace: string): boolean => isServed && (workspace === "" || workspace === SERVED);

/** Whether an address means the served policy, which has not compiled yet. */
export const awaitsServed = (workspace: string): boolean => meansServed(workspace) && latest === undefined;

/** Follows the served policy: each version that compiles, and why one does not. Returns a function that ends it. */
export function followServed(onText: (text: string) => void, onFault: (message: string) => void): () => void {
  if (path === undefined) return () => {};
  const events = new EventSource(path);
  events.addEventListener("policy", ({ data }: MessageEvent<string>) => {
    latest = (JSON.parse(data) as { text: string }).text;
    onText(latest);
  });
  events.addEventListener("fault", ({ data }: MessageEvent<string>) => {
    onFault((JSON.parse(data) as { fault: string }).fault);
  });
  return () => events.close();
}
