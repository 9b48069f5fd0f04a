// Firefox by WebDriver BiDi, and WebKit by WebDriver: what the runners need of them. PRIVET_FIREFOX is a Firefox, PRIVET_WEBKIT a
// MiniBrowser of WebKitGTK with WebKitWebDriver and Xvfb on PATH.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import puppeteer from "puppeteer-core";

/** The longest that a page may take, in milliseconds. */
const PATIENCE = 60_000;

/** Opens an address in Firefox and returns what an async function body returns in the page; output of the page is an error. */
export async function inFirefox(url, body, { quiet = true } = {}) {
  const browser = await puppeteer.launch({
    browser: "firefox",
    protocol: "webDriverBiDi",
    executablePath: process.env.PRIVET_FIREFOX,
    protocolTimeout: PATIENCE,
  });
  try {
    const page = await browser.newPage();
    const output = [];
    page.on("console", (message) => output.push(message.text()));
    page.on("pageerror", (error) => output.push(String(error.stack ?? error)));
    await page.goto(url);
    const result = await page
      .evaluate(`(async () => {${body}})()`)
      .catch((error) => Promise.reject(new Error(`${error.message}\n${output.join("\n")}`)));
    if (quiet && output.length) throw new Error(`the page printed: ${output.join("\n")}`);
    return result;
  } finally {
    await browser.close();
  }
}

/** A free port of the loopback interface. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Sends a command of WebDriver and returns its value; waits until the driver listens. */
async function command(url, method, body) {
  for (const deadline = Date.now() + 10_000; ; ) {
    const response = await fetch(url, { method, body: body && JSON.stringify(body) }).catch((error) => error);
    if (response instanceof Response) {
      const { value } = await response.json();
      if (!response.ok) throw new Error(`${method} ${url}: ${JSON.stringify(value)}`);
      return value;
    }
    if (Date.now() > deadline) throw response;
    await new Promise((later) => setTimeout(later, 100));
  }
}

/**
 * Opens an address in WebKit and returns what an async function body returns in the page. `environment` sets options of JavaScriptCore,
 * such as `JSC_useWasm: "0"`.
 */
export async function inWebkit(url, body, environment = {}) {
  const screen = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const port = await freePort();
  let driver;
  try {
    const [display] = await Promise.race([
      once(screen.stdio[3], "data"),
      once(screen, "exit").then(() => Promise.reject(new Error("Xvfb did not start"))),
    ]);
    const env = { ...process.env, DISPLAY: `:${String(display).trim()}`, NO_AT_BRIDGE: "1", ...environment };
    driver = spawn("WebKitWebDriver", [`--port=${port}`, "--host=127.0.0.1"], { env, stdio: "ignore" });
    const options = { binary: process.env.PRIVET_WEBKIT, args: ["--automation"] };
    const alwaysMatch = { browserName: "MiniBrowser", "webkitgtk:browserOptions": options };
    const at = `http://127.0.0.1:${port}/session`;
    const { sessionId } = await command(at, "POST", { capabilities: { alwaysMatch } });
    try {
      const session = `${at}/${sessionId}`;
      await command(`${session}/timeouts`, "POST", { script: PATIENCE });
      await command(`${session}/url`, "POST", { url });
      const script = `const done = arguments[arguments.length - 1];
(async () => {${body}})().then((result) => done({ result }), (error) => done({ error: \`\${error}\\n\${error.stack}\` }));`;
      const { result, error } = await command(`${session}/execute/async`, "POST", { script, args: [] });
      if (error) throw new Error(error);
      return result;
    } finally {
      await command(`${at}/${sessionId}`, "DELETE");
    }
  } finally {
    driver?.kill();
    screen.kill();
  }
}

/** The body that waits for the `globalThis.result` that a page sets. */
export const RESULT = `const deadline = Date.now() + 50_000;
while (!globalThis.result) {
  if (Date.now() > deadline) throw new Error("the page set no result");
  await new Promise((later) => setTimeout(later, 20));
}
return globalThis.result;`;
