// The worker of the load test: its clock can be moved, its records are written slowly, and problems are counted instead of logged.
import { createWorker } from "./worker.mjs";

const SLOW = 300;
let ahead = 0;
let problems = 0;
let records;

const worker = createWorker({
  clock: () => Date.now() + ahead,
  onProblem: () => void problems++,
  async onDecision(record) {
    await new Promise((done) => setTimeout(done, SLOW));
    await records.put(crypto.randomUUID(), JSON.stringify(record));
  },
});

export default {
  async fetch(request, env) {
    records = env.RECORDS;
    const { pathname, searchParams } = new URL(request.url);
    if (pathname !== "/clock") return worker.fetch(request, env);
    ahead += Number(searchParams.get("minutes")) * 60_000;
    return Response.json({ problems });
  },
};
