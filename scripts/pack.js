// `npm run pack:local`: puts the package, as npm would publish it, below the folders whose programs use it.
//
// Pulumi writes a provider into the state as `require("pulumi-freebsd-jails/…")` only when the module's real path has
// node_modules in it. A link to the clone hasn't, so examples and engine tests need an unpacked tarball. The package's own
// dependencies are found further up, in the clone's node_modules.
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { digest, filesBelow, main, output, Problem, root, run } = require("./common");

const users = ["examples", path.join("test", "engine")];

/** Makes the tarball in a folder and gives its path. @param {string} folder */
function tarball(folder) {
  const name = output("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder]);
  if (name === undefined) throw new Problem("npm pack failed");
  return path.join(folder, path.basename(name.split("\n").at(-1) ?? ""));
}

/**
 * Unpacks the tarball as folder/node_modules/pulumi-freebsd-jails, in one rename.
 * @param {string} archive @param {string} folder @param {string} mark
 */
function install(archive, folder, mark) {
  const modules = path.join(root, folder, "node_modules");
  const target = path.join(modules, "pulumi-freebsd-jails");
  const fresh = path.join(modules, `.fresh-${process.pid}`);
  fs.mkdirSync(fresh, { recursive: true });
  run("tar", ["-xzf", archive, "-C", fresh, "--strip-components=1"]);
  fs.writeFileSync(path.join(fresh, ".packed"), mark);
  fs.rmSync(target, { recursive: true, force: true });
  fs.renameSync(fresh, target);
}

/** @param {string} folder */
function markOf(folder) {
  const file = path.join(root, folder, "node_modules", "pulumi-freebsd-jails", ".packed");
  return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
}

/** Packs build/ for everything in the clone that uses the package; does nothing where that is there already. */
function pack() {
  const built = filesBelow(path.join(root, "build")).map((name) => path.join(root, "build", name));
  if (built.length === 0) throw new Problem("There is nothing to pack: run `npm run build` first.");
  const mark = digest([path.join(root, "package.json"), ...built]);
  const stale = users.filter((folder) => fs.existsSync(path.join(root, folder)) && markOf(folder) !== mark);
  if (stale.length === 0) return;
  const temporary = fs.mkdtempSync(path.join(os.tmpdir(), "pack-"));
  try {
    const archive = tarball(temporary);
    for (const folder of stale) install(archive, folder, mark);
  } finally {
    fs.rmSync(temporary, { recursive: true, force: true });
  }
}

module.exports = { pack };
if (require.main === module) main(pack);
