import diskLimited = require("../../examples/disk-limited/index");
import encrypted = require("../../examples/encrypted/index");
import goldenTemplate = require("../../examples/golden-template/index");

import type { ConfigMap } from "@pulumi/pulumi/automation";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let before: readonly string[];
let project: Project;

async function out(command: string): Promise<string> {
  return (await target.sh(command)).stdout.trim();
}

const settings = (more: ConfigMap): ConfigMap => ({ ...stackConfig(target), base: { value: target.base }, ...more });

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
});

afterEach(async () => {
  await project.destroy();
  project.dispose();
  await out("rm -rf /usr/jails/archive; rmdir /usr/jails");
  expect(difference(before, await takePicture(target))).toEqual([]);
});

afterAll(() => target?.close());

test("disk-limited: three jails on disks of their own, of which one grows", async () => {
  project = await Project.create(diskLimited, { config: settings({}) });
  await project.up();
  expect(await out("jls name | sort")).toBe("logs\nspool\ntiny");
  await project.configure({ logs: { value: "80m" } });
  expect(changed(await project.up())).toEqual(["update ImageJail logs"]);
  expect(await out("stat -f %z /usr/jails/images/logs.img")).toBe(String(80 * 1024 * 1024));
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});

test("encrypted: a jail whose disk a passphrase opens", async () => {
  const passphrase = { value: "correct horse", secret: true };
  project = await Project.create(encrypted, { config: settings({ passphrase }) });
  await project.up();
  expect(await out("jls name; geli status | tail -n 1 | awk '{ print $2 }'")).toBe("vault\nACTIVE");
  expect(project.stateText()).not.toContain("correct horse");
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});

test("golden-template: ten copies of one jail, then eleven", async () => {
  project = await Project.create(goldenTemplate, { config: settings({}) });
  await project.up();
  expect((await out("jls name")).split("\n")).toHaveLength(10);
  expect(await out("jexec www-10 cat /usr/local/www/index.html")).toBe("<h1>It works</h1>");
  expect(await out("jls -j www-10 ip4.addr")).toBe("192.168.1.12");
  await project.configure({ copies: { value: "11" } });
  expect(changed(await project.up())).toEqual(["create Jail www-11"]);
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
});
