import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { connectionSchema } from "../provider/host/connection";
import { connect } from "../provider/host/host";
import { addToLibrary } from "../provider/host/library";
import { closeAll } from "../provider/host/pool";
import type { Machine } from "../test/host/machine";

/** Somebody who runs operations on a host through a port. */
export interface Contestant {
  readonly name: string;
  /** Runs so many operations, from nothing; gives what is to be done afterwards so that nothing stays open. */
  run(port: number, operations: number): Promise<(() => Promise<void>) | undefined>;
}

/** What every operation does there. */
export const work = "sysctl -n kern.hostuuid";
/** How many may run at once, for all of them: four for each CPU of the host. */
export const atOnce = 8;

const execute = promisify(execFile);

/** All that are compared, ours first. */
export function contestants(machine: Machine): Contestant[] {
  return [session(machine), newSsh(machine), controlMaster(machine), newConnection(machine)];
}

function session(machine: Machine): Contestant {
  addToLibrary("bench.sh", `op_work() {\n  fact uuid "$(${work})"\n}\n`);
  const fields = {
    host: "127.0.0.1",
    privateKey: readFileSync(machine.privateKeyFile, "utf8"),
    hostKey: machine.hostKey,
    sshConfig: "none",
  };
  return {
    name: "this session",
    async run(port, operations) {
      const host = connect(connectionSchema.parse({ ...fields, port }));
      await times(operations, operations, () =>
        host.run({ name: "bench.work", args: {}, label: "Bench", readOnly: true }),
      );
      return closeAll;
    },
  };
}

function newSsh(machine: Machine): Contestant {
  return {
    name: "a new ssh each",
    async run(port, operations) {
      await times(operations, atOnce, () => execute("ssh", [...sshOptions(machine, port), "root@127.0.0.1", work]));
      return undefined;
    },
  };
}

function controlMaster(machine: Machine): Contestant {
  return {
    name: "ControlMaster",
    async run(port, operations) {
      const folder = mkdtempSync(join(tmpdir(), "bench-"));
      const socket = join(folder, "master");
      const options = [...sshOptions(machine, port), "-S", socket];
      const master = spawn("ssh", [...options, "-M", "-N", "-v", "root@127.0.0.1"], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      await new Promise<void>((resolve) => {
        master.stderr.on("data", (data) => String(data).includes("Entering interactive session") && resolve());
      });
      await times(operations, atOnce, () => execute("ssh", [...options, "root@127.0.0.1", work]));
      return async () => {
        master.kill();
        await once(master, "close");
        rmSync(folder, { recursive: true });
      };
    },
  };
}

function newConnection(machine: Machine): Contestant {
  const folder = mkdtempSync(join(tmpdir(), "bench-"));
  const program = join(folder, "new-connection");
  process.once("exit", () => rmSync(folder, { recursive: true }));
  const built = execute("go", ["build", "-o", program, "."], { cwd: join(__dirname, "new-connection") });
  return {
    name: "as @pulumi/command",
    async run(port, operations) {
      await built;
      const words = [`127.0.0.1:${port}`, machine.privateKeyFile, String(operations), String(atOnce), work];
      await execute(program, words);
      return undefined;
    },
  };
}

function sshOptions(machine: Machine, port: number): string[] {
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "BatchMode=yes"];
  return ["-F", "none", "-i", machine.privateKeyFile, "-p", String(port), ...options.flatMap((one) => ["-o", one])];
}

/** Runs something so many times, no more than some at once. */
async function times(count: number, parallel: number, run: () => Promise<unknown>): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await run();
    }
  };
  await Promise.all(Array.from({ length: Math.min(count, parallel) }, worker));
}
