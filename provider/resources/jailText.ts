import { formatJailAddress } from "../freebsd/addresses";
import type { JailParameters } from "../freebsd/jailConf";
import { renderJailConf } from "../freebsd/jailConf";
import { permission } from "./allow";
import { hostName } from "./configuration";
import { datasetHooks, datasetPermissions } from "./jailDatasets";
import { extraParameters, hooks } from "./jailExtras";
import { mountLines, mountParameters } from "./jailMounts";
import { rcCommand, vnetHooks, vnetParameters } from "./jailNetwork";
import { bootNumber, waitHooks } from "./jailOrder";
import { addressesOf, type JailValues, treeOf } from "./jailSchema";

/** The jail's own tree, a direct child of its zone's root. */
export function jailPath(values: Pick<JailValues, "name" | "base" | "path">): string {
  return treeOf(values);
}

/** What a jail's disk needs to be there before the jail, and to go after it. */
export interface DiskHooks {
  readonly prepare: readonly string[];
  readonly release: readonly string[];
}

/** The complete text of /etc/jail.conf.d/NAME.conf. */
export function jailConfig(values: JailValues, disk: DiskHooks = { prepare: [], release: [] }): string {
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
    ...extraParameters(values),
    [
      "mount",
      [
        ...(values.thick || values.base === "" ? [] : [`${values.base} ${path}/sharedfs nullfs ro 0 0`]),
        ...mountLines(values, path),
      ],
    ],
    ["mount.devfs", true],
    ...mountParameters(values),
    // Without it, a jail whose last daemon ends would be gone.
    ["persist", true],
    ["exec.clean", true],
    ...hooks(values, rcCommand(values), [
      { "exec.prepare": [...waitHooks(values), ...disk.prepare] },
      vnetHooks(values),
      datasetHooks(values),
      { "exec.release": disk.release },
    ]),
    ["exec.timeout", values.startTimeout],
    ["stop.timeout", values.stopTimeout],
    ["exec.consolelog", `/var/log/jail_${values.name}_console.log`],
  ]);
}

/** Without an address a jail has no network, unless it has the host's. */
function network(values: JailValues): JailParameters {
  if (values.vnet !== undefined) return vnetParameters(values);
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
  // A network of its own comes with the start.
  const shared = values.vnet === undefined ? network(values) : [];
  return [...shared, ...(["sysvmsg", "sysvsem", "sysvshm"] as const).map((name) => [name, sysvipc] as const)]
    .filter(([name, value]) => oneShot.test(name) && value !== "disable" && value !== undefined)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(",") : String(value)}`);
}

/** What `allow`, `rawSockets` and `datasets` give and take, in words of jail(8). */
export function allowed(
  values: Pick<JailValues, "allow" | "rawSockets"> & Partial<Pick<JailValues, "datasets">>,
): string[] {
  const said = values.allow.map((word) => permission(word).name);
  const sockets = values.rawSockets ? ["raw_sockets"] : [];
  const needed = datasetPermissions(values).filter((name) => !said.includes(name));
  return [...new Set([...values.allow, ...sockets, ...needed])].sort();
}

function permissions(values: JailValues): JailParameters {
  return allowed(values)
    .map(permission)
    .filter(({ name }) => !(`allow.${name}` in values.parameters))
    .map(({ name, granted }) => [`allow.${name}`, granted]);
}

/** The file of ours in /etc/rc.conf.d/jail/; the number is the order at boot. */
export function jailRcFile({ name, after, connection }: Pick<JailValues, "name" | "after" | "connection">): string {
  return `/etc/rc.conf.d/jail/${bootNumber(hostName(connection), name, after)}-${name}`;
}

/** What gives root a shell in the jail, on the host. */
export function jailConsole(values: Pick<JailValues, "name">): string {
  return `jexec ${values.name} login -f root`;
}

/** What stands in that file. A jail that doesn't start at boot is in the list once it runs, so that a shutdown stops it in order. */
export function jailRc(values: Pick<JailValues, "name" | "autostart" | "after" | "adopt">): string {
  // Jails are stopped in the order of their start, unless this is said.
  const reverse = values.after.length > 0 ? [`jail_reverse_stop="YES"`] : [];
  const words = [`jail_enable="YES"`, ...reverse, inList(values)];
  if (values.autostart) return `${words.join("\n")}\n`;
  return [`if [ -e /var/run/jail_${values.name}.id ]; then`, ...words.map((line) => `\t${line}`), "fi\n"].join("\n");
}

/** A jail that was there before us may be in the list: one that is there twice is started twice, and rc takes the second failure for its end. */
function inList({ name, adopt }: Pick<JailValues, "name" | "adopt">): string {
  const line = `jail_list="$jail_list ${name}"`;
  return adopt ? `case " $jail_list " in *" ${name} "*) ;; *) ${line} ;; esac` : line;
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
