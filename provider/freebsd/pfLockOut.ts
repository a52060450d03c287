import { hasPort } from "./pfMeet";
import { familyOf, type PfRule, sourceOf } from "./pfRule";
import { type AddressesOf, familyOfSide, sideHas } from "./pfSides";

/** The SSH connection that must not be cut off, as far as it is known. */
export interface SshConnection {
  /** The host's address. */
  readonly server?: string | undefined;
  readonly port: number;
  readonly client?: string | undefined;
  readonly clientPort?: number | undefined;
  /** Interfaces that its packets come in and go out by. */
  readonly devices?: readonly string[] | undefined;
}

/**
 * What a rule would do to new connections like this one: a sentence, or undefined if it leaves them alone. What isn't known is taken to
 * match. pf looks at the first packet of a connection; those that stand survive, so that the harm would be seen only later.
 */
export function lockOut(rule: PfRule, ssh: SshConnection, addressesOf?: AddressesOf): string | undefined {
  if (ssh.devices && rule.interface !== "egress" && !ssh.devices.includes(rule.interface)) return undefined;
  if (ssh.server !== undefined && familyOfSide(ssh.server) !== familyOf(rule)) return undefined;
  if (rule.kind === "nat") return answersTranslated(rule, ssh, addressesOf);
  const taken = rule.kind === "rdr" ? rdrTakes(rule, ssh, addressesOf) : binatTakes(rule, ssh, addressesOf);
  if (!taken) return undefined;
  return `new SSH connections to ${place(ssh)} would go to ${rule.address}, and nobody could reach the host any more`;
}

function rdrTakes(rule: PfRule, ssh: SshConnection, addressesOf?: AddressesOf): boolean {
  if (!hasPort(rule, "tcp", ssh.port)) return false;
  if (ssh.client !== undefined && !sideHas(sourceOf(rule), ssh.client, addressesOf)) return false;
  if (ssh.server === undefined) return rule.to === undefined || rule.to === "any";
  if (rule.to !== undefined) return sideHas(rule.to, ssh.server, addressesOf);
  return !addressesOf || hasAddress(addressesOf(rule.interface), ssh.server);
}

function binatTakes(rule: PfRule, ssh: SshConnection, addressesOf?: AddressesOf): boolean {
  if (!hasPort(rule, "tcp", ssh.port) || ssh.server === undefined || rule.outside === undefined) return false;
  if (ssh.client !== undefined && !sideHas(rule.to ?? "any", ssh.client, addressesOf)) return false;
  return sideHas(rule.outside, ssh.server);
}

/** Without a state of its own, what sshd answers would go out from another port, and the client would not know it. */
function answersTranslated(rule: PfRule, ssh: SshConnection, addressesOf?: AddressesOf): string | undefined {
  const source = sourceOf(rule);
  // That it is about the host's own traffic must be sure: any, or the address itself.
  if (ssh.server === undefined ? source !== "any" : !sideHas(source, ssh.server, addressesOf ?? (() => [])))
    return undefined;
  if (ssh.client !== undefined && !sideHas(rule.to ?? "any", ssh.client, addressesOf)) return undefined;
  if (!hasPort(rule, "tcp", ssh.clientPort ?? 65535)) return undefined;
  return `what the host's own SSH at ${place(ssh)} answers would be translated as well, and nobody could reach it any more; name the jails' network in \`from\``;
}

function hasAddress(addresses: readonly string[], address: string): boolean {
  return addresses.some((one) => sideHas(one.replace(/\/\d+$/, ""), address));
}

function place({ server, port }: SshConnection): string {
  return `${server === undefined ? "the host's" : `${server},`} port ${port}`;
}
