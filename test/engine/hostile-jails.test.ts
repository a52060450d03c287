import { BaseInstall, Jail, JailArchive, type JailArgs } from "pulumi-freebsd-jails";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

/** What a jail's root does to its own tree, by the name of the jail. /canary is a folder of the host, which no jail has. */
const traps = {
  etc: "mv /etc /etc.real; ln -s /canary /etc",
  "rc-conf": "rm -f /etc/rc.conf; ln -s /canary/file /etc/rc.conf",
  resolv: "rm -f /etc/resolv.conf; ln -s /canary/file /etc/resolv.conf",
  motd: "rm -f /etc/motd; ln -s /canary/new /etc/motd",
  passwd: "rm -f /etc/master.passwd; ln -s /canary/file /etc/master.passwd",
  root: "mv /root /root.real; ln -s /canary /root",
  state: "rm -rf /var/db/pulumi-freebsd-jails; ln -s /canary /var/db/pulumi-freebsd-jails",
  ledger: "mkdir -p /var/db/pulumi-freebsd-jails; mkfifo /var/db/pulumi-freebsd-jails/ledger",
  point: "ln -s /canary /mnt/data",
  above: "rm -rf /mnt; ln -s /canary /mnt",
  many: "mkdir /root/many; cd /root/many; jot 5000 | xargs touch; mkfifo pipe",
  deep: "cd /root; d=$(jot -b x -s '' 200); i=0; while [ $i -lt 12 ]; do mkdir $d; cd $d; i=$((i + 1)); done; touch end",
  immutable: "touch /root/kept /etc/kept; chflags schg /root/kept /etc/kept /root",
  swap: "while :; do mv /etc /etc.real; ln -s /canary /etc; rm /etc; mv /etc.real /etc; done >/dev/null 2>&1 & sleep 0.1",
} as const;
type Trap = keyof typeof traps;

/** What the operation says of it; the others do what was asked for, as if there were no trap. */
const refusals: Partial<Record<Trap, RegExp>> = {
  etc: /in jail etc: jail: getpwnam|\/etc/,
  passwd: /\/etc\/master\.passwd/,
  root: /\/root/,
  state: /cannot write \/var\/db\/pulumi-freebsd-jails/,
  ledger: /\/var\/db\/pulumi-freebsd-jails\/ledger is no file/,
  immutable: /\/root\/note could not be written/,
  point: /mounts: \/mnt\/data is a symbolic link/,
  above: /mounts: \/mnt is a symbolic link/,
};

const names = Object.keys(traps) as Trap[];
/** What becomes of a jail whose files move about is not foretold. */
const steady = names.filter((name) => name !== "swap");

let target: Target;
let project: Project;
let before: readonly string[];
let canary: string;

async function said(command: string): Promise<string> {
  return (await target.sh(`{ ${command}\n} 2>&1`)).stdout.trim();
}

const lookAtCanary = () =>
  said("find /canary -exec stat -f '%N %Sp %u:%g %m %z' {} + | sort; cat /canary/file; mount -p | grep canary");

function program(properties: Partial<JailArgs> = {}, copied = false, of: readonly Trap[] = names) {
  return async () => {
    const base = new BaseInstall("base", { release: "host", source: target.base });
    for (const name of of) {
      const parameters = name === "immutable" ? { "allow.chflags": true } : {};
      const jail = new Jail(name, { base, parameters, stopTimeout: 1, ...properties });
      if (copied) {
        const archive = new JailArchive(name, { jail });
        new Jail(`${name}-copy`, { base, template: archive, running: false });
      }
    }
  };
}

/** All that writes in a jail. */
const everything: Partial<JailArgs> = {
  files: { "/etc/motd": "hello\n", "/root/note": "hello\n", "/tmp/note": "hello\n" },
  rcConf: { greeting: "hello" },
  users: [{ name: "alice", groups: ["wheel"] }],
  resolvConf: "nameserver 192.0.2.1\n",
  mounts: [{ type: "tmpfs", target: "/mnt/data" }],
};

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  await said(
    "mkdir -m 0700 -p /canary/folder; echo canary-secret >/canary/file; echo canary-secret >/canary/folder/file",
  );
  canary = await lookAtCanary();
  project = await Project.create(program(), { config: stackConfig(target) });
});

afterAll(async () => {
  await project?.destroy();
  project?.dispose();
  expect(await lookAtCanary()).toBe(canary);
  expect(await said("ls -A /usr/jails")).toBe("archive");
  await said("rm -rf /canary /usr/jails");
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target?.close();
});

describe("jails whose root has laid traps", () => {
  test("are made, and then the traps are laid", async () => {
    await project.up();
    for (const name of names) await said(`jexec ${name} sh -c '${traps[name].replaceAll("'", `'\\''`)}'`);
    expect(await said("jls name | wc -l")).toBe(String(names.length));
  });

  test("get what they can while they run, and a failure says what is in the way", async () => {
    project.program = program(everything);
    const error = await project.up({ continueOnError: true }).catch((problem: unknown) => problem as Error);
    for (const name of steady) {
      expect(`${name}: ${failureOf(name, String(error))}`).toMatch(refusals[name] ?? /: $/);
    }
    expect(await lookAtCanary()).toBe(canary);
  });

  test("and while they don't", async () => {
    project.program = program({ ...everything, running: false, rcConf: { greeting: "again" } });
    const error = await project.up({ continueOnError: true }).catch((problem: unknown) => problem as Error);
    for (const name of steady) {
      expect(`${name}: ${failureOf(name, String(error))}`).toMatch(refusals[name] ?? /: $/);
    }
    expect(await lookAtCanary()).toBe(canary);
  });

  test("and nothing of the host came into them", async () => {
    expect(await said("find /usr/jails -type f -exec grep -l canary-secret {} + 2>/dev/null")).toBe("");
  });

  test("are archived and copied as they are", async () => {
    project.program = program({ running: false }, true, steady);
    await project.up();
    expect(
      await said("cd /usr/jails/archive && for file in *.xz; do tar -xOf $file; done | grep -c canary-secret"),
    ).toBe("0");
    expect(await lookAtCanary()).toBe(canary);
  });

  test("what they leave running behind a command, while they don't run, is ended", async () => {
    project.program = program({ running: false, run: ["sleep 4321 >/dev/null 2>&1 &"] }, false, ["many"]);
    await project.up();
    expect(await said("jls; ps -ax -o command= | grep '^sleep 4321'")).not.toMatch(/\d/);
  });

  test("that keep a reader waiting are seen before anything is done", async () => {
    project.program = program({ running: false }, false, ["many"]);
    await project.up();
    // jail(8) itself would wait, at the start and at the stop of a jail whose group(5) is a FIFO: initgroups(3) reads it.
    await said("rm /usr/jails/many/etc/group; mkfifo /usr/jails/many/etc/group");
    project.program = program({ ...everything, running: false }, false, ["many"]);
    await expect(project.up()).rejects.toThrow(/in jail many: \/etc\/group is no file/);
  });
});

/** What a run's error says of one jail. */
function failureOf(name: Trap, error: string): string {
  return error.split(/^(?:Error: )?(?=Jail \S+ on )/m).find((part) => part.startsWith(`Jail ${name} on `)) ?? "";
}
