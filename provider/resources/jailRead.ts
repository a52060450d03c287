import { formatSize } from "../freebsd/sizes";
import { foundDatasets } from "./jailDatasets";
import { changedLive, missingMounts } from "./jailDrift";
import type { JailShape } from "./jailSchema";
import { jailConsole } from "./jailText";
import type { Found } from "./resource";
import { markOf, type Snapshot } from "./snapshot";
import { quotaBytes } from "./storage";
import type { Bag, Values } from "./validate";

/** The state of a jail that runs without all of its mounts: only a start makes them. */
export const incomplete = "incomplete";

/** What a refresh finds of a jail; undefined if it is gone, or not ours any more. */
export function readJail(
  snapshot: Snapshot,
  olds: Bag & Values<JailShape>,
  hasTree = snapshot.trees.has(String(olds["path"])),
): Found | undefined {
  const mark = markOf(snapshot, `jail.${olds.name}`);
  if (mark?.["token"] !== olds["token"] || !hasTree) return undefined;
  const zone = mark?.["zone"];
  const dataset = zone === undefined ? undefined : snapshot.datasets.get(`${zone}/${olds.name}`);
  if (zone !== undefined && dataset?.["pulumi-freebsd-jails:kind"]?.source !== "local") return undefined;
  // One whose name is a number never had a name: it is what a killed one-shot left.
  const running = snapshot.jails.filter((one) => !one.dying && /\D/.test(one.name));
  const jail =
    running.find((one) => one.name === olds.name) ?? running.find((one) => one.path === String(olds["path"]));
  const config = text("config", snapshot.files.get(`/etc/jail.conf.d/${olds.name}.conf`));
  const missing = jail ? missingMounts(snapshot, String(config["config"] || olds["config"]), jail.path) : [];
  return {
    inputs: {
      running: jail !== undefined,
      // Its name on the host stays that of its files: all that is done to it goes by that one.
      ...(jail === undefined || jail.name === olds.name ? {} : { consoleCommand: jailConsole(jail) }),
      ...config,
      ...(missing.length === 0 ? {} : { config: without(String(config["config"]), missing) }),
      ...text("rc", snapshot.files.get(String(olds["rcFile"]))),
      ...(jail ? changedLive(snapshot, jail, olds) : {}),
      ...foundInside(snapshot, olds.name),
      ...foundDatasets(snapshot, olds),
      ...(dataset === undefined ? {} : foundQuota(dataset["refquota"]?.value, olds.quota)),
    },
    outputs: { state: jail === undefined ? "stopped" : missing.length > 0 ? incomplete : "running" },
  };
}

function without(config: string, lines: readonly string[]): string {
  return lines.reduce((text, line) => text.replace(`${line}\n`, ""), config);
}

/** The text of a file of the jail; a file that is gone has none. */
function text(property: string, found: string | undefined): Bag {
  return { [property]: found === undefined ? "" : `${found}\n` };
}

/** The quota that it has; none is 0. */
function foundQuota(value: string | undefined, quota: string | undefined): Bag {
  const bytes = Number(value ?? 0);
  if (bytes === (quotaBytes(quota) ?? 0)) return {};
  return { quota: bytes === 0 ? undefined : formatSize(bytes) };
}

/** What a jail says of its inside; one that somebody works on, or that has a disk of its own and is stopped, isn't asked. */
function foundInside(snapshot: Snapshot, name: string): Bag {
  const found = snapshot.insides.get(name);
  return found === undefined ? {} : { inside: found === "" ? "" : `${found}\n` };
}
