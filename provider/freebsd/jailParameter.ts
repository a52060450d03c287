import { refuse } from "./escape";
import { parameterName } from "./jailConf";

/** Parameters that have a property of a jail, which says them. */
const properties: Readonly<Record<string, string>> = {
  name: "name",
  path: "path",
  "host.hostname": "hostname",
  ip4: "addresses or inherit",
  "ip4.addr": "addresses",
  ip6: "addresses or inherit",
  "ip6.addr": "addresses",
  interface: "interface",
  vnet: "vnet",
  "vnet.interface": "vnet",
  devfs_ruleset: "devfsRuleset",
  enforce_statfs: "enforceStatfs",
  securelevel: "securelevel",
  osrelease: "osrelease",
  "children.max": "childrenMax",
  sysvmsg: "sysvipc",
  sysvsem: "sysvipc",
  sysvshm: "sysvipc",
  mount: "mounts",
  "mount.fstab": "mounts",
  "mount.devfs": "mounts",
  "mount.fdescfs": "mounts",
  "mount.procfs": "mounts",
  depend: "after",
  "exec.prestart": "execPrestart",
  "exec.created": "execCreated",
  "exec.start": "execStart",
  command: "execStart",
  "exec.poststart": "execPoststart",
  "exec.prestop": "execPrestop",
  "exec.stop": "execStop",
  "exec.poststop": "execPoststop",
  "exec.prepare": "execPrestart",
  "exec.release": "execPoststop",
  "exec.timeout": "startTimeout",
  "stop.timeout": "stopTimeout",
  "exec.fib": "fib",
};

/** Parameters that every jail of ours has, or that are the kernel's to say. */
const fixed = new Set([
  "jid",
  "persist",
  "exec.clean",
  "exec.consolelog",
  "parent",
  "dying",
  "children.cur",
  "cpuset.id",
]);

/** What jail(8) itself reads, and no kernel knows. */
const ofJail8 = new Set(["exec.jail_user", "exec.system_jail_user", "exec.system_user", "ip_hostname", "allow.dying"]);

/** Checks the name of a parameter of jail(8) that no property says. Whether there is such a one, its host's kernel knows. */
export function otherParameter(value: string): string {
  const name = parameterName(value);
  const property = properties[name];
  if (property !== undefined) refuse(value, "one of the other parameters", `the property \`${property}\` says it`);
  if (fixed.has(name)) refuse(value, "a parameter that can be given", "every jail has it as it needs it");
  if (/(^|\.)no[^.]+$/.test(name))
    refuse(value, "the name of a parameter", "leave the “no” out and give it the value false");
  return name;
}

/** True if the host's kernel has to know the parameter, which is none of jail(8)'s own. */
export function isKernels(parameter: string): boolean {
  return !ofJail8.has(parameter);
}
