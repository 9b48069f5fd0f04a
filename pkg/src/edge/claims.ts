// Maps the claims of the usual issuers to subjects: values of claims are ids of roles or of privileges.
import { InvalidOptionsError } from "../core/errors.js";
import type { IgnoredClaim } from "../core/decision-record.js";
import type { Policy } from "../core/interfaces.js";
import type { Grants, Schema } from "../core/types.js";
import type { Claims } from "./registered.js";
import { ProblemError } from "./problem.js";
import type { MappedSubject } from "./subject.js";

/** A mapper, for the option `subject` of a guard. */
export type SubjectMapper = <S extends Schema>(
  claims: Claims,
  request: Request,
  policy: Policy<S>,
) => Promise<MappedSubject<S>>;

/** A claim by its name, or the names that lead to it: `["realm_access", "roles"]`. */
export type ClaimPath = string | readonly string[];

/** Options of every mapper. */
export interface ClaimOptions {
  /**
   * What values stand for, where it is not the role or flag privilege with the same id: the id of another, or grants. A value that is
   * listed here is never ignored.
   */
  readonly map?: { readonly [value: string]: string | Grants };
  /** Values to leave out, besides those that the mapper leaves out by itself. They are in the decision's record. */
  readonly ignore?: readonly string[];
  /** What to do with values that the policy does not know: refuse the request (the default), or leave them out. */
  readonly unknown?: "refuse" | "ignore";
  /** The claims to read, instead of those of the mapper. */
  readonly claims?: readonly ClaimPath[];
}

/** A value with the claim that it is from. */
type Found = readonly [claim: string, value: string];

/** How a mapper differs from others. */
interface Rules {
  /** The values, from the claims. */
  read(claims: Claims, request: Request): readonly Found[] | Promise<readonly Found[]>;
  /** Values that are not permissions. */
  isIgnored?(value: string): boolean;
  /** The id that a value stands for. */
  idOf?(value: string): string;
}

/** The scopes of OpenID Connect. They ask for claims about a person, and are no permissions. */
const OPENID = new Set(["openid", "profile", "email", "address", "phone", "offline_access"]);
const isOpenId = (value: string) => OPENID.has(value);

const refuse = (claim: string, fault: string): never => {
  throw new ProblemError("invalid-claims", { message: `claim \`${claim}\` ${fault}` });
};

/** The ids of policies as sets, since a token can have thousands of values. */
const ids = new WeakMap<object, { readonly roles: ReadonlySet<string>; readonly privileges: ReadonlySet<string> }>();

function idsOf(policy: Policy) {
  const known = ids.get(policy) ?? { roles: new Set(policy.roles), privileges: new Set(policy.privileges) };
  ids.set(policy, known);
  return known;
}

function mapper({ read, isIgnored, idOf = (value) => value }: Rules, options: ClaimOptions): SubjectMapper {
  const { map = {}, ignore, unknown = "refuse" } = options;
  if (unknown !== "refuse" && unknown !== "ignore")
    throw new InvalidOptionsError("invalid-options", "option `unknown` must be `refuse` or `ignore`", "unknown");
  const left = new Set(ignore);
  return async <S extends Schema>(claims: Claims, request: Request, policy: Policy<S>) => {
    const known = idsOf(policy as Policy);
    const roles = new Set<string>();
    const inline: { readonly name: string; readonly grants: Grants }[] = [];
    const grants: { [privilege: string]: true } = {};
    const ignored: IgnoredClaim[] = [];
    for (const [claim, value] of await read(claims, request)) {
      const isMapped = Object.hasOwn(map, value);
      const target = isMapped ? map[value]! : idOf(value);
      if (typeof target !== "string") inline.push({ name: value, grants: target });
      else if (!isMapped && (left.has(value) || isIgnored?.(value))) ignored.push({ claim, value });
      else if (known.roles.has(target)) roles.add(target);
      else if (known.privileges.has(target)) grants[target] = true;
      else if (unknown === "ignore") ignored.push({ claim, value });
      else {
        const message = `claim \`${claim}\` has \`${value.slice(0, 128)}\`, which the policy does not know; map or ignore it`;
        throw new ProblemError("unknown-claim", { message });
      }
    }
    return { roles: [...roles, ...inline], grants, ignored } as unknown as MappedSubject<S>;
  };
}

const pathOf = (path: ClaimPath): readonly string[] => (typeof path === "string" ? [path] : path);

/** The values of a claim: a list of texts, or a text with spaces between them. None if the claim is absent. */
function valuesAt(claims: object, path: ClaimPath): readonly Found[] {
  const claim = pathOf(path).join(".");
  let value: unknown = claims;
  for (const name of pathOf(path)) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return refuse(claim, "is not an object");
    if (!Object.hasOwn(value, name)) return [];
    value = (value as { readonly [name: string]: unknown })[name];
  }
  const list: unknown = typeof value === "string" ? value.split(" ").filter((text) => text !== "") : value;
  if (!Array.isArray(list) || !list.every((one) => typeof one === "string"))
    return refuse(claim, "is neither a text nor a list of texts");
  return list.map((one: string) => [claim, one]);
}

const reading =
  (paths: readonly ClaimPath[]) =>
  (claims: Claims): readonly Found[] =>
    paths.flatMap((path) => valuesAt(claims, path));

/**
 * Maps the values of any claims. A value is the id of a role, or of a flag privilege, or is looked up in `map`. A value that is none of
 * these refuses the request: 403 `unknown-claim`. The scopes of OpenID Connect are left out.
 */
export function fromClaims(paths: readonly ClaimPath[], options: ClaimOptions = {}): SubjectMapper {
  return mapper({ read: reading(options.claims ?? paths), isIgnored: isOpenId }, options);
}

/** Auth0: `permissions` (with RBAC and *Add Permissions in the Access Token*) and `scope`. */
export function auth0(options: ClaimOptions = {}): SubjectMapper {
  return fromClaims(["permissions", "scope"], options);
}

/**
 * Keycloak: `realm_access.roles`, `resource_access.<client>.roles` of the named clients, and `groups`, whose paths lose their first
 * slash. The roles that Keycloak gives everybody (`offline_access`, `uma_authorization`, `default-roles-…`) are left out.
 */
export function keycloak(options: ClaimOptions & { readonly client?: string | readonly string[] } = {}): SubjectMapper {
  const clients = [options.client ?? []].flat().map((client) => ["resource_access", client, "roles"]);
  return mapper(
    {
      read: reading(options.claims ?? [["realm_access", "roles"], ...clients, "groups"]),
      isIgnored: (value) => isOpenId(value) || value === "uma_authorization" || value.startsWith("default-roles-"),
      idOf: (value) => value.replace(/^\//, ""),
    },
    options,
  );
}

/**
 * Microsoft Entra ID: `roles` (app roles), `scp` (delegated permissions) and `groups` (object ids, for `map`). A token whose groups were
 * left out because they are too many is refused: 403 `invalid-claims`.
 */
export function entra(options: ClaimOptions = {}): SubjectMapper {
  const paths = options.claims ?? ["roles", "scp", "groups"];
  return mapper(
    {
      read(claims) {
        const { _claim_names: elsewhere, hasgroups } = claims as {
          _claim_names?: { groups?: unknown };
          hasgroups?: unknown;
        };
        if (paths.includes("groups") && (elsewhere?.groups !== undefined || hasgroups))
          refuse(
            "groups",
            "is not in the token, since there are too many; assign groups to the application, or use app roles",
          );
        return reading(paths)(claims);
      },
      isIgnored: isOpenId,
    },
    options,
  );
}

/**
 * Amazon Cognito: `cognito:groups` and `scope`. Scopes of the named resource server lose its name: `orders-api/orders:read` is
 * `orders:read`. Access tokens have their audience in `client_id`: set the guard's `audienceClaim`.
 */
export function cognito(options: ClaimOptions & { readonly resourceServer?: string } = {}): SubjectMapper {
  const prefix = `${options.resourceServer ?? ""}/`;
  return mapper(
    {
      read: reading(options.claims ?? ["cognito:groups", "scope"]),
      isIgnored: (value) => isOpenId(value) || value === "aws.cognito.signin.user.admin",
      idOf: (value) => (value.startsWith(prefix) ? value.slice(prefix.length) : value),
    },
    options,
  );
}

/**
 * Clerk: the role and the permissions in the active organisation, as `org:admin` and `org:orders:read`, from session tokens of
 * version 1 (`org_role`, `org_permissions`) and 2 (`o`, `fea`). Their audience is in `azp`: set the guard's `audienceClaim`.
 */
export function clerk(options: Omit<ClaimOptions, "claims"> = {}): SubjectMapper {
  return mapper({ read: (claims) => (claims.v === 2 ? clerkV2(claims) : clerkV1(claims)) }, options);
}

const clerkV1 = reading(["org_role", "org_permissions"]);

/** In version 2, `o.fpm` has a number for each feature of the organisation in `fea`, with a bit for each permission in `o.per`. */
function clerkV2(claims: Claims): readonly Found[] {
  const { o = {}, fea = "" } = claims;
  if (typeof o !== "object" || o === null) return refuse("o", "is not an object");
  const { rol = "", per = "", fpm = "" } = o as { readonly [name: string]: unknown };
  const texts = { "o.rol": rol, "o.per": per, "o.fpm": fpm, fea };
  for (const [claim, value] of Object.entries(texts)) if (typeof value !== "string") refuse(claim, "is not a text");
  const list = (text: unknown) => (text as string).split(",").flatMap((item) => item.trim() || []);
  const features = list(fea).flatMap((feature) => {
    const [scopes = "", name = ""] = feature.split(":");
    return scopes.includes("o") ? [name] : [];
  });
  const found: Found[] = rol === "" ? [] : [["o.rol", `org:${rol}`]];
  for (const [at, bits] of list(fpm).entries()) {
    const feature = features[at];
    if (feature === undefined || !/^\d{1,100}$/.test(bits)) return refuse("o.fpm", "does not fit `fea`");
    for (const [bit, permission] of list(per).entries())
      if ((BigInt(bits) >> BigInt(bit)) & 1n) found.push(["o.per", `org:${feature}:${permission}`]);
  }
  return found;
}

/** What Cloudflare Access says about a person: a part of the answer of `/cdn-cgi/access/get-identity`. */
export interface AccessIdentity {
  readonly groups?: readonly (string | { readonly name?: string; readonly id?: string })[];
}

/**
 * Cloudflare Access: groups and roles among the custom claims of the identity provider (`custom.groups`, `custom.roles`, `groups`), and
 * those of `identity`, which the application token does not have: for example a cached answer of
 * `https://<team>.cloudflareaccess.com/cdn-cgi/access/get-identity`.
 */
export function cloudflareAccess(
  options: ClaimOptions & {
    readonly identity?: (claims: Claims, request: Request) => AccessIdentity | Promise<AccessIdentity>;
  } = {},
): SubjectMapper {
  const { identity } = options;
  const read = reading(options.claims ?? [["custom", "groups"], ["custom", "roles"], "groups"]);
  const name = (group: string | { readonly name?: string; readonly id?: string } | null) =>
    typeof group === "string" ? group : (group?.name ?? group?.id);
  return mapper(
    {
      async read(claims, request) {
        const found = read(claims);
        if (!identity) return found;
        const groups: unknown = (await identity(claims, request))?.groups ?? [];
        if (!Array.isArray(groups) || !groups.every((group) => typeof name(group) === "string"))
          return refuse("identity.groups", "is not a list of groups");
        return [...found, ...groups.map((group) => ["identity.groups", name(group)!] as const)];
      },
    },
    options,
  );
}
