// The decision point as a worker. `records.pack` is the compiled policy, a module of the type Data.
import { open } from "privet";
import { pdp } from "./pdp.mjs";
import pack from "./records.pack";

const policy = open(new Uint8Array(pack));
let handler;

export default {
  fetch(request, env) {
    handler ??= pdp(policy, { url: env.PDP_URL });
    return handler(request);
  },
};
