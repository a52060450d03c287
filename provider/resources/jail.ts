import { otherZone } from "./baseMove";
import { declareAddress } from "./claims";
import { insideShown } from "./insideCheck";
import { insideParts } from "./insideSchema";
import { adoptArguments } from "./jailAdopt";
import { datasetShape } from "./jailDatasets";
import { extraShape } from "./jailExtras";
import { mountShape } from "./jailMounts";
import { networkShape, onInterface } from "./jailNetwork";
import { type JailInputs, jailOperation, runJail, updateArguments } from "./jailOperation";
import { orderProblems, orderShape } from "./jailOrder";
import { livePlan, withoutBase } from "./jailPlan";
import { jailPreflight } from "./jailPreflight";
import { incomplete, readJail } from "./jailRead";
import {
  addressesOf,
  isGiven,
  type JailShape,
  jailChanges,
  jailExceptions,
  jailProblems,
  jailShape,
  sameAddresses,
} from "./jailSchema";
import { jailConfig, jailConsole, jailPath, jailRc, jailRcFile } from "./jailText";
import { jailWarnings } from "./jailWarnings";
import { type Definition, defineResource } from "./resource";

function keysOf<S extends object>(shape: S): (keyof S & string)[] {
  return Object.keys(shape) as (keyof S & string)[];
}

/** The Jail resource: jail(8), one thin jail on a shared base. */
export const definition: Definition<JailShape> = {
  kind: "Jail",
  shape: jailShape,
  derived: {
    path: { from: ["name", "base", "path"], value: jailPath },
    given: { from: ["path"], value: isGiven },
    config: {
      from: [
        "name",
        "base",
        "thick",
        "path",
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
        ...keysOf(extraShape),
        ...keysOf(mountShape),
        ...keysOf(networkShape),
        ...keysOf(orderShape),
        ...keysOf(datasetShape),
      ],
      value: jailConfig,
    },
    rc: { from: ["name", "autostart", "after", "adopt"], value: jailRc },
    rcFile: { from: ["name", "after", "connection"], value: jailRcFile },
    inside: { from: insideParts, value: insideShown },
    consoleCommand: { from: ["name"], value: jailConsole },
  },
  changes: jailChanges,
  internal: ["followed", "storage"],
  exceptions: jailExceptions,
  deleteBeforeReplace: true,
  complete: onInterface,
  problems: jailProblems,
  impossible: otherZone,
  warnings: jailWarnings,
  cost: (olds, news, change) => {
    if (change === "none" || change === "replace") return change;
    const real = withoutBase(olds, news, change);
    if (olds.running !== news.running) return news.running ? "starts" : "stops";
    if (!olds.running) return real === "none" ? "none" : "stopped";
    if (real === "live" && olds["state"] === incomplete) return "restart";
    return real === "live" && livePlan(olds, news) === undefined ? "restart" : real;
  },
  same: { addresses: sameAddresses },
  preflight: jailPreflight,
  conflicts: (host, values) => [
    ...(values.name === undefined || values.after === undefined ? [] : orderProblems(host, values.name, values.after)),
    ...addressesOf({ addresses: values.addresses ?? [] })
      .filter((one) => one.interface !== undefined && declareAddress(host, one.interface, one.address))
      .map((one) => `addresses: ${one.address} lies outside the network of the LoopbackInterface ${one.interface}`),
  ],
  takes: (values) => [
    ...(values.path === undefined ? [] : [`the tree ${values.path}`]),
    ...(values.datasets ?? []).map((one) => `the data set ${one}`),
    ...(values.vnet?.mac === undefined ? [] : [`the MAC address ${values.vnet.mac}`]),
    ...(values.name === undefined ? [] : [`the jail name ${values.name}`]),
    ...(values.addresses === undefined
      ? []
      : addressesOf({ addresses: values.addresses }).map((one) => `the jail address ${one.address}`)),
  ],

  async create(context, values) {
    const inputs = values as JailInputs;
    const more = await adoptArguments(context, inputs);
    return runJail(context, jailOperation(context, "jail.create", inputs, more), inputs);
  },

  async update(context, olds, news, change) {
    const inputs = news as JailInputs;
    const more = updateArguments(olds as JailInputs, inputs, change);
    return runJail(context, jailOperation(context, "jail.update", inputs, more), inputs, olds as JailInputs);
  },

  read: readJail,

  async delete(context, olds) {
    await context.host.run(jailOperation(context, "jail.delete", olds as JailInputs));
  },
};

const provider = defineResource(definition);
export const { configure, check, diff, create, read, update } = provider;
const { delete: remove } = provider;

export { remove as delete };
