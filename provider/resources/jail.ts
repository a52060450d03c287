import { declareAddress } from "./claims";
import { insideShown } from "./insideCheck";
import { insideParts } from "./insideSchema";
import { type JailInputs, jailOperation, runJail, updateArguments } from "./jailOperation";
import { livePlan } from "./jailPlan";
import { jailPreflight } from "./jailPreflight";
import { incomplete, readJail } from "./jailRead";
import {
  addressesOf,
  type JailShape,
  jailChanges,
  jailExceptions,
  jailProblems,
  jailShape,
  sameAddresses,
} from "./jailSchema";
import { jailConfig, jailConsole, jailPath, jailRc, jailRcFile } from "./jailText";
import { type Definition, defineResource } from "./resource";

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
    inside: { from: insideParts, value: insideShown },
    consoleCommand: { from: ["name"], value: jailConsole },
  },
  changes: jailChanges,
  internal: ["followed"],
  exceptions: jailExceptions,
  deleteBeforeReplace: true,
  problems: jailProblems,
  cost: (olds, news, change) => {
    if (change === "none" || change === "replace") return change;
    if (olds.running !== news.running) return news.running ? "starts" : "stops";
    if (!olds.running) return "stopped";
    if (change === "live" && olds["state"] === incomplete) return "restart";
    return change === "live" && livePlan(olds, news) === undefined ? "restart" : change;
  },
  same: { addresses: sameAddresses },
  preflight: jailPreflight,
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

  create: (context, inputs) =>
    runJail(context, jailOperation(context, "jail.create", inputs as JailInputs), inputs as JailInputs),

  async update(context, olds, news, change) {
    const inputs = news as JailInputs;
    const more = updateArguments(olds as JailInputs, inputs, change);
    return runJail(context, jailOperation(context, "jail.update", inputs, more), inputs);
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
