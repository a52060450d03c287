import type { PulumiFn } from "@pulumi/pulumi/automation";
import { BaseInstall, Flavor, Jail, LoopbackInterface } from "pulumi-freebsd-jails";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

const release = "host";
const root = "/usr/jails";

let target: Target;
let before: readonly string[];

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

const archive = () => target.base.slice("file://".length);

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  await target.sh("mkdir /tmp/bad");
});

afterAll(async () => {
  await target.sh("rm -rf /tmp/bad");
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target.close();
});

describe("a base is not made, and nothing of it stays,", () => {
  const base = (properties: Record<string, unknown>) => async () => {
    new BaseInstall("base", { release, source: target.base, ...properties });
  };

  test("of a release that is newer than the host's kernel", async () => {
    expect(await failure(base({ release: "99.1-RELEASE" }))).toMatch(
      /release 99\.1-RELEASE is newer than this host's kernel/,
    );
  });

  test("of an archive of another release", async () => {
    expect(await failure(base({ release: "12.4-RELEASE" }))).toMatch(/is release \S+, and has to be 12\.4-RELEASE/);
  });

  test("of an archive with another digest", async () => {
    expect(await failure(base({ sha256: "0".repeat(64) }))).toMatch(
      /the SHA-256 of \S+ is [0-9a-f]{64}, and has to be 0{64}/,
    );
  });

  test("of an archive that is cut short", async () => {
    await target.sh(`head -c 200000 ${archive()} > /tmp/bad/cut.txz`);
    expect(await failure(base({ source: "file:///tmp/bad/cut.txz" }))).toMatch(/cut\.txz could not be unpacked/);
  });

  test("of something that is no archive", async () => {
    await target.sh("echo hello > /tmp/bad/text.txz");
    expect(await failure(base({ source: "file:///tmp/bad/text.txz" }))).toMatch(
      /text\.txz could not be unpacked: tar: /,
    );
  });

  test("of an archive of something else", async () => {
    await target.sh("tar -cJf /tmp/bad/etc.txz -C /etc ./rc.conf");
    expect(await failure(base({ source: "file:///tmp/bad/etc.txz" }))).toMatch(/no FreeBSD base/);
  });

  test("of another architecture", async () => {
    const version = 'printf \'USERLAND_VERSION="%s"\\n\' "$(freebsd-version -u)" > /tmp/bad/tree/bin/freebsd-version';
    const shell =
      "cp /bin/sh /tmp/bad/tree/bin/sh; printf '\\267' | dd of=/tmp/bad/tree/bin/sh bs=1 seek=18 conv=notrunc";
    await target.sh(`mkdir -p /tmp/bad/tree/bin; ${version}; ${shell}; tar -cJf /tmp/bad/arm.txz -C /tmp/bad/tree .`);
    expect(await failure(base({ source: "file:///tmp/bad/arm.txz" }))).toMatch(
      /for another architecture than this host's/,
    );
  });

  test("of a file that is not there", async () => {
    expect(await failure(base({ source: "file:///tmp/bad/none.txz" }))).toMatch(
      /there is no archive \/tmp\/bad\/none\.txz/,
    );
  });
});

describe("an interface is not made", () => {
  test("where one of that name is there already", async () => {
    await target.sh("ifconfig lo7 create");
    const program = async () => void new LoopbackInterface("lo7", { network: "192.168.7.1/28" });
    expect(await failure(program)).toMatch(/an interface lo7.*is there already, and is not ours/);
    await target.sh("ifconfig lo7 destroy");
  });

  test("with an address that is on another one", async () => {
    const program = async () => void new LoopbackInterface("lo7", { addresses: ["127.0.0.1/32"] });
    expect(await failure(program)).toMatch(/address 127\.0\.0\.1 is on interface lo0 of this host already/);
  });
});

describe("a jail is not made", () => {
  let project: Project;
  let base: string;

  beforeAll(async () => {
    project = await Project.create(
      async () => {
        new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
        return { base: new BaseInstall("base", { release, source: target.base }).path };
      },
      { name: "below", config: stackConfig(target) },
    );
    await project.up();
    base = String((await project.outputs()).base);
  });

  afterAll(async () => {
    await project.destroy();
    project.dispose();
  });

  const jail = (properties: Record<string, unknown>) => async () => {
    new Jail("web", { base, addresses: ["lo1|192.168.1.2"], ...properties });
  };

  test("on a base that is not there", async () => {
    expect(await failure(jail({ base: `${root}/sharedfs/13.9-RELEASE` }))).toMatch(
      /the base \S+13\.9-RELEASE is not on this host/,
    );
  });

  test("with a flavor that is not there", async () => {
    expect(await failure(jail({ flavors: ["nosuch"] }))).toMatch(/the flavor \S+nosuch is not on this host/);
  });

  test("with an address of the host", async () => {
    expect(await failure(jail({ addresses: ["lo1|127.0.0.1"] }))).toMatch(
      /address 127\.0\.0\.1 is the host's own, on lo0/,
    );
  });

  test("with the loopback's own address as if it were free", async () => {
    expect(await failure(jail({ addresses: ["lo1|192.168.1.1"] }))).toMatch(
      /address 192\.168\.1\.1 is the host's own, on lo1; write it without the interface/,
    );
  });

  test("with an address on an interface that is not there", async () => {
    expect(await failure(jail({ addresses: ["lo9|192.168.9.2"] }))).toMatch(
      /no interface lo9 on this host.*lo1\.address\(/,
    );
  });

  test("with an address that a running jail of another has", async () => {
    await target.sh("jail -c name=foreign path=/ persist ip4.addr=192.168.1.2");
    expect(await failure(jail({}))).toMatch(/address 192\.168\.1\.2 is used by jail foreign/);
    await target.sh("jail -r foreign");
  });

  test("with an address that stands in another's configuration", async () => {
    await target.sh("echo 'other { path = /; ip4.addr = 192.168.1.2; persist; }' > /etc/jail.conf.d/other.conf");
    expect(await failure(jail({}))).toMatch(/stands in \/etc\/jail\.conf\.d\/other\.conf already/);
    await target.sh("rm /etc/jail.conf.d/other.conf");
  });

  test.each([
    ["runs", "jail -c name=web path=/ persist", "jail -r web"],
    ["is configured", "echo 'web { path = /; persist; }' > /etc/jail.conf.d/web.conf", "rm /etc/jail.conf.d/web.conf"],
    ["stands in jail.conf", "echo 'web { path = /; persist; }' > /etc/jail.conf", "rm /etc/jail.conf"],
  ])("with the name of another's jail that %s", async (_state, begin, end) => {
    await target.sh(begin);
    expect(await failure(jail({}))).toMatch(/a jail named web is there already, and is not ours/);
    await target.sh(end);
  });

  test("where /etc/rc.conf.d/jail is the administrator's file", async () => {
    await target.sh("echo 'jail_enable=NO' > /etc/rc.conf.d/jail");
    expect(await failure(jail({}))).toMatch(/\/etc\/rc\.conf\.d\/jail is a file, and has to be a folder.*mv /);
    await target.sh("rm /etc/rc.conf.d/jail");
  });

  test("that doesn't start, and the error has what its console said", async () => {
    const flavor = async () => {
      const broken = new Flavor("broken", { files: { "/etc/rc": "echo out of order; exit 1\n" } });
      new Jail("web", { base, flavors: [broken], addresses: ["lo1|192.168.1.2"] });
    };
    expect(await failure(flavor)).toMatch(/jail web did not start:[\s\S]*out of order/);
  });

  test("and goes through once the program is right", async () => {
    const right = await Project.create(jail({}), { config: stackConfig(target) });
    await right.up();
    expect((await target.sh("jls -j web path")).stdout).toBe(`${root}/web\n`);
    await right.destroy();
    right.dispose();
  });
});
