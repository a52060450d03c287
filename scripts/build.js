// `npm run build`: TypeScript to CommonJS in build/, and the shell that runs on FreeBSD beside it.
const fs = require("node:fs");
const path = require("node:path");
const { spawnSync } = require("node:child_process");
const { bin, filesBelow, main, Problem, root } = require("./common");

/** Here lies the shell that runs on FreeBSD. */
const shellFolder = "provider";

/** Runs tsc and gives the files that it wrote, relative to build/. */
function compile() {
  const tsc = spawnSync(bin("tsc"), ["-p", "tsconfig.json", "--listEmittedFiles", "--pretty", "false"], {
    cwd: root,
    encoding: "utf8",
  });
  if (tsc.error) throw new Problem(`tsc: ${tsc.error.message}`);
  const lines = tsc.stdout.split("\n").filter(Boolean);
  const emitted = lines.filter((line) => line.startsWith("TSFILE: ")).map((line) => line.slice("TSFILE: ".length));
  if (tsc.status !== 0) throw new Problem(lines.filter((line) => !line.startsWith("TSFILE: ")).join("\n"));
  return emitted.map((file) => path.relative(path.join(root, "build"), file));
}

/** Copies the shell files and gives their paths relative to build/. */
function copyShell() {
  const names = filesBelow(path.join(root, shellFolder)).filter((name) => name.endsWith(".sh"));
  return names.map((name) => {
    const target = path.join(root, "build", shellFolder, name);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.copyFileSync(path.join(root, shellFolder, name), target);
    return path.join(shellFolder, name);
  });
}

/** Builds, and removes from build/ what no source makes any more (it would be packed). */
function build() {
  const made = new Set([...compile(), ...copyShell()]);
  for (const name of filesBelow(path.join(root, "build"))) {
    if (!made.has(name)) fs.rmSync(path.join(root, "build", name));
  }
}

module.exports = { build };
if (require.main === module) main(build);
