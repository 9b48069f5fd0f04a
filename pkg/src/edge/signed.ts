// Opens signed packs.
import { open } from "privet";
import { SignJWT, jwtVerify } from "jose";
import { PrivetError } from "../core/errors.js";
import type { Policy } from "../core/interfaces.js";
import type { AnySchema, EpochSeconds, Schema } from "../core/types.js";

/** A pack whose signature is missing, damaged, or made with another key. */
export class InvalidSignatureError extends PrivetError<"invalid-signature"> {}
/** A pack with a valid signature that is not the one that was asked for: of another policy, or signed too early. */
export class RefusedPackError extends PrivetError<"wrong-pack" | "outdated-pack"> {}

/** What a signed pack must be. */
export interface SignedOptions {
  /** The id of its policy. Without it, a valid pack of another policy with the same key could be put in its place. */
  readonly id?: string | undefined;
  /** The time before which packs do not count. A pack must have a dated signature then. */
  readonly notBefore?: EpochSeconds | undefined;
}

/** The `typ` of dated signatures, so that no other JWT of the same key is one. */
const TYPE = "privet-pack+jwt";
const ALGORITHMS = ["EdDSA", "Ed25519", "ES256"];

const dates = new WeakMap<Policy, EpochSeconds>();

/** When the pack of a policy was signed; `undefined` if it was not opened with a dated signature. */
export const issuedAt = (policy: Policy): EpochSeconds | undefined => dates.get(policy);

/**
 * Signs a pack with the date: a JWT with the claims `sha256`, of the pack in base64url, `sub`, the id of its policy, and `iat`. Its
 * algorithm is EdDSA or ES256 (P-256), as the key is; `kid` is not needed. Other programs can make it with any library for JWTs.
 */
export async function signPack(
  pack: Uint8Array,
  privateKey: CryptoKey,
  { issuedAt = Math.floor(Date.now() / 1000) }: { readonly issuedAt?: EpochSeconds } = {},
): Promise<string> {
  const bytes = Uint8Array.from(pack);
  const alg = privateKey.algorithm.name === "ECDSA" ? "ES256" : "EdDSA";
  return new SignJWT({ sha256: await digest(bytes) })
    .setProtectedHeader({ alg, typ: TYPE })
    .setSubject(open(bytes).id)
    .setIssuedAt(issuedAt)
    .sign(privateKey);
}

/**
 * Opens a pack from an untrusted store. The signature is verified before any byte is parsed. It is either the bytes that
 * `crypto.subtle.sign` makes of the pack, with an Ed25519 or ECDSA (SHA-256) key, or the text of {@link signPack}, which has a date.
 * `key` is the public key, or a list of them while keys are replaced: one of them is enough. O(bytes).
 *
 * @throws InvalidSignatureError if the signature or the kind of the key is wrong; RefusedPackError for a pack of another policy
 * (`wrong-pack`), or from before `notBefore` or without a date (`outdated-pack`); InvalidPackError.
 */
export async function openSigned<S extends Schema = AnySchema>(
  pack: Uint8Array,
  signature: Uint8Array | string,
  key: CryptoKey | readonly CryptoKey[],
  { id, notBefore }: SignedOptions = {},
): Promise<Policy<S>> {
  const bytes = Uint8Array.from(pack ?? []); // a copy: the caller may write to `pack` while the signature is verified
  // Stores return `null` for a missing signature
  const proof = signature instanceof Uint8Array ? Uint8Array.from(signature) : signature;
  for (const one of [key].flat() as readonly CryptoKey[]) {
    const found = await verified(bytes, proof, one);
    if (found === undefined) continue;
    const { date } = found;
    if (notBefore !== undefined && !((date ?? Number.NEGATIVE_INFINITY) >= notBefore))
      throw new RefusedPackError(
        "outdated-pack",
        date === undefined
          ? "pack has a signature without a date; sign it with `signPack`"
          : `pack was signed at ${date}, before ${notBefore}`,
      );
    const policy = open<S>(bytes);
    for (const wanted of [id, found.id]) {
      if (wanted !== undefined && policy.id !== wanted)
        throw new RefusedPackError("wrong-pack", `pack is of policy \`${policy.id}\`, not of \`${wanted}\``, policy.id);
    }
    if (date !== undefined) dates.set(policy as Policy, date);
    return policy;
  }
  throw new InvalidSignatureError("invalid-signature", "pack is not signed by this key");
}

/** What a signature says of a pack; `undefined` if it is not valid with this key. */
async function verified(
  bytes: Uint8Array<ArrayBuffer>,
  signature: Uint8Array<ArrayBuffer> | Uint8Array | string,
  key: CryptoKey,
): Promise<{ readonly date?: EpochSeconds; readonly id?: string } | undefined> {
  const { name } = key.algorithm;
  if (name !== "Ed25519" && name !== "ECDSA") return undefined;
  if (signature instanceof Uint8Array) {
    const proof = signature as Uint8Array<ArrayBuffer>;
    const isGood = await crypto.subtle.verify({ name, hash: "SHA-256" }, key, proof, bytes).catch(() => false);
    return isGood === true ? {} : undefined;
  }
  if (typeof signature !== "string" || signature.length > 2048) return undefined;
  try {
    const { payload } = await jwtVerify(signature, key, { algorithms: ALGORITHMS, typ: TYPE });
    const { sha256, sub, iat } = payload;
    if (typeof sub !== "string" || typeof iat !== "number" || sha256 !== (await digest(bytes))) return undefined;
    return { date: iat, id: sub };
  } catch {
    return undefined;
  }
}

/** The SHA-256 of bytes in base64url. */
async function digest(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...hash)).replace(/[+/=]/g, (letter) => ({ "+": "-", "/": "_" })[letter] ?? "");
}
