import { refuse } from "./escape";

/** A port, a service of services(5), or a range of them: 80, "http", "8000:8010". */
export type Port = number | string;

/** The first and the last port of a range. */
export type PortRange = readonly [first: number, last: number];

/** Names of services(5) that are known here, so that it can be told which ports a rule takes. */
const services: Readonly<Record<string, number>> = {
  "ftp-data": 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  http: 80,
  pop3: 110,
  ntp: 123,
  imap: 143,
  snmp: 161,
  ldap: 389,
  https: 443,
  submissions: 465,
  syslog: 514,
  submission: 587,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  mysql: 3306,
  postgresql: 5432,
  "http-alt": 8080,
};

/** Reads a port, a name of a service or a range (pf.conf(5)); upside-down ranges, which pfctl takes, are errors. */
export function parsePort(value: Port): PortRange {
  const ends = String(value).split(":");
  const [first, last = first] = ends.map(number);
  if (first === undefined || last === undefined || ends.length > 2 || first > last) {
    refuse(
      value,
      "a port",
      `a number from 1 to 65535, one of ${Object.keys(services).join(", ")}, or a range such as 8000:8010`,
    );
  }
  return [first, last];
}

/** One port or several, as they stand in a rule of pf.conf(5): `80`, `8000:8010` or `{ 80 443 }`. */
export function renderPorts(ports: Port | readonly Port[]): string {
  const list = portRanges(ports).map(([first, last]) => (first === last ? `${first}` : `${first}:${last}`));
  return list.length === 1 ? `${list[0]}` : `{ ${list.join(" ")} }`;
}

/** The ranges of one port or several, in the order given. */
export function portRanges(ports: Port | readonly Port[]): PortRange[] {
  const list = typeof ports === "number" || typeof ports === "string" ? [ports] : ports;
  if (list.length === 0) refuse(ports, "a list of ports", "at least one");
  return list.map(parsePort);
}

/** True if any port is in both. */
export function portsMeet(one: readonly PortRange[], other: readonly PortRange[]): boolean {
  return one.some(([first, last]) => other.some(([from, to]) => first <= to && from <= last));
}

function number(text: string): number | undefined {
  const value = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : services[text];
  return value !== undefined && value <= 65535 ? value : undefined;
}
