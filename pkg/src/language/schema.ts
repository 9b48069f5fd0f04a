// What a JSON Schema says about a place in a document: its keys and values. It reads what the schemas of policies and tests use.

/** A JSON Schema, as far as it is read. */
export interface JsonSchema {
  readonly [keyword: string]: unknown;
  readonly $ref?: string;
  readonly $defs?: { readonly [name: string]: JsonSchema };
  readonly description?: string;
  readonly properties?: { readonly [key: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema | boolean;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly type?: string | readonly string[];
}

/** A key that an object may have. */
export interface SchemaKey {
  readonly key: string;
  readonly description: string;
  readonly isRequired: boolean;
}

/** A schema without references, and the alternatives of which it consists. */
function alternatives(root: JsonSchema, schema: JsonSchema | boolean | undefined): JsonSchema[] {
  if (typeof schema !== "object") return [];
  const name = schema.$ref?.replace("#/$defs/", "");
  if (name !== undefined) return alternatives(root, root.$defs?.[name]);
  const parts = schema.oneOf ?? schema.anyOf;
  return parts ? parts.flatMap((part) => alternatives(root, part)) : [schema];
}

/** Whether an alternative fits what an object has: its constants, such as `kind`, and its keys. */
function fits(schema: JsonSchema, value: unknown): boolean {
  if (typeof value !== "object" || value === null || !schema.properties) return true;
  const { properties } = schema;
  return Object.entries(value).every(([key, held]) => {
    const property = properties[key];
    if (property === undefined) return !["nobodyMay", "nobodyHolds", "role"].includes(key);
    return !("const" in property) || property.const === held || typeof held !== "string" || held === "";
  });
}

/** The schemas of the value at a path; alternatives that do not fit the objects on the way are left out. */
export function schemasAt(root: JsonSchema, path: readonly (string | number)[], document: unknown): JsonSchema[] {
  let schemas = alternatives(root, root);
  let value = document;
  for (const segment of path) {
    const here = narrowed(schemas, value);
    schemas = here.flatMap((schema) => {
      if (typeof segment === "number") return alternatives(root, schema.items);
      const property = schema.properties?.[segment] ?? schema.additionalProperties;
      const found = alternatives(root, property);
      const description = typeof property === "object" ? property.description : undefined;
      return description === undefined ? found : found.map((one) => ({ ...one, description }));
    });
    value = (value as { readonly [key: string | number]: unknown } | undefined)?.[segment];
  }
  return narrowed(schemas, value);
}

/** The alternatives that fit a value; all if none does. */
function narrowed(schemas: readonly JsonSchema[], value: unknown): JsonSchema[] {
  const fitting = schemas.filter((schema) => fits(schema, value));
  return fitting.length > 0 ? fitting : [...schemas];
}

/** The keys of an object with these schemas, without those that it may only have empty. */
export function keysOf(schemas: readonly JsonSchema[]): SchemaKey[] {
  const keys = new Map<string, SchemaKey>();
  for (const { properties = {}, required = [] } of schemas) {
    for (const [key, { description = "", doNotSuggest }] of Object.entries(properties)) {
      if (doNotSuggest !== true && !keys.has(key))
        keys.set(key, { key, description, isRequired: required.includes(key) });
    }
  }
  return [...keys.values()];
}

/** The constants that a value with these schemas may be, with what they mean. */
export function constantsOf(schemas: readonly JsonSchema[]): { value: string; description: string }[] {
  return schemas.flatMap((schema) => {
    const values = "const" in schema ? [schema.const] : (schema.enum ?? []);
    return values
      .filter((value) => typeof value === "string")
      .map((value) => ({ value, description: schema.description ?? "" }));
  });
}
