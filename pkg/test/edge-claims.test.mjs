// Subjects from the claims of other issuers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { claims, refused, request } from "./support/issuer.mjs";
import { load } from "./support/package.mjs";
import { mapping, options, orders } from "./support/orders.mjs";

const { auth0, clerk, cloudflareAccess, cognito, entra, fromClaims, guard, issue, keycloak, ProblemError } =
  await load("privet/edge");

const READ = ["orders.list"];
const BOTH = ["orders.list", "orders.refund"];

/** By issuer: why, the mapper, the claims, and the operations that they allow. */
const accepted = [
  ["Auth0: permissions of RBAC", auth0(), { permissions: ["orders:read"] }, READ],
  ["Auth0: scopes, with those of OpenID Connect", auth0(), { scope: "openid email orders:read" }, READ],
  ["Auth0: both", auth0(), { permissions: ["orders:read"], scope: "orders:refund" }, BOTH],
  ["Auth0: neither", auth0(), {}, []],
  ["Keycloak: realm roles", keycloak(), { realm_access: { roles: ["orders:read", "default-roles-shop"] } }, READ],
  [
    "Keycloak: roles of the named client only",
    keycloak({ client: "shop" }),
    { resource_access: { shop: { roles: ["manager"] }, account: { roles: ["view-profile"] } } },
    BOTH,
  ],
  [
    "Keycloak: roles of several clients",
    keycloak({ client: ["shop", "till", "absent"] }),
    { resource_access: { shop: { roles: ["orders:read"] }, till: { roles: ["orders:refund"] } } },
    BOTH,
  ],
  [
    "Keycloak: groups as paths",
    keycloak({ map: { "/sales/eu": "manager" } }),
    { groups: ["/clerk", "/sales/eu"] },
    BOTH,
  ],
  ["Entra: app roles and delegated permissions", entra(), { roles: ["clerk"], scp: "orders:refund openid" }, BOTH],
  [
    "Entra: groups by object id",
    entra({ map: { "0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0": "manager" } }),
    { groups: ["0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"] },
    BOTH,
  ],
  ["Cognito: groups", cognito(), { "cognito:groups": ["clerk"] }, READ],
  [
    "Cognito: scopes of a resource server",
    cognito({ resourceServer: "orders-api" }),
    { scope: "openid aws.cognito.signin.user.admin orders-api/orders:read" },
    READ,
  ],
  ["Clerk, version 1", clerk(), { org_role: "org:admin", org_permissions: ["org:orders:read"] }, BOTH],
  [
    "Clerk, version 2: the bits of a feature are permissions, the lowest first",
    clerk({ ignore: ["org:billing:read"] }),
    { v: 2, fea: "u:teams,o:orders,uo:billing", o: { id: "org_1", rol: "", per: "read,refund", fpm: "3,1" } },
    BOTH,
  ],
  [
    "Clerk, version 2: the role",
    clerk(),
    { v: 2, fea: "o:orders", o: { rol: "admin", per: "refund,read", fpm: "2" } },
    BOTH,
  ],
  ["Clerk, version 2: nobody's organisation is active", clerk(), { v: 2, fea: "u:teams" }, []],
  ["Cloudflare Access: custom claims", cloudflareAccess(), { custom: { groups: ["clerk"], department: "x" } }, READ],
  [
    "Cloudflare Access: groups of the identity",
    cloudflareAccess({
      identity: async ({ sub }) => ({ groups: ["clerk", { id: "7", name: sub === "maria" ? "manager" : "none" }] }),
    }),
    {},
    BOTH,
  ],
  [
    "other issuers: any claims by name",
    fromClaims(["https://shop.test/roles", ["app", "rights"]]),
    { "https://shop.test/roles": ["clerk"], app: { rights: "orders:refund" } },
    BOTH,
  ],
  [
    "grants that join: the highest level counts",
    auth0({ map: { "stock:read": { stock: "view" }, "stock:write": { stock: "edit" } } }),
    { permissions: ["stock:write", "stock:read"] },
    ["stock.edit"],
  ],
  [
    "a role that two values name",
    auth0({ map: { staff: "clerk" } }),
    { permissions: ["staff", "clerk", "clerk"] },
    READ,
  ],
];
for (const [why, subject, given, wanted] of accepted) {
  test(`accepted: ${why}`, async () => {
    const { allowed, problems } = mapping(subject);
    assert.deepEqual(await allowed(given), wanted);
    assert.deepEqual(problems, []);
  });
}

/** Why, the mapper, the claims, the code, and the message. */
const rejected = [
  [
    "a value that the policy does not know",
    auth0(),
    { permissions: ["orders:raed"] },
    "unknown-claim",
    "claim `permissions` has `orders:raed`, which the policy does not know; map or ignore it",
  ],
  [
    "a long value, of which the message has the beginning",
    auth0(),
    { permissions: ["y".repeat(500)] },
    "unknown-claim",
    `claim \`permissions\` has \`${"y".repeat(128)}\`, which the policy does not know; map or ignore it`,
  ],
  ["a value of a prototype", auth0(), { permissions: ["__proto__"] }, "unknown-claim"],
  ["another one", auth0({ map: {} }), { scope: "constructor toString" }, "unknown-claim"],
  ["a value that is mapped to an unknown id", auth0({ map: { a: "b" } }), { scope: "a" }, "unknown-claim"],
  [
    "grants that the policy does not know",
    auth0({ map: { a: { b: true } } }),
    { scope: "a" },
    "unknown-claim",
    "unknown privilege `b` in `roles[0].grants`; the policy has no such privilege",
  ],
  ["a privilege that is no flag", auth0(), { permissions: ["stock"] }, "unknown-claim"],
  [
    "a list that is not of texts",
    auth0(),
    { permissions: ["orders:read", 1] },
    "invalid-claims",
    "claim `permissions` is neither a text nor a list of texts",
  ],
  ["an object for a list", auth0(), { permissions: { "orders:read": true } }, "invalid-claims"],
  ["null for a list", auth0(), { scope: null }, "invalid-claims"],
  [
    "a text for an object",
    keycloak(),
    { realm_access: "orders:read" },
    "invalid-claims",
    "claim `realm_access.roles` is not an object",
  ],
  [
    "Entra: groups that are too many for the token",
    entra(),
    { _claim_names: { groups: "src1" }, roles: ["clerk"] },
    "invalid-claims",
    "claim `groups` is not in the token, since there are too many; assign groups to the application, or use app roles",
  ],
  ["Entra: the same, of the implicit flow", entra(), { hasgroups: true }, "invalid-claims"],
  [
    "Clerk: permissions that do not fit the features",
    clerk(),
    { v: 2, fea: "u:teams", o: { per: "read", fpm: "1" } },
    "invalid-claims",
  ],
  [
    "Clerk: bits that are no number",
    clerk(),
    { v: 2, fea: "o:orders", o: { per: "read", fpm: "0x1" } },
    "invalid-claims",
  ],
  ["Clerk: an organisation that is no object", clerk(), { v: 2, o: "org_1" }, "invalid-claims"],
  [
    "Cloudflare Access: groups that are no list",
    cloudflareAccess({ identity: () => ({ groups: [null] }) }),
    {},
    "invalid-claims",
  ],
];
for (const [why, subject, given, code, message] of rejected) {
  test(`rejected: ${why}`, async () => {
    const { require, problems, records } = mapping(subject);
    const error = await refused(require(given, "orders.list"), 403, code);
    if (message) assert.equal(error.message, message);
    assert.deepEqual([problems, records], [[["subject", code]], []]);
    const body = await error.response().json();
    assert.ok(!JSON.stringify(body).includes("orders:"), "the response names no claim");
  });
}

test("a scope of OpenID Connect is never a privilege of the same name, unless it is mapped", async () => {
  assert.deepEqual(await mapping(auth0()).allowed({ scope: "openid email" }), []);
  assert.deepEqual(await mapping(auth0({ map: { email: "email" } })).allowed({ scope: "openid email" }), ["mail.read"]);
});

test("what was ignored is in the record: by name, by the mapper's own rule, and as unknown", async () => {
  const { require, records } = mapping(auth0({ ignore: ["billing:read"], unknown: "ignore" }));
  await require({ permissions: ["orders:read", "billing:read"], scope: "openid reports:read" }, "orders.list");
  assert.deepEqual(records[0].ignored, [
    { claim: "permissions", value: "billing:read" },
    { claim: "scope", value: "openid" },
    { claim: "scope", value: "reports:read" },
  ]);
  assert.deepEqual(records[0].inputs.grants, { "orders:read": true });
  await require({ permissions: ["orders:read"] }, "orders.list");
  assert.deepEqual(records[1].ignored, []);
});

test("`claims` names the claims that a mapper reads", async () => {
  const { allowed } = mapping(auth0({ claims: ["permissions"] }));
  assert.deepEqual(await allowed({ permissions: ["orders:read"], scope: "anything else" }), READ);
  const entered = mapping(entra({ claims: ["roles"] }));
  assert.deepEqual(await entered.allowed({ roles: ["clerk"], _claim_names: { groups: "src1" } }), READ);
  assert.throws(() => auth0({ unknown: "warn" }), {
    code: "invalid-options",
    id: "unknown",
    message: "option `unknown` must be `refuse` or `ignore`",
  });
});

test("a mapper of your own gets the claims, the request and the policy that decides", async () => {
  const seen = [];
  const { require, records } = mapping(async ({ sub, level }, { url }, policy) => {
    seen.push(sub, url, policy.id);
    return { roles: ["clerk"], grants: { stock: level }, facts: { "open-day": true } };
  });
  await require({ level: "edit" }, "stock.edit");
  await require({ level: "view" }, "day.close");
  await refused(require({ level: "view" }, "stock.edit"), 403, "denied");
  assert.deepEqual(seen.slice(0, 3), ["maria", "https://example.test/", "orders"]);
  assert.deepEqual([records[1].subject, records[1].ignored], ["maria", []]);
});

test("what a mapper of your own gives is refused by code where the policy does not accept it", async () => {
  const cases = [
    [undefined, 403, "unknown-subject"],
    [null, 403, "unknown-subject"],
    [{ roles: ["nobody"] }, 403, "unknown-claim"],
    [{ grants: { "orders:raed": true } }, 403, "unknown-claim"],
    [{ grants: { stock: "all" } }, 403, "unknown-claim"],
    [{ facts: { "open-day": "yes" } }, 500, "invalid-facts"],
    [{ facts: { closed: true } }, 500, "invalid-facts"],
    [{ rights: [] }, 500, "invalid-subject"],
    [new Map([["roles", ["clerk"]]]), 500, "invalid-subject"],
    ["clerk", 500, "invalid-subject"],
  ];
  for (const [subject, status, code] of cases) {
    const { require } = mapping(() => subject);
    await refused(require({}, "orders.list"), status, code);
  }
  const failing = mapping(() => Promise.reject(new Error("directory")));
  await refused(failing.require({}, "orders.list"), 503, "subject-unavailable");
  const own = mapping(() => {
    throw new ProblemError("revoked-token", { message: "left the company" });
  });
  assert.equal((await refused(own.require({}, "orders.list"), 401, "revoked-token")).message, "left the company");
});

test("facts of the hook replace those of the subject, and null takes one away", async () => {
  const subject = () => ({ roles: ["clerk"], facts: { "open-day": true } });
  const decided = async (facts) => {
    const { require, records } = mapping(subject, { facts });
    await require({}, "day.close").catch(() => {});
    return records[0]?.decision;
  };
  assert.equal(await decided(undefined), "allowed");
  assert.equal(await decided(() => null), "allowed");
  assert.equal(await decided(() => ({})), "allowed");
  assert.equal(await decided(() => ({ "open-day": false })), "denied");
  assert.equal(await decided(() => ({ "open-day": null })), "undecided");
  await refused(mapping(subject, { facts: () => ({ closed: true }) }).require({}, "day.close"), 500, "invalid-facts");
});

test("grants that end count by the clock", async () => {
  const until = 2_000_000_000;
  const subject = () => ({ grants: { "orders:read": { value: true, until } } });
  for (const [ms, wanted] of [
    [until * 1000 - 1, READ],
    [until * 1000, []],
  ]) {
    const { allowed } = mapping(subject, { clock: () => ms });
    assert.deepEqual(await allowed({ exp: until + 60 }), wanted);
  }
});

test("`subject` and `claim`: with `subject` alone no claim is read; with both, a token in the claim decides alone", async () => {
  const token = issue(orders.session({ grants: { "orders:refund": true } }));
  const given = claims(token, { permissions: ["orders:read"] });
  const session = async (more) => (await guard({ ...options, ...more }).session(await request(given))).allowed();
  assert.deepEqual(await session({ subject: auth0() }), READ);
  assert.deepEqual(await session({ subject: auth0(), claim: "privet" }), ["orders.refund"]);
  assert.deepEqual(await session({}), ["orders.refund"]);
  const mixed = mapping(auth0(), { claim: "privet" });
  assert.deepEqual(await mixed.allowed({ permissions: ["orders:read"] }), READ);
  const damaged = await request(claims({ privet: 1 }, { permissions: ["orders:read"] }));
  await refused(mixed.guarded.session(damaged), 401, "invalid-token");
});

test("the newest policy decides mapped subjects, and an operation that only older ones have is unknown", async () => {
  const { open } = await load("privet");
  const tools = await (await load("privet/studio")).studio();
  const { document } = await import("./support/orders.mjs");
  const fewer = { ...document, version: "2", operations: document.operations.slice(0, 1) };
  const newest = open(tools.compile(fewer));
  const { require } = mapping(auth0(), { policies: [newest, orders] });
  assert.equal((await require({ scope: "orders:read" }, "orders.list")).policy.version, "2");
  await assert.rejects(require({ scope: "orders:refund" }, "orders.refund"), { code: "unknown-id" });
});

test("each of four thousand values of a claim is looked up, and the ids of the policy are read once", async () => {
  const permissions = Array.from({ length: 4000 }, (_, index) => `x${index}`);
  let reads = 0;
  const policy = {
    get roles() {
      reads++;
      return orders.roles;
    },
    privileges: orders.privileges,
  };
  const subject = auth0({ unknown: "ignore" });
  for (let request = 0; request < 2; request++) {
    const { ignored } = await subject({ permissions }, new Request("https://example.test/"), policy);
    assert.equal(ignored.length, 4000);
  }
  assert.equal(reads, 1);
});
