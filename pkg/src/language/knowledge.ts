// What is known of a policy that compiles: its description, and which roles allow its operations.
import type { Policy } from "../core/interfaces.js";
import type { IndexedSymbol, PolicyDescription, RequirementTree } from "../studio/types.js";
import type { Namespace } from "./policy-index.js";
import { Labels } from "./words.js";

/** Roles that give something, by their labels. */
export interface Givers {
  readonly roles: readonly string[];
  /** Those that give it depending on facts. */
  readonly maybe: readonly string[];
}

/** Answers about a policy in words. */
export class Knowledge {
  readonly #policy: Policy;
  readonly #described: PolicyDescription;
  readonly #labels: Labels;

  constructor(policy: Policy, described: PolicyDescription) {
    this.#policy = policy;
    this.#described = described;
    this.#labels = new Labels(described);
  }

  /** The requirement of a symbol in words, if this version of the policy has it. */
  requirementOf({ kind, id, of }: IndexedSymbol): string | undefined {
    const { conditions, privileges, roles, operations, changeRules } = this.#described;
    const byId = <T extends { readonly id: string }>(list: readonly T[], id: string | undefined) =>
      list.find((one) => one.id === id);
    const tree = (): RequirementTree | undefined => {
      switch (kind) {
        case "condition":
          return byId(conditions, id)?.requires.tree;
        case "privilege":
          return byId(privileges, id)?.requires?.tree;
        case "level":
          return byId(byId(privileges, of)?.levels ?? [], id)?.requires?.tree;
        case "role":
          return byId(roles, id)?.when?.tree;
        case "operation":
          return byId(operations, id)?.requires.tree;
        case "obligation":
          return byId(
            operations.flatMap(({ obligations }) => obligations),
            id,
          )?.when.tree;
        case "change-rule":
          return byId(changeRules, id)?.requires.tree;
        default:
          return undefined;
      }
    };
    const found = tree();
    return found && this.#labels.words(found);
  }

  /** The id of a namespace that is most like one that the policy does not have. */
  nearest(namespace: Namespace, id: string): string | undefined {
    try {
      if (namespace === "operation") this.#policy.session().can(id);
      else if (namespace === "name") this.#policy.session({ roles: [], grants: { [id]: true } });
    } catch (thrown) {
      return /did you mean `([^`]+)`\?$/.exec((thrown as Error).message)?.[1];
    }
    return undefined;
  }

  /** The grants of a role in words. */
  grantsOf(role: string): string[] {
    const { grants = {} } = this.#described.roles.find(({ id }) => id === role) ?? {};
    return Object.entries(grants).map(([id, value]) => this.#labels.granted(id, value));
  }

  /** The roles that give a privilege, a level, an option, or what an operation needs; `undefined` for what is not given. */
  giversOf({ kind, id, of }: IndexedSymbol): Givers | undefined {
    switch (kind) {
      case "operation":
        return this.#openers(id);
      case "privilege":
        return this.#granting(id, () => true);
      case "level": {
        const levels = this.#described.privileges.find((one) => one.id === of)?.levels;
        const rank = (value: unknown) => levels?.findIndex((level) => level.id === value) ?? -1;
        return levels && this.#granting(of!, (value) => rank(value) >= rank(id));
      }
      case "option": {
        const isGranted = this.#described.privileges.some((one) => one.id === of);
        return isGranted
          ? this.#granting(of!, (value) => value === id || (Array.isArray(value) && value.includes(id)))
          : undefined;
      }
      default:
        return undefined;
    }
  }

  #granting(privilege: string, enough: (value: unknown) => boolean): Givers {
    const gives = this.#described.roles.filter(({ grants }) => {
      const value = grants[privilege];
      return value !== undefined && value !== false && enough(value);
    });
    return { roles: gives.map(({ label }) => label), maybe: [] };
  }

  #openers(operation: string): Givers | undefined {
    if (!this.#policy.operations.includes(operation)) return undefined;
    const decided = this.#described.roles.map(({ id, label }) => {
      const { decision } = this.#policy.session({ roles: [id] }).decide(operation);
      return { label, decision };
    });
    const withDecision = (wanted: string) =>
      decided.filter(({ decision }) => decision === wanted).map(({ label }) => label);
    return { roles: withDecision("allowed"), maybe: withDecision("undecided") };
  }
}
