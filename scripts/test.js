// `npm test`: everything, on a fresh clone. `npm run test:host`: the engine tests on the FreeBSD host in FREEBSD_HOST.
// Its last line counts: "N passed, N failed, N skipped".
const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { bin, main, Problem, root } = require("./common");
const { lintChecks } = require("./lint");
const { setUp } = require("./setup");

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

/** @type {Counts} */
const none = { passed: 0, failed: 0, skipped: 0 };

/** @param {Counts} a @param {Counts} b @returns {Counts} */
function sum(a, b) {
  return { passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped };
}

/** Each of lint's checks counts as one test. */
function lint() {
  let counts = none;
  for (const [name, check] of Object.entries(lintChecks)) {
    console.log(`\nlint: ${name}`);
    try {
      check();
      counts = sum(counts, { ...none, passed: 1 });
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      counts = sum(counts, { ...none, failed: 1 });
    }
  }
  return counts;
}

/**
 * Runs Jest and counts. A file that can't even be loaded, or a Jest that breaks down, is a failure too.
 * @param {readonly string[]} args
 */
function jest(args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "jest-"));
  const report = path.join(folder, "report.json");
  try {
    const command = [bin("jest"), "--ci", "--json", "--outputFile", report, ...args];
    const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    if (!fs.existsSync(report)) return { ...none, failed: 1 };
    const result = JSON.parse(fs.readFileSync(report, "utf8"));
    const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
    return {
      passed: result.numPassedTests,
      failed: failed || (status === 0 ? 0 : 1),
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The stand-in's own tests. */
function go() {
  console.log("\nThe stand-in's own tests");
  const folder = path.join(root, "test", "host", "freebsd");
  const lines = spawnSync("go", ["test", "-json", "./..."], {
    cwd: folder,
    encoding: "utf8",
    maxBuffer: 1e9,
  }).stdout.split("\n");
  const events = lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  for (const event of events)
    if (event.Action === "output" && /^(?:ok|FAIL|---)/.test(event.Output)) process.stdout.write(event.Output);
  /** @param {string} action */
  const count = (action) => events.filter((event) => event.Action === action && event.Test).length;
  const broken = events.filter((event) => event.Action === "fail" && !event.Test).length;
  return { passed: count("pass"), failed: count("fail") || broken, skipped: count("skip") };
}

async function test() {
  await setUp();
  const onHost = process.argv[2] === "host";
  if (onHost && !process.env.FREEBSD_HOST) {
    throw new Problem("npm run test:host needs FREEBSD_HOST=user@address[:port] (and FREEBSD_SSH_KEY, FREEBSD_BASE).");
  }
  const parts = onHost
    ? [() => jest(["--selectProjects", "engine", "preview", "--runInBand"])]
    : [lint, go, () => jest(["--selectProjects", "unit", "replay", "session", "crash", "engine", "preview"])];
  const counts = parts.map((part) => part()).reduce(sum);
  if (counts.failed > 0) process.exitCode = 1;
  console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
}

main(test);
