// `privet/authzen`: the OpenID Authorization API 1.0 as a fetch handler.
export { InvalidOptionsError } from "../core/errors.js";
export { InvalidRequestError, ProblemError } from "../edge/problem.js";
export { authzen } from "../authzen/handler.js";
export type {
  Action,
  Asked,
  AuthzenDecision,
  AuthzenLimits,
  AuthzenOptions,
  Candidate,
  Candidates,
  DecisionContext,
  Entity,
  OperationUnder,
  Properties,
  RefusalCode,
  Search,
  ToFacts,
  ToOperation,
  ToSubject,
} from "../authzen/types.js";
