import { BaseInstall, type ConnectionArgs, Jail, LoopbackInterface } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { onRealHost, openTarget, type Target } from "./harness/target";

// Two hosts of one's own are two stand-ins: a real one is only one.
const both = onRealHost ? describe.skip : describe;

both("two hosts in one program", () => {
  let hosts: readonly [Target, Target];
  let project: Project;
  let pictures: readonly (readonly string[])[];

  /** The same jail on both, each by its own connection. */
  const program =
    (connections: readonly (ConnectionArgs | undefined)[], hostname = "web") =>
    async () => {
      for (const [i, connection] of connections.entries()) {
        const of = { connection };
        const lo1 = new LoopbackInterface(`lo1-${i}`, { name: "lo1", network: "192.168.1.1/28", ...of });
        const base = new BaseInstall(`base-${i}`, {
          release: "host",
          source: "file:///usr/freebsd-dist/base.txz",
          ...of,
        });
        new Jail(`web-${i}`, { name: "web", base, addresses: [lo1.address(2)], hostname, ...of });
      }
    };
  const connections = () => hosts.map((host) => host.connection);
  const names = () => Promise.all(hosts.map(async (host) => (await host.sh("jls host.hostname")).stdout.trim()));

  beforeAll(async () => {
    hosts = await Promise.all([openTarget(), openTarget()]);
    pictures = await Promise.all(hosts.map(takePicture));
    project = await Project.create(program(connections()));
  });

  afterAll(async () => {
    await project.destroy();
    project.dispose();
    for (const [i, host] of hosts.entries()) expect(difference(pictures[i] ?? [], await takePicture(host))).toEqual([]);
    for (const host of hosts) await host.close();
  });

  test("have the same names and addresses, and don't meet", async () => {
    await project.up();
    expect(await names()).toEqual(["web", "web"]);
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("one that is down fails its own resources; with --continue-on-error the other's are done", async () => {
    const [near, far] = connections();
    const away: ConnectionArgs = { host: "127.0.0.1", ...far, port: 1, dialErrorLimit: 0 };
    project.program = program([near, away], "new");
    const error = await project.up({ continueOnError: true }).catch((problem: unknown) => problem as Error);
    expect(error).toBeInstanceOf(Error);
    expect((error as Error).message).toMatch(/Jail web on|Jail web: root@127\.0\.0\.1:1\b/);
    expect(await names()).toEqual(["new", "web"]);
  });

  test("when it is back, an up does what was left", async () => {
    project.program = program(connections(), "new");
    const run = await project.up();
    expect(changed(run).filter((line) => line.includes("web-0"))).toEqual([]);
    expect(await names()).toEqual(["new", "new"]);
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("a host at the address of the other is known by its kern.hostuuid, and left alone", async () => {
    const [near] = connections();
    project.program = program([near, near], "other");
    const error = await project.up({ continueOnError: true }).catch((problem: unknown) => problem as Error);
    expect((error as Error).message).toMatch(
      /this is the host \S+, and the resource was made on the host \S+: nothing was done|taken by/,
    );
    expect((await names())[1]).toBe("new");
    project.program = program(connections(), "new");
    await project.up();
  });
});
