// The schema of a policy in Cedar's notation.
import type { FactDescription, PolicyDescription, PrivilegeDescription } from "../studio/types.js";
import { quoted } from "./expression.js";

const GRANT = { flag: "Bool", level: "String", choice: "String", set: "Set<String>", number: "Long" } as const;
const FACT = { switch: "Bool", number: "Long", choice: "String", level: "String" } as const;

/** The schema: what people have as attributes, what a request has as context, and the actions. */
export function schemaOf({ privileges, facts, operations }: PolicyDescription): string {
  const grant = ({ id, kind }: PrivilegeDescription) => `  ${quoted(id)}?: ${GRANT[kind]},\n`;
  const fact = ({ id, kind, absent }: FactDescription) =>
    `  ${quoted(id)}${absent === undefined ? "" : "?"}: ${FACT[kind]},\n`;
  const actions = operations.flatMap(({ id, obligations }) => [id, ...obligations.map((owed) => `${id}/${owed.id}`)]);
  const ofRoles = privileges.filter(({ kind }) => kind === "choice" || kind === "number");
  return `// What is granted to a person, with the flags, levels and sets of inline roles
type Grants = ${record(privileges.map(grant))};
// The choices and numbers of inline roles, which count where the person has none
type InlineGrants = ${record(ofRoles.map(grant))};
// A fact without \`?\` must be known
type Facts = ${record(facts.map(fact))};

entity Role;
entity User in [Role] = {
  grants: Grants,
  inline: InlineGrants,
};
entity Product;
${actions.map((action) => `\naction ${quoted(action)} appliesTo { principal: [User], resource: [Product], context: Facts };`).join("")}
`;
}

const record = (members: readonly string[]): string => (members.length === 0 ? "{}" : `{\n${members.join("")}}`);
