import { BaseInstall, Jail, LoopbackInterface } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openStandIn, stackConfig, type Target } from "./harness/target";

let target: Target;
let project: Project;

const program = (jails: readonly string[]) => async () => {
  const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
  const base = new BaseInstall("base", { release: "host", source: target.base });
  jails.forEach((name, i) => void new Jail(name, { base, addresses: [lo1.address(i + 2)] }));
};
beforeAll(async () => {
  target = await openStandIn(() => {}, 256 * 2 ** 20);
  project = await Project.create(program(["web"]), { config: stackConfig(target) });
  await project.up();
});

afterAll(async () => {
  await project.destroy();
  project.dispose();
  await target.close();
});

test("a jail that the disk has no room for is an error that says so, and leaves nothing", async () => {
  const before = await takePicture(target);
  await target.sh("dd if=/dev/zero of=/fill bs=64k; dd if=/dev/zero of=/fill2 bs=512; sync");
  project.program = program(["web", "more"]);
  const error = await project.up().catch((problem: unknown) => problem as Error);
  await target.sh("rm -f /fill /fill2");
  expect((error as Error).message).toMatch(/disk full\?|could not be copied|No space left/);
  expect(difference(before, await takePicture(target))).toEqual([]);
});

test("with room again, an up does what was left", async () => {
  project.program = program(["web", "more"]);
  await project.up();
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});
