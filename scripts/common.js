// What the scripts share. They run before `npm install`, so they need Node alone.
const { spawnSync } = require("node:child_process");
const crypto = require("node:crypto");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

/** The clone's root. */
const root = path.resolve(__dirname, "..");

/** Where what is expensive to make is kept between runs and between clones. */
const cacheFolder = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "pulumi-freebsd-jails");

/** A problem that the user can do something about: shown without a stack. */
class Problem extends Error {}

/**
 * Runs a program in the clone's root and shows what it says; an exit status other than 0 is a Problem.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 */
function run(file, args, options = {}) {
  const result = spawnSync(file, args, { cwd: root, stdio: "inherit", ...options });
  if (result.error) throw new Problem(`${file}: ${result.error.message}`);
  if (result.status !== 0)
    throw new Problem(`${[file, ...args].join(" ")} ended with ${result.status ?? result.signal}`);
}

/**
 * Runs a program and gives its standard output, or undefined if it can't be run or fails.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnSyncOptions} [options]
 */
function output(file, args, options = {}) {
  const result = spawnSync(file, args, {
    cwd: root,
    stdio: ["ignore", "pipe", "ignore"],
    encoding: "utf8",
    ...options,
  });
  return result.status === 0 ? String(result.stdout).trim() : undefined;
}

/**
 * All files below a folder, sorted, as paths relative to it.
 * @param {string} folder
 * @returns {string[]}
 */
function filesBelow(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}

/**
 * One digest of the names and contents of files, to see whether something has to be made again.
 * @param {readonly string[]} files absolute paths
 */
function digest(files) {
  const hash = crypto.createHash("sha256");
  for (const file of files) hash.update(`${file}\0`).update(fs.readFileSync(file)).update("\0");
  return hash.digest("hex");
}

/** A program of one of our own dependencies. @param {string} name */
function bin(name) {
  return path.join(root, "node_modules", ".bin", name);
}

/**
 * Runs a script's main function; a Problem ends it with its message alone.
 * @param {() => void | Promise<void>} body
 */
async function main(body) {
  try {
    await body();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}

module.exports = { root, cacheFolder, Problem, run, output, filesBelow, digest, bin, main };
