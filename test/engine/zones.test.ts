import { BaseInstall, Flavor, Jail, JailGroup, LoopbackInterface } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let before: readonly string[];
let project: Project;

async function out(command: string): Promise<string> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim();
}

/** Two zones of one host, with a base and a flavor of the same name in each. */
function program(zones: readonly string[]) {
  return async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
    zones.forEach((zone, i) => {
      const root = `/usr/${zone}`;
      const base = new BaseInstall(`${zone}-base`, { root, release: "host", source: target.base });
      const files = { "/etc/zone": `${zone}\n` };
      const flavor = new Flavor(`${zone}-flavor`, { name: "own", root, files }, { dependsOn: base });
      const common = { base, flavors: [flavor] };
      new Jail(`${zone}-db`, { ...common, name: "db", group: zone, addresses: [lo1.address(2 + i * 4)] });
      new JailGroup(`${zone}-web`, {
        ...common,
        name: `${zone}-web`,
        count: 2,
        interface: lo1,
        firstAddress: 3 + i * 4,
      });
    });
  };
}

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  project = await Project.create(program(["red", "blue"]), { config: stackConfig(target) });
});

afterAll(async () => {
  await project?.destroy();
  project?.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target?.close();
});

test("two zones have bases, flavors and jails of their own; a group's jails begin with its name", async () => {
  await project.up();
  expect(await out("jls name path | sort")).toBe(
    ["blue", "red"]
      .flatMap((zone) => ["db", "web-1", "web-2"].map((name) => `${zone}-${name} /usr/${zone}/${zone}-${name}`))
      .join("\n"),
  );
  expect(await out("jexec red-db cat /etc/zone; jexec blue-web-2 cat /etc/zone")).toBe("red\nblue");
  expect(
    await out("mount -p | grep nullfs | sed 's/[[:space:]].*//' | sort | uniq -c | awk '{ print $1, $2 }'"),
  ).toMatch(/^3 \/usr\/blue\/sharedfs\/\S+\n3 \/usr\/red\/sharedfs\/\S+$/);
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});

test("one of them goes, and the other runs on", async () => {
  const earlier = await out("jls name jid | grep red | sort");
  project.program = program(["red"]);
  await project.up();
  expect(await out("jls name jid | sort")).toBe(earlier);
  expect(await out("ls -d /usr/blue")).toMatch(/No such file/);
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});
