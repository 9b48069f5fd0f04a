// `privet/language`: what editors show of policy documents. It runs in browsers, too.
export { completionsAt } from "../language/completion.js";
export type { Completion, CompletionContext } from "../language/completion.js";
export { hoverAt, hoverOf, keyHover, kindOf, markdownOf } from "../language/hover.js";
export type { Hover, HoverContext } from "../language/hover.js";
export { Knowledge } from "../language/knowledge.js";
export type { Givers } from "../language/knowledge.js";
export { FileOffsets, namespaceOf, PolicyIndex } from "../language/policy-index.js";
export type { FileRange, Namespace, Occurrence, Texts } from "../language/policy-index.js";
export { ByteOffsets } from "../language/positions.js";
export type { TextRange } from "../language/positions.js";
export { quickFixesOf } from "../language/quick-fixes.js";
export type { QuickFix } from "../language/quick-fixes.js";
export { renameFault } from "../language/rename.js";
export type { JsonSchema } from "../language/schema.js";
export type { FileKind } from "../language/slots.js";
export { referencesIn, refersTo } from "../language/test-file.js";
export type { FindWords, TestReference } from "../language/test-file.js";
