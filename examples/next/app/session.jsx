"use client";
import { useMemo } from "react";
import { PrivetProvider } from "privet/react";
import { hydrate } from "privet/ssr";
import { contact } from "../lib/policy.js";

/** Restores the session of the server, so that the first paint is that of the server. */
export function Session({ value, children }) {
  const session = useMemo(() => hydrate(contact, value), [value]);
  return <PrivetProvider session={session}>{children}</PrivetProvider>;
}
