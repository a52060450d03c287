import { z } from "zod";
import { bareAddress, interfaceName, parseJailAddress } from "../freebsd/addresses";
import { InvalidValue } from "../freebsd/escape";
import { parsePort } from "../freebsd/pfPorts";
import { type PfRule, protocols } from "../freebsd/pfRule";
import { familyOfSide, renderSide, renderSingle } from "../freebsd/pfSides";
import type { Change } from "./changes";
import { text } from "./checked";
import { common } from "./common";
import type { Values } from "./validate";

const port = z
  .union([z.number(), z.string()], {
    error: "has to be a port: 80, a service such as ssh, or a range such as 8000:8010",
  })
  .superRefine((value, context) => {
    try {
      parsePort(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: (error as Error).message });
    }
  });
const protocol = z.enum(protocols, { error: `has to be one of ${protocols.join(", ")}` });
const side = text((value) => checked(value, renderSide));

/** The properties of a PfNatRule that users give. */
export const pfShape = {
  ...common,
  name: text(ruleName),
  kind: z.enum(["nat", "rdr", "binat"], { error: "has to be nat, rdr or binat" }),
  interface: text((value) => (value === "egress" ? value : interfaceName(value))),
  protocol: z.union([protocol, z.array(protocol).min(1, "has to be at least one")]).optional(),
  from: side.optional(),
  to: side.optional(),
  port: z.union([port, z.array(port).min(1, "has to be at least one")]).optional(),
  toPort: port.optional(),
  jail: z.array(text((value) => checked(value, parseJailAddress))).optional(),
  address: side.optional(),
  outside: text((value) => checked(value, renderSingle)).optional(),
  family: z.enum(["inet", "inet6"]).optional(),
  pass: z.boolean().default(true),
  log: z.boolean().default(false),
  order: z.int("has to be a whole number").min(0).max(99999).default(100),
  enable: z.boolean().default(true),
  confirmTimeout: z.int("has to be a whole number of seconds").min(5, "has to be at least 5 s").max(3600).default(30),
} as const;

export type PfShape = typeof pfShape;
export type PfValues = Values<PfShape>;

/** What the text of a rule is made of. */
export const ruleProperties = [
  "kind",
  "interface",
  "protocol",
  "from",
  "to",
  "port",
  "toPort",
  "jail",
  "address",
  "outside",
  "family",
  "pass",
  "log",
] as const satisfies readonly (keyof PfShape)[];

/** What changing each property does: pf takes new rules as they come, and connections that stand go on. */
export const pfChanges: Readonly<Record<keyof Omit<PfShape, keyof typeof common> | "rule", Change>> = {
  ...(Object.fromEntries(ruleProperties.map((property) => [property, "live"])) as Record<
    (typeof ruleProperties)[number],
    Change
  >),
  name: "live",
  order: "live",
  enable: "live",
  confirmTimeout: "none",
  rule: "live",
};

/** The rule that the properties mean; an InvalidValue if they mean none. */
export function ruleOf(values: Pick<PfValues, (typeof ruleProperties)[number]>): PfRule {
  if (values.jail !== undefined && values.address !== undefined)
    throw new InvalidValue("A rule has a jail or an address, not both.");
  const family = values.family ?? [values.outside, values.to, values.from].map(familyIfAny).find(Boolean);
  const address = values.jail === undefined ? values.address : addressOfJail(values.jail, family);
  // Nothing else, and above all no connection: this is written down on the host.
  const { kind, interface: device, protocol, from, to, port, toPort, outside, pass, log } = values;
  const rule = { kind, interface: device, protocol, from, to, port, toPort, address, outside, pass, log };
  return { ...rule, family: values.family };
}

function familyIfAny(text: string | undefined) {
  return text === undefined ? undefined : familyOfSide(text);
}

/** The jail's address of a family; of both, if that is open, the IPv4 one. */
function addressOfJail(jail: readonly string[], family: "inet" | "inet6" | undefined): string {
  const addresses = jail.map(parseJailAddress);
  const found = addresses.find((one) => one.family === (family ?? "inet")) ?? (family ? undefined : addresses[0]);
  if (found) return bareAddress(found.address);
  const wanted = family === undefined ? "address" : `${family === "inet6" ? "IPv6" : "IPv4"} address`;
  const has = addresses.length === 0 ? "none at all" : addresses.map((one) => one.address).join(", ");
  throw new InvalidValue(`jail: the jail has no ${wanted} of its own (it has ${has}).`);
}

function checked(value: string, check: (value: string) => unknown): string {
  check(value);
  return value;
}

/** A name of a file on the host: its mark's. */
function ruleName(value: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value) && !value.endsWith(".new")) return value;
  throw new InvalidValue(
    `"${value}" is not a name of a rule: at most 64 letters, digits, ".", "_" and "-", the first one a letter or a digit.`,
  );
}
