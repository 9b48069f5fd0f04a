import { guardHandler } from "privet/next";
import { guarded } from "../../../lib/guarded.js";

export const GET = guardHandler(guarded, "data.reports.manage", (_request, session) =>
  Response.json({ allowed: session.allowed().length }),
);
