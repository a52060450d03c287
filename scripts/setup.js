// What has to be there before anything of ours runs: packages, the build, the packed package, the Pulumi CLI.
// Each step does nothing where it was done already.
const fs = require("node:fs");
const path = require("node:path");
const { build } = require("./build");
const { digest, filesBelow, main, Problem, root, run } = require("./common");
const { pack } = require("./pack");
const { usePulumi } = require("./pulumi");

/** Where it is noted what was done. npm's own clean install empties it, which is right. */
const notes = path.join(root, "node_modules", ".cache", "pulumi-freebsd-jails");

/**
 * Does a step, unless it was done with these very files.
 * @param {string} name @param {readonly string[]} files @param {() => void} step
 */
function once(name, files, step) {
  const note = path.join(notes, name);
  const now = digest(files);
  if (fs.existsSync(note) && fs.readFileSync(note, "utf8") === now) return;
  step();
  fs.mkdirSync(notes, { recursive: true });
  fs.writeFileSync(note, now);
}

function checkNode() {
  const major = Number(process.versions.node.split(".")[0]);
  if (major < 20) throw new Problem(`Node ${process.versions.node} is too old: 20 or later is needed.`);
}

/** Installs the packages of the lock file. What packages would run while they are installed isn't needed. */
function installPackages() {
  const files = ["package.json", "package-lock.json"].map((name) => path.join(root, name));
  once("packages", files, () => {
    console.log("Installing packages …");
    run("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
  });
}

/** Builds and packs what programs import. */
function buildPackage() {
  const folders = ["sdk", "provider"].map((name) => path.join(root, name));
  const sources = folders.flatMap((folder) => filesBelow(folder).map((name) => path.join(folder, name)));
  once("build", [path.join(root, "tsconfig.json"), ...sources], build);
  pack();
}

/** Everything, in order. */
async function setUp() {
  checkNode();
  installPackages();
  buildPackage();
  await usePulumi();
}

module.exports = { setUp, buildPackage };
if (require.main === module) main(setUp);
