import { type JailValues, jailShape } from "../../../provider/resources/jailSchema";
import { jailConfig, jailRc } from "../../../provider/resources/jailText";
import { validate } from "../../../provider/resources/validate";

function values(properties: Record<string, unknown>): JailValues {
  const bag = { owner: "project/stack/web", name: "web", base: "/usr/jails/sharedfs/13.2-RELEASE", ...properties };
  const { values: parsed, problems } = validate(jailShape, bag);
  expect(problems).toEqual([]);
  return parsed as JailValues;
}

test("a jail with an address has a configuration that is complete in itself", () => {
  expect(jailConfig(values({ addresses: ["lo1|192.168.1.3/32"] }))).toBe(`web {
	path = "/usr/jails/web";
	host.hostname = web;
	ip4.addr = "lo1|192.168.1.3/32";
	ip6 = disable;
	devfs_ruleset = 4;
	enforce_statfs = 2;
	mount = "/usr/jails/sharedfs/13.2-RELEASE /usr/jails/web/sharedfs nullfs ro 0 0";
	mount.devfs;
	persist;
	exec.clean;
	exec.start = "/bin/sh /etc/rc";
	exec.stop = "/bin/sh /etc/rc.shutdown jail";
	exec.consolelog = "/var/log/jail_web_console.log";
}
`);
});

test.each<[string, Record<string, unknown>, string[]]>([
  [
    "System V IPC is one word for all three",
    { sysvipc: "new" },
    ["sysvmsg = new;", "sysvsem = new;", "sysvshm = new;"],
  ],
  ["raw sockets are a permission", { rawSockets: true }, ["allow.raw_sockets;"]],
  [
    "permissions come sorted and once",
    { allow: ["set_hostname", "chflags", "chflags"] },
    ["allow.chflags;", "allow.set_hostname;"],
  ],
  [
    "data sets are handed over before anything runs in it",
    { datasets: ["tank/b", "tank/a"], enforceStatfs: 1, execCreated: "/bin/echo" },
    [
      "enforce_statfs = 1;",
      "allow.mount;",
      "allow.mount.zfs;",
      'exec.created = "/sbin/zfs jail web tank/a";',
      'exec.created += "/sbin/zfs jail web tank/b";',
      'exec.created += "/bin/echo";',
    ],
  ],
  ["a permission can be taken away", { allow: ["noset_hostname"] }, ["allow.noset_hostname;"]],
  ["without an address there is no network", {}, ["ip4 = disable;", "ip6 = disable;"]],
  ["inherit is the host's network", { inherit: true }, ["ip4 = inherit;", "ip6 = inherit;"]],
  ["inherit of one family leaves the other out", { inherit: "ip6" }, ["ip4 = disable;", "ip6 = inherit;"]],
  [
    "several addresses keep their order",
    { addresses: ["lo1|10.0.0.9", "lo1|10.0.0.2", "em0|fd00:0::5"] },
    ['ip4.addr = "lo1|10.0.0.9/32";', 'ip4.addr += "lo1|10.0.0.2/32";', 'ip6.addr = "em0|fd00::5/128";'],
  ],
  ["an address that is on an interface already has none", { addresses: ["192.168.1.1"] }, ["ip4.addr = 192.168.1.1;"]],
  [
    "time-outs, level and children",
    { startTimeout: 30, stopTimeout: 5, securelevel: 2, childrenMax: 3 },
    ["exec.timeout = 30;", "stop.timeout = 5;", "securelevel = 2;", "children.max = 3;"],
  ],
])("%s", (_name, properties, lines) => {
  const config = jailConfig(values(properties))
    .split("\n")
    .map((line) => line.trim());
  expect(config).toEqual(expect.arrayContaining(lines));
});

test("a jail that starts at boot is in the list", () => {
  expect(jailRc({ name: "web", autostart: true, after: [], adopt: false })).toBe(
    'jail_enable="YES"\njail_list="$jail_list web"\n',
  );
});

test("a jail that doesn't start at boot is in the list only while it runs, for the shutdown", () => {
  expect(jailRc({ name: "web", autostart: false, after: [], adopt: false })).toBe(
    'if [ -e /var/run/jail_web.id ]; then\n\tjail_enable="YES"\n\tjail_list="$jail_list web"\nfi\n',
  );
});

test("a jail that was there before is not twice in the list of those that start", () => {
  expect(jailRc({ name: "web", autostart: true, after: [], adopt: true })).toBe(
    'jail_enable="YES"\ncase " $jail_list " in *" web "*) ;; *) jail_list="$jail_list web" ;; esac\n',
  );
});
