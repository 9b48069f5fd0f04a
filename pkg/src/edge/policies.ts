// A cache of packs from a store: read again when it is old, verified before use; the last good ones stay while the store is down.
import { open } from "privet";
import type { Policy } from "../core/interfaces.js";
import type { AnySchema, EpochSeconds, Schema } from "../core/types.js";
import { aborting, readBytes, singleFlight, tell, TIMEOUT, within } from "./hooks.js";
import type { Awaitable, Clock, Milliseconds, OnProblem } from "./hooks.js";
import { invalid, isSeconds } from "./keys.js";
import { openSigned, RefusedPackError } from "./signed.js";

/** A pack with its signature: the text of `signPack`, or the bytes of a plain signature. */
export interface SignedPack {
  readonly pack: Uint8Array;
  readonly signature?: Uint8Array | string | undefined;
}

/** A bundle of `bundlePacks`, or a single pack, as it is stored. */
export type StoredPacks = Uint8Array | ArrayBuffer | string;

/** What a source answers: what is stored, or packs, the newest first; with the version of it, if there is one. */
export type PackAnswer =
  | { readonly body: StoredPacks; readonly etag?: string | undefined }
  | { readonly packs: readonly (SignedPack | Uint8Array)[]; readonly etag?: string | undefined }
  | StoredPacks
  | readonly (SignedPack | Uint8Array)[];

/** What a source is asked for. */
export interface PackQuestion {
  /** The version that was answered last. */
  readonly etag: string | undefined;
  /** The most bytes to read. */
  readonly maxBytes: number;
  /** Is aborted when the time is over. */
  readonly signal: AbortSignal;
}

/** Reads packs from a store: `undefined` if they have not changed since `etag`, `null` if there are none. */
export type PackSource = (question: PackQuestion) => Awaitable<PackAnswer | undefined | null>;

/** Options of {@link policies}. */
export interface PoliciesOptions {
  /** After how many seconds the source is read again. */
  readonly maxAge: number;
  /** The public key that signs packs, or a list while it is replaced. Without it, packs are used as the source has them. */
  readonly key?: CryptoKey | readonly CryptoKey[];
  /** The id that all policies must have. */
  readonly id?: string;
  /** The time before which packs do not count. It needs dated signatures, and `key`. */
  readonly notBefore?: EpochSeconds;
  /** The most bytes of an answer; by default 8 MiB. */
  readonly maxBytes?: number;
  /** The time that the source has, in milliseconds; by default 5,000. */
  readonly timeout?: Milliseconds;
  /** The current time in milliseconds; by default `Date.now`. */
  readonly clock?: Clock;
  /** Is told when the source fails or has packs that are refused; without it, the console is. */
  readonly onProblem?: OnProblem;
}

/** The least milliseconds between two attempts after one failed: with packs from before, and without. */
const RETRY = 5_000;
const RETRY_EMPTY = 1_000;
/** The most packs in a bundle. */
const MOST_PACKS = 64;

interface Opened extends SignedPack {
  readonly policy: Policy;
}

/**
 * The current policies from a source, for the option `policies` of a guard. They are read at the first call, and again when they are older
 * than `maxAge`: requests wait for that together, at most a fifth of the timeout, and then use what is there. Packs that have not
 * changed stay open. An answer is used as a whole or not at all. While the source fails or has refused packs, the last good policies
 * stay in use, without an end, and `onProblem` is called.
 *
 * @throws InvalidOptionsError
 */
export function policies<S extends Schema = AnySchema>(
  source: PackSource,
  options: PoliciesOptions,
): () => Promise<readonly Policy<S>[]> {
  const {
    maxAge,
    key,
    notBefore,
    maxBytes = 8 * 1024 * 1024,
    timeout = TIMEOUT,
    clock = Date.now,
    onProblem,
  } = options;
  if (typeof source !== "function") throw invalid("source", "must be a function, such as `fromKV(kv, name)`");
  if (!isSeconds(maxAge)) throw invalid("maxAge", "must be a non-negative number of seconds");
  if (notBefore !== undefined && !key) throw invalid("notBefore", "needs `key`: only a signature has a date");
  let opened: readonly Opened[] = [];
  let current: readonly Policy<S>[] | undefined;
  let etag: string | undefined;
  let readAt = 0;
  let triedAt = 0;
  let failure: unknown;
  let tries = 0;
  let newest = 0;

  const load = singleFlight(async () => {
    const attempt = ++tries;
    const began = clock();
    triedAt = began;
    try {
      const answer = await aborting(timeout, async (signal) => source({ etag, maxBytes, signal }));
      if (answer === null || (answer === undefined && !current)) throw new Error("the source has no packs");
      const [packs, version] = answer === undefined ? [] : read(answer, maxBytes);
      const answered = packs && (await Promise.all(packs.map((pack) => openOne(pack, opened, options))));
      if (attempt < newest) return; // answered after an attempt that began later: what it has was replaced
      newest = attempt;
      if (answered) {
        opened = answered;
        current = Object.freeze(opened.map(({ policy }) => policy as Policy<S>));
        etag = version;
      }
      readAt = began;
      failure = undefined;
    } catch (error) {
      if (attempt > newest) failure = error;
      throw error;
    }
  }, timeout);

  return async () => {
    const now = clock();
    if (!current) {
      if (failure && now - triedAt < RETRY_EMPTY) throw failure;
      await load.run();
    } else if (now - readAt >= 1000 * maxAge) {
      // A token may be of a policy that is newer than what is there, so all requests wait. Too slow: the next ones will have it
      if (load.isRunning()) {
        const left = timeout / 5 - load.elapsed();
        if (left > 0) await within(left, () => load.run()).catch(() => {});
      } else if (!failure || now - triedAt >= RETRY) {
        const refreshing = load.run().catch((error) => tell(onProblem, error, { during: "policies" }));
        await within(timeout / 5, () => refreshing).catch(() => {});
      }
    }
    return current!;
  };
}

/** The packs of an answer, and its version. */
function read(answer: PackAnswer, maxBytes: number): readonly [packs: readonly SignedPack[], etag: string | undefined] {
  const isStored = typeof answer === "string" || answer instanceof ArrayBuffer || ArrayBuffer.isView(answer);
  if (isStored) return [checked(unbundle(answer, maxBytes)), undefined];
  if (Array.isArray(answer)) return [checked(answer), undefined];
  const { etag, ...found } = answer as Exclude<PackAnswer, StoredPacks | readonly unknown[]>;
  return [checked("packs" in found ? found.packs : unbundle(found.body, maxBytes)), etag];
}

function checked(packs: readonly (SignedPack | Uint8Array)[]): readonly SignedPack[] {
  if (!Array.isArray(packs) || packs.length === 0 || packs.length > MOST_PACKS)
    throw new Error(`the source must have 1 to ${MOST_PACKS} packs`);
  return packs.map((pack: SignedPack | Uint8Array) => (ArrayBuffer.isView(pack) ? { pack } : pack));
}

/** Opens a pack, unless it is open from before with the same signature. */
async function openOne(
  { pack, signature }: SignedPack,
  before: readonly Opened[],
  { key, id, notBefore }: PoliciesOptions,
): Promise<Opened> {
  const known = before.find((one) => isEqual(one.pack, pack) && isEqual(one.signature, signature));
  if (known) return known;
  const bytes = Uint8Array.from(pack);
  if (key) {
    const policy = await openSigned(bytes, signature as Uint8Array | string, key, { id, notBefore });
    return { pack: bytes, signature, policy };
  }
  const policy = open(bytes);
  if (id !== undefined && policy.id !== id)
    throw new RefusedPackError("wrong-pack", `pack is of policy \`${policy.id}\`, not of \`${id}\``, policy.id);
  return { pack: bytes, signature, policy };
}

function isEqual(a: Uint8Array | string | undefined, b: Uint8Array | string | undefined): boolean {
  if (!(a instanceof Uint8Array && b instanceof Uint8Array)) return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}

/**
 * Writes packs, the newest first, as one object for a store: JSON, so that a single write replaces all of them.
 */
export function bundlePacks(packs: readonly SignedPack[]): string {
  const written = checked(packs).map(({ pack, signature }) => ({
    pack: toBase64(pack),
    ...(signature !== undefined && { signature: typeof signature === "string" ? signature : toBase64(signature) }),
  }));
  return JSON.stringify({ packs: written });
}

/** Reads a bundle, or a pack that is stored by itself. */
function unbundle(body: StoredPacks, maxBytes: number): readonly SignedPack[] {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : new Uint8Array(body);
  if (bytes.length > maxBytes) throw new Error(`the source answered more than ${maxBytes} bytes`);
  if (String.fromCharCode(...bytes.subarray(0, 4)) === "PRVT") return [{ pack: bytes }];
  const { packs } = JSON.parse(new TextDecoder().decode(bytes)) as {
    packs: readonly { readonly pack: string; readonly signature?: string }[];
  };
  return packs.map(({ pack, signature }) => ({
    pack: fromBase64(pack),
    // A dated signature has points, which base64 has not
    signature: signature === undefined || signature.includes(".") ? signature : fromBase64(signature),
  }));
}

const fromBase64 = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const toBase64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));

/** What is used of a KV namespace of Cloudflare. */
export interface KeyValueStore {
  get(name: string, type: "arrayBuffer"): Promise<ArrayBuffer | null>;
}

/** Packs under a key of Workers KV: a bundle of {@link bundlePacks}, or a pack. */
export function fromKV(kv: KeyValueStore, name: string): PackSource {
  return async () => {
    const body = await kv.get(name, "arrayBuffer");
    return body && { body };
  };
}

/** What is used of an R2 bucket of Cloudflare. */
export interface ObjectStore {
  get(
    name: string,
    options?: { onlyIf?: { etagDoesNotMatch?: string } },
  ): Promise<{ readonly etag: string; readonly size: number; arrayBuffer?(): Promise<ArrayBuffer> } | null>;
}

/** Packs in an object of R2: a bundle of {@link bundlePacks}, or a pack. It is read only if its ETag has changed. */
export function fromR2(bucket: ObjectStore, name: string): PackSource {
  return async ({ etag, maxBytes }) => {
    const object = await bucket.get(name, etag === undefined ? {} : { onlyIf: { etagDoesNotMatch: etag } });
    if (!object) return null;
    if (!object.arrayBuffer) return undefined;
    if (object.size > maxBytes) throw new Error(`the object has more than ${maxBytes} bytes`);
    return { body: await object.arrayBuffer(), etag: object.etag };
  };
}

/** Options of {@link fromFetch}. */
export interface FetchOptions {
  readonly headers?: { readonly [name: string]: string };
  /** Fetches the object; by default the global `fetch`. A client that signs its requests reads from S3 and what is like it. */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
}

/** Packs at a URL: a bundle of {@link bundlePacks}, or a pack. It is read only if its ETag has changed. */
export function fromFetch(url: string | URL, { headers, fetch }: FetchOptions = {}): PackSource {
  return async ({ etag, maxBytes, signal }) => {
    const response = await (fetch ?? globalThis.fetch)(String(url), {
      headers: { ...headers, ...(etag !== undefined && { "if-none-match": etag }) },
      signal,
    });
    if (response.status === 304) return undefined;
    if (response.status !== 200) throw new Error(`the packs were answered with status ${response.status}`);
    return { body: await readBytes(response, maxBytes), etag: response.headers.get("etag") ?? undefined };
  };
}
