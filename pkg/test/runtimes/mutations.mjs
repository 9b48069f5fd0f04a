// A worker that guards requests with mutated tokens and JWTs, and reports wrong responses. The expected responses are computed here:
// a JWT with changed text is refused; a signed token is refused if it is damaged, and else gives the decision of its content, which
// an independent parser in this file reads.
import { SignJWT, generateKeyPair } from "jose";
import { open } from "privet";
import { ProblemError, guard, issue } from "privet/edge";
import { pack as dotdigitalPack } from "privet/policies/dotdigital";
import { pack } from "privet/policies/vicidial";
import privileges from "./privileges.mjs";
import { random } from "./random.mjs";

const vicidial = open(pack);
const FACTS = { "email-allowed": true };
const OPERATION = "email-accounts.open";
const ISSUER = "https://issuer.test";
const AUDIENCE = "https://api.test";

/** People who are allowed the operation and people who are not, with and without other grants. */
const people = [
  { grants: { "modify-email-accounts": true } },
  {},
  { grants: { "user-level": "9", "modify-lists": true, "modify-users": true } },
  { roles: [{ "modify-email-accounts": true, "user-level": "8" }], grants: { "view-reports": true } },
];

// ── an independent implementation of the token format

const base64 = (bytes) =>
  btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const bytesOf = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

function crc32(bytes) {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const CHECKSUM = 6;
/** The indices of a token's letters in the alphabet, six bits each. */
const lettersOf = (token) => Uint8Array.from(token, (letter) => ALPHABET.indexOf(letter));
const textOf = (letters) => Array.from(letters, (place) => ALPHABET[place]).join("");

const withChecksum = (body) => {
  const crc = BigInt(crc32(new TextEncoder().encode(textOf(body))));
  return Uint8Array.of(...body, ...[30n, 24n, 18n, 12n, 6n, 0n].map((at) => Number((crc >> at) & 63n)));
};

const layout = lettersOf(vicidial.session().token()).slice(0, 12);

/** The content of a token: own grants, listed roles and the join of inline roles; `undefined` if it is invalid. */
function parse(letters) {
  const body = letters.slice(0, -CHECKSUM);
  if (
    letters.length < 18 ||
    withChecksum(body).some((place, at) => place !== letters[at]) ||
    layout.some((place, at) => place !== body[at])
  )
    return undefined;
  const bits = [...body.slice(12)].flatMap((place) => [5, 4, 3, 2, 1, 0].map((at) => (place >> at) & 1));
  let at = 0;
  const take = (count) => {
    let value = 0;
    while (count-- > 0) value = value * 2 + (bits[at++] ?? NaN);
    return value;
  };
  const width = (count) => 32 - Math.clz32(count);
  const readers = {
    flag: () => (take(1) ? true : undefined),
    level: ({ levels }) => {
      const rank = take(width(levels.length));
      return rank ? (levels[rank - 1] ?? null) : undefined;
    },
    choice: ({ options }) => {
      const place = take(width(options.length));
      return place ? (options[place - 1] ?? null) : undefined;
    },
    set: ({ options }) => {
      const held = options.filter(() => take(1));
      return held.length ? held : undefined;
    },
    number: ({ min, max }) => {
      if (!take(1)) return undefined;
      const rest = take(1) ? take(5) : -1;
      const value = rest < 0 ? 0 : 2 ** rest + take(rest);
      return value >= min && value <= max ? value : null;
    },
  };
  const section = () => {
    if (!take(1)) return {};
    const grants = Object.fromEntries(
      privileges
        .map((privilege) => [privilege.id, readers[privilege.kind](privilege)])
        .filter(([, value]) => value !== undefined),
    );
    return Object.keys(grants).length && !Object.values(grants).includes(null) ? grants : undefined;
  };
  const listed = () => {
    if (!take(1)) return [];
    const ids = vicidial.roles.filter(() => take(1));
    return ids.length ? ids : undefined;
  };
  const [own, roles, inline] = [section(), listed(), section()];
  const isComplete = at <= bits.length && bits.length - at < 6 && !bits.slice(at).includes(1);
  if (!own || !roles || !inline || !isComplete) return undefined;
  return { grants: own, roles: [...roles, ...(Object.keys(inline).length ? [inline] : [])] };
}

// ── the guarded worker

let created;
async function create() {
  const { publicKey, privateKey } = await generateKeyPair("EdDSA");
  const guarded = guard({
    policies: [pack, dotdigitalPack],
    keys: publicKey,
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ["EdDSA"],
    facts: (_, __, { id }) => (id === "vicidial" ? FACTS : {}),
  });
  const handler = async (request) => {
    try {
      await guarded.require(request, OPERATION);
      return new Response("done");
    } catch (error) {
      if (error instanceof ProblemError) return error.response();
      return new Response(String(error.stack), { status: 500 });
    }
  };
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: ISSUER, aud: AUDIENCE, sub: "maria", iat: now, exp: now + 3600 };
  const sign = (more, key = privateKey) =>
    new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg: "EdDSA" }).sign(key);
  const signed = await Promise.all(people.map((subject) => sign(issue(vicidial.session(subject)))));
  return { handler, sign, signed, now, other: (await generateKeyPair("EdDSA")).privateKey };
}

/** Creates the guard and its issuer on the first call. */
function setUp() {
  created ??= create();
  return created;
}

/** A request with a JWT; `undefined` if it is not a valid header. */
function requestWith(jwt) {
  try {
    return new Request("https://example.test/", { headers: { authorization: `Bearer ${jwt}` } });
  } catch {
    return undefined;
  }
}

const flipped = (bytes, ...bits) => {
  const copy = Uint8Array.from(bytes);
  for (const bit of bits) copy[bit >> 3] ^= 1 << (bit & 7);
  return copy;
};
/** A token's letters with some bits flipped. */
const flippedLetters = (letters, ...bits) => {
  const copy = Uint8Array.from(letters);
  for (const bit of bits) copy[Math.floor(bit / 6)] ^= 1 << (bit % 6);
  return copy;
};

/** Tokens that the issuer signs: damaged, or changed with a valid checksum. Each is a list of letter indices, or text. */
const tokens = {
  *"every bit of a token"() {
    for (const subject of people) {
      const letters = lettersOf(vicidial.session(subject).token());
      for (let bit = 0; bit < letters.length * 6; bit++) yield flippedLetters(letters, bit);
    }
  },
  *"every two bits of a token"() {
    const letters = lettersOf(vicidial.session(people[1]).token());
    for (let a = 0; a < letters.length * 6; a++) for (let b = 0; b < a; b++) yield flippedLetters(letters, a, b);
    const few = lettersOf(vicidial.session(people[0]).token());
    for (let a = 0; a < few.length * 6; a++)
      for (let b = Math.max(0, a - 40); b < a; b++) yield flippedLetters(few, a, b);
  },
  *"every bit of a token, with a valid checksum"() {
    for (const subject of people) {
      const body = lettersOf(vicidial.session(subject).token()).slice(0, -CHECKSUM);
      for (let bit = 0; bit < body.length * 6; bit++) yield withChecksum(flippedLetters(body, bit));
    }
  },
  *"several bits of a token, with a valid checksum"(count) {
    const { below } = random(1);
    for (let round = 0; round < count; round++) {
      const body = lettersOf(vicidial.session(people[round % people.length]).token()).slice(0, -CHECKSUM);
      const bits = Array.from({ length: 1 + below(6) }, () => 72 + below((body.length - 12) * 6));
      const cut = below(10) === 0 ? body.slice(0, 12 + below(body.length - 11)) : body;
      yield withChecksum(flippedLetters(cut, ...bits.filter((bit) => bit < cut.length * 6)));
    }
  },
  *"every letter of a token"() {
    for (const subject of people) {
      const token = vicidial.session(subject).token();
      for (let at = 0; at <= token.length; at++) {
        for (const letter of ["", "=", "+", "/", " ", "é", ...ALPHABET])
          yield token.slice(0, at) + letter + token.slice(at + 1);
        yield token.slice(0, at) + ALPHABET[at % 64] + token.slice(at);
        yield token.slice(0, at);
      }
    }
  },
};

/** JWTs whose text is changed after they are signed. */
const jwts = {
  *"every bit of the text of a JWT"(_, signed) {
    for (const jwt of signed) {
      for (let at = 0; at < jwt.length; at++) {
        for (let bit = 0; bit < 8; bit++)
          yield jwt.slice(0, at) + String.fromCharCode(jwt.charCodeAt(at) ^ (1 << bit)) + jwt.slice(at + 1);
      }
    }
  },
  *"every bit of the header, payload and signature of a JWT"(_, signed) {
    for (const jwt of signed) {
      const parts = jwt.split(".");
      for (const [index, part] of parts.entries()) {
        const bytes = bytesOf(part);
        for (let bit = 0; bit < bytes.length * 8; bit++) yield parts.with(index, base64(flipped(bytes, bit))).join(".");
      }
    }
  },
  *"parts of several JWTs"(_, signed) {
    const parts = signed.map((jwt) => jwt.split("."));
    for (const a of parts) for (const b of parts) for (const c of parts) yield [a[0], b[1], c[2]].join(".");
  },
  *"random edits of a JWT"(count, signed) {
    const { below } = random(2);
    for (let round = 0; round < count; round++) {
      let jwt = signed[round % signed.length];
      for (let edits = 1 + below(3); edits > 0; edits--) {
        const at = below(jwt.length + 1);
        const text = Array.from({ length: below(4) }, () => `${ALPHABET}.=, `[below(68)]).join("");
        jwt = jwt.slice(0, at) + text + jwt.slice(at + below(4));
      }
      yield jwt;
    }
  },
};

/** The expected status for a signed token. */
function expected(given) {
  if (typeof given === "string" && !/^[\w-]*$/.test(given)) return 401;
  const subject = parse(typeof given === "string" ? lettersOf(given) : given);
  if (!subject) return 401;
  try {
    return vicidial.session({ ...subject, facts: FACTS }).can(OPERATION) ? 200 : 403;
  } catch (error) {
    if (error.code === "conflicting-choice") return 403; // the mutation gives roles that conflict
    throw error;
  }
}

/** Sends every mutation of one kind, and reports wrong responses. */
async function run(kind, count) {
  const { handler, sign, signed } = await setUp();
  const report = { sent: 0, allowed: 0, refused: 0, wrong: [] };
  const send = async (jwt, wanted, what) => {
    const request = requestWith(jwt);
    if (!request) return;
    const { status } = await handler(request);
    report.sent++;
    report[status === 200 ? "allowed" : "refused"]++;
    if (status !== wanted) report.wrong.push(`${kind}: ${status}, not ${wanted}: ${what}`);
  };
  if (kind in tokens) {
    for (const given of tokens[kind](count)) {
      const token = typeof given === "string" ? given : textOf(given);
      await send(await sign({ privet: token }), expected(given), token);
    }
  } else {
    for (const jwt of jwts[kind](count, signed)) {
      const whole = signed.indexOf(jwt.trim()); // `Headers` trims values, and the scheme may be followed by several spaces
      await send(jwt, whole < 0 ? 401 : expected(vicidial.session(people[whole]).token()), jwt);
    }
  }
  return report;
}

/** The responses that are documented. */
async function answers() {
  const { handler, sign, signed, now, other } = await setUp();
  const stale = open(dotdigitalPack).session().token();
  const token = issue(vicidial.session(people[0]));
  const [head, payload, signature] = signed[0].split(".");
  const none = base64(new TextEncoder().encode('{"alg":"none"}'));
  const requests = {
    valid: signed[0],
    "valid, not allowed": signed[1],
    missing: undefined,
    malformed: "hello",
    expired: await sign({ ...token, exp: now - 1 }),
    "wrong audience": await sign({ ...token, aud: "else" }),
    "wrong issuer": await sign({ ...token, iss: "else" }),
    "wrong key": await sign(token, other),
    "alg none": `${none}.${payload}.`,
    "alg none, signed": `${none}.${payload}.${signature}`,
    truncated: signed[0].slice(0, -3),
    "no signature": `${head}.${payload}.`,
    "another policy's": await sign({ privet: stale }),
    "stale layout": await sign({
      privet: textOf(withChecksum(flippedLetters(lettersOf(token.privet).slice(0, -CHECKSUM), 9))),
    }),
    oversized: `${signed[0]}${"A".repeat(8192)}`,
  };
  const answered = {};
  for (const [what, jwt] of Object.entries(requests)) {
    const response = await handler(jwt === undefined ? new Request("https://example.test/") : requestWith(jwt));
    const { code } = response.status === 200 ? {} : await response.json();
    answered[what] = [response.status, code, response.headers.get("www-authenticate")].filter(
      (part) => part !== undefined && part !== null,
    );
  }
  return answered;
}

export default {
  async fetch(request) {
    const { searchParams } = new URL(request.url);
    try {
      if (searchParams.has("kinds")) return Response.json([...Object.keys(tokens), ...Object.keys(jwts)]);
      if (searchParams.has("answers")) return Response.json(await answers());
      return Response.json(await run(searchParams.get("kind"), Number(searchParams.get("count"))));
    } catch (error) {
      return Response.json({ error: String(error.stack) });
    }
  },
};
