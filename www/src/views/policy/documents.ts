import type { PolicyId } from "../../state/types.js";
import contact from "../../../../src/policies/contact.jsonc?url";
import dotdigital from "../../../../src/policies/dotdigital.jsonc?url";
import vicidial from "../../../../src/policies/vicidial.jsonc?url";

const documents: { readonly [id: string]: string } = { vicidial, contact, dotdigital };

/** The source text of a built-in policy. */
export async function documentOf(id: Exclude<PolicyId, "own">): Promise<string> {
  const answer = await fetch(documents[id] ?? "");
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}`);
  return answer.text();
}

/** A minimal policy that shows the main features: a fact, two privileges with a dependency, and a menu. */
export const example = `// Change something: it is compiled as you type.
{
  "format": 1, "id": "shop", "title": "Shop", "version": "1",
  "verbs": [{ "id": "edit", "label": "Edit" }],
  "facts": [
    { "id": "returns-on", "kind": "switch", "label": "Returns", "where": "Shop settings", "default": false }
  ],
  "privileges": [
    { "id": "orders", "kind": "level", "label": "Orders", "group": "Orders",
      "levels": [{ "id": "view", "label": "View" }, { "id": "edit", "label": "Edit" }] },
    { "id": "refund", "kind": "flag", "label": "Refund", "group": "Orders", "requires": "orders >= edit" }
  ],
  "menu": [
    { "id": "orders-page", "label": "Orders" },
    { "id": "returns", "label": "Returns", "parent": "orders-page" }
  ],
  "operations": [
    { "id": "orders.list", "label": "List orders", "menu": ["orders-page"], "requires": "orders >= view" },
    { "id": "orders.edit", "label": "Edit an order", "menu": ["orders-page"], "verbs": ["edit"], "requires": "orders >= edit" },
    { "id": "returns.refund", "label": "Refund an order", "menu": ["returns"], "requires": "refund and returns-on" }
  ]
}
`;
