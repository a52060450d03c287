import { parseIfconfig } from "../../../provider/freebsd/ifconfig";
import { parseJls } from "../../../provider/freebsd/jls";
import { parseMounts } from "../../../provider/freebsd/mounts";
import { changedLive, missingMounts } from "../../../provider/resources/jailDrift";
import type { JailValues } from "../../../provider/resources/jailSchema";
import type { Snapshot } from "../../../provider/resources/snapshot";

/** As FreeBSD 13.2 printed it, with the parameters that every jail of ours has. */
const recorded =
  'devfs_ruleset=4 nodying enforce_statfs=2 host=new ip4=disable ip6=disable jid=3 name=t1 osreldate=1302001 osrelease=13.2-RELEASE parent=0 path=/usr/jails/t1 persist securelevel=-1 sysvmsg=disable sysvsem=disable sysvshm=disable vnet=inherit allow.nochflags allow.nomlock allow.nomount allow.mount.nodevfs allow.mount.nonullfs allow.mount.noprocfs allow.mount.notmpfs allow.noquotas allow.noraw_sockets allow.noread_msgbuf allow.reserved_ports allow.set_hostname allow.nosocket_af allow.suser allow.nosysvipc allow.unprivileged_proc_debug children.cur=0 children.max=0 cpuset.id=3 host.domainname="" host.hostid=0 host.hostname=t1 host.hostuuid=00000000-0000-0000-0000-000000000000 ip4.addr=192.168.1.1 ip4.saddrsel ip6.addr= ip6.saddrsel';

const values = {
  name: "t1",
  addresses: ["lo1|192.168.1.1/32"],
  inherit: false,
  allow: [],
  rawSockets: false,
  childrenMax: 0,
  enforceStatfs: 2,
  devfsRuleset: 4,
} as unknown as JailValues;

const interfaces =
  "lo1: flags=8049<UP,LOOPBACK,RUNNING,MULTICAST> metric 0 mtu 16384\n\tinet 192.168.1.1 netmask 0xffffffff\n";

function drift(line: string, olds: Partial<JailValues> = {}, on = interfaces) {
  const [jail] = parseJls(line);
  const snapshot = { interfaces: parseIfconfig(on) } as unknown as Snapshot;
  return jail === undefined ? undefined : changedLive(snapshot, jail, { ...values, ...olds });
}

test("a jail as it was started has not drifted", () => expect(drift(recorded)).toEqual({}));

test.each<[string, string, Partial<JailValues>, object]>([
  ["allow.nochflags", "allow.chflags", {}, { allow: ["chflags"] }],
  ["allow.set_hostname", "allow.noset_hostname", {}, { allow: ["noset_hostname"] }],
  ["allow.mount.nonullfs", "allow.mount.nullfs", { allow: ["mount"] }, { allow: ["mount.nullfs"] }],
  ["allow.noraw_sockets", "allow.raw_sockets", {}, { rawSockets: true }],
  ["children.max=0", "children.max=7", {}, { childrenMax: 7 }],
  ["enforce_statfs=2", "enforce_statfs=0", {}, { enforceStatfs: 0 }],
  ["devfs_ruleset=4", "devfs_ruleset=0", {}, { devfsRuleset: 0 }],
  ["sysvsem=disable", "sysvsem=inherit", {}, { sysvipc: "inherit" }],
  ["securelevel=-1", "securelevel=0", { securelevel: 2 }, { securelevel: 0 }],
  [
    "ip4.addr=192.168.1.1",
    "ip4.addr=192.168.1.1,192.168.1.9",
    {},
    { addresses: ["lo1|192.168.1.1/32", "192.168.1.9"] },
  ],
  ["host.hostname=t1", "host.hostname=other", {}, { hostname: "other" }],
])("%s that has become %s shows as what it is", (from, to, olds, found) => {
  expect(drift(recorded.replace(from, to), olds)).toEqual(found);
});

test("a securelevel that the jail has raised itself is its own affair", () => {
  expect(drift(recorded.replace("securelevel=-1", "securelevel=3"), { securelevel: 1 })).toEqual({});
});

test("an address that is not on its interface any more is missing", () => {
  expect(drift(recorded, {}, interfaces.replace(/\tinet.*\n/, ""))).toEqual({ addresses: [] });
});

test("a line of its configuration whose mount is gone is not in force", () => {
  const config =
    't1 {\n\tpath = "/usr/jails/t1";\n\tmount = "/usr/jails/sharedfs/13.2-RELEASE /usr/jails/t1/sharedfs nullfs ro 0 0";\n\tmount += "/data /usr/jails/t1/data nullfs rw 0 0";\n\tmount.devfs;\n\tmount.fdescfs;\n}\n';
  const mounts = parseMounts(
    "/usr/jails/sharedfs/13.2-RELEASE /usr/jails/t1/sharedfs\tnullfs\tro\t\t0 0\ndevfs\t\t\t/usr/jails/t1/dev\tdevfs\trw\t\t0 0\n",
  );
  expect(missingMounts({ mounts } as unknown as Snapshot, config, "/usr/jails/t1")).toEqual([
    '\tmount += "/data /usr/jails/t1/data nullfs rw 0 0";',
    "\tmount.fdescfs;",
  ]);
});
