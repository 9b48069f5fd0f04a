// Messages that a server pushes: facts that change, and requests to ask for the grants again.
import type { Facts, Schema } from "../core/types.js";

/** An open `EventSource` or `WebSocket`, or anything else with their events. */
export type Pushing = Pick<EventTarget, "addEventListener" | "removeEventListener">;

/** What a store does with the messages. */
export interface Receiver<S extends Schema> {
  facts(facts: Facts<S>): void;
  refresh(): unknown;
  signOut(): void;
  fail(error: unknown): void;
}

/** The longest time between two attempts to connect, in milliseconds. */
const LONGEST_WAIT = 60_000;

/**
 * Listens to a source until the returned function is called. A message is JSON: an object of facts, `"refresh"` or `"sign-out"`. An
 * address that begins with `ws:` or `wss:` is a WebSocket, any other an EventSource. After an interruption it asks for the grants and
 * facts again, since messages may be lost.
 */
export function listen<S extends Schema>(source: string | URL | Pushing, receiver: Receiver<S>): () => void {
  let stop = () => {};
  let isStopped = false;
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isInterrupted = false;

  const receive = (event: Event) => {
    try {
      const message: unknown = JSON.parse(String((event as MessageEvent<unknown>).data));
      if (message === "refresh") receiver.refresh();
      else if (message === "sign-out") receiver.signOut();
      else receiver.facts(message as Facts<S>);
    } catch (error) {
      receiver.fail(error);
    }
  };
  const opened = () => {
    attempts = 0;
    if (isInterrupted) receiver.refresh();
    isInterrupted = false;
  };
  const lost = () => {
    isInterrupted = true;
  };

  const attach = (target: Pushing, again?: () => void) => {
    const closed = () => {
      lost();
      if (!again || isStopped) return;
      clearTimeout(timer);
      timer = setTimeout(again, Math.min(1000 * 2 ** attempts++, LONGEST_WAIT));
    };
    const handlers: { [type: string]: (event: Event) => void } = {
      message: receive,
      open: opened,
      error: lost,
      close: closed,
    };
    for (const [type, handler] of Object.entries(handlers)) target.addEventListener(type, handler);
    stop = () => {
      for (const [type, handler] of Object.entries(handlers)) target.removeEventListener(type, handler);
    };
  };

  if (typeof source === "object" && "addEventListener" in source) attach(source);
  else if (/^wss?:/.test(String(source))) {
    const connect = () => {
      stop();
      const socket = new WebSocket(source);
      attach(socket, connect);
      const detach = stop;
      stop = () => {
        detach();
        socket.close();
      };
    };
    connect();
  } else {
    const events = new EventSource(source);
    attach(events);
    const detach = stop;
    stop = () => {
      detach();
      events.close();
    };
  }
  return () => {
    isStopped = true;
    clearTimeout(timer);
    stop();
  };
}
