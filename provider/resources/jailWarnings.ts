import { permission } from "./allow";
import { datasetPermissions, datasetWarnings } from "./jailDatasets";
import { mountWarnings } from "./jailMounts";
import type { JailValues } from "./jailSchema";

/** Why a permission of a jail is dangerous. */
const permissions: Readonly<Record<string, string>> = {
  mount:
    "lets its root mount file systems (CVE-2020-25584: a race in mounting led out of jails; FreeBSD-SA-21:10.jail_mount)",
  "mount.nullfs":
    "lets its root mount nullfs, by which it can get out of the jail on a host without the patch (CVE-2025-15547)",
  "mount.zfs": "lets its root mount ZFS datasets (CVE-2020-25584: a race in mounting led out of jails)",
  "mount.fusefs": "lets its root mount file systems that it answers for itself (CVE-2020-25584)",
  raw_sockets: "lets its root send forged packets and read other jails' traffic on its interfaces (jail(8))",
  socket_af: "opens protocols that jails don't confine (jail(8))",
  chflags: "lets its root set file flags that the host's root has to clear (jail(8))",
  sysvipc: 'shares the host\'s System V IPC with it (jail(8)); `sysvipc: "new"` gives it its own',
  read_msgbuf: "shows it the kernel's messages",
  vmm: "gives it the hypervisor",
  unprivileged_parent_tampering: "lets users of the parent's jail tamper with its processes",
};

/** What is dangerous about a jail, each with its reason, and the advisory where there is one. */
export function jailWarnings(host: string, values: JailValues): string[] {
  return [
    ...granted(values).flatMap((name) => {
      const reason = permissions[name] ?? (name.startsWith("mount.") ? permissions["mount"] : undefined);
      return reason === undefined ? [] : [`allow.${name} ${reason}`];
    }),
    ...(values.childrenMax > 0
      ? [
          `childrenMax: jails in a jail (${values.childrenMax}) had ways out (CVE-2020-25581: FreeBSD-SA-21:04.jail_remove; CVE-2020-25582: FreeBSD-SA-21:05.jail_chdir; CVE-2020-7453: FreeBSD-SA-20:08.jail); keep the host patched`,
        ]
      : []),
    ...(values.enforceStatfs === 0
      ? ["enforceStatfs: 0 shows the jail every mount of the host; 1 shows those below its root, 2 its root alone"]
      : []),
    ...(values.devfsRuleset === 0
      ? [
          "devfsRuleset: 0 is no ruleset: the jail's /dev shows every device of the host, disks and memory too; 4 is devfsrules_jail",
        ]
      : []),
    ...datasetWarnings(values),
    ...mountWarnings(host, values.name, values),
  ];
}

function granted(values: JailValues): string[] {
  const words = values.allow.map(permission).filter((one) => one.granted);
  const others = Object.entries(values.parameters).filter(
    ([name, value]) => name.startsWith("allow.") && value !== false,
  );
  const names = [...words.map((one) => one.name), ...others.map(([name]) => name.slice("allow.".length))];
  return [...new Set([...names, ...datasetPermissions(values), ...(values.rawSockets ? ["raw_sockets"] : [])])].sort();
}
