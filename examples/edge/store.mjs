// What the worker keeps of KV: read anew every few seconds, checked before it is used.
import { openSigned } from "privet/edge";

/**
 * A value that is read anew when it is older than `ms`, by one request, while the others go on with the last. A reading that
 * fails keeps the last; where there is none, it fails the request.
 */
export function remembered(read, ms) {
  let value;
  let due = 0;
  return async () => {
    if (value !== undefined && Date.now() < due) return value;
    due = Date.now() + ms;
    try {
      value = await read(value);
    } catch (error) {
      if (value === undefined) throw error;
      console.error("the last value stays in use:", error);
    }
    return value;
  };
}

/** What base64 text stands for. */
export const bytesOf = (base64) => Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));

/**
 * The policies of a system, newest first. KV has them as `policies/<system>`, a list of fingerprints and signatures that is
 * written last and at once, and `packs/<fingerprint>`, which never change. A policy that is known is not read again, so the
 * list that a request is decided by is wholly the old one or wholly the new one.
 */
export function policiesOf(kv, system, key, ms) {
  return remembered(async (last = []) => {
    const index = await kv.get(`policies/${system}`, "json");
    const listed = index.map(({ fingerprint, signature }) => async () => {
      const known = last.find((policy) => policy.fingerprint === fingerprint);
      if (known) return known;
      const pack = new Uint8Array(await kv.get(`packs/${fingerprint}`, "arrayBuffer"));
      const policy = await openSigned(pack, bytesOf(signature), key);
      // A good signature on the pack of another system, or of another version, proves nothing here.
      if (policy.id !== system || policy.fingerprint !== fingerprint)
        throw new Error(`packs/${fingerprint} is not the pack of ${system}`);
      return policy;
    });
    return Promise.all(listed.map((open) => open()));
  }, ms);
}
