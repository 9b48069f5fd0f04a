// The file of policy tests: its shape, from which the published JSON Schema is generated, and its reading.
import * as z from "zod";
import { Fault } from "../faults.js";
import { nameOf, readText } from "../files.js";
import { isObject, parseJsonc } from "../jsonc.js";

const ids = z.array(z.string());
const facts = z.record(z.string(), z.unknown());

const subject = z
  .strictObject({
    roles: z.array(z.unknown()).optional().describe("ids of roles, roles that end, and inline roles"),
    grants: z.record(z.string(), z.unknown()).optional().describe("own grants by privilege"),
    facts: facts.optional().describe("facts by id"),
  })
  .describe("a person: roles, grants and facts, as for `policy.session`");

const expected = z
  .strictObject({
    allowed: ids.optional().describe("operations that are allowed"),
    denied: ids.optional().describe("operations that are denied"),
    undecided: ids.optional().describe("operations that depend on facts which the case does not give"),
    onlyAllowed: ids.optional().describe("all operations that are allowed: every other one is denied or undecided"),
    obligations: z.record(z.string(), ids).optional().describe("all obligations that are owed, by operation"),
    visible: ids.optional().describe("menu items that are shown"),
    hidden: ids.optional().describe("menu items that are hidden"),
  })
  .refine(statesSomething, "nothing is expected, so nothing is tested: list operations or menu items")
  .meta({ minProperties: 1 })
  .describe("what is expected; what is not listed is not tested");

/** Whether an expectation can fail. An empty list of all that is allowed, or owed, can. */
function statesSomething({ onlyAllowed, obligations = {}, ...lists }: Readonly<Record<string, unknown>>): boolean {
  const isStated = onlyAllowed !== undefined || Object.keys(obligations as object).length > 0;
  return isStated || Object.values(lists).some((list) => Array.isArray(list) && list.length > 0);
}

const testCase = z
  .strictObject({
    name: z.string().min(1).describe("what the case is about, for people"),
    subject: subject.default({}),
    now: z
      .int("the time is a whole number of seconds since 1970")
      .nonnegative()
      .optional()
      .describe("the time in seconds since 1970, for grants that end"),
    expect: expected,
  })
  .describe("a subject and what is decided for it");

const requirement = z.string().min(1).describe("a requirement in the language of the policy");
const someIds = z.union([z.string(), z.array(z.string()).min(1)]);
const roles = someIds.describe("ids of roles, or `*` for every role");
const name = z.string().min(1).optional().describe("what it states, for people");

const property = z
  .union([
    z
      .strictObject({ name, nobodyMay: someIds.describe("operations"), without: requirement })
      .describe("nobody is allowed one of the operations for whom `without` does not hold"),
    z
      .strictObject({ name, nobodyMay: someIds.describe("operations"), with: requirement })
      .describe("nobody is allowed one of the operations for whom `with` holds"),
    z
      .strictObject({
        name,
        nobodyHolds: z.array(requirement).min(2).describe("requirements, such as ids of privileges"),
        underChangeRules: z.boolean().optional().describe("of those people whom the change rules on a result accept"),
      })
      .describe("for nobody all of the requirements hold at once"),
    z
      .strictObject({
        name,
        role: roles,
        mayAtLeast: z.array(z.string()).min(1).describe("operations"),
        when: requirement.optional().describe("only for those for whom this holds, such as a fact"),
        alone: z
          .boolean()
          .optional()
          .describe("of somebody with the role and nothing else; by default whatever else is granted"),
      })
      .describe("everybody who holds the role is allowed the operations, whatever the facts are"),
    z
      .strictObject({ name, role: roles, mayAtMost: z.array(z.string()).describe("operations") })
      .describe("somebody with the role and nothing else is allowed no other operation, whatever the facts are"),
  ])
  .describe("what must hold for every possible person; it is proved");

/** The file of policy tests. */
export const testFile = z
  .strictObject({
    $schema: z.string().optional().describe("this schema, for editors"),
    policy: z.string().optional().describe("the document, beside this file; by default the one with the same name"),
    facts: facts.optional().describe("facts of every case that does not give its own value"),
    cases: z.array(testCase).optional(),
    properties: z.array(property).optional(),
  })
  .describe("Tests of a Privet policy: cases and properties");

/** The parsed file. */
export type PolicyTests = z.infer<typeof testFile>;
/** A case of a file. */
export type PolicyCase = z.infer<typeof testCase>;
/** A property of a file. */
export type Property = z.infer<typeof property>;

/** The ending of files of policy tests. */
export const ENDING = ".privet-test.jsonc";

/**
 * Reads a file of policy tests.
 *
 * @throws Fault that says where the file is wrong.
 */
export function readTests(path: string): PolicyTests {
  return testsFrom(parseJsonc(readText(path), nameOf(path)), nameOf(path));
}

/** A fault of the shape of policy tests. */
export interface ShapeFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with the shape of policy tests. */
export function shapeFaults(value: unknown): ShapeFault[] {
  return (testFile.safeParse(value).error?.issues ?? []).map(({ code, path, message }) => {
    const text = code === "invalid_union" ? unionHelp(value, path) : message;
    const worded = text.replace(/"/g, "`").replace(/^[A-Z]/, (letter) => letter.toLowerCase());
    return { path: path as (string | number)[], message: worded };
  });
}

/** Checks the shape of policy tests. */
function testsFrom(value: unknown, name: string): PolicyTests {
  if (isObject(value) && "format" in value)
    throw new Fault(
      `${name} is no file of policy tests, but a policy; add --suggest, or give its file *${ENDING}`,
      "invalid-tests",
    );
  const [fault] = shapeFaults(value);
  if (!fault) return testFile.parse(value);
  const path = fault.path.map((key) => `/${String(key)}`).join("");
  throw new Fault(
    `${name} is no file of policy tests: ${fault.message} at \`${path || "/"}\`; see the schema privet/test.schema.json`,
    "invalid-tests",
  );
}

/** What is wrong with a property, which has one of several shapes. */
function unionHelp(value: unknown, path: readonly PropertyKey[]): string {
  const found = path.reduce((node, key) => (node as Record<PropertyKey, unknown> | undefined)?.[key], value);
  const keys = typeof found === "object" && found !== null ? Object.keys(found).map((key) => `\`${key}\``) : [];
  const has = keys.length > 0 ? `it has ${keys.join(", ")}` : "it is no object";
  return `${has}, and a property has \`nobodyMay\` with \`without\` or \`with\`, \`nobodyHolds\`, or \`role\` with \`mayAtLeast\` or \`mayAtMost\``;
}
