import type { Cidr } from "./cidr";
import { InvalidValue, isOneLine, refuse, shellDoubleQuoted, shown } from "./escape";
import { interfaceName, interfaceVariable } from "./interfaces";

/** A line of rc.conf(5). */
export interface RcLine {
  readonly name: string;
  readonly value: string;
  /** True if the value goes behind what the variable has already: `jail_list="$jail_list web"`. */
  readonly append?: boolean;
}

/** Settings as a program gives them: true is YES, false is NO. */
export type RcSettings = Readonly<Record<string, string | number | boolean>>;

/** Variables that the shell itself, or rc(8), works with. */
const shellVariables = new Set(["PATH", "IFS", "HOME", "ENV", "CDPATH", "MAIL", "OPTIND", "LC_ALL", "LANG"]);

/** Checks the name of a variable of rc.conf(5). */
export function rcName(value: string): string {
  const allowed = "letters, digits and “_”, the first one not a digit, and not a variable of the shell such as PATH";
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(value) || shellVariables.has(value)) {
    refuse(value, "the name of a variable in rc.conf", allowed);
  }
  return value;
}

/** Lines of rc.conf(5), which sh(1) reads: in double quotes, with a backslash before all that means something there. */
export function renderRcConf(lines: readonly RcLine[] | RcSettings): string {
  const list = Array.isArray(lines) ? (lines as readonly RcLine[]) : Object.entries(lines as RcSettings).map(setting);
  return list.map((line) => `${renderLine(line)}\n`).join("");
}

/** What makes a loopback interface and its addresses at boot (rc.conf(5)): the text of a file in /etc/rc.conf.d/netif/. */
export function renderNetifRc(name: string, unit: string, addresses: readonly Cidr[]): string {
  const own = interfaceVariable(name);
  const words = (family: string) => addresses.filter((one) => one.family === family).map(addressWords);
  const [first, ...others] = words("inet6");
  const aliases = [...words("inet"), ...others].join(" ");
  return renderRcConf([
    { name: "cloned_interfaces", value: interfaceName(unit), append: true },
    ...(unit === name ? [] : [{ name: `ifconfig_${interfaceVariable(unit)}_name`, value: name }]),
    // Without a value of its own, the interface would get that of ifconfig_DEFAULT.
    { name: `ifconfig_${own}`, value: "up" },
    ...(aliases === "" ? [] : [{ name: `ifconfig_${own}_aliases`, value: aliases }]),
    // Without this one, rc(8) passes over inet6 aliases.
    ...(first === undefined ? [] : [{ name: `ifconfig_${own}_ipv6`, value: first }]),
  ]);
}

/** Reads plain assignments, as we write them and as most of a rc.conf(5) is; other lines are handed back as they are. */
export function parseRcConf(text: string): { readonly lines: readonly RcLine[]; readonly others: readonly string[] } {
  const lines: RcLine[] = [];
  const others: string[] = [];
  for (const line of text.split("\n")) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const found = parseLine(line);
    if (found) lines.push(found);
    else others.push(line);
  }
  return { lines, others };
}

function setting([name, value]: [string, string | number | boolean]): RcLine {
  return { name, value: typeof value === "boolean" ? (value ? "YES" : "NO") : String(value) };
}

function addressWords(cidr: Cidr): string {
  return `${cidr.family} ${cidr.address}/${cidr.prefix}`;
}

function renderLine({ name, value, append }: RcLine): string {
  if (!isOneLine(value)) {
    throw new InvalidValue(
      `${shown(value)} is not a value of ${name} in rc.conf: write it on one line, without control characters.`,
    );
  }
  const quoted = shellDoubleQuoted(value);
  return `${rcName(name)}=${append ? `"$${name} ${quoted.slice(1)}` : quoted}`;
}

const assignment =
  /^\s*([A-Za-z_]\w*)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s"'\\$`;&|<>()#*?[]*))(?:\s*;\s*(?:#.*)?|\s+(?:#.*)?)?$/;

/** One assignment, unless the shell would have to expand something in it. */
function parseLine(line: string): RcLine | undefined {
  const [, name, double, single, bare] = assignment.exec(line) ?? [];
  if (name === undefined) return undefined;
  if (double === undefined) return { name, value: single ?? bare ?? "" };
  const own = `$${name} `;
  const append = double.startsWith(own);
  const body = append ? double.slice(own.length) : double;
  if (/[$`]/.test(body.replace(/\\./g, ""))) return undefined;
  const value = body.replace(/\\([\\"$`])/g, "$1");
  return append ? { name, value, append } : { name, value };
}
