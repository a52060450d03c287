import type { Declared } from "./actor";
import { jailOperations } from "./jailOperations";
import { zfsOperations } from "./zfsOperations";

/** An operation of a resource, as a step of a program from one state to the next. */
export interface Row {
  /** What is done: "a jail is created". */
  readonly name: string;
  /** What the administrator did first of all. */
  readonly first?: string;
  /** What is there before, and stays: later ones may use earlier ones. */
  readonly beside: readonly Declared[];
  /** What was there once, and was deleted again. */
  readonly earlier?: readonly Declared[];
  /** The resource before the operation; none for a create. */
  readonly before?: Declared;
  /** The resource after it; none for a delete. */
  readonly after?: Declared;
  /** A delete leaves something on purpose: an archive, a tree that is kept, the absence of what was adopted. */
  readonly changesForGood?: boolean;
  /** What the administrator, or the jail, did before it. */
  readonly host?: string;
  /** What the administrator did when the resource was there. */
  readonly meanwhile?: string;
}

const path = "/usr/jails/sharedfs/13.2-RELEASE-e014db68";
const base: Declared = {
  kind: "baseInstall",
  name: "base",
  props: { release: "13.2-RELEASE", source: "file:///usr/freebsd-dist/base.txz" },
};
const lo1: Declared = { kind: "loopbackInterface", name: "lo1", props: { addresses: ["192.168.1.1/32"] } };

const jail = (props: Declared["props"] = {}, name = "web"): Declared => ({
  kind: "jail",
  name,
  props: { base: path, addresses: ["lo1|192.168.1.2/32"], ...props },
});
const image = (props: Declared["props"] = {}, disk: Declared["props"] = {}): Declared => ({
  kind: "imageJail",
  name: "box",
  props: { base: path, addresses: ["lo1|192.168.1.3/32"], image: { size: "16m", ...disk }, ...props },
});
const encryption = { passphrase: "open sesame", iterations: 10 };
const archive = (props: Declared["props"] = {}): Declared => ({
  kind: "jailArchive",
  name: "nightly",
  props: { jail: "web", compression: "none", ...props },
});
const flavor = (content: string): Declared => ({
  kind: "flavor",
  name: "ours",
  props: { files: { "/etc/motd": content }, rcConf: { sendmail_enable: "NONE" } },
});
const rule = (port: number): Declared => ({
  kind: "pfNatRule",
  name: "web",
  props: { kind: "rdr", interface: "egress", protocol: "tcp", port, address: "192.168.1.2", confirmTimeout: 8 },
});
const twoAddresses = ["lo1|192.168.1.2/32", "lo1|192.168.1.4/32"];
const withFlavor = [base, lo1, flavor("welcome\n")];
const own = "printf '# mine\\npass all' >/etc/pf.conf; sysrc pf_enable=YES; service pf start";

/** Every operation of every resource. A new property, or a new resource, is tested by a row here. */
export const operations: readonly Row[] = [
  { name: "an interface is created", beside: [], after: lo1 },
  {
    name: "an interface gets other addresses",
    beside: [],
    before: lo1,
    after: { ...lo1, props: { addresses: ["192.168.1.9/32", "fd00::1/128"] } },
  },
  {
    name: "an interface is adopted",
    beside: [],
    host: "ifconfig lo1 create; ifconfig lo1 inet 192.168.1.1/32",
    changesForGood: true,
    after: { ...lo1, props: { ...lo1.props, adopt: true } },
  },
  { name: "an interface is deleted", beside: [], before: lo1 },
  { name: "a base is made from an archive", beside: [], after: base },
  {
    name: "a base is copied from the host",
    beside: [],
    after: { ...base, props: { release: "host", source: "host" } },
  },
  { name: "a base is deleted", beside: [], before: base },
  { name: "a flavor is created", beside: [], after: flavor("welcome\n") },
  { name: "a flavor is changed", beside: [], before: flavor("welcome\n"), after: flavor("hello\n") },
  { name: "a flavor is deleted", beside: [], before: flavor("welcome\n") },
  { name: "a jail is created", beside: [base, lo1], after: jail() },
  {
    name: "a jail with a flavor is created",
    beside: withFlavor,
    after: jail({ flavors: ["ours"], resolvConf: "nameserver 10.0.0.1\n" }),
  },
  {
    name: "a jail is created that is not to run",
    beside: [base, lo1],
    after: jail({ running: false, autostart: false }),
  },
  {
    name: "a jail gets another address",
    beside: [base, lo1],
    before: jail(),
    after: jail({ addresses: twoAddresses }),
  },
  {
    name: "a jail gets other parameters, live",
    beside: [base, lo1],
    before: jail(),
    after: jail({ hostname: "web.example.org", allow: ["raw_sockets"], childrenMax: 3 }),
  },
  { name: "a jail is restarted", beside: [base, lo1], before: jail(), after: jail({ sysvipc: "new", restart: 1 }) },
  { name: "a jail is renamed", beside: [base, lo1], before: jail(), after: jail({}, "shop") },
  { name: "a jail is stopped", beside: [base, lo1], before: jail(), after: jail({ running: false }) },
  { name: "a jail is started", beside: [base, lo1], before: jail({ running: false, autostart: false }), after: jail() },
  {
    name: "a jail's resolv.conf is changed",
    beside: [base, lo1],
    before: jail({ resolvConf: "nameserver 10.0.0.1\n" }),
    after: jail({ resolvConf: "nameserver 10.0.0.2\n" }),
  },
  { name: "a jail is deleted", beside: [base, lo1], before: jail() },
  {
    name: "a jail is archived and deleted",
    beside: [base, lo1],
    before: jail({ onDelete: "archive" }),
    changesForGood: true,
  },
  {
    name: "a jail is deleted, its tree kept",
    beside: [base, lo1],
    before: jail({ onDelete: "keep" }),
    changesForGood: true,
  },
  { name: "a jail with a disk is created", beside: [base, lo1], after: image() },
  { name: "a jail's disk grows", beside: [base, lo1], before: image(), after: image({}, { size: "24m" }) },
  { name: "a jail with a disk is stopped", beside: [base, lo1], before: image(), after: image({ running: false }) },
  {
    name: "a jail's disk stays attached",
    beside: [base, lo1],
    before: image(),
    after: image({ state: "attached", running: false }),
  },
  {
    name: "a jail's disk is moved",
    beside: [base, lo1],
    before: image(),
    after: image({}, { path: "/usr/jails/images/other.img" }),
  },
  { name: "a jail with a disk is deleted", beside: [base, lo1], before: image() },
  { name: "a jail with an encrypted disk is created", beside: [base, lo1], after: image({}, { encryption }) },
  {
    name: "a disk's passphrase is changed",
    beside: [base, lo1],
    before: image({}, { encryption }),
    after: image({}, { encryption: { ...encryption, passphrase: "another word" } }),
  },
  { name: "a jail with an encrypted disk is deleted", beside: [base, lo1], before: image({}, { encryption }) },
  { name: "a jail is archived", beside: [base, lo1, jail()], after: archive(), changesForGood: true },
  {
    name: "a jail is archived once more",
    beside: [base, lo1, jail()],
    before: archive(),
    after: archive({ trigger: 1, keep: 1 }),
    changesForGood: true,
  },
  {
    name: "archives are deleted",
    beside: [base, lo1, jail()],
    before: archive({ onDelete: "destroy" }),
  },
  {
    name: "a jail is made like another",
    beside: [base, lo1, jail({ running: false, autostart: false, addresses: ["lo1|192.168.1.4/32"] }, "gold")],
    after: jail({ template: "gold" }),
  },
  {
    name: "a jail is restored",
    beside: [base, lo1],
    earlier: [jail({ onDelete: "archive" })],
    host: "cd /usr/jails/archive; for f in web-*; do mv $f web.tar.xz${f#web-*.tar.xz}; done",
    after: jail({ restore: "/usr/jails/archive/web.tar.xz" }),
  },
  { name: "pf gets its first rule", beside: [], after: rule(80) },
  { name: "pf gets its first rule beside an administrator's", beside: [], host: own, after: rule(80) },
  { name: "a rule of pf is changed", beside: [], host: own, before: rule(80), after: rule(8080) },
  { name: "the last rule of pf goes", beside: [], before: rule(80) },
  ...jailOperations,
  ...zfsOperations,
];
