// Other tabs of the same origin. Messages have the time of what they report: a tab that was signed out ignores sessions that were
// asked for before, so a late message cannot sign it in again.
import type { Dehydrated } from "../adapters/ssr.js";

/** What one tab tells the others, with times in milliseconds since 1970: when the session was asked for, and when it last changed. */
export type Message =
  | { readonly kind: "session"; readonly since: number; readonly at: number; readonly value: Dehydrated }
  | { readonly kind: "sign-out"; readonly at: number };

/** The other tabs. */
export interface Tabs {
  tell(message: Message): void;
  close(): void;
}

const ALONE: Tabs = { tell: () => {}, close: () => {} };

/** Connects with the tabs that use the same name. Does nothing where there are no tabs, and without a name. */
export function openTabs(name: string | undefined, receive: (message: Message) => void): Tabs {
  if (name === undefined || typeof BroadcastChannel === "undefined") return ALONE;
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent<Message | null>) => {
    if (typeof data?.at === "number") receive(data);
  };
  (channel as { unref?: () => void }).unref?.(); // in Node.js, as in tests, it does not keep the process alive
  return { tell: (message) => channel.postMessage(message), close: () => channel.close() };
}
