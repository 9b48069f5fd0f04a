// Opens signed packs.
import { open } from "privet";
import { PrivetError } from "../core/errors.js";
import type { Policy } from "../core/interfaces.js";
import type { AnySchema, Schema } from "../core/types.js";

/** A pack whose signature is missing, damaged, or made with another key. */
export class InvalidSignatureError extends PrivetError<"invalid-signature"> {}

/**
 * Opens a pack from an untrusted store. The signature is verified before any byte is parsed. `key` is an Ed25519 or ECDSA
 * (SHA-256) public key; `crypto.subtle.sign` with its private key makes the signature. O(bytes).
 *
 * @throws InvalidSignatureError if the signature or the kind of the key is wrong; InvalidPackError.
 */
export async function openSigned<S extends Schema = AnySchema>(
  pack: Uint8Array,
  signature: Uint8Array,
  key: CryptoKey,
): Promise<Policy<S>> {
  const bytes = Uint8Array.from(pack ?? []); // a copy: the caller may write to `pack` while the signature is verified
  const { name } = key.algorithm;
  const known = (name === "Ed25519" || name === "ECDSA") && signature instanceof Uint8Array; // stores return `null` for a missing one
  const good =
    known &&
    (await crypto.subtle.verify({ name, hash: "SHA-256" }, key, Uint8Array.from(signature), bytes).catch(() => false));
  if (good !== true) throw new InvalidSignatureError("invalid-signature", "pack is not signed by this key");
  return open<S>(bytes);
}
