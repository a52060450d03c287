import { anchorLines, placeAnchor } from "../freebsd/pfConf";
import { lockOut } from "../freebsd/pfLockOut";
import { collide } from "../freebsd/pfMeet";
import { egress, familyOf, type PfRule, renderPfRule } from "../freebsd/pfRule";
import { deviceOfSide } from "../freebsd/pfSides";
import type { Arguments } from "../host/host";
import { type PfValues, ruleOf } from "./pfSchema";
import type { PfMark, PfView } from "./pfView";

/** One rule that comes, changes or goes. */
export interface PfChange {
  readonly name: string;
  readonly token: string;
  readonly owner: string;
  /** What it is to be; undefined if it goes. */
  readonly values?: PfValues | undefined;
  /** The name that it had, if it was there. */
  readonly oldName?: string | undefined;
}

/** What is to be done on the host for several changes at once. */
export interface PfPlan<C> {
  /** Those that can't be done, and why. */
  readonly refused: ReadonlyMap<C, string>;
  readonly accepted: readonly C[];
  /** The text of each accepted rule, as it will be on the host. */
  readonly installed: ReadonlyMap<C, string>;
  readonly args: Arguments;
}

/** Decides which changes can be done, as the host is, and what that takes. */
export function planChanges<C extends PfChange>(view: PfView, changes: readonly C[]): PfPlan<C> {
  const refused = new Map<C, string>();
  const installed = new Map<C, string>();
  const final = new Map<string, PfMark>(view.marks);
  const removed: string[] = [];
  for (const change of changes) {
    const name = change.values === undefined ? change.name : change.oldName;
    if (name === undefined || (change.values !== undefined && name === change.name)) continue;
    removed.push(`${name} ${change.token}`);
    if (final.get(name)?.token === change.token) final.delete(name);
  }
  const marks: [name: string, mark: string][] = [];
  for (const change of changes.filter((one) => one.values !== undefined)) {
    try {
      const mark = resolve(view, final, change);
      final.set(change.name, mark);
      installed.set(change, mark.rule);
      marks.push([change.name, markText(mark, change)]);
    } catch (error) {
      refused.set(change, (error as Error).message);
    }
  }
  const accepted = changes.filter((one) => !refused.has(one));
  return { refused, accepted, installed, args: { ...markArgs(marks), removed, ...placeArgs(view, final) } };
}

function resolve(view: PfView, final: ReadonlyMap<string, PfMark>, change: PfChange): PfMark {
  const there = final.get(change.name);
  if (there && there.token !== change.token && (change.oldName !== undefined || there.owner !== change.owner)) {
    throw new Error(
      `a rule ${change.name} belongs to ${there.owner}, another Pulumi resource on this host; choose another name`,
    );
  }
  const asked = ruleOf(change.values as PfValues);
  const spec = { ...asked, interface: deviceOf(view, asked) };
  for (const side of [spec.from, spec.to, spec.address]) checkNetwork(view, spec, side);
  const locked = lockOut(spec, view.ssh, (device) => view.interfaces.get(device) ?? []);
  if (locked !== undefined) {
    throw new Error(
      `this rule would lock you out: ${locked}; nothing was loaded. Leave that port out, or name another of the host's addresses in \`to\``,
    );
  }
  for (const [name, other] of final) if (name !== change.name) checkMeeting(spec, name, other);
  return {
    token: change.token,
    owner: change.owner,
    spec,
    rule: renderPfRule(asked).replaceAll(egress, spec.interface),
  };
}

function deviceOf(view: PfView, rule: PfRule): string {
  const family = familyOf(rule);
  const device = rule.interface === "egress" ? view.egress[family] : rule.interface;
  if (device === undefined) {
    const what = family === "inet6" ? "IPv6" : "IPv4";
    throw new Error(
      `interface: egress is the interface of the default route, and the host has none for ${what}; name an interface`,
    );
  }
  if (!view.interfaces.has(device)) {
    throw new Error(`interface: the host has no interface ${device}; it has ${[...view.interfaces.keys()].join(", ")}`);
  }
  return device;
}

/** `lo1:network` is what the interface has now: none is an error. */
function checkNetwork(view: PfView, rule: PfRule, side: string | undefined): void {
  const device = side === undefined ? undefined : deviceOfSide(side);
  if (device === undefined) return;
  const addresses = view.interfaces.get(device);
  if (!addresses) throw new Error(`${side}: the host has no interface ${device}`);
  const six = familyOf(rule) === "inet6";
  if (!addresses.some((one) => one.includes(":") === six && !one.startsWith("fe80:")))
    throw new Error(
      `${side}: ${device} has no ${six ? "IPv6" : "IPv4"} address, and so no network; make its LoopbackInterface first (dependsOn)`,
    );
}

function checkMeeting(rule: PfRule, name: string, other: PfMark): void {
  if (!collide(rule, other.spec)) return;
  throw new Error(
    `it is about the same connections as the rule ${name} of ${other.owner} ("${other.rule}"), and pf takes the first one that matches; take another port, or another address in \`to\``,
  );
}

function markText(mark: PfMark, change: PfChange): string {
  const { order = 0, enable = true } = change.values ?? {};
  return [
    `token=${mark.token}`,
    `owner=${mark.owner}`,
    `order=${order}`,
    `enable=${enable}`,
    `rule=${mark.rule}`,
    `spec=${JSON.stringify(mark.spec)}`,
  ].join("\n");
}

function markArgs(marks: readonly [name: string, mark: string][]): Arguments {
  const pairs = marks.flatMap(([name, mark], i) => [
    [`name${i + 1}`, name],
    [`mark${i + 1}`, mark],
  ]);
  return { count: marks.length, ...Object.fromEntries(pairs) };
}

/** Which of our lines pf.conf lacks, and before which of its lines they go; 0 if it has them, or is to lose them. */
function placeArgs(view: PfView, final: ReadonlyMap<string, PfMark>): Arguments {
  const place = final.size === 0 ? undefined : placeAnchor(view.files, view.confPath);
  return { fingerprint: view.fingerprint, before: place?.before ?? 0, lines: place?.lines ?? anchorLines };
}
