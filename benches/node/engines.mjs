// Adapters for the engines, each used in its fastest documented way: everything that can be prepared once is.
// An adapter takes the questions and returns `start(person)`, `can(state, id)` and `change(state, person)`, which returns the
// state after the person's change. `load` imports a package: from a folder in Node.js, from the bundle in a browser.

const after = (data, { flag, held }, key) => ({ ...data, [key(flag)]: held });

/** Writes a rule as an infix expression. */
function infix(rule, syntax) {
  if (typeof rule === "boolean") return String(rule);
  const [kind, ...parts] = rule;
  if (kind === "not") return `!(${infix(parts[0], syntax)})`;
  if (kind === "is") return syntax.name(parts[0]);
  if (kind === "at-least") return `${syntax.name(parts[0])} >= ${parts[1]}`;
  if (kind === "equal") return `${syntax.name(parts[0])} == ${parts[1]}`;
  return `(${parts.map((part) => infix(part, syntax)).join(kind === "and" ? " && " : " || ")})`;
}

const functions = (questions) =>
  new Map(
    questions.map(({ id, rule }) => [id, new Function("it", `return ${infix(rule, { name: (key) => `it.${key}` })};`)]),
  );

export const engines = {
  async privet({ questions, load }) {
    const [{ open }, { pack }] = await Promise.all([load("privet"), load("privet/policies/contact")]);
    const policy = open(pack);
    const [{ id: first }] = questions;
    const change = (session, { flag, held }) => session.with({ set: { [flag]: held ? true : null } });
    return {
      policy,
      start: ({ subject }) => policy.session(subject),
      can: (session, id) => session.can(id),
      change,
      eager: (session, person) => (change(session, person).can(first) ? 1 : 0),
    };
  },
  async closures({ questions, key }) {
    const all = functions(questions);
    const list = [...all.values()];
    const eager = (data, person) => {
      const changed = after(data, person, key);
      const answers = [];
      for (const allows of list) answers.push(allows(changed));
      return answers.length;
    };
    return {
      start: ({ data }) => data,
      can: (data, id) => all.get(id)(data),
      change: (data, person) => after(data, person, key),
      eager,
    };
  },
  async "@casl/ability"({ questions, key, load }) {
    const { createMongoAbility } = await load("@casl/ability");
    const all = functions(questions);
    const ability = (data) => {
      const rules = [];
      for (const [action, allows] of all) if (allows(data)) rules.push({ action, subject: "Operation" });
      return { data, ability: createMongoAbility(rules) };
    };
    return {
      start: ({ data }) => ability(data),
      can: ({ ability }, id) => ability.can(id, "Operation"),
      change: ({ data }, person) => ability(after(data, person, key)),
    };
  },
  async accesscontrol({ questions, key, load }) {
    const { AccessControl } = (await load("accesscontrol")).default;
    const all = functions(questions);
    const control = (data) => {
      const held = {};
      for (const [id, allows] of all) if (allows(data)) held[id] = { "read:any": ["*"] };
      return { data, control: new AccessControl({ user: held }) };
    };
    return {
      start: ({ data }) => control(data),
      can: ({ control }, id) => control.can("user").readAny(id).granted,
      change: ({ data }, person) => control(after(data, person, key)),
    };
  },
  async "json-logic-js"({ questions, key, load }) {
    const { default: logic } = await load("json-logic-js");
    const jsonLogic = (rule) => {
      if (typeof rule === "boolean") return rule;
      const [kind, ...parts] = rule;
      if (kind === "is") return { var: parts[0] };
      if (kind === "at-least") return { ">=": [{ var: parts[0] }, parts[1]] };
      if (kind === "equal") return { "==": [{ var: parts[0] }, parts[1]] };
      return { [kind === "not" ? "!" : kind]: parts.map(jsonLogic) };
    };
    const all = new Map(questions.map(({ id, rule }) => [id, jsonLogic(rule)]));
    return {
      start: ({ data }) => data,
      can: (data, id) => Boolean(logic.apply(all.get(id), data)),
      change: (data, person) => after(data, person, key),
    };
  },
  async "@cedar-policy/cedar-wasm"({ questions, key, load }) {
    const { default: cedar } = await load("@cedar-policy/cedar-wasm/nodejs");
    const name = (key) => `context.${key}`;
    const policy = ({ id, rule }) =>
      `permit(principal, action == Action::"${id}", resource) when { ${infix(rule, { name })} };`;
    const parsed = cedar.preparsePolicySet("policy", { staticPolicies: questions.map(policy).join("\n") });
    if (parsed.type !== "success") throw new Error(JSON.stringify(parsed.errors));
    const entity = { type: "User", id: "user" };
    const can = (context, id) => {
      const request = {
        principal: entity,
        action: { type: "Action", id },
        resource: { type: "Product", id: "product" },
        context,
      };
      return (
        cedar.statefulIsAuthorized({ ...request, preparsedPolicySetId: "policy", entities: [], validateRequest: false })
          .response.decision === "allow"
      );
    };
    return { start: ({ data }) => data, can, change: (data, person) => after(data, person, key) };
  },
  async casbin({ questions, key, load }) {
    const { newEnforcer, newModelFromString } = await load("casbin");
    const model = newModelFromString(`
[request_definition]
r = sub, obj
[policy_definition]
p = obj, rule
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.obj == p.obj && eval(p.rule)`);
    const enforcer = await newEnforcer(model);
    const name = (key) => `r.sub.${key}`;
    await enforcer.addPolicies(questions.map(({ id, rule }) => [id, infix(rule, { name })]));
    return {
      start: ({ data }) => data,
      can: (data, id) => enforcer.enforceSync(data, id),
      change: (data, person) => after(data, person, key),
    };
  },
};
