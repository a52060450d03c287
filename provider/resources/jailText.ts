import { formatJailAddress } from "../freebsd/addresses";
import type { JailParameters } from "../freebsd/jailConf";
import { renderJailConf } from "../freebsd/jailConf";
import { permission } from "./allow";
import { addressesOf, type JailValues, zoneOf } from "./jailSchema";

/** The jail's own tree, a direct child of its zone's root. */
export function jailPath(values: Pick<JailValues, "name" | "base">): string {
  return `${zoneOf(values.base).root}/${values.name}`;
}

/** The complete text of /etc/jail.conf.d/NAME.conf; what its disk needs stands before what is mounted on it. */
export function jailConfig(values: JailValues, disk: JailParameters = []): string {
  const path = jailPath(values);
  return renderJailConf(values.name, [
    ["path", path],
    ["host.hostname", values.hostname ?? values.name],
    ...network(values),
    ["devfs_ruleset", values.devfsRuleset],
    ["enforce_statfs", values.enforceStatfs],
    ["securelevel", values.securelevel],
    ["children.max", values.childrenMax === 0 ? undefined : values.childrenMax],
    ["sysvmsg", values.sysvipc],
    ["sysvsem", values.sysvipc],
    ["sysvshm", values.sysvipc],
    ...permissions(values),
    ...disk,
    ["mount", `${values.base} ${path}/sharedfs nullfs ro 0 0`],
    ["mount.devfs", true],
    // Without it, a jail whose last daemon ends would be gone.
    ["persist", true],
    ["exec.clean", true],
    ["exec.start", "/bin/sh /etc/rc"],
    ["exec.stop", "/bin/sh /etc/rc.shutdown jail"],
    ["exec.timeout", values.startTimeout],
    ["stop.timeout", values.stopTimeout],
    ["exec.consolelog", `/var/log/jail_${values.name}_console.log`],
  ]);
}

/** Without an address a jail has no network, unless it has the host's. */
function network(values: JailValues): JailParameters {
  const addresses = addressesOf(values);
  const of = (family: string) => addresses.filter((one) => one.family === family).map(formatJailAddress);
  const inherits = (family: string) => values.inherit === true || values.inherit === family;
  return (["ip4", "ip6"] as const).map((family) => {
    const own = of(family === "ip4" ? "inet" : "inet6");
    if (own.length > 0) return [`${family}.addr`, own];
    return [family, inherits(family) ? "inherit" : "disable"];
  });
}

/** What of it a jail can have that nobody has set up an interface for. */
const oneShot = /^(ip[46](\.addr)?|sysv(msg|sem|shm))$/;

/** The jail's network and System V IPC as parameters of jail(8), for one that lives only as long as what is done in it. */
export function oneShotParameters(values: JailValues): string[] {
  const { sysvipc } = values;
  return [...network(values), ...(["sysvmsg", "sysvsem", "sysvshm"] as const).map((name) => [name, sysvipc] as const)]
    .filter(([name, value]) => oneShot.test(name) && value !== "disable" && value !== undefined)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(",") : String(value)}`);
}

/** What `allow` and `rawSockets` give and take, in words of jail(8). */
export function allowed(values: Pick<JailValues, "allow" | "rawSockets">): string[] {
  return [...new Set([...values.allow, ...(values.rawSockets ? ["raw_sockets"] : [])])].sort();
}

function permissions(values: JailValues): JailParameters {
  return allowed(values)
    .map(permission)
    .map(({ name, granted }) => [`allow.${name}`, granted]);
}

/** The file of ours in /etc/rc.conf.d/jail/; the number is the order at boot. */
export function jailRcFile(values: Pick<JailValues, "name">): string {
  return `/etc/rc.conf.d/jail/50-${values.name}`;
}

/** What gives root a shell in the jail, on the host. */
export function jailConsole(values: Pick<JailValues, "name">): string {
  return `jexec ${values.name} login -f root`;
}

/** What stands in that file. A jail that doesn't start at boot is in the list once it runs, so that a shutdown stops it in order. */
export function jailRc(values: Pick<JailValues, "name" | "autostart">): string {
  const words = [`jail_enable="YES"`, `jail_list="$jail_list ${values.name}"`];
  if (values.autostart) return `${words.join("\n")}\n`;
  return [`if [ -e /var/run/jail_${values.name}.id ]; then`, ...words.map((line) => `\t${line}`), "fi\n"].join("\n");
}

/** The file in front of those of the jails: what /etc/jail.conf names starts as before, although jail_list has words of ours now. */
export const jailRcFirst = `# Jails that /etc/jail.conf names go on starting at boot, although jail_list is not empty any more.
case $jail_enable in
[Yy][Ee][Ss] | [Tt][Rr][Uu][Ee] | [Oo][Nn] | 1)
	if [ -z "$jail_list" ] && [ -r /etc/jail.conf ]; then
		jail_list=$(/usr/sbin/jail -f /etc/jail.conf -e '|' 2>/dev/null | sed 's/|.*//; s/^name=//' | tr '\\n' ' ')
	fi
	;;
esac
`;
