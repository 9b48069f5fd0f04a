// `privet/node`: guards for node:http, Express, Fastify and Koa.
export { express, fastify, http, koa, send, toRequest } from "../adapters/node.js";
export type {
  ExpressRequest,
  FastifyReply,
  FastifyRequest,
  HttpHandler,
  IncomingRequest,
  KoaContext,
  OutgoingResponse,
} from "../adapters/node.js";
