import type { Row } from "../row";

const removedFlavor = ["rm -rf /usr/jails/flavors/$name", "gone"] as const;

/** What a preview shows of each. */
const flavorLines: Readonly<Record<string, readonly string[]>> = {
  files: ["~ files: {", "+ /etc/more: {", '+ content: "more"', "~ listing:", "+ 0644 0 0 4 # /etc/more"],
  rcConf: ["~ listing:", "+ 0644 0 0 18 # /etc/rc.conf", "~ rcConf: {", "+ sshd_enable: true"],
  users: [
    "~ listing:",
    "+ 0600 0 0 12 # /.flavor/group",
    "+ 0600 0 0 40 # /.flavor/master.passwd",
    "+ 0644 1500 1500 0 # /home/ann/.profile",
    "~ users: [",
    "+ [0]: {",
    '+ gecos: ""',
    "+ groups: []",
    "+ mustChangePassword: false",
    '+ name: "ann"',
    '+ passwordHash: "*"',
    '+ shell: "/bin/sh"',
    "+ sshKeys: []",
    "+ uid: 1500",
  ],
  sshUser: [
    "~ listing:",
    "+ 0600 0 0 26 # /.flavor/group",
    "+ 0600 0 0 40 # /.flavor/master.passwd",
    "+ 0644 0 0 18 # /etc/rc.conf",
    "+ 0600 1001 1001 85 # /home/bob/.ssh/authorized_keys",
    "+ sshUser: {",
    '+ name: "bob"',
    '+ passwordHash: "*"',
    '+ shell: "/bin/sh"',
    "+ sshKeys: [",
    '+ [0]: "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEDUfKmPZq7ZcpPpqZ3Tn4GC2m0K7k8F2X0KxZ8v1JbU bob"',
  ],
  timezone: ["~ listing:", "+ 0644 0 0 4 # /var/db/zoneinfo", '+ timezone: "UTC"'],
  resolvConf: ["~ listing:", "+ 0644 0 0 22 # /etc/resolv.conf", '+ resolvConf: "nameserver 192.0.2.53\\n"'],
  firstBoot: [
    '+ firstBoot: "#!/bin/sh\\necho hello\\n"',
    "~ listing:",
    "+ 0644 0 0 0 # /firstboot",
    "+ 0755 0 0 233 # /usr/local/etc/rc.d/flavor_$name",
    "+ 0755 0 0 21 # /usr/local/libexec/firstboot/$name",
  ],
  pkgRepository: [
    "~ listing:",
    "+ 0644 0 0 13 # /usr/local/etc/pkg/repos/FreeBSD.conf",
    "+ pkgRepository: {",
    '+ name: "FreeBSD"',
  ],
  directory: ['+ directory: "test/preview/flavor"', "~ listing:", "+ 0644 0 0 31 # /etc/issue"],
  name: ['~ name: "$name" => "$name-new"', '~ path: "/usr/jails/flavors/$name" => "/usr/jails/flavors/$name-new"'],
  root: ['~ path: "/usr/jails/flavors/$name" => "/usr/zone2/flavors/$name"', '~ root: "/usr/jails" => "/usr/zone2"'],
};

function flavor(of: string, after: object, more: Partial<Row> = {}): Row {
  return {
    title: `a flavor's ${of}`,
    kind: "Flavor",
    of,
    before: { files: { "/etc/motd": "hello" } },
    after: { files: { "/etc/motd": "hello" }, ...after },
    says: `changes live, for: ${of}`,
    shows: flavorLines[of] ?? [],
    byHand: ["echo by hand >>/usr/jails/flavors/$name/etc/motd", "listing"],
    ...more,
  };
}

/** What a preview shows of each. */
const archiveLines: Readonly<Record<string, readonly string[]>> = {
  trigger: ["~ trigger: 1 => 2"],
  keep: ["+ keep: {", "+ last: 3"],
  path: ['+ path: "/usr/jails/elsewhere"'],
  compression: ['~ compression: "none" => "gzip"'],
  stop: ["~ stop: true => false"],
  onDelete: ['~ onDelete: "keep" => "destroy"'],
  jail: ['~ jail: "archived" => "archived2"'],
  name: ['~ name: "$name" => "$name-new"'],
};

function archive(of: string, after: object, more: Partial<Row> = {}): Row {
  return {
    title: `an archive's ${of}`,
    kind: "JailArchive",
    of,
    before: { jail: "archived", trigger: 1, compression: "none" },
    after: { jail: "archived", trigger: 1, compression: "none", ...after },
    shows: archiveLines[of] ?? [],
    byHand: ["rm -f $(sed -n 's/^file=//p' /var/db/pulumi-freebsd-jails/archive.$name*)", "gone"],
    ...more,
  };
}

/** Flavors and archives. */
export const files: readonly Row[] = [
  flavor("files", { files: { "/etc/motd": "hello", "/etc/more": "more" } }),
  flavor("rcConf", { rcConf: { sshd_enable: true } }),
  flavor("users", { users: [{ name: "ann", uid: 1500 }] }),
  flavor("sshUser", {
    sshUser: {
      name: "bob",
      sshKeys: ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEDUfKmPZq7ZcpPpqZ3Tn4GC2m0K7k8F2X0KxZ8v1JbU bob"],
    },
  }),
  flavor("timezone", { timezone: "UTC" }),
  flavor("resolvConf", { resolvConf: "nameserver 192.0.2.53\n" }),
  flavor("firstBoot", { firstBoot: "#!/bin/sh\necho hello\n" }),
  flavor("pkgRepository", { pkgRepository: {} }),
  flavor("directory", { directory: "test/preview/flavor" }),
  flavor(
    "name",
    { name: "$name-new" },
    { says: "is replaced, for: name", byHand: ["rm -rf /usr/jails/flavors/$name-new", "gone"] },
  ),
  flavor(
    "root",
    { root: "/usr/zone2" },
    { says: "is replaced, for: root", byHand: ["rm -rf /usr/zone2/flavors/$name", "gone"] },
  ),
  {
    title: "a flavor's files in another order, modes in another spelling",
    kind: "Flavor",
    before: { files: { "/etc/a": { content: "a", mode: "0644" }, "/etc/b": "b" } },
    after: { files: { "/etc/b": "b", "/etc/a": { content: "a", mode: 0o644 } } },
    byHand: removedFlavor,
  },
];

/** What a preview shows of each. */
const baseLines: Readonly<Record<string, readonly string[]>> = {
  name: ['~ name: "$name" => "$name-new"'],
  keep: ["~ keep: false => true"],
  manifest: ["+ manifest: {", '+ sha256: "#"', '+ text: "base.txz\\t#\\t1\\tbase\\t\\"Base system\\"\\ton\\n"'],
  trigger: [
    '~ path: "/usr/jails/sharedfs/host-#" => "/usr/jails/sharedfs/host-#"',
    '~ template: "/usr/jails/template/host-#" => "/usr/jails/template/host-#"',
    '~ trigger: "$name" => "$name-new"',
  ],
  release: [
    '~ path: "/usr/jails/sharedfs/host-#" => "/usr/jails/sharedfs/13.2-RELEASE-#"',
    '~ release: "host" => "13.2-RELEASE"',
    '~ template: "/usr/jails/template/host-#" => "/usr/jails/template/13.2-RELEASE-#"',
  ],
  source: [
    '~ path: "/usr/jails/sharedfs/host-#" => "/usr/jails/sharedfs/host-#"',
    '~ source: "file:///usr/freebsd-dist/base.txz" => "host"',
    '~ template: "/usr/jails/template/host-#" => "/usr/jails/template/host-#"',
  ],
  root: [
    '~ path: "/usr/jails/sharedfs/host-#" => "/usr/zone3/sharedfs/host-#"',
    '~ root: "/usr/jails" => "/usr/zone3"',
    '~ template: "/usr/jails/template/host-#" => "/usr/zone3/template/host-#"',
  ],
  components: [
    "~ components: [",
    '+ [0]: "lib32"',
    '~ path: "/usr/jails/sharedfs/host-#" => "/usr/jails/sharedfs/host-#"',
    '~ template: "/usr/jails/template/host-#" => "/usr/jails/template/host-#"',
  ],
  sha256: [
    '~ path: "/usr/jails/sharedfs/host-#" => "/usr/jails/sharedfs/host-#"',
    '+ sha256: "#"',
    '~ template: "/usr/jails/template/host-#" => "/usr/jails/template/host-#"',
  ],
};

/** A base of the row's own: what makes it another one is its trigger. */
function base(of: string, after: object, more: Partial<Row> = {}): Row {
  const own = { release: "host", source: "$source", trigger: "$name" };
  return {
    title: `a base's ${of}`,
    kind: "BaseInstall",
    of,
    before: own,
    after: { ...own, ...after },
    shows: baseLines[of] ?? [],
    byHand: [
      "path=$(sed -n 's/^path=//p' $(grep -l '/$name$' /var/db/pulumi-freebsd-jails/base.*)); chflags -R 0 $path; rm -rf $path",
      "gone",
    ],
    ...more,
  };
}

/** Archives of a jail that doesn't run, and bases. */
export const large: readonly Row[] = [
  archive("trigger", { trigger: 2 }, { says: "changes live, for: trigger" }),
  archive("keep", { keep: 3 }, { says: "changes live, for: keep" }),
  archive("path", { path: "/usr/jails/elsewhere" }),
  archive("compression", { compression: "gzip" }),
  archive("stop", { stop: false }),
  archive("onDelete", { onDelete: "destroy" }),
  archive("jail", { jail: "archived2" }, { says: "is replaced, for: jail" }),
  archive("name", { name: "$name-new" }, { says: "is replaced, for: name" }),
  base("name", { name: "$name-new" }),
  base("keep", { keep: true }),
  base("manifest", { manifest: "$manifest" }),
  base("trigger", { trigger: "$name-new" }, { says: "is replaced, for: trigger" }),
  base("release", { release: "13.2-RELEASE" }, { says: "is replaced, for: release" }),
  base("source", { source: "host" }, { says: "is replaced, for: source" }),
  base("root", { root: "/usr/zone3" }, { says: "is replaced, for: root" }),
  base("components", { components: ["lib32"] }, { says: "is replaced, for: components" }),
  base("sha256", { sha256: "$sha" }, { says: "is replaced, for: sha256" }),
];
