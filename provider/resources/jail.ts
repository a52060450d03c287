import type { JailAddress } from "../freebsd/addresses";
import type { Reply } from "../host/host";
import { declareAddress } from "./claims";
import { livePlan } from "./jailPlan";
import { readJail } from "./jailRead";
import {
  addressesOf,
  type JailShape,
  type JailValues,
  jailChanges,
  jailProblems,
  jailShape,
  zoneOf,
} from "./jailSchema";
import { jailConfig, jailPath, jailRc, jailRcFile, jailRcFirst } from "./jailText";
import { type Context, type Definition, defineResource, type Result } from "./resource";
import type { Bag } from "./validate";
import { verifyText } from "./verify";

type Inputs = Bag &
  JailValues & { readonly path: string; readonly config: string; readonly rc: string; readonly rcFile: string };

/** The Jail resource: jail(8), one thin jail on a shared base. */
export const definition: Definition<JailShape> = {
  kind: "Jail",
  shape: jailShape,
  derived: {
    path: { from: ["name", "base"], value: jailPath },
    config: {
      from: [
        "name",
        "base",
        "addresses",
        "inherit",
        "hostname",
        "startTimeout",
        "stopTimeout",
        "sysvipc",
        "rawSockets",
        "allow",
        "devfsRuleset",
        "enforceStatfs",
        "securelevel",
        "childrenMax",
      ],
      value: jailConfig,
    },
    rc: { from: ["name", "autostart"], value: jailRc },
    rcFile: { from: ["name"], value: jailRcFile },
  },
  changes: jailChanges,
  deleteBeforeReplace: true,
  problems: jailProblems,
  cost: (olds, news, change) => {
    if (!olds.running) return "live";
    return change === "live" && livePlan(olds, news) === undefined ? "restart" : change;
  },
  conflicts: (host, values) =>
    addressesOf({ addresses: values.addresses ?? [] })
      .filter((one) => one.interface !== undefined && declareAddress(host, one.interface, one.address))
      .map((one) => `addresses: ${one.address} lies outside the network of the LoopbackInterface ${one.interface}`),
  takes: (values) => [
    ...(values.name === undefined ? [] : [`the jail name ${values.name}`]),
    ...(values.addresses === undefined
      ? []
      : addressesOf({ addresses: values.addresses }).map((one) => `the jail address ${one.address}`)),
  ],

  async create(context, inputs) {
    return run(context, "jail.create", inputs as Inputs, {});
  },

  async update(context, olds, news, change) {
    const before = olds as Inputs;
    const live = change === "none" || change === "live" ? livePlan(before, news) : undefined;
    return run(context, "jail.update", news as Inputs, {
      oldName: before.name,
      oldPath: before.path,
      oldRcFile: before.rcFile,
      oldConfig: body(before.config),
      restart: live === undefined,
      live: live !== undefined,
      liveParameters: live?.parameters,
      addressesAdded: live?.added.map(addressLine),
      addressesRemoved: live?.removed.map(addressLine),
      resolvConfChanged: before.resolvConf !== news.resolvConf,
    });
  },

  read: readJail,

  async delete(context, olds) {
    await context.host.run({ ...operation(context, "jail.delete", olds as Inputs), timeout: 600 });
  },
};

async function run(context: Context, name: string, inputs: Inputs, more: Bag): Promise<Result> {
  const base = operation(context, name, inputs);
  const reply = await context.host.run({ ...base, args: { ...base.args, ...(more as typeof base.args) } });
  return { hostUuid: reply.host.hostUuid, outputs: verified(context, inputs, reply) };
}

function operation(context: Context, name: string, inputs: Inputs) {
  const { root, template } = zoneOf(inputs.base);
  const addresses = addressesOf(inputs);
  return {
    name,
    label: context.label,
    locks: [`jail.${inputs.name}`],
    timeout: 900 + 3 * (inputs.startTimeout ?? 0) + (inputs.stopTimeout ?? 0),
    ...(context.hostUuid === undefined ? {} : { hostUuid: context.hostUuid }),
    args: {
      token: context.token,
      owner: String(inputs["owner"]),
      name: inputs.name,
      path: inputs.path,
      root,
      base: inputs.base,
      template,
      config: body(inputs.config),
      rc: body(inputs.rc),
      rcFile: inputs.rcFile,
      rcFirst: body(jailRcFirst),
      running: inputs.running,
      flavors: inputs.flavors.map((flavor) => `${root}/flavors/${flavor}`),
      resolvConf: inputs.resolvConf === undefined ? "" : body(inputs.resolvConf),
      addresses: addresses.map(addressLine),
      addressPattern: addresses.map((one) => one.address.replaceAll(".", "\\.")).join("|"),
    },
  };
}

/** INTERFACE ADDRESS PREFIX, "-" for an address that is on an interface already. */
function addressLine(address: JailAddress): string {
  return `${address.interface ?? "-"} ${address.address} ${address.prefix}`;
}

/** A text without its last line break, as the remote side writes it. */
function body(text: string): string {
  return text.replace(/\n$/, "");
}

/** What the host says after the operation is what was asked for, or an error says what is not. */
function verified(context: Context, inputs: Inputs, reply: Reply): Bag {
  verifyText(context, reply, "config", inputs.config);
  verifyText(context, reply, "rc", inputs.rc);
  return { state: reply.facts["state"]?.[0] ?? "stopped", consoleCommand: `jexec ${inputs.name} login -f root` };
}

const provider = defineResource(definition);
export const { configure, check, diff, create, read, update } = provider;
const { delete: remove } = provider;

export { remove as delete };
