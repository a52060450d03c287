import type { Declared } from "./actor";
import type { Row } from "./operations";

const root = "/usr/jails/sharedfs";
const old = `${root}/13.2-RELEASE-e014db68`;
const newer = `${root}/13.2-RELEASE-2b7006ed`;

const base: Declared = {
  kind: "baseInstall",
  name: "base",
  props: { release: "13.2-RELEASE", source: "file:///usr/freebsd-dist/base.txz" },
};
const second: Declared = { ...base, name: "second", props: { ...base.props, trigger: "2" } };
const lo1: Declared = { kind: "loopbackInterface", name: "lo1", props: { addresses: ["192.168.1.1/32"] } };
const jail = (props: Declared["props"] = {}, name = "web"): Declared => ({
  kind: "jail",
  name,
  props: { base: old, addresses: ["lo1|192.168.1.2/32"], ...props },
});
const image = (props: Declared["props"] = {}, name = "box"): Declared => ({
  kind: "imageJail",
  name,
  props: { base: old, addresses: ["lo1|192.168.1.3/32"], image: { size: "16m" }, ...props },
});

/** The two templates differ, as those of two releases do. */
const templates = `
cd /usr/jails/template/13.2-RELEASE-e014db68; echo 1 >etc/follows; echo 1 >etc/goes; printf '1\\n2\\n3\\n4\\n5\\n' >etc/merged
cd /usr/jails/template/13.2-RELEASE-SECOND; echo 2 >etc/follows; echo 2 >etc/comes; printf '1\\n2\\n3\\n4\\nfive\\n' >etc/merged
sync`.replaceAll("SECOND", newer.slice(newer.lastIndexOf("-") + 1));
const mine = "cd /usr/jails/web/etc; printf 'one\\n2\\n3\\n4\\n5\\n' >merged; echo mine >mine; sync";

/** A service that does nothing but run. */
const ticking = {
  mode: "0755",
  content: `#!/bin/sh
# PROVIDE: ticking
# REQUIRE: LOGIN
. /etc/rc.subr
name=ticking
rcvar=ticking_enable
pidfile=/var/run/ticking.pid
procname=/bin/sleep
command=/usr/sbin/daemon
command_args="-f -p $pidfile /bin/sleep 100000"
load_rc_config $name
: \${ticking_enable:=NO}
run_rc_command "$1"
`,
};
const files = { "/etc/shop.conf": { content: "a=1\n", mode: "0640" }, "/usr/local/etc/rc.d/ticking": ticking };
const inside = {
  files,
  users: [{ name: "alice", groups: ["wheel"], gecos: "Alice B." }],
  rcConf: { syslogd_flags: "-ss" },
  services: ["ticking"],
};
const vnet = { bridge: "jailbr", createBridge: true, bridgeAddresses: ["10.7.7.1/24"], gateway: "10.7.7.1" };
const apart = { addresses: ["10.7.7.2/24"], vnet };
const www = "mkdir -p /data/www; echo hello >/data/www/index.html; sync";
const mounts = [
  { type: "nullfs", source: "/data/www", target: "/usr/local/www/data", readOnly: true },
  { type: "tmpfs", target: "/var/cache/scratch", size: "8m", mode: "1777" },
  "procfs",
];

/** Operations of a jail's inside, its network, its mounts and limits, its base. */
export const jailOperations: readonly Row[] = [
  { name: "a thick jail is created", beside: [base, lo1], after: jail({ thick: true }) },
  { name: "a jail becomes thick", beside: [base, lo1], before: jail(), after: jail({ thick: true }) },
  {
    name: "a jail's base is another one",
    beside: [base, second, lo1],
    host: templates,
    before: jail(),
    meanwhile: mine,
    after: jail({ base: newer }),
  },
  {
    name: "a jail goes back to its earlier base",
    beside: [base, second, lo1],
    host: templates,
    before: jail({ base: newer }),
    meanwhile: mine,
    after: jail(),
  },
  {
    name: "a stopped jail's base is another one",
    beside: [base, second, lo1],
    host: templates,
    before: jail({ running: false }),
    meanwhile: mine,
    after: jail({ running: false, base: newer }),
  },
  {
    name: "the base of a jail with a disk is another one",
    beside: [base, second, lo1],
    before: image(),
    after: image({ base: newer }),
  },
  { name: "a jail is created with files, a user and a service", beside: [base, lo1], after: jail(inside) },
  { name: "a jail gets files, a user and a service", beside: [base, lo1], before: jail(), after: jail(inside) },
  {
    name: "what is inside of a jail is changed",
    beside: [base, lo1],
    before: jail(inside),
    after: jail({
      ...inside,
      files: { ...files, "/etc/shop.conf": "a=2\n" },
      users: [{ name: "bob" }],
      rcConf: { syslogd_flags: "-s" },
    }),
  },
  { name: "a jail's files, user and service go", beside: [base, lo1], before: jail(inside), after: jail() },
  {
    name: "what is inside of a stopped jail is changed",
    beside: [base, lo1],
    before: jail({ ...inside, running: false }),
    after: jail({ ...inside, running: false, files: { ...files, "/etc/shop.conf": "a=2\n" } }),
  },
  { name: "a jail with files, a user and a service is deleted", beside: [base, lo1], before: jail(inside) },
  { name: "a jail on a bridge is created", beside: [base], after: jail(apart) },
  {
    name: "a jail on a bridge gets another MAC address",
    beside: [base],
    before: jail(apart),
    after: jail({ ...apart, vnet: { ...vnet, mac: "02:00:5E:10:00:01" } }),
  },
  { name: "a jail comes off its bridge", beside: [base, lo1], before: jail(apart), after: jail() },
  { name: "a jail on a bridge is deleted", beside: [base], before: jail(apart) },
  { name: "a jail gets mounts", beside: [base, lo1], host: www, before: jail(), after: jail({ mounts }) },
  { name: "a jail's mounts go", beside: [base, lo1], host: www, before: jail({ mounts }), after: jail() },
  { name: "a jail with mounts is deleted", beside: [base, lo1], host: www, before: jail({ mounts }) },
  { name: "a jail gets one processor", beside: [base, lo1], before: jail(), after: jail({ cpuset: "1" }) },
  {
    name: "a jail with a disk is made like another",
    beside: [base, lo1, image({ running: false, autostart: false, addresses: ["lo1|192.168.1.4/32"] }, "gold")],
    after: image({ template: "gold" }),
  },
];
