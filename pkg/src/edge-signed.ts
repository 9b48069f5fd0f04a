import { open } from "privet";
import { PrivetError } from "./errors.js";
import type { Policy } from "./policy.js";
import type { AnySchema, Schema } from "./types.js";

/** A pack whose signature is missing, damaged, or of another key. */
export class InvalidSignatureError extends PrivetError {}

/**
 * Opens a pack from a store that others can write to, after its signature was verified: none of its bytes is read before.
 * `key` is an Ed25519 or ECDSA (SHA-256) public key; `crypto.subtle.sign` with its private key makes the signature.
 *
 * @throws InvalidSignatureError where the signature is not the key's, or the key is of another kind; InvalidPackError.
 */
export async function openSigned<S extends Schema = AnySchema>(
  pack: Uint8Array,
  signature: Uint8Array,
  key: CryptoKey,
): Promise<Policy<S>> {
  const bytes = Uint8Array.from(pack ?? []); // what is verified is what is opened, whoever writes to `pack` meanwhile
  const { name } = key.algorithm;
  const known = (name === "Ed25519" || name === "ECDSA") && signature instanceof Uint8Array; // a store that has none gives `null`
  const good =
    known &&
    (await crypto.subtle.verify({ name, hash: "SHA-256" }, key, Uint8Array.from(signature), bytes).catch(() => false));
  if (good !== true)
    throw new InvalidSignatureError("invalid-signature", "pack is not signed by the key that was given");
  return open<S>(bytes);
}
