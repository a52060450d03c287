import type { PulumiFn } from "@pulumi/pulumi/automation";
import { BaseInstall, Flavor, ImageJail, type ImageJailArgs } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

const images = "/usr/jails/images";

let target: Target;
let before: readonly string[];
let below: Project;
let base: string;

async function out(command: string): Promise<string> {
  const { stdout, stderr } = await target.sh(command);
  return (stdout + stderr).trim();
}

function shop(more: Partial<ImageJailArgs> = {}): PulumiFn {
  // An output that waits for it: a program that has said all it has to say is still asked for by an engine that is killed.
  return async () => ({ state: new ImageJail("shop", { base, image: { size: "5m" }, ...more }).state });
}

/** Runs a program that has to fail; what the user was told. The host is as it was. */
async function failure(program: PulumiFn): Promise<string> {
  const project = await Project.create(program, { config: stackConfig(target) });
  const picture = await takePicture(target);
  try {
    const error = await project.up().catch((problem: unknown) => problem as Error);
    expect(error).toBeInstanceOf(Error);
    return (error as Error).message;
  } finally {
    await project.destroy();
    project.dispose();
    expect(difference(picture, await takePicture(target))).toEqual([]);
  }
}

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  below = await Project.create(
    async () => ({ base: new BaseInstall("base", { release: "host", source: target.base }).path }),
    { name: "below", config: stackConfig(target) },
  );
  await below.up();
  base = String((await below.outputs()).base);
});

afterAll(async () => {
  await below.destroy();
  below.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target.close();
});

describe("a disk is not made, and nothing of it stays,", () => {
  test("with more than is free, where it isn't sparse", async () => {
    expect(await failure(shop({ image: { size: "64g", sparse: false } }))).toMatch(
      /image\.size: 65536 MB are more than the \d+ MB that are free in \/usr\/jails\/images; make it smaller, or `sparse`/,
    );
  });

  test("where a program without types says nothing of it", async () => {
    expect(await failure(shop({ image: undefined as never }))).toMatch(/image: is required/);
  });

  test("where there is a file of that name", async () => {
    await out(`mkdir ${images}; echo precious >${images}/shop.img`);
    expect(await failure(shop())).toMatch(/shop\.img is there already, and is not ours; .*image\.path/);
    expect(await out(`cat ${images}/shop.img`)).toBe("precious");
    await out(`rm -r ${images}`);
  });

  test("where it is another jail's", async () => {
    const image = { size: "5m", path: `${images}/one.img` };
    const other = await Project.create(async () => void new ImageJail("other", { base, image }), {
      name: "other",
      config: stackConfig(target),
    });
    await other.up();
    expect(await failure(shop({ image }))).toMatch(/one\.img (is there already|belongs to another jail)/);
    expect(await out("jls name")).toBe("other");
    await other.destroy();
    other.dispose();
  });

  test("too small for what goes on it, and the error says how much would do", async () => {
    const program = async () => {
      const large = new Flavor("large", { files: { "/root/large": "x".repeat(5 * 1024 * 1024) } });
      new ImageJail("shop", { base, flavors: [large], image: { size: "5m" } });
    };
    const message = await failure(program);
    const [, megabytes] =
      /image\.size: 5 MB are too small for the jail's files; they need about (\d+)m/.exec(message) ?? [];
    expect(Number(megabytes)).toBeGreaterThan(7);
    expect(Number(megabytes)).toBeLessThan(16);
  });
});

describe("a disk that is there", () => {
  let project: Project;
  let said = "";

  beforeAll(async () => {
    const onOutput = (text: string) => {
      said += text;
    };
    project = await Project.create(shop(), { config: stackConfig(target), onOutput });
  });

  afterAll(async () => {
    await project.destroy();
    project.dispose();
  });

  test.each([0, 100, 200, 350, 500])(
    "whose making is killed %d ms after its begin is made by the next up",
    async (milliseconds) => {
      const up = project.up();
      const outcome = up.catch((error: unknown) => error);
      while (!said.includes("shop creating")) await new Promise((resolve) => setTimeout(resolve, 20));
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      await project.kill();
      await outcome;
      await project.up();
      expect(await out("jls name")).toBe("shop");
      expect(changed(await project.up({ refresh: true }))).toEqual([]);
      await project.destroy();
    },
  );

  test("that is attached twice is never touched", async () => {
    await project.up();
    await out(
      `service jail stop shop; mdconfig -a -t vnode -f ${images}/shop.img; mdconfig -a -t vnode -f ${images}/shop.img`,
    );
    const error = await project.up({ refresh: true }).catch((problem: unknown) => problem as Error);
    expect((error as Error).message).toMatch(/shop\.img is attached 2 times \(md\d+ md\d+\): detach all but/);
    expect(await out("service jail onestart shop")).toMatch(/shop\.img is attached 2 times/);
    await out("mdconfig -du 0; mdconfig -du 1");
    await project.up({ refresh: true });
    expect(await out("jls name")).toBe("shop");
  });

  test("whose growth is cut off grows on with the next up", async () => {
    if (!target.machine) return;
    await target.machine.commands(true);
    project.program = shop({ image: { size: "6m" } });
    await project.up();
    const commands = await target.machine.commands();
    const at = commands.findIndex(({ argv }) => argv[0]?.endsWith("growfs"));
    expect(at).toBeGreaterThan(0);
    project.program = shop({ image: { size: "9m" } });
    await target.machine.failAt(at + 1, "before", "group");
    await project.up().catch((error: unknown) => error);
    await target.machine.failAt(0, "before", "group");
    await project.up({ refresh: true });
    expect(Number((await out("df -k /usr/jails/shop | tail -n 1")).split(/\s+/)[1])).toBeGreaterThan(7500);
    expect(await out(`ls ${images}`)).toBe("shop.img");
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });
});
