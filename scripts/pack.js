// `npm run pack:local`: puts the package, as npm would publish it, into the clone's own node_modules, for the examples,
// the demo and the engine tests.
//
// Pulumi writes a provider into the state as `require("pulumi-freebsd-jails/…")` only where the module's real path has
// node_modules in it. A link to the clone hasn't, so it has to be an unpacked tarball.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { digest, filesBelow, main, output, Problem, root, run } = require("./common");

const target = path.join(root, "node_modules", "pulumi-freebsd-jails");
const mark = path.join(target, ".packed");

/** Makes the tarball in a folder and gives its path. @param {string} folder */
function tarball(folder) {
  const name = output("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder]);
  if (name === undefined) throw new Problem("npm pack failed");
  return path.join(folder, path.basename(name.split("\n").at(-1) ?? ""));
}

/** Unpacks the tarball, and puts it in the old one's place when it is complete. @param {string} archive @param {string} made */
function install(archive, made) {
  const fresh = `${target}.${process.pid}`;
  fs.mkdirSync(fresh, { recursive: true });
  run("tar", ["-xzf", archive, "-C", fresh, "--strip-components=1"]);
  fs.writeFileSync(path.join(fresh, path.basename(mark)), made);
  fs.rmSync(target, { recursive: true, force: true });
  fs.renameSync(fresh, target);
}

/** Packs build/; does nothing where that is there already. */
function pack() {
  const built = filesBelow(path.join(root, "build")).map((name) => path.join(root, "build", name));
  if (built.length === 0) throw new Problem("There is nothing to pack: run `npm run build` first.");
  const made = digest([path.join(root, "package.json"), ...built]);
  if (fs.existsSync(mark) && fs.readFileSync(mark, "utf8") === made) return;
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "pack-"));
  try {
    install(tarball(temporary), made);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

module.exports = { pack };
if (require.main === module) main(pack);
