// Builds the services of docs/host.md as their readers would, and asks them: node services.mjs PYTHON, a Python with the wrapper's packages.
// They are written to target/hosts/services. The Java wrapper is in Maven's local repository.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const FOLDER = join(ROOT, "target/hosts/services");
const [, , python] = process.argv;
const page = readFileSync(join(ROOT, "docs/host.md"), "utf8");
const requests = JSON.parse(readFileSync(new URL("guard.json", import.meta.url), "utf8"));
const example = (name) => new RegExp(`\`\`\`${name}\n(.*?)\`\`\``, "s").exec(page)[1];

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-parent</artifactId><version>3.5.7</version><relativePath/></parent>
  <groupId>shop</groupId><artifactId>shop</artifactId><version>1</version>
  <dependencies>
    <dependency><groupId>org.springframework.boot</groupId><artifactId>spring-boot-starter-web</artifactId></dependency>
    <dependency><groupId>io.github.privet-policy</groupId><artifactId>privet</artifactId><version>0.1.0</version></dependency>
    <dependency><groupId>com.nimbusds</groupId><artifactId>nimbus-jose-jwt</artifactId><version>10.10</version></dependency>
  </dependencies>
  <build><plugins><plugin><groupId>org.springframework.boot</groupId><artifactId>spring-boot-maven-plugin</artifactId><configuration><mainClass>shop.Shop</mainClass></configuration></plugin></plugins></build>
</project>
`;
const wrapper = "github.com/privet-policy/privet/hosts/go";

/** For each language its files, what builds it, what starts it on a port, and what prints a JWT of roles. */
const services = {
  python: {
    files: { "shop.py": example("python service"), "issue.py": example("python issue") },
    builds: [],
    issue: [python, "issue.py"],
    start: (port) => [python, "-m", "uvicorn", "shop:app", "--log-level", "warning", "--port", port],
  },
  go: {
    files: {
      "main.go": example("go service"),
      "issue/main.go": example("go issue"),
      "go.mod": "module shop\n\ngo 1.25.0\n",
    },
    builds: [
      ["go", "mod", "edit", "-replace", `${wrapper}=${join(ROOT, "hosts/go")}`],
      ["go", "mod", "tidy"],
      ["go", "build", "-o", "shop", "."],
    ],
    issue: ["go", "run", "./issue"],
    start: () => ["./shop"],
  },
  java: {
    files: {
      "src/main/java/shop/Shop.java": example("java service"),
      "src/main/java/shop/Issue.java": example("java issue"),
      "pom.xml": pom,
    },
    builds: [["mvn", "-q", "-B", "package"]],
    issue: [
      "java",
      "-cp",
      "target/shop-1.jar",
      "-Dloader.main=shop.Issue",
      "org.springframework.boot.loader.launch.PropertiesLauncher",
    ],
    start: (port) => ["java", "-jar", "target/shop-1.jar", `--server.port=${port}`, "--server.address=127.0.0.1"],
  },
};

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(String(port)));
    });
  });

/** The authorization of a request of guard.json. */
const sent = (why) => requests.cases.find((row) => row.why === why).authorization[0];

async function ask(url, authorization) {
  for (const deadline = Date.now() + 60_000; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    try {
      const response = await fetch(url, { headers: authorization ? { authorization } : {} });
      const body = await response.json();
      if (response.status === 200) return [200, body];
      assert.equal(response.headers.get("content-type"), "application/problem+json");
      return [response.status, body.code];
    } catch (error) {
      if (error.cause?.code !== "ECONNREFUSED" || Date.now() > deadline) throw error; // it starts
    }
  }
}

/** Runs a command that must succeed, and returns what it prints. */
function run(cwd, command, ...args) {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  assert.equal(status, 0, `${command} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout.trim();
}

for (const [language, { files, builds, start, issue }] of Object.entries(services)) {
  const cwd = join(FOLDER, language);
  const port = await freePort();
  rmSync(cwd, { recursive: true, force: true });
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(cwd, name)), { recursive: true });
    writeFileSync(join(cwd, name), content.replaceAll("8080", port));
  }
  writeFileSync(join(cwd, "shop.privetpack"), Buffer.from(requests.pack, "base64"));
  run(cwd, "sh", "-ec", example("sh keys"));
  for (const command of builds) run(cwd, ...command);
  const bearer = (...roles) => `Bearer ${run(cwd, ...issue, ...roles)}`;
  const [command, ...args] = start(port);
  const running = spawn(command, args, { cwd, stdio: ["ignore", "ignore", "inherit"] });
  try {
    const url = `http://127.0.0.1:${port}/orders`;
    assert.deepEqual(await ask(url, bearer("clerk")), [200, ["orders.list"]], language);
    assert.deepEqual(await ask(url, bearer()), [403, "denied"], language);
    assert.deepEqual(await ask(url), [401, "missing-token"], language);
    assert.deepEqual(await ask(url, sent("allowed")), [401, "invalid-token"], `${language}: the key of another issuer`);
  } finally {
    running.kill();
  }
  console.log(`the service of docs/host.md in ${language}: 4 requests`);
}
