// `npm run lint`: biome, the types of everything, shellcheck for what runs on FreeBSD, gofmt and go vet for the stand-in.
const fs = require("node:fs");
const path = require("node:path");
const { bin, filesBelow, main, output, Problem, root, run } = require("./common");

/** Checks that a program is there, and as root on a Debian installs its package. @param {string} program */
function need(program) {
  if (output("sh", ["-c", `command -v ${program}`])) return;
  const canInstall = process.getuid?.() === 0 && output("sh", ["-c", "command -v apt-get"]);
  if (canInstall)
    run("sh", ["-c", `apt-get install -y ${program} || { apt-get update && apt-get install -y ${program}; }`]);
  if (!output("sh", ["-c", `command -v ${program}`])) throw new Problem(`${program} is needed and isn't installed.`);
}

function shell() {
  const folder = path.join(root, "provider");
  const files = filesBelow(folder).filter((name) => name.endsWith(".sh"));
  if (files.length === 0) return;
  need("shellcheck");
  run("shellcheck", ["-s", "sh", ...files.map((name) => path.join(folder, name))]);
}

function go() {
  const folder = path.join(root, "test", "host", "freebsd");
  if (!fs.existsSync(path.join(folder, "go.mod"))) return;
  const unformatted = output("gofmt", ["-l", "."], { cwd: folder });
  if (unformatted === undefined) throw new Problem("gofmt can't be run: Go is needed.");
  if (unformatted) throw new Problem(`gofmt -w is due for:\n${unformatted}`);
  run("go", ["vet", "./..."], { cwd: folder });
}

/** What lint consists of; all of it is run, also after one has failed. @type {Record<string, () => void>} */
const lintChecks = {
  biome: () => run(bin("biome"), ["check", "--error-on-warnings", "."]),
  types: () => run(bin("tsc"), ["-p", "tsconfig.test.json"]),
  shellcheck: shell,
  go,
};

function lint() {
  const wanted = process.argv.slice(2);
  const failed = [];
  for (const [name, check] of Object.entries(lintChecks)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    try {
      check();
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      failed.push(name);
    }
  }
  if (failed.length > 0) throw new Problem(`lint: ${failed.join(", ")} failed.`);
}

module.exports = { lintChecks };
if (require.main === module) main(lint);
