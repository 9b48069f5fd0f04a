// The page's server answers every request line, and the next request.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { serve } from "../serve.js";

/** The status of a response to a request line, which is sent as it is written here. */
const status = (port, line) =>
  new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(`${line}\r\nhost: localhost\r\nconnection: close\r\n\r\n`),
    );
    socket.on("data", (data) => (text += data)).on("error", reject);
    socket.on("close", () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1])));
  });

test("every request line is answered, and the next request too", async () => {
  const folder = mkdtempSync(join(tmpdir(), "privet-serve-"));
  writeFileSync(join(folder, "index.html"), "<title>page</title>");
  writeFileSync(join(folder, "a b.js"), "");
  mkdirSync(join(folder, "folder"));
  const server = await serve(folder);
  const port = Number(new URL(server.url).port);
  const paths = [
    ["/", 200],
    ["/?x=%", 200],
    ["/a%20b.js", 200],
    ["/%", 400],
    ["/%00", 400],
    ["/index.html%00.js", 400],
    ["/%ff", 400],
    ["/%e0%a4%a", 400],
    ["//", 404],
    ["//index.html", 200],
    ["//example.com/index.html", 404],
    ["/folder", 404],
    ["/folder/", 404],
    ["/index.html/x", 404],
    ["/..", 404],
    ["/%2e%2e/%2e%2e/etc/passwd", 404],
    ["/..%2f..%2fetc/passwd", 404],
    ["/\\..\\..", 404],
    [`/${"x".repeat(8000)}`, 404],
    [`/${"x/".repeat(4000)}`, 404],
    [`/${"%2e%2e/".repeat(1000)}`, 404],
    ["http://localhost/", 404], // the absolute form is for proxies
    ["*", 404],
    ["//[", 404],
  ];
  try {
    for (const [path, wanted] of paths) {
      assert.equal(await status(port, `GET ${path} HTTP/1.1`), wanted, path.slice(0, 40));
      assert.equal(await status(port, "GET / HTTP/1.1"), 200, `after ${path.slice(0, 40)}`);
    }
    for (const line of ["GET  HTTP/1.1", "GET / HTTP/9.9", "\0", "G\u00cbT / HTTP/1.1", "GET /\u0001 HTTP/1.1"]) {
      assert.equal(await status(port, line), 400, line);
      assert.equal(await status(port, "GET / HTTP/1.1"), 200);
    }
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});

test("files are compressed as the request accepts", async () => {
  const folder = mkdtempSync(join(tmpdir(), "privet-serve-"));
  const text = "const x = 1;\n".repeat(2000);
  writeFileSync(join(folder, "page.js"), text);
  const server = await serve(folder);
  try {
    for (const [accepted, wanted] of [
      ["gzip, br", "br"],
      ["gzip", "gzip"],
      ["br;q=0, gzip;q=1.0", "gzip"],
      ["identity", undefined],
    ]) {
      const { encoding, size } = await new Promise((resolve, reject) => {
        get(`${server.url}page.js`, { headers: { "accept-encoding": accepted } }, (response) => {
          let size = 0;
          response
            .on("data", (data) => (size += data.length))
            .on("end", () => resolve({ encoding: response.headers["content-encoding"], size }));
        }).on("error", reject);
      });
      assert.equal(encoding, wanted, accepted);
      assert.ok(wanted === undefined ? size === text.length : size < text.length / 10, `${accepted}: ${size}`);
    }
    assert.equal(await (await fetch(`${server.url}page.js`)).text(), text);
  } finally {
    await server.close();
    rmSync(folder, { recursive: true });
  }
});
