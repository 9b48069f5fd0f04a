import { intact } from "./crc.js";
import { InvalidPackError } from "./errors.js";

const HEADER = 13;

/**
 * What `use` makes of the outline and the words of a pack. O(bytes).
 *
 * @throws InvalidPackError
 */
export function unpack<T extends object>(pack: Uint8Array, use: (outline: any, image: Uint8Array) => T): T {
  const refuse = (what: string, at: number, help: string): never => {
    throw new InvalidPackError("invalid-pack", `${what} at byte ${at}; ${help}`);
  };
  const text = (from: number, to: number) => new TextDecoder().decode(pack.subarray(from, to));
  if (text(0, 5) !== "PRVT\x02") refuse("not a pack of this release", 0, "compile the policy again, with this release");
  if (!intact(pack)) refuse("pack is damaged or cut short", pack.length, "load or compile it again");
  try {
    const [outline = 0, words = 0] = new Uint32Array(pack.slice(5, HEADER).buffer);
    const end = HEADER + outline;
    return use(JSON.parse(text(HEADER, end)), pack.slice(end, end + words));
  } catch {
    return refuse("malformed pack", HEADER, "compile the policy again"); // what is not there cannot be used
  }
}
