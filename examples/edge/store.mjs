// Cached reads from KV: refreshed every few seconds, verified before use.
import { openSigned } from "privet/edge";

/**
 * Caches a value and refreshes it when it is older than `ms`. One request waits for the refresh; the others use the last value.
 * If a refresh fails, the last value stays in use; if there is none, the request fails.
 */
export function cached(read, ms) {
  let value;
  let due = 0;
  return async () => {
    if (value !== undefined && Date.now() < due) return value;
    due = Date.now() + ms;
    try {
      value = await read(value);
    } catch (error) {
      if (value === undefined) throw error;
      console.error("refresh failed, the last value stays in use:", error);
    }
    return value;
  };
}

/** Decodes base64. */
export const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/**
 * The policies of a system, newest first. In KV, `policies/<system>` is a list of fingerprints and signatures, written last and
 * in a single write, and `packs/<fingerprint>` are immutable. Opened policies are reused. A request is decided with either the
 * old or the new list, never with a mixture.
 */
export function policiesOf(kv, system, key, ms) {
  return cached(async (last = []) => {
    const index = await kv.get(`policies/${system}`, "json");
    const listed = index.map(({ fingerprint, signature }) => async () => {
      const known = last.find((policy) => policy.fingerprint === fingerprint);
      if (known) return known;
      const pack = new Uint8Array(await kv.get(`packs/${fingerprint}`, "arrayBuffer"));
      const policy = await openSigned(pack, bytesOf(signature), key);
      // A valid signature is not enough: the pack must be the one that the list names
      if (policy.id !== system || policy.fingerprint !== fingerprint)
        throw new Error(`packs/${fingerprint} is not the pack of ${system}`);
      return policy;
    });
    return Promise.all(listed.map((open) => open()));
  }, ms);
}
