import { BaseInstall, Jail, LoopbackInterface, PfNatRule, type PfNatRuleArgs } from "pulumi-freebsd-jails";

import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let before: readonly string[];

async function lines(command: string): Promise<string[]> {
  const { stdout } = await target.sh(command);
  return stdout.split("\n").filter(Boolean);
}

const inForce = () => lines("pfctl -a pulumi-freebsd-jails -s nat");

async function reason(of: Promise<unknown>): Promise<string> {
  const error = await of.catch((one: unknown) => one);
  return error instanceof Error ? error.message : "";
}

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
});

afterAll(() => target?.close());

describe("two stacks on one host", () => {
  const rdr = { kind: "rdr", interface: "egress", protocol: "tcp", address: "192.168.1.3" } as const;
  let [shop, blog]: [Project | undefined, Project | undefined] = [undefined, undefined];
  const rules: Record<"shop" | "blog", Record<string, Partial<PfNatRuleArgs>>> = {
    shop: { web: { port: 80, order: 20 } },
    blog: { blog: { port: 8080, order: 10 } },
  };

  const open = (name: "shop" | "blog") =>
    Project.create(
      async () => {
        for (const [rule, args] of Object.entries(rules[name])) new PfNatRule(rule, { ...rdr, ...args });
      },
      { name, config: stackConfig(target) },
    );

  beforeAll(async () => {
    shop = await open("shop");
    blog = await open("blog");
  });

  afterAll(async () => {
    await shop?.destroy();
    await blog?.destroy();
    shop?.dispose();
    blog?.dispose();
  });

  test("have their rules together in force, in one order, also when both come at once", async () => {
    await Promise.all([shop?.up(), blog?.up()]);
    expect((await inForce()).map((line) => /port = (\S+)/.exec(line)?.[1])).toEqual(["http-alt", "http"]);
    for (const project of [shop, blog]) expect(changed((await project?.up({ refresh: true })) as never)).toEqual([]);
  });

  test("can't both have a port: the error names both", async () => {
    rules.blog = { ...rules.blog, again: { port: "75:85" } };
    expect(await reason(blog?.up() as never)).toMatch(
      /PfNatRule again: it is about the same connections as the rule web of shop\/test\/web \("rdr pass/,
    );
    rules.blog = { blog: { port: 8080, order: 10 }, web: { port: 81 } };
    expect(await reason(blog?.up() as never)).toMatch(/a rule web belongs to shop\/test\/web/);
    rules.blog = { blog: { port: 8080, order: 10 } };
    expect(await inForce()).toHaveLength(2);
    expect(await lines("pfctl -nf /etc/pf.conf 2>&1")).toEqual([]);
  });

  test("can't within one program, as its preview says", async () => {
    rules.blog = { blog: { port: 8080, order: 10 }, again: { port: "8000:8100" } };
    expect(await reason(blog?.preview() as never)).toMatch(
      /is taken by PfNatRule blog\/test\/(blog|again) in this program/,
    );
    rules.blog = { blog: { port: 8080, order: 10 } };
  });

  test("go one after another, and the last one leaves the host as it was", async () => {
    await shop?.destroy();
    expect(await inForce()).toEqual([expect.stringContaining("http-alt")]);
    expect(changed((await blog?.up({ refresh: true })) as never)).toEqual([]);
    await blog?.destroy();
    expect(difference(before, await takePicture(target))).toEqual([]);
  });
});

describe("a rule of a jail", () => {
  test("follows the jail's address in the same up", async () => {
    let last = 3;
    const project = await Project.create(
      async () => {
        const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28", addresses: ["fd00:1::1/64"] });
        const base = new BaseInstall("base", { release: "host", source: target.base });
        const web = new Jail("web", { base, addresses: [lo1.address(last), `lo1|fd00:1::${last}/128`] });
        const rule = { kind: "rdr", interface: "vtnet0", protocol: "tcp", jail: web } as const;
        new PfNatRule("http", { ...rule, interface: "egress", port: 80 });
        new PfNatRule("http6", { ...rule, family: "inet6", port: 80, toPort: 8080 });
      },
      { config: stackConfig(target) },
    );
    await project.up();
    expect(await inForce()).toEqual([
      "rdr pass on vtnet0 inet proto tcp from any to (vtnet0) port = http -> 192.168.1.3",
      "rdr pass on vtnet0 inet6 proto tcp from any to (vtnet0) port = http -> fd00:1::3 port 8080",
    ]);
    last = 5;
    const preview = await project.preview({ diff: true });
    expect(preview.output).toContain("-> 192.168.1.5");
    expect([...changed(await project.up())].sort()).toEqual([
      "update Jail web",
      "update PfNatRule http",
      "update PfNatRule http6",
    ]);
    expect((await inForce()).join()).toMatch(/192\.168\.1\.5.*fd00:1::5 port 8080/);
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
    await project.destroy();
    project.dispose();
    expect(difference(before, await takePicture(target))).toEqual([]);
  });
});
