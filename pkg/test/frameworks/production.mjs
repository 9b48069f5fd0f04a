// Adapters in production builds: unknown ids hide and are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { devtools } from "privet/devtools";
import { Can, PrivetProvider } from "privet/react";
import { boss } from "./policy.mjs";

test("in production an unknown id hides, and is told once", async () => {
  const told = [];
  const wrong = (key) => createElement(Can, { key, do: "orders.refnud", fallback: "fallback" }, "refund");
  const onError = ({ message }) => told.push(message);
  const html = renderToString(createElement(PrivetProvider, { session: boss, onError }, [wrong(1), wrong(2)]));
  assert.equal(html, "");
  assert.deepEqual(told, ["unknown operation `orders.refnud`; did you mean `orders.refund`?"]);
  const stop = await devtools();
  assert.equal(stop(), undefined);
});
