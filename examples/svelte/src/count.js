/** How often each part was rendered, for the tests. */
globalThis.renders = {};
export const count = (part) => {
  globalThis.renders[part] = (globalThis.renders[part] ?? 0) + 1;
  return globalThis.renders[part];
};
