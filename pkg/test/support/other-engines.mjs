// The policies that Cedar has, as rules of CASL and grants of accesscontrol, which evaluate them on their own: the conditions come from
// Cedar's reader of the exported policies, and the decisions from the other engines.
import { createMongoAbility, buildMongoQueryMatcher, subject } from "@casl/ability";
import { $and, $nor, $or, and, nor, or } from "@ucast/mongo2js";
import { AccessControl } from "accesscontrol";
import { cedar } from "./cedar.mjs";

/** The conditions of a policy of Cedar by `write`, which says how an engine writes each kind; always without one. */
function condition(policy, write) {
  const { type, json, errors } = cedar.policyToJson(policy);
  if (type !== "success") throw new Error(JSON.stringify(errors));
  const [clause] = json.conditions;
  return clause ? expression(clause.body, write) : write.always;
}

/** Names without the dots by which both engines separate the parts of a path. */
const plain = (id) => `p${Buffer.from(id).toString("hex")}`;
const path = ({ left, attr }) => `${left.Var ?? left["."].attr}.${plain(attr)}`;

/** An expression of those that the translation uses. Any other is an error. */
function expression(node, write) {
  const [[operator, it]] = Object.entries(node);
  const sides = () => [expression(it.left, write), expression(it.right, write)];
  switch (operator) {
    case "&&":
      return write.all(sides());
    case "||":
      return write.any(sides());
    case "!":
      return write.not(expression(it.arg, write));
    case "if-then-else": {
      const [test, then, otherwise] = [it.if, it.then, it.else].map((part) => expression(part, write));
      return write.any([write.all([test, then]), write.all([write.not(test), otherwise])]);
    }
    case "Value":
      return it ? write.always : write.not(write.always);
    case "has":
      return write.includes("known", path(it));
    case ".":
      return write.compare(path(it), "==", true);
    case "in":
      return write.any(it.right.Set.map(({ Value }) => write.includes("held", plain(Value.__entity.id))));
    case "contains":
      return it.left.Set
        ? write.any(it.left.Set.map(({ Value }) => write.compare(path(it.right["."]), "==", Value)))
        : write.includes(path(it.left["."]), it.right.Value);
    case "==":
    case "!=":
    case ">":
    case ">=":
    case "<":
    case "<=":
      return write.compare(path(it.left["."]), operator, it.right.Value);
    default:
      throw new Error(`no counterpart of ${operator}`);
  }
}

/** A person as both engines read them. */
function dataOf({ entity, context }) {
  const { grants, inline } = entity.attrs;
  const records = { grants, inline, context };
  const named = (record) => Object.fromEntries(Object.entries(record).map(([id, value]) => [plain(id), value]));
  return {
    ...Object.fromEntries(Object.entries(records).map(([name, record]) => [name, named(record)])),
    known: Object.entries(records).flatMap(([name, record]) => Object.keys(record).map((id) => `${name}.${plain(id)}`)),
    held: entity.parents.map(({ id }) => plain(id)),
  };
}

/** Policies as permits by action, and the forbids of all actions. */
const partsOf = ({ policySet }) => {
  const all = Object.entries(policySet);
  const isForbid = ([id]) => id.startsWith("conflicting-choice/");
  return { permits: all.filter((it) => !isForbid(it)), forbids: all.filter(isForbid) };
};

const MONGO = { "==": "$eq", "!=": "$ne", ">": "$gt", ">=": "$gte", "<": "$lt", "<=": "$lte" };
const casl = {
  always: { known: { $exists: true } },
  all: (parts) => ({ $and: parts }),
  any: (parts) => ({ $or: parts }),
  not: (part) => ({ $nor: [part] }),
  compare: (path, operator, value) => ({ [path]: { [MONGO[operator]]: value } }),
  includes: (path, value) => ({ [path]: { $all: [value] } }),
};
const conditionsMatcher = buildMongoQueryMatcher({ $and, $or, $nor }, { and, or, nor });

/** The actions that CASL allows: a rule for each operation with conditions on the person, and forbidding ones behind them. */
export function withCasl(translated) {
  const { permits, forbids } = partsOf(translated);
  const rules = permits.map(([action, text]) => ({ action, subject: "Person", conditions: condition(text, casl) }));
  const clashes = forbids.map(([, text]) => condition(text, casl));
  const denied = clashes.map((conditions) => ({ action: "manage", subject: "Person", conditions, inverted: true }));
  const ability = createMongoAbility([...rules, ...denied], { conditionsMatcher });
  return (person, actions) => {
    const data = subject("Person", dataOf(person));
    return actions.filter((action) => ability.can(action, data));
  };
}

const grants = {
  always: ["$.always", "==", true],
  all: (parts) => ({ and: parts }),
  any: (parts) => ({ or: parts }),
  not: (part) => ({ not: part }),
  compare: (path, operator, value) => [`$.${path}`, operator, value],
  includes: (path, value) => [`$.${path}`, "contains", value],
};

/** The actions that accesscontrol allows: a resource for each operation with a condition, and a gate for each clash. */
export function withAccessControl(translated) {
  const { permits, forbids } = partsOf(translated);
  const control = new AccessControl();
  for (const [id, text] of permits) control.grant("person").where(condition(text, grants)).readAny(plain(id));
  for (const [, text] of forbids) control.require(grants.not(condition(text, grants)));
  const known = new Set(permits.map(([id]) => id));
  return (person, actions) => {
    const asked = control.can("person").with({ ...dataOf(person), always: true });
    return actions.filter((id) => known.has(id) && asked.readAny(plain(id)).granted);
  };
}
