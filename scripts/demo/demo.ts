import { randomBytes } from "node:crypto";

import qjailBook = require("../../examples/qjail-book/index");

import { difference, takePicture } from "../../test/engine/harness/picture";
import { Project } from "../../test/engine/harness/project";
import type { Run } from "../../test/engine/harness/run";
import { openTarget, stackConfig, type Target } from "../../test/engine/harness/target";
import { Problem } from "../common.js";
import { Cli } from "./cli";
import { aside, check, heading, say, shell } from "./say";

/** Builds the book's host, looks at it, changes it, and takes it away again, whatever happens meanwhile. */
export async function demo(): Promise<void> {
  const target = await openTarget((text) => say(`Once: ${text} …`)).catch((error: Error) => {
    throw new Problem(error.message);
  });
  // The CLI gets the signal too, and ends what it does in order.
  process.on("SIGINT", () => say("\nStopping. What was made is taken away; please wait."));
  try {
    await show(target);
  } finally {
    await target.close();
  }
}

async function show(target: Target): Promise<void> {
  say(`The host: ${target.label}. The program: examples/qjail-book/index.ts.`);
  await look(target, ["uname -srm", "jls", "ifconfig -l"]);
  const before = await takePicture(target);
  const project = await openProject(target);
  try {
    await build(project, target);
    await change(project, target);
  } catch (error) {
    check(`this went on to the end: ${error instanceof Error ? error.message : error}`, false);
  }
  try {
    await takeAway(project, target, before);
  } finally {
    project.dispose();
  }
}

/** A project with the configuration that a user gives with `pulumi config set`. */
async function openProject(target: Target): Promise<Project> {
  const { stdout: sha256 } = await target.sh(`sha256 -q ${target.base.replace("file://", "")}`);
  const config = {
    ...stackConfig(target),
    base: { value: target.base },
    sha256: { value: sha256.trim() },
    passwordHash: { value: hashOfNoPassword(), secret: true },
  };
  return await Project.create(qjailBook, { name: "qjail-book", config, onOutput: new Cli().take });
}

/** A hash as crypt(3) takes it, of no password that anybody knows: it may be a real host. */
function hashOfNoPassword(): string {
  const letters = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  const random = (length: number) => [...randomBytes(length)].map((byte) => letters[byte % letters.length]).join("");
  return `$6$${random(16)}$${random(86)}`;
}

async function build(project: Project, target: Target): Promise<void> {
  heading("pulumi preview: what would be made. It opens no connection.");
  await project.preview();
  heading("pulumi up: a loopback, the base, a flavor, five jails");
  await project.up();
  heading("The host now");
  await look(target, [
    "jls",
    "mount -p | grep jails",
    "ifconfig lo1",
    "cat /etc/jail.conf.d/db.conf",
    "ls /etc/rc.conf.d/*",
  ]);
  await look(target, ["jexec db /bin/sh -c 'id admin; ls -l / | grep sharedfs'"]);
  heading("pulumi up, again");
  check("nothing is changed", onlySame(await project.up()));
}

async function change(project: Project, target: Target): Promise<void> {
  heading("A change: pulumi config set www 6; pulumi preview --diff");
  await project.configure({ www: { value: "6" } });
  await project.preview({ diff: true });
  heading("pulumi up: while the jail runs");
  await project.up();
  await look(target, ["jls -j www jid ip4.addr", "ifconfig lo1"]);
  heading("pulumi refresh: does the host differ from what we know?");
  check("it doesn't", onlySame(await project.refresh()));
}

async function takeAway(project: Project, target: Target, before: readonly string[]): Promise<void> {
  heading("pulumi destroy");
  await project.destroy();
  heading("The host as it was before?");
  await look(target, ["jls", "ifconfig -l"]);
  const left = difference(before, await takePicture(target));
  aside(left.join("\n"));
  check("files, modes, contents, mounts, interfaces, addresses, jails and disks are as before", left.length === 0);
}

async function look(target: Target, commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const { stdout, stderr } = await target.sh(command);
    shell(command, stdout + stderr);
  }
}

function onlySame(run: Run): boolean {
  return Object.keys(run.changes).every((operation) => operation === "same");
}
