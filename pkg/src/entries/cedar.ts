// `privet/cedar`: a policy and its subjects in Cedar.
export { toCedar } from "../cedar/cedar.js";
export type { CedarEntity, CedarName, CedarOmission, CedarPolicy, CedarValue } from "../cedar/cedar.js";
export { toCedarSubject } from "../cedar/subject.js";
export type { CedarSubject } from "../cedar/subject.js";
