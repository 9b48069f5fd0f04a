import type { FactInfo } from "./model.js";

/** Whether a fact belongs to the installation and so applies to everyone; the others describe one person. */
export const isShared = (fact: Pick<FactInfo, "scope"> | undefined): boolean => fact?.scope === "installation";
