import { BaseInstall, Jail, type JailArgs, LoopbackInterface } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { onRealHost, openTarget, stackConfig, type Target } from "./harness/target";

let target: Target;
let project: Project;
let before: readonly string[];

type Properties = Partial<Omit<JailArgs, "base">>;

/** The program with one jail, "web" unless it has another name, and its properties. */
function program(properties: Properties) {
  return async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
    const base = new BaseInstall("base", { release: "host", source: target.base });
    new Jail("web", { base, addresses: [lo1.address(2)], ...properties });
  };
}

/** What a command on the host prints. */
async function said(command: string): Promise<string> {
  return (await target.sh(command)).stdout.trim();
}

/** Takes the jail to other properties; what the preview said of it, and whether its processes went on. */
async function change(properties: Properties): Promise<{ preview: string; steps: readonly string[]; wentOn: boolean }> {
  const jid = await said("jls -j web jid");
  project.program = program(properties);
  const preview = await project.preview();
  await project.up();
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  return {
    preview: [preview.output, ...preview.messages].join("\n"),
    steps: changed(preview),
    wentOn: jid !== "" && (await said("jls -j web jid")) === jid,
  };
}

beforeAll(async () => {
  target = await openTarget();
  before = await takePicture(target);
  project = await Project.create(program({}), { config: stackConfig(target) });
  await project.up();
});

afterAll(async () => {
  await project.destroy();
  project.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
  await target.close();
});

describe("a running jail goes on while", () => {
  test.each<[string, Properties, string, string]>([
    ["its host name changes", { hostname: "www.example.org" }, "jexec web hostname", "www.example.org"],
    ["it gets raw sockets", { rawSockets: true }, "jls -j web allow.raw_sockets", "true"],
    ["it gets a permission", { allow: ["chflags"] }, "jls -j web allow.chflags", "true"],
    ["it may have children", { childrenMax: 3 }, "jls -j web children.max", "3"],
    [
      "its addresses change",
      { addresses: ["lo1|192.168.1.5", "lo1|192.168.1.6"] },
      "jls -j web ip4.addr",
      "192.168.1.5,192.168.1.6",
    ],
  ])("%s", async (_name, properties, command, output) => {
    const { steps, wentOn } = await change(properties);
    expect(steps).toEqual(["update Jail web"]);
    expect(wentOn).toBe(true);
    expect(await said(command)).toBe(output);
  });

  test("an address that it no longer has is taken off its interface", async () => {
    await change({});
    const addresses = await said("ifconfig lo1 | grep 'inet '");
    expect(addresses).toContain("192.168.1.2 ");
    expect(addresses).not.toContain("192.168.1.5 ");
  });
});

test.each<[string, Properties, string, string]>([
  ["System V IPC", { sysvipc: "new" }, "jls -j web sysvmsg", "new"],
  ["the ruleset of /dev", { devfsRuleset: 5 }, "jls -j web devfs_ruleset", "5"],
])("%s restarts it, and the preview says so", async (_name, properties, command, output) => {
  const { preview, wentOn } = await change(properties);
  expect(preview).toMatch(/Jail web restarts, for: /);
  expect(wentOn).toBe(false);
  expect(await said(command)).toBe(output);
});

test("a new name keeps the jail's data, and its resource", async () => {
  await change({});
  await target.sh("jexec web sh -c 'echo kept > /root/data'");
  const { steps } = await change({ name: "www" });
  expect(steps).toEqual(["update Jail web"]);
  expect(await said("jls -j www path; jexec www cat /root/data; ls /etc/jail.conf.d")).toBe(
    "/usr/jails/www\nkept\nwww.conf",
  );
  await change({});
  expect(await said("jexec web cat /root/data")).toBe("kept");
});

test("it stops and starts as the program says", async () => {
  await change({ running: false });
  expect(await said("jls -j web jid")).toBe("");
  expect(await said("mount -p | grep web; ifconfig lo1 | grep 192.168.1.2")).toBe("");
  await change({});
  expect(await said("jls -j web name")).toBe("web");
});

test("a configuration that doesn't start leaves it running with the old one", async () => {
  project.program = program({ startTimeout: 1, sysvipc: "new" });
  await target.sh("jexec web sh -c 'echo sleep 3 > /etc/rc.local'");
  await expect(project.up()).rejects.toThrow(/jail web did not start/);
  await target.sh("jexec web rm /etc/rc.local");
  await change({});
  expect(await said("jls -j web sysvmsg")).toBe("disable");
});

describe("what somebody changed by hand is found by a refresh, and put right by an up:", () => {
  test.each<[string, string, RegExp]>([
    ["stopped", "service jail onestop web", /running/],
    [
      "reconfigured in its file",
      "sed -i '' -e 's/enforce_statfs = 2/enforce_statfs = 1/' /etc/jail.conf.d/web.conf",
      /config/,
    ],
    ["reconfigured live", "jail -m name=web host.hostname=changed", /hostname/],
    [
      "given a host's name by its root that looks like other jails",
      `jexec web sh -c 'hostname "$(printf "w\\njid=1 name=x path=/\\",},{ ip4.addr=9")"'`,
      /hostname/,
    ],
    ["its configuration removed", "rm /etc/jail.conf.d/web.conf", /config/],
    ["taken out of the boot", "rm /etc/rc.conf.d/jail/50-web", /rc/],
    ["its interface gone", "service jail onestop web; ifconfig lo1 destroy", /addresses|network/],
    ["its tree gone", "service jail onestop web; chflags -R 0 /usr/jails/web; rm -rf /usr/jails/web", /./],
  ])("%s", async (_name, command, property) => {
    await target.sh(command);
    await project.refresh();
    const preview = await project.preview({ diff: true });
    expect(changed(preview).length).toBeGreaterThan(0);
    expect(preview.output).toMatch(property);
    await project.up();
    expect(await said("jls -j web name host.hostname ip4.addr")).toBe("web web 192.168.1.2");
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });
});

test("a jail that somebody starts while our start waits for another one keeps its mounts", async () => {
  await change({ running: false });
  project.program = program({ after: ["nobody"] });
  const run = project.up().then(
    () => "",
    (error: Error) => error.message,
  );
  await target.sh("sleep 8; jail -q -f /etc/jail.conf.d/web.conf -c web");
  expect(await run).toMatch(/jail web was started by somebody else in the same moment; run `pulumi up` again/);
  expect(await said("mount | grep -c ' on /usr/jails/web/'")).toBe("2");
  await project.up({ refresh: true });
  await change({});
});

(onRealHost ? describe.skip : describe)("a host that boots again", () => {
  test("starts the jail by itself, and nothing has drifted", async () => {
    await target.machine?.reboot();
    expect(await said("jls -j web name ip4.addr")).toBe("web 192.168.1.2");
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });

  test("leaves a jail alone that is not to start at boot", async () => {
    await change({ autostart: false });
    await target.machine?.reboot();
    expect(await said("jls name")).toBe("");
    await project.up({ refresh: true });
    expect(await said("jls name")).toBe("web");
    await change({});
  });

  test("has after a power loss what it had before", async () => {
    await target.machine?.powerLoss();
    await target.machine?.up();
    expect(await said("jls -j web name; jexec web cat /root/data 2>/dev/null")).toMatch(/^web/);
    expect(changed(await project.up({ refresh: true }))).toEqual([]);
  });
});
