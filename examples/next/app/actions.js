"use server";
import { guardAction } from "privet/next";
import { guarded } from "../lib/guarded.js";

// A server action can be called by anybody who has the page: it is guarded by itself
export const addReport = guardAction(guarded, "data.reports.manage", async (_session, name) => `added ${name}`, {
  otherwise: ({ code }) => code,
});
