// `privet/test`: policy tests in Vitest, Jest and node:test.
export {};
