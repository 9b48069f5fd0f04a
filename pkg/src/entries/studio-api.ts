// The exports of `privet/studio` that do not depend on the runtime. Each entry beside this file adds `studio`.
export * from "../core/errors.js";
export { PolicyError, StudioStoppedError } from "../studio/errors.js";
export type { Studio } from "../studio/index.js";
export { toSql } from "../studio/sql.js";
export type { Columns, Sql, SqlOptions } from "../studio/sql.js";
export type { StudioOptions, WasmSource } from "../studio/load.js";
export type * from "../studio/population-types.js";
export type * from "../studio/types.js";
