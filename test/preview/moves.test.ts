import { BaseInstall, type ConnectionArgs, Jail, LoopbackInterface } from "pulumi-freebsd-jails";
import { changed } from "../engine/harness/assertions";
import { difference, takePicture } from "../engine/harness/picture";
import { Project } from "../engine/harness/project";
import { openTarget, stackConfig, type Target } from "../engine/harness/target";

let target: Target;
let before: readonly string[];

interface Options {
  /** The resource's name of the jail; the jail itself is always "web". */
  readonly resource?: string;
  readonly alias?: string;
  readonly connection?: ConnectionArgs;
  readonly trigger?: number;
  readonly sha256?: string;
}

/** One jail, its base and its interface. */
function program({ resource = "web", alias, connection, trigger, sha256 }: Options = {}) {
  return async () => {
    const to = connection === undefined ? {} : { connection };
    const lo1 = new LoopbackInterface("lo1", { ...to, network: "10.7.0.1/24" });
    const made = { ...(trigger === undefined ? {} : { trigger }), ...(sha256 === undefined ? {} : { sha256 }) };
    const base = new BaseInstall("base", { ...to, release: "host", source: target.base, ...made });
    const options = alias === undefined ? {} : { aliases: [{ name: alias }] };
    new Jail(resource, { ...to, name: "web", base, addresses: [lo1.address(2)] }, options);
  };
}

async function said(command: string): Promise<string> {
  return (await target.sh(command)).stdout.trim();
}

const jid = () => said("jls -j web jid");
const owner = () => said("sed -n 's/^owner=//p' /var/db/pulumi-freebsd-jails/jail.web");

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
});

afterAll(async () => {
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target?.close();
});

test("a resource, a stack and a project with other names, another way to the same host: the jail runs on, and goes in the end", async () => {
  const first = await Project.create(program(), { config: stackConfig(target) });
  await first.up();
  const number = await jid();

  first.program = program({ resource: "www", alias: "web" });
  expect(changed(await first.up())).toEqual(["update Jail www"]);
  expect(await owner()).toBe("engine/test/www");
  expect(changed(await first.up({ refresh: true }))).toEqual([]);

  const state = JSON.stringify(await first.export()).replaceAll(
    "urn:pulumi:test::engine::",
    "urn:pulumi:prod::hosts::",
  );
  const second = await Project.create(program({ resource: "www" }), {
    name: "hosts",
    stack: "prod",
    config: stackConfig(target),
  });
  await second.import(JSON.parse(state.replaceAll("engine-test", "hosts-prod")));
  first.dispose();
  expect([...changed(await second.up())].sort()).toEqual([
    "update BaseInstall base",
    "update Jail www",
    "update LoopbackInterface lo1",
  ]);
  expect(await owner()).toBe("hosts/prod/www");
  expect(changed(await second.up({ refresh: true }))).toEqual([]);

  const { connection } = target;
  const counted = (await target.machine?.counters())?.connections;
  second.program = program({ resource: "www", connection: { ...connection, perDialTimeout: 20 } });
  expect(changed(await second.up())).toHaveLength(3);
  // Only the state has changed.
  expect((await target.machine?.counters())?.connections).toBe(counted);
  expect(changed(await second.up({ refresh: true }))).toEqual([]);
  expect(await jid()).toBe(number);
  await second.destroy();
  second.dispose();
});

test("a base that is changed, fails, and is changed back: nothing is left of it, and the jail has run all the time", async () => {
  const project = await Project.create(program({ trigger: 1 }), { config: stackConfig(target) });
  await project.up();
  const number = await jid();
  project.program = program({ trigger: 2, sha256: "0".repeat(64) });
  await expect(project.up()).rejects.toThrow(/SHA-256|digest/);
  project.program = program({ trigger: 1 });
  await project.up();
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  expect(await jid()).toBe(number);
  expect((await said("ls /usr/jails/sharedfs")).split("\n")).toHaveLength(1);
  await project.destroy();
  project.dispose();
});

test("a package that is newer than its state restarts nothing", async () => {
  const project = await Project.create(program(), { config: stackConfig(target) });
  await project.up();
  const number = await jid();
  const state = JSON.parse(JSON.stringify(await project.export())) as {
    deployment: { resources: { type: string; inputs: Record<string, unknown>; outputs: Record<string, unknown> }[] };
  };
  // As a version before these properties would have written it.
  for (const { type, inputs, outputs } of state.deployment.resources) {
    if (!type.endsWith("Jail")) continue;
    for (const key of [
      "devfsRuleset",
      "enforceStatfs",
      "childrenMax",
      "onDelete",
      "inherit",
      "consoleCommand",
      "running",
    ]) {
      delete inputs[key];
      delete outputs[key];
    }
  }
  await project.import(state as never);
  await project.up();
  expect(await jid()).toBe(number);
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  await project.destroy();
  project.dispose();
});

test("a host's address, its key and a jail's addresses may come from the same up", async () => {
  const project = await Project.create(
    async () => {
      const lo1 = new LoopbackInterface("lo1", { network: "10.7.0.1/24" });
      const base = new BaseInstall("base", { release: "host", source: target.base });
      // What is known only once the interface has been made.
      const late = <T>(value: T) => lo1.hostUuid.apply(() => value);
      const { host, privateKey, ...others } = target.connection;
      const connection = {
        ...others,
        host: late(host),
        ...(privateKey === undefined ? {} : { privateKey: late(privateKey) }),
      };
      new Jail("web", {
        connection: connection as ConnectionArgs,
        base,
        addresses: [late("lo1|10.7.0.9")],
        hostname: "known",
      });
    },
    { config: stackConfig(target) },
  );
  const preview = await project.preview({ diff: true });
  expect(preview.errors).toEqual([]);
  expect(preview.output).toMatch(/hostname *: "known"/);
  await project.up();
  expect(await said("jls -j web ip4.addr host.hostname")).toBe("10.7.0.9 known");
  expect(changed(await project.up())).toEqual([]);
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  await project.destroy();
  project.dispose();
});
