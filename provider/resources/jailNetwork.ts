import { createHash } from "node:crypto";
import { z } from "zod";
import {
  bareAddress,
  contains,
  formatJailAddress,
  interfaceName,
  type JailAddress,
  parseInterfaceAddress,
  parseJailAddress,
} from "../freebsd/addresses";
import { interfaceVariable } from "../freebsd/interfaces";
import type { JailParameters } from "../freebsd/jailConf";
import { macAddress } from "../freebsd/mac";
import type { Arguments } from "../host/host";
import type { Change } from "./changes";
import { text } from "./checked";
import { hasUnknown } from "./unknown";
import type { Bag } from "./validate";

const vnet = z.strictObject({
  bridge: text(interfaceName),
  createBridge: z.boolean().default(false),
  bridgeAddresses: z
    .array(
      text((value) => {
        const { address, prefix } = parseInterfaceAddress(value);
        return `${address}/${prefix}`;
      }),
    )
    .default([]),
  mac: text(macAddress).optional(),
  gateway: text(bareAddress).optional(),
  gateway6: text(bareAddress).optional(),
});

/** A jail's network, beside its addresses. */
export const networkShape = {
  interface: text(interfaceName).optional(),
  vnet: vnet.optional(),
} as const;

interface Values {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly inherit: boolean | "ip4" | "ip6";
  readonly interface?: string | undefined;
  readonly vnet?: z.output<typeof vnet> | undefined;
}

/** What changing each of them does to a running jail. */
export const networkChanges: Readonly<Record<keyof typeof networkShape, Change>> = {
  interface: "none",
  vnet: "restart",
};

/** Addresses that don't say their interface are on `interface`, if there is one. */
export function onInterface({ interface: device, addresses, vnet: own }: Bag): Bag {
  if (typeof device !== "string" || own !== undefined || !Array.isArray(addresses) || hasUnknown([device, addresses]))
    return {};
  return {
    addresses: addresses.map((one) => formatJailAddress({ interface: device, ...parseJailAddress(String(one)) })),
  };
}

/** The two ends of a jail's epair(4): the host's, and the jail's own. Names of interfaces have at most 15 characters. */
export function epair(name: string): { host: string; jail: string } {
  const short = name.length <= 13 ? name : `${name.slice(0, 6)}-${digest(name).slice(0, 6)}`;
  return { host: `${short}_a`, jail: `${short}_b` };
}

/** Which epair(4) is tried first: the kernel makes none twice, so that two jails that begin at the same moment never have one. */
function unit(name: string): number {
  return 1000 + (Number.parseInt(digest(name).slice(0, 8), 16) % 30000);
}

function digest(value: string): string {
  return createHash("sha256").update(value).digest("hex");
}

/** What jail(8) is told of the network of its own that a jail has. */
export function vnetParameters(values: Values): JailParameters {
  return [
    ["vnet", true],
    ["vnet.interface", epair(values.name).jail],
  ];
}

/**
 * What is run for it: complete in itself, since nothing of ours is on the host. What a start that failed, or a crash, left of the pair goes
 * first. A pair is made and named by one command, so that none stays without its name. With a bridge that comes and goes with its jails, one
 * jail at a time.
 */
export function vnetHooks(values: Values): { readonly [hook: string]: readonly string[] } {
  const { vnet: own, name } = values;
  if (own === undefined) return {};
  const { bridge, createBridge } = own;
  const { host } = epair(name);
  const locked = (script: string) =>
    createBridge ? `lockf -k -s -t 120 /var/run/bridge-${bridge}.lock /bin/sh -c '${script}'` : script;
  return {
    "exec.prepare": [locked([...(createBridge ? makeBridge(own) : []), ...makePair(values, own)].join("; "))],
    "exec.start": inside(values, own),
    "exec.release": [
      locked(
        [
          `! ifconfig ${host} >/dev/null 2>&1 || ifconfig ${host} destroy`,
          ...(createBridge ? [dropBridge(bridge)] : []),
        ].join("; "),
      ),
    ],
  };
}

/** The bridge's description says whose it is. */
const ours = "made for jails";

function makeBridge({ bridge, bridgeAddresses }: z.output<typeof vnet>): string[] {
  const create = /^bridge\d+$/.test(bridge) ? `${bridge} create` : `bridge create name ${bridge}`;
  return [
    `ifconfig ${bridge} >/dev/null 2>&1 || ifconfig ${create} description "${ours}" >/dev/null || exit 1`,
    ...(bridgeAddresses.some((one) => family(one) === "inet6") ? [`ifconfig ${bridge} inet6 -ifdisabled`] : []),
    ...bridgeAddresses.map((one) => `ifconfig ${bridge} ${family(one)} ${one} alias || exit 1`),
    `ifconfig ${bridge} up || exit 1`,
  ];
}

function dropBridge(bridge: string): string {
  return `case $(ifconfig ${bridge} 2>/dev/null) in *"	member: "*) ;; *"description: ${ours}"*) ifconfig ${bridge} destroy ;; esac`;
}

function makePair({ name }: Values, { bridge, mac }: z.output<typeof vnet>): string[] {
  const { host, jail } = epair(name);
  const stable =
    mac ??
    `$(sha256 -q -s "$(sysctl -n kern.hostuuid) ${name}" | sed "s/^\\(..\\)\\(..\\)\\(..\\)\\(..\\)\\(..\\).*/02:\\1:\\2:\\3:\\4:\\5/")`;
  return [
    `! ifconfig ${host} >/dev/null 2>&1 || ifconfig ${host} destroy || exit 1`,
    `n=${unit(name)}`,
    `until ifconfig epair$n create name ${host} description "jail ${name}" >/dev/null 2>&1; do n=$((n + 1)); [ $n -lt ${unit(name) + 100} ] || { echo "ifconfig epair$n create: no pair could be made" >&2; exit 1; }; done`,
    `ifconfig epair\${n}b name ${jail} >/dev/null && ifconfig ${jail} ether ${stable} && ifconfig ${bridge} addm ${host} && ifconfig ${host} up || { ifconfig ${host} destroy; exit 1; }`,
  ];
}

/** Commands in the jail, before it starts: its own end of the pair, and the way out. */
function inside({ name, addresses }: Values, { gateway, gateway6 }: z.output<typeof vnet>): string[] {
  const { jail } = epair(name);
  return [
    "/sbin/ifconfig lo0 inet 127.0.0.1/8 up",
    `/sbin/ifconfig ${jail} up`,
    // A new epair(4) has IPv6 turned off.
    ...(addresses.some((one) => family(one) === "inet6") ? [`/sbin/ifconfig ${jail} inet6 -ifdisabled`] : []),
    ...addresses.map((one) => `/sbin/ifconfig ${jail} ${family(one)} ${one} alias`),
    ...(gateway === undefined ? [] : [`/sbin/route -q add default ${gateway}`]),
    ...(gateway6 === undefined ? [] : [`/sbin/route -q add -inet6 default ${gateway6}`]),
  ];
}

/** rc.d/netif turns IPv6 off on interfaces that rc.conf(5) says nothing of: this says it, unless the jail's own rc.conf does. */
export function rcCommand({ name, addresses, vnet: own }: Values): string {
  const first = addresses.find((one) => family(one) === "inet6");
  if (own === undefined || first === undefined) return "/bin/sh /etc/rc";
  return `/usr/bin/env ifconfig_${interfaceVariable(epair(name).jail)}_ipv6="inet6 ${first}" /bin/sh /etc/rc`;
}

function family(address: string): "inet" | "inet6" {
  return address.includes(":") ? "inet6" : "inet";
}

/** What an operation is told of it. */
export function vnetArguments({ name, vnet: own }: Values): Arguments {
  if (own === undefined) return {};
  return {
    vnet: epair(name).host,
    vnetInside: epair(name).jail,
    vnetBridge: own.bridge,
    vnetCreateBridge: own.createBridge,
    vnetBridgeAddresses: own.bridgeAddresses,
    vnetForward: own.bridgeAddresses.some((one) => one.replace(/\/.*$/, "") === own.gateway),
  };
}

/** Addresses that come and go in a running jail with a network of its own; undefined where only a restart does it. */
export function vnetPlan(olds: Values, news: Values): { added: string[]; removed: string[] } | undefined {
  if (JSON.stringify(olds.vnet) !== JSON.stringify(news.vnet)) return undefined;
  if (rcCommand(olds) !== rcCommand(news)) return undefined;
  const bare = (one: JailAddress) => one.address;
  const [before, after] = [olds.addresses.map(parseJailAddress), news.addresses.map(parseJailAddress)];
  const prefix = (one: JailAddress, list: readonly JailAddress[]) =>
    list.find((other) => other.address === one.address)?.prefix ?? one.prefix;
  if (after.some((one) => prefix(one, before) !== one.prefix)) return undefined;
  const only = (list: readonly JailAddress[], others: readonly JailAddress[]) =>
    list
      .filter((one) => !others.map(bare).includes(one.address))
      .map((one) => `${one.family} ${one.address} ${one.prefix}`);
  return { added: only(after, before), removed: only(before, after) };
}

/** What is wrong with a network. */
export function networkProblems(values: Values): string[] {
  const { vnet: own, inherit, addresses } = values;
  if (own === undefined) return [];
  const problems: string[] = [];
  if (inherit !== false)
    problems.push("vnet: a jail has a network of its own, or inherits the host's; leave out vnet or inherit");
  if (values.interface !== undefined)
    problems.push("interface: with vnet, a jail has an interface of its own; leave it out");
  for (const [i, text] of addresses.entries()) {
    if (text.includes("|"))
      problems.push(
        `addresses[${i}]: with vnet, a jail has an interface of its own; write ${text.replace(/^.*\|/, "")} alone, with its network's prefix length`,
      );
    else if (!text.includes("/"))
      problems.push(
        `addresses[${i}]: ${text} needs the prefix length of its network with vnet, as in ${text}/${text.includes(":") ? 64 : 24}`,
      );
  }
  if (own.bridgeAddresses.length > 0 && !own.createBridge)
    problems.push(
      "vnet.bridgeAddresses: they are for a bridge that is made; give createBridge: true, or leave them out",
    );
  return [...problems, ...gatewayProblems(values, own), ...ownAddressProblems(addresses, own)];
}

function gatewayProblems({ addresses }: Values, own: z.output<typeof vnet>): string[] {
  return (["gateway", "gateway6"] as const).flatMap((property) => {
    const gateway = own[property];
    if (gateway === undefined) return [];
    const wanted = property === "gateway" ? "inet" : "inet6";
    if (family(gateway) !== wanted)
      return [`vnet.${property}: ${gateway} is no ${wanted === "inet" ? "IPv4" : "IPv6"} address`];
    const same = addresses.filter((one) => one.includes("/") && !one.includes("|") && family(one) === wanted);
    if (same.some((one) => one.replace(/\/.*$/, "") === gateway))
      return [`vnet.${property}: ${gateway} is the jail's own address`];
    if (same.some((one) => contains(one, gateway)) || /^fe80:/.test(gateway)) return [];
    return [`vnet.${property}: ${gateway} is in the network of none of the jail's addresses, and can't be reached`];
  });
}

function ownAddressProblems(addresses: readonly string[], own: z.output<typeof vnet>): string[] {
  const bare = (one: string) => one.replace(/\/.*$/, "");
  const twice = own.bridgeAddresses.find((one) => addresses.map(bare).includes(bare(one)));
  return twice === undefined ? [] : [`vnet.bridgeAddresses: ${bare(twice)} is an address of the jail`];
}
