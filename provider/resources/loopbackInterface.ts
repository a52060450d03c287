import { z } from "zod";
import { type Cidr, canonicalCidr, loopback, parseInterfaceAddress } from "../freebsd/addresses";
import { renderNetifRc } from "../freebsd/rcConf";
import type { Change } from "./changes";
import { text } from "./checked";
import { declareNetworks } from "./claims";
import { common } from "./common";
import { sameSet } from "./equal";
import type { Asked } from "./preflight";
import { type Context, type Definition, defineResource, type Found, type Result } from "./resource";
import { markOf, type Snapshot } from "./snapshot";
import type { Bag, Values } from "./validate";
import { verifyText } from "./verify";

const shape = {
  ...common,
  name: text((value) => loopback(value).name),
  addresses: z.array(text((value) => cidrText(parseInterfaceAddress(value)))).default([]),
  network: text((value) => cidrText(parseInterfaceAddress(value))).optional(),
  adopt: z.boolean().default(false),
} as const;

type Shape = typeof shape;
type Inputs = Bag & Values<Shape> & { readonly rc: string; readonly rcFile: string };

const changes: Readonly<Record<string, Change>> = {
  name: "replace",
  addresses: "live",
  network: "live",
  adopt: "none",
  rc: "live",
  rcFile: "live",
};

/** The LoopbackInterface resource: lo(4), with its addresses, now and at every boot. */
export const definition: Definition<Shape> = {
  kind: "LoopbackInterface",
  shape,
  derived: {
    rc: {
      from: ["name", "addresses", "network"],
      value: (values) => renderNetifRc(values.name, unitOf(values.name), cidrs(values)),
    },
    rcFile: { from: ["name"], value: (values) => `/etc/rc.conf.d/netif/50-${values.name}` },
  },
  changes,
  deleteBeforeReplace: true,
  same: { addresses: sameSet },
  problems: (values) => {
    const all = cidrs(values).map((one) => one.address);
    const twice = all.find((address, i) => all.indexOf(address) !== i);
    return twice === undefined ? [] : [`addresses: ${twice} stands there twice`];
  },
  conflicts: (host, values) => {
    if (values.name === undefined) return [];
    const all = cidrs({ addresses: values.addresses ?? [], network: values.network }).map(cidrText);
    return declareNetworks(host, values.name, all).map(
      (address) => `network: a jail's address on it, ${address}, lies outside of it`,
    );
  },
  takes: (values) => [
    ...(values.name === undefined ? [] : [`the interface ${values.name}`]),
    ...(values.addresses ?? []).map((address) => `the interface address ${address.split("/")[0]}`),
    ...(values.network === undefined ? [] : [`the interface address ${values.network.split("/")[0]}`]),
  ],
  preflight: (asked, olds, values) => ({ problems: preflight(asked, olds, values), warnings: [] }),
  create: (context, inputs) => run(context, "loopback.create", inputs as Inputs, []),
  update: (context, olds, news) => run(context, "loopback.update", news as Inputs, gone(olds, news)),
  read: find,
  async delete(context, olds) {
    await context.host.run(operation(context, "loopback.delete", olds as Inputs, []));
  },
};

/** What the host has against a new interface. */
function preflight({ snapshot, host }: Asked, olds: Bag, values: Partial<Values<Shape>>): string[] {
  const { name, adopt } = values;
  if (name === undefined || adopt || olds["name"] === name) return [];
  const mark = markOf(snapshot, `interface.${name}`);
  if (mark?.["owner"] === values.owner) return [];
  if (mark !== undefined)
    return [`name: the interface ${name} on ${host} belongs to ${mark["owner"]}; choose another name`];
  const there = snapshot.interfaces.some((one) => one.name === name);
  return there ? [`name: there is an interface ${name} on ${host} already; set adopt, or choose another name`] : [];
}

/** The addresses that the interface carries itself: the network's own one first. */
function cidrs(values: Pick<Values<Shape>, "addresses" | "network">): Cidr[] {
  return [...(values.network === undefined ? [] : [values.network]), ...values.addresses].map(parseInterfaceAddress);
}

/** A name of one's own is given to a unit that nobody makes by hand. */
function unitOf(name: string): string {
  const { unit } = loopback(name);
  if (unit !== undefined) return `lo${unit}`;
  const sum = [...name].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 30000, 7);
  return `lo${1000 + sum}`;
}

function cidrText(cidr: Cidr): string {
  return canonicalCidr(`${cidr.address}/${cidr.prefix}`);
}

function gone(olds: Values<Shape>, news: Values<Shape>): Cidr[] {
  return cidrs(olds).filter((one) => !cidrs(news).some((other) => other.address === one.address));
}

async function run(context: Context, name: string, inputs: Inputs, removed: readonly Cidr[]): Promise<Result> {
  const reply = await context.host.run(operation(context, name, inputs, removed));
  verifyText(context, reply, "rc", inputs.rc);
  return { hostUuid: reply.host.hostUuid, outputs: {} };
}

function operation(context: Context, name: string, inputs: Inputs, removed: readonly Cidr[]) {
  return {
    name,
    label: context.label,
    locks: [`interface.${inputs.name}`],
    timeout: 120,
    ...(context.hostUuid === undefined ? {} : { hostUuid: context.hostUuid }),
    args: {
      token: context.token,
      owner: String(inputs["owner"]),
      name: inputs.name,
      unit: unitOf(inputs.name),
      adopt: inputs.adopt,
      rc: inputs.rc.replace(/\n$/, ""),
      rcFile: inputs.rcFile,
      addresses: cidrs(inputs).map(line),
      addressesRemoved: removed.map(line),
    },
  };
}

/** FAMILY ADDRESS PREFIX. */
function line(cidr: Cidr): string {
  return `${cidr.family} ${cidr.address} ${cidr.prefix}`;
}

/** What a refresh finds: addresses that are on the interface now, and its file. */
function find(snapshot: Snapshot, olds: Bag & Values<Shape>): Found | undefined {
  const mark = markOf(snapshot, `interface.${olds.name}`);
  const found = snapshot.interfaces.find((one) => one.name === olds.name);
  if (mark?.["token"] !== olds["token"]) return undefined;
  // One that is gone with its addresses shows by them; one that has none has no property to show it by.
  if (found === undefined && cidrs(olds).length === 0) return undefined;
  const rc = snapshot.files.get(String(olds["rcFile"]));
  const on = new Set([...(found?.inet ?? []), ...(found?.inet6 ?? [])].map((one) => `${one.address}/${one.prefix}`));
  return {
    inputs: {
      addresses: olds.addresses.filter((address) => on.has(address)),
      ...(olds.network === undefined || on.has(olds.network) ? {} : { network: undefined }),
      rc: rc === undefined ? "" : `${rc}\n`,
    },
    outputs: {},
  };
}

const provider = defineResource(definition);
export const { configure, check, diff, create, read, update } = provider;
const { delete: remove } = provider;

export { remove as delete };
