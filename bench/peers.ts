import { execFile, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Machine } from "../test/host/machine";
import { quote } from "./effect";

/** Others who do the same on a host. Each gets the commands of each jail, and is done when all are done. */
export interface Peer {
  readonly name: string;
  run(port: number, jails: readonly (readonly string[])[]): Promise<void>;
}

/** As many at once as our session: four for each CPU of the host. */
const atOnce = 8;
const execute = promisify(execFile);

/** One ssh, and in it a loop that does as many jails at once as we do: what the host itself needs. */
export function shellLoop(machine: Machine): Peer {
  return {
    name: "bare shell, 1 ssh",
    async run(port, jails) {
      const parts = Array.from({ length: atOnce }, (_, part) => {
        const mine = jails.filter((_, i) => i % atOnce === part).map((commands) => `{ ${commands.join(" &&\n")}; }`);
        return mine.length === 0 ? "" : `{\n${mine.join("\n")}\n} &`;
      });
      await feed(machine, port, `{\n${parts.join("\n")}\nwait\n}\n`);
    },
  };
}

/** A new ssh for each command, as scripts do; as many jails at once. */
export function sshEach(machine: Machine): Peer {
  return {
    name: "one ssh a command",
    async run(port, jails) {
      const queue = [...jails];
      await Promise.all(
        Array.from({ length: atOnce }, async () => {
          for (let commands = queue.shift(); commands; commands = queue.shift())
            for (const command of commands)
              await execute("ssh", [...sshOptions(machine, port), "root@127.0.0.1", `exec /bin/sh -c ${csh(command)}`]);
        }),
      );
    },
  };
}

/** Ansible with pipelining and its own ControlMaster. The stand-in has no Python: its modules are `raw`, which are its quickest. */
export function ansible(machine: Machine, say: (text: string) => void): Peer {
  const folder = join(homedir(), ".cache", "pulumi-freebsd-jails", "ansible");
  const playbook = join(folder, "venv", "bin", "ansible-playbook");
  const ready = async () => {
    if (existsSync(playbook)) return;
    say("installing Ansible …");
    mkdirSync(folder, { recursive: true });
    await execute("python3", ["-m", "venv", join(folder, "venv")]);
    await execute(join(folder, "venv", "bin", "pip"), ["install", "-q", "ansible-core"]);
  };
  return {
    name: "Ansible",
    async run(port, jails) {
      await ready();
      const work = mkdtempSync(join(tmpdir(), "ansible-"));
      const [first = []] = jails;
      const tasks = first.map((_, step) => ({
        raw: "exec /bin/sh -c {{ item }}",
        loop: jails.map((commands) => csh(commands[step] ?? ":")),
        loop_control: { label: "" },
      }));
      const file = join(work, "playbook.json");
      writeFileSync(file, JSON.stringify([{ hosts: "all", gather_facts: false, tasks }]));
      writeFileSync(join(work, "ansible.cfg"), config(machine, work));
      const inventory = join(work, "inventory");
      writeFileSync(inventory, `freebsd ansible_host=127.0.0.1 ansible_port=${port}\n`);
      try {
        await execute(playbook, ["-i", inventory, file], {
          env: { ...process.env, ANSIBLE_CONFIG: join(work, "ansible.cfg"), ANSIBLE_HOME: work, LC_ALL: "C.UTF-8" },
          maxBuffer: 2 ** 28,
        });
      } finally {
        await execute("ssh", ["-O", "exit", "-o", `ControlPath=${join(work, "master")}`, "x"]).catch(() => {});
        rmSync(work, { recursive: true, force: true });
      }
    },
  };
}

function config(machine: Machine, work: string): string {
  const ssh = "-F none -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR";
  return [
    "[defaults]",
    `private_key_file = ${machine.privateKeyFile}`,
    "remote_user = root",
    "host_key_checking = False",
    "stdout_callback = minimal",
    "[ssh_connection]",
    "pipelining = True",
    `ssh_args = ${ssh} -o ControlMaster=auto -o ControlPersist=60s`,
    `control_path = ${join(work, "master")}`,
    "",
  ].join("\n");
}

async function feed(machine: Machine, port: number, script: string): Promise<void> {
  const child = spawn("ssh", [...sshOptions(machine, port), "root@127.0.0.1", "exec /bin/sh"], { stdio: "pipe" });
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  child.stdout.resume();
  child.stdin.end(script);
  await new Promise<void>((resolve, reject) =>
    child.on("close", (status) => (status === 0 && said === "" ? resolve() : reject(new Error(`shell: ${said}`)))),
  );
}

/** A word of root's csh: as sh has it, but line breaks and exclamation marks need a backslash. */
function csh(text: string): string {
  return quote(text).replaceAll("\n", "\\\n").replaceAll("!", "\\!");
}

function sshOptions(machine: Machine, port: number): string[] {
  readFileSync(machine.privateKeyFile);
  const options = ["StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "LogLevel=ERROR", "BatchMode=yes"];
  return ["-F", "none", "-i", machine.privateKeyFile, "-p", String(port), ...options.flatMap((one) => ["-o", one])];
}
