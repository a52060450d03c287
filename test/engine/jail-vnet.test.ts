import { Jail } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { OneJail, type Properties } from "./harness/oneJail";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { onRealHost, stackConfig } from "./harness/target";

let jail: OneJail;

const vnet = {
  bridge: "jailbr",
  createBridge: true,
  bridgeAddresses: ["10.7.7.1/24", "fd00:7::1/64"],
  gateway: "10.7.7.1",
};
const own: Properties = { addresses: ["10.7.7.2/24", "fd00:7::2/64"], vnet: { ...vnet, gateway6: "fd00:7::1" } };

/** The interfaces of the host. */
const interfaces = () => jail.said("ifconfig -l");

beforeAll(async () => {
  jail = await OneJail.open(own);
});

afterAll(() => jail.close());

test("the jail has an interface of its own, with its addresses and the way out", async () => {
  expect(await jail.said("jexec web ifconfig web_b | awk '/inet6? (10|fd)/ { print $2, $4 }' | sort")).toBe(
    "10.7.7.2 0xffffff00\nfd00:7::2 64",
  );
  expect(await jail.said("jexec web ifconfig web_b | grep -c IFDISABLED")).toBe("0");
  expect(await jail.said("jexec web netstat -rn | awk '$1 == \"default\" { print $2, $4 }'")).toBe(
    "10.7.7.1 web_b\nfd00:7::1 web_b",
  );
  expect(await jail.said("jls -n -j web vnet")).toBe("vnet=new");
});

test("the host's end is on the bridge, which has the gateway's addresses", async () => {
  expect(await jail.said("ifconfig jailbr | grep -c 'member: web_a'")).toBe("1");
  expect(await jail.said("ifconfig jailbr | grep -E 'inet6? (10|fd)' | awk '{ print $2 }' | sort")).toBe(
    "10.7.7.1\nfd00:7::1",
  );
});

test("its MAC address stays through a restart, and is not another jail's", async () => {
  const mac = () => jail.said("jexec web ifconfig web_b | awk '$1 == \"ether\" { print $2 }'");
  const before = await mac();
  expect(before).toMatch(/^02(:[0-9a-f]{2}){5}$/);
  await jail.said("service jail onerestart web");
  expect(await mac()).toBe(before);
  await jail.change({ ...own, vnet: { ...vnet, mac: "02:00:5E:10:00:01" } });
  expect(await mac()).toBe("02:00:5e:10:00:01");
});

test("nothing of it is left behind after a stop, and it is there again after a start", async () => {
  await jail.change({ ...own, running: false });
  expect(await interfaces()).toBe("vtnet0 lo0 lo1");
  await jail.change(own);
  expect(await interfaces()).toBe("vtnet0 lo0 lo1 jailbr web_a");
});

test("an address comes and goes live", async () => {
  const { wentOn, preview } = await jail.change({ ...own, addresses: ["10.7.7.5/24", "fd00:7::2/64"] });
  expect(preview).toMatch(/Jail web changes live, for: addresses/);
  expect(wentOn).toBe(true);
  expect(await jail.said("jexec web ifconfig web_b | awk '$1 == \"inet\" { print $2 }'")).toBe("10.7.7.5");
  await jail.change(own);
});

test("nothing is left behind after a start that failed, and after a crash", async () => {
  await jail.change({ ...own, running: false });
  jail.declare({ ...own, execStart: "/usr/bin/false" });
  await expect(jail.project.up()).rejects.toThrow(/did not start/);
  expect(await interfaces()).toBe("vtnet0 lo0 lo1");
  await jail.change(own);
  await jail.said("jail -R web");
  await jail.project.up({ refresh: true });
  expect(await interfaces()).toBe("vtnet0 lo0 lo1 jailbr web_a");
});

(onRealHost ? test.skip : test)("a boot brings it back", async () => {
  await jail.target.machine?.reboot();
  expect(await jail.said("jexec web ifconfig web_b | awk '$1 == \"inet\" { print $2 }'")).toBe("10.7.7.2");
  expect(changed(await jail.project.up({ refresh: true }))).toEqual([]);
});

test.each<[string, Properties, RegExp]>([
  [
    "a bridge that is not there",
    { addresses: [], vnet: { bridge: "nobr" } },
    /vnet\.bridge: there is no bridge nobr.*createBridge/,
  ],
  [
    "an interface that is no bridge",
    { addresses: [], vnet: { bridge: "vtnet0" } },
    /vnet\.bridge: vtnet0 is .*no bridge/,
  ],
  [
    "an address on an interface of the host",
    { ...own, addresses: ["lo1|10.7.7.2/24"] },
    /addresses\[0\]: .*interface of its own/,
  ],
  [
    "an address without its network",
    { ...own, addresses: ["10.7.7.2"] },
    /addresses\[0\]: 10\.7\.7\.2 needs the prefix length/,
  ],
  ["a gateway elsewhere", { ...own, vnet: { ...vnet, gateway: "10.8.8.1" } }, /vnet\.gateway: 10\.8\.8\.1 /],
  [
    "the host's own address",
    { ...own, addresses: ["10.7.7.1/24"], vnet: { bridge: "jailbr", createBridge: true } },
    /10\.7\.7\.1 is the host's own, on jailbr/,
  ],
  ["a multicast MAC address", { ...own, vnet: { ...vnet, mac: "03:00:00:00:00:01" } }, /vnet\.mac: .*multicast/],
  ["inherit as well", { ...own, inherit: true }, /vnet: /],
])("%s is refused", async (_name, properties, message) => {
  expect(await jail.refused(properties)).toMatch(message);
});

test("it goes back to the host's interfaces, and nothing of it stays", async () => {
  await jail.change({});
  expect(await interfaces()).toBe("vtnet0 lo0 lo1");
  expect(await jail.said("jls -j web ip4.addr")).toBe("192.168.1.2");
});

test("ten jails at once have ten pairs on one bridge, and leave nothing", async () => {
  const before = await takePicture(jail.target);
  const base = await jail.said("ls -d /usr/jails/sharedfs/*");
  const program = async () => {
    for (let i = 1; i <= 10; i++)
      new Jail(`net${i}`, {
        base,
        addresses: [`10.9.9.${i + 1}/24`],
        vnet: { bridge: "tenbr", createBridge: true, bridgeAddresses: ["10.9.9.1/24"], gateway: "10.9.9.1" },
      });
  };
  const project = await Project.create(program, { name: "ten", config: stackConfig(jail.target) });
  await project.up();
  expect(await jail.said("ifconfig tenbr | grep -c member:")).toBe("10");
  const macs = (
    await jail.said("for i in 1 2 3 4 5 6 7 8 9 10; do jexec net$i ifconfig net${i}_b | grep ether; done")
  ).split("\n");
  expect(new Set(macs).size).toBe(10);
  await project.destroy();
  project.dispose();
  expect(difference(before, await takePicture(jail.target))).toEqual([]);
});
