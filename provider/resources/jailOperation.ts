import type { JailAddress } from "../freebsd/addresses";
import type { Arguments, Operation, Reply } from "../host/host";
import { timed } from "./baseMove";
import type { Change } from "./changes";
import { insideArguments, insideSecrets, insideTime } from "./insidePlan";
import { datasetArguments, datasetLocks } from "./jailDatasets";
import { extraArguments, limitRules } from "./jailExtras";
import { mountArguments } from "./jailMounts";
import { epair, vnetArguments } from "./jailNetwork";
import { livePlan, withoutBase } from "./jailPlan";
import { incomplete } from "./jailRead";
import { addressesOf, archiveFolder, type JailValues, zoneOf } from "./jailSchema";
import { jailRcFirst, oneShotParameters } from "./jailText";
import { originArguments, originLocks } from "./origin";
import type { Context, Result } from "./resource";
import { quotaBytes } from "./storage";
import type { Bag } from "./validate";
import { verifyText } from "./verify";

/** A jail's properties, and what is worked out of them. */
export type JailInputs = Bag &
  JailValues & {
    readonly path: string;
    readonly config: string;
    readonly rc: string;
    readonly rcFile: string;
    readonly inside?: string;
  };

/** Runs an operation on a jail; the host's files are what was previewed, or it is an error. */
export async function runJail(
  context: Context,
  operation: Operation,
  inputs: JailInputs,
  before: JailInputs = inputs,
): Promise<Result> {
  const move = { from: before.base, to: inputs.base };
  const reply = await timed(context, operation, move, (one) => context.host.run(one));
  return { hostUuid: reply.host.hostUuid, outputs: verified(context, inputs, reply) };
}

/** An operation on a jail: all that it is told of the jail. */
export function jailOperation(context: Context, name: string, inputs: JailInputs, more: Arguments = {}): Operation {
  const { root, template } = zoneOf(inputs.base);
  const addresses = addressesOf(inputs);
  return {
    name,
    label: context.label,
    locks: [`jail.${inputs.name}`, ...datasetLocks(inputs), ...(name.endsWith(".update") ? [] : originLocks(inputs))],
    timeout: copying(inputs) + insideTime(inputs) + 900 + 3 * (inputs.startTimeout ?? 0) + (inputs.stopTimeout ?? 0),
    ...(context.hostUuid === undefined ? {} : { hostUuid: context.hostUuid }),
    args: {
      token: context.token,
      owner: String(inputs["owner"]),
      name: inputs.name,
      path: inputs.path,
      root,
      base: inputs.base,
      // A thick jail starts from all of its base.
      template: inputs.thick ? inputs.base : template,
      thick: inputs.thick,
      given: inputs["given"] === true,
      ownMounts: ownMounts(inputs),
      config: body(inputs.config),
      rc: body(inputs.rc),
      rcFile: inputs.rcFile,
      rcFirst: body(jailRcFirst),
      running: inputs.running,
      stopLimit: stopLimit(inputs),
      after: inputs.after,
      lookedAt: name.endsWith(".create") ? newAddresses(inputs, []) : undefined,
      flavors: inputs.flavors.map((flavor) => `${root}/flavors/${flavor}`),
      resolvConf: inputs.resolvConf === undefined ? "" : body(inputs.resolvConf),
      addresses: inputs.vnet === undefined ? addresses.map(addressLine) : [],
      ownAddresses: inputs.vnet === undefined ? [] : addresses.map(ownAddressLine),
      addressPattern: addresses.map((one) => one.address.replaceAll(".", "\\.")).join("|"),
      onDelete: inputs.onDelete,
      archiveTo: archiveFolder(inputs),
      ...originArguments(inputs),
      ...(name.endsWith(".delete") ? {} : insideArguments(inputs)),
      quota: quotaBytes(inputs.quota),
      oneShot: oneShotParameters(inputs),
      insideText: body(inputs.inside ?? ""),
      ...extraArguments(inputs),
      ...mountArguments(inputs),
      ...vnetArguments(inputs),
      ...datasetArguments(inputs),
      ...more,
    },
    secrets: insideSecrets(inputs),
  };
}

/** Seconds after which a jail that doesn't stop by itself is removed by force: rc.shutdown(8) gives its services 90. */
function stopLimit({ startTimeout, stopTimeout }: JailInputs): number {
  return 300 + (startTimeout ?? 0) + (stopTimeout ?? 0);
}

/** Seconds for what is as large as a jail's tree. */
function copying({ onDelete, restore, template }: JailInputs): number {
  return onDelete === "archive" || restore !== undefined || template !== undefined ? 4 * 3600 : 0;
}

/** What an update is told beside that: what was before, and what is changed while the jail runs. */
export function updateArguments(before: JailInputs, news: JailInputs, change: Change): Arguments {
  const real = withoutBase(before, news, change);
  const mayBeLive = (real === "none" || real === "live") && before["state"] !== incomplete;
  const live = mayBeLive ? livePlan(before, news) : undefined;
  return {
    lookedAt: newAddresses(news, before.addresses),
    oldName: before.name,
    oldPath: before.path,
    oldRcFile: before.rcFile,
    oldConfig: body(before.config),
    restart: live === undefined,
    live: live !== undefined,
    liveParameters: live?.parameters,
    addressesAdded: live?.added.map(addressLine),
    addressesRemoved: live?.removed.map(addressLine),
    insideHad: (before.inside ?? "") !== "",
    ownAdded: live?.own.added,
    ownRemoved: live?.own.removed,
    cpusetLive: live?.cpuset,
    limitsLive: live?.limits,
    oldLimits: limitRules(before),
    oldDatasets: before.datasets,
    oldVnet: before.vnet === undefined ? undefined : epair(before.name).host,
    oldBridge: before.vnet?.createBridge === true ? before.vnet.bridge : undefined,
    resolvConfChanged: before.resolvConf !== news.resolvConf,
  };
}

/** INTERFACE ADDRESS PREFIX, "-" for an address that is on an interface already. */
function addressLine(address: JailAddress): string {
  return `${address.interface ?? "-"} ${address.address} ${address.prefix}`;
}

/** Addresses of the host's interfaces that the jail gets now. */
function newAddresses({ vnet, addresses }: JailInputs, before: readonly string[]): string {
  if (vnet !== undefined) return "";
  return addressesOf({ addresses: addresses.filter((one) => !before.includes(one)) })
    .map((one) => one.address)
    .join(" ");
}

/** What jail.conf mounts in the tree, the last one first. */
function ownMounts({ mounts }: JailInputs): string[] {
  return ["/sharedfs", ...mounts.map((one) => one.target), "/dev", "/dev/fd", "/proc"].reverse();
}

/** FAMILY ADDRESS PREFIX: on the jail's own interface. */
function ownAddressLine(address: JailAddress): string {
  return `${address.family} ${address.address} ${address.prefix}`;
}

/** A text without its last line break, as the remote side writes it. */
function body(text: string): string {
  return text.replace(/\n$/, "");
}

/** What the host says after the operation is what was asked for, or an error says what is not. */
function verified(context: Context, inputs: JailInputs, reply: Reply): Bag {
  verifyText(context, reply, "config", inputs.config);
  verifyText(context, reply, "rc", inputs.rc);
  return { state: reply.facts["state"]?.[0] ?? "stopped", dataset: reply.facts["dataset"]?.[0] };
}
