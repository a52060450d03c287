// Finds the Pulumi CLI, or gets it from wherever it can be had. npm's package `pulumi` isn't it: that one downloads the CLI
// from a host that many networks don't reach.
const fs = require("node:fs");
const path = require("node:path");
const { cacheFolder, main, output, Problem, root, run } = require("./common");

/** The oldest CLI 3 whose engine takes the inputs that a dynamic provider's read gives. */
const oldestMinor = 216;
/** What runs dynamic providers: Pulumi's own distribution has it beside the CLI; it is a part of the SDK, too. */
const plugin = "pulumi-resource-pulumi-nodejs";
const sdk = path.join(root, "node_modules", "@pulumi", "pulumi");
const versions = path.join(cacheFolder, "pulumi");

/** The version of a CLI, if it is one that does. @param {string} program */
function versionOf(program) {
  const text = output(program, ["version"], { env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" } });
  const minor = Number(text?.match(/^v3\.(\d+)\./)?.[1]);
  return minor >= oldestMinor ? text?.slice(1) : undefined;
}

/** PULUMI_BIN, which must then do. */
function named() {
  const program = process.env.PULUMI_BIN;
  if (!program) return undefined;
  if (versionOf(program)) return path.resolve(program);
  throw new Problem(`PULUMI_BIN=${program} is not a Pulumi CLI of version 3.${oldestMinor} or later.`);
}

function onPath() {
  const program = output("sh", ["-c", "command -v pulumi"]);
  return program && versionOf(program) ? program : undefined;
}

function cached() {
  const folders = fs.existsSync(versions) ? fs.readdirSync(versions) : [];
  const programs = folders.map((folder) => path.join(versions, folder, "bin", "pulumi"));
  return programs.sort().reverse().find(versionOf);
}

/** Pulumi's own installer, by the Automation API: the CLI of our SDK's version. */
async function installed() {
  const { PulumiCommand } = require("@pulumi/pulumi/automation");
  const { version } = JSON.parse(fs.readFileSync(require.resolve("@pulumi/pulumi/package.json"), "utf8"));
  try {
    console.log(`Pulumi CLI: installing ${version} …`);
    return (await PulumiCommand.install({ root: path.join(versions, version), skipVersionCheck: true })).command;
  } catch (error) {
    console.log(`Pulumi CLI: ${error instanceof Error ? error.message.split("\n")[0] : error}`);
    return undefined;
  }
}

/** Builds the version that scripts/cli pins, with Go, into the cache. */
function built() {
  const source = path.join(__dirname, "cli");
  const version = fs.readFileSync(path.join(source, "go.mod"), "utf8").match(/pkg\/v3 v(\S+)/)?.[1];
  if (!output("go", ["version"]))
    throw new Problem("The Pulumi CLI isn't here, can't be downloaded, and Go isn't here to build it.");
  const target = path.join(versions, String(version), "bin", "pulumi");
  const fresh = `${target}.${process.pid}`;
  const stamp = `-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=v${version}`;
  console.log(`Pulumi CLI: building ${version} with Go. That takes some minutes, once.`);
  const args = ["build", "-ldflags", stamp, "-o", fresh, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"];
  run("go", args, { cwd: source });
  fs.copyFileSync(path.join(sdk, plugin), path.join(path.dirname(target), plugin));
  fs.renameSync(fresh, target);
  return target;
}

/**
 * The path of a Pulumi CLI. Needs node_modules where neither PULUMI_BIN, nor the PATH, nor our cache has one.
 * @returns {Promise<string>}
 */
async function findPulumi() {
  return named() ?? onPath() ?? cached() ?? (await installed()) ?? built();
}

/** Finds the CLI and makes this process's environment one in which the Automation API runs it, without the internet. */
async function usePulumi() {
  const program = await findPulumi();
  const folders = [path.dirname(program), process.env.PATH ?? ""];
  const beside = fs.existsSync(path.join(path.dirname(fs.realpathSync(program)), plugin));
  if (!beside && !output("sh", ["-c", `command -v ${plugin}`])) folders.push(sdk);
  process.env.PATH = folders.join(path.delimiter);
  process.env.PULUMI_SKIP_UPDATE_CHECK = "true";
  process.env.PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION = "true";
  process.env.PULUMI_AUTOMATION_API_SKIP_VERSION_CHECK = "true";
}

module.exports = { findPulumi, usePulumi };
if (require.main === module) main(async () => console.log(await findPulumi()));
