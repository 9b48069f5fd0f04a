// What surrounds the hooks of a guard: a bound of time, errors that are told, and promises that outlive the response.

/** A value, or a promise of it. */
export type Awaitable<T> = T | Promise<T>;

/** A time span in milliseconds. */
export type Milliseconds = number;

/** The current time in milliseconds since 1970, as `Date.now` returns it. */
export type Clock = () => number;

/** Keeps a promise running after the response was sent, as the `waitUntil` of workers does. */
export type WaitUntil = (promise: Promise<unknown>) => void;

/** The time that a hook has by default. */
export const TIMEOUT: Milliseconds = 5000;

/** What was being done when a problem occurred. */
export interface ProblemContext {
  /** The option of the guard that failed, such as `policies`, `facts`, `keys` or `onDecision`. */
  readonly during: string;
  /** The request that was being guarded; absent where several requests share the work, such as a refresh of keys. */
  readonly request?: Request;
}

/** Is told of errors that are not the client's. */
export type OnProblem = (error: unknown, context: ProblemContext) => unknown;

/** Whether a value is a promise of any realm or library. */
const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as PromiseLike<unknown> | null | undefined)?.then === "function";

/**
 * The result of a call. Rejects if it takes longer; the call itself cannot be stopped. A call that returns no promise costs no timer.
 */
export async function within<T>(timeout: Milliseconds, call: () => Awaitable<T>): Promise<T> {
  const result = call();
  if (!isPromise(result)) return result;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${timeout} ms`)), timeout);
  });
  try {
    return await Promise.race([result, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Tells of an error: calls `onProblem`, or else writes to the console. Never throws. */
export function tell(
  onProblem: OnProblem | undefined,
  error: unknown,
  context: ProblemContext,
): Promise<unknown> | undefined {
  const failed = (thrown: unknown) => console.error("privet: onProblem failed:", thrown);
  if (!onProblem) {
    console.error(`privet: ${context.during} failed:`, error);
    return undefined;
  }
  try {
    const told = onProblem(error, context);
    return isPromise(told) ? Promise.resolve(told).catch(failed) : undefined;
  } catch (thrown) {
    failed(thrown);
    return undefined;
  }
}

/** Not a literal in the import below, so that bundlers for other runtimes do not look for the module. */
const WORKERS = "cloudflare:workers";
let workers: { readonly waitUntil?: WaitUntil } | undefined;

/** The `waitUntil` of the runtime: of Vercel's request context, or of `cloudflare:workers`. `undefined` where there is none. */
async function runtimeWaitUntil(): Promise<WaitUntil | undefined> {
  type Vercel = { get?(): { waitUntil?: WaitUntil } | undefined };
  const vercel = (globalThis as { [key: symbol]: Vercel | undefined })[Symbol.for("@vercel/request-context")];
  const ofVercel = vercel?.get?.()?.waitUntil;
  if (ofVercel) return ofVercel;
  if (globalThis.navigator?.userAgent !== "Cloudflare-Workers") return undefined;
  // The module itself is kept, and not the promise of it, which would belong to one request
  workers ??= (await import(/* webpackIgnore: true */ /* @vite-ignore */ WORKERS).catch(() => ({}))) as typeof workers;
  return workers?.waitUntil;
}

/** Keeps a promise running after the response, or waits for it, within the time, where that is not possible. It must not reject. */
export async function outlive(
  promise: Promise<unknown>,
  waitUntil: WaitUntil | undefined,
  timeout: Milliseconds,
): Promise<void> {
  if (!(await keep(promise, waitUntil))) await within(timeout, () => promise);
}

/** Gives a promise to `waitUntil`, or to that of the runtime. Returns whether there is one. The promise must not reject. */
async function keep(promise: Promise<unknown>, waitUntil: WaitUntil | undefined): Promise<boolean> {
  try {
    const found = waitUntil ?? (await runtimeWaitUntil());
    found?.(promise);
    return found !== undefined;
  } catch {
    return false; // called outside of a request
  }
}

/**
 * A function that runs `run` once at a time: calls meanwhile wait for the same run. Each call has its own bound of time, since in a
 * worker the run belongs to the request that began it, and ends without a result if that request is cancelled; after this time,
 * another call begins a new one.
 */
export function singleFlight(run: () => Promise<void>, timeout: Milliseconds): SingleFlight {
  let current: { readonly done: Promise<void>; readonly since: number } | undefined;
  const isRunning = () => current !== undefined && performance.now() - current.since < timeout;
  const start = () => {
    const started = { done: run(), since: performance.now() };
    const over = () => {
      if (current === started) current = undefined;
    };
    void keep(started.done.then(over, over), undefined);
    current = started;
  };
  return {
    isRunning,
    elapsed: () => (current ? performance.now() - current.since : 0),
    run() {
      if (!isRunning()) start();
      const { done } = current!;
      return within(timeout, () => done);
    },
  };
}

/** Work that several requests share. */
export interface SingleFlight {
  /** Whether calls wait for a run that began before. */
  isRunning(): boolean;
  /** For how many milliseconds the present run lasts. */
  elapsed(): Milliseconds;
  run(): Promise<void>;
}

/**
 * The bytes of a response, at most so many. A longer one is refused by its `content-length`, or when that many were read.
 */
export async function readBytes(response: Response, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const reader = response.body?.getReader();
  const chunks: Uint8Array[] = [];
  let length = Number(response.headers.get("content-length") ?? 0);
  if (!(length > most)) {
    length = 0;
    for (;;) {
      const chunk = (await reader?.read())?.value;
      if (!chunk) break;
      length += chunk.length;
      if (length > most) break;
      chunks.push(chunk);
    }
  }
  if (length > most) {
    await reader?.cancel();
    throw new Error(`the response has more than ${most} bytes`);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/** The result of a call, within the time. Its signal is aborted if it takes longer or fails, so that connections are closed. */
export async function aborting<T>(timeout: Milliseconds, call: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  try {
    return await within(timeout, () => call(controller.signal));
  } catch (error) {
    controller.abort();
    throw error;
  }
}
