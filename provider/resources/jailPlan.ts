import type { JailAddress } from "../freebsd/addresses";
import { permissionChanges } from "./allow";
import { type Change, changedProperties, worst } from "./changes";
import { limitRules } from "./jailExtras";
import { vnetPlan } from "./jailNetwork";
import { addressesOf, type JailValues, jailChanges } from "./jailSchema";
import { allowed } from "./jailText";
import type { Bag } from "./validate";

/** What a running jail is told so that it has its new properties without a restart. */
export interface LivePlan {
  /** Parameters of `jail -m`. */
  readonly parameters: readonly string[];
  readonly added: readonly JailAddress[];
  readonly removed: readonly JailAddress[];
  /** What comes and goes on the jail's own interface: FAMILY ADDRESS PREFIX. */
  readonly own: { readonly added: readonly string[]; readonly removed: readonly string[] };
  /** The processors that it may use now, where that changed. */
  readonly cpuset?: string;
  /** Whether its rules of rctl(8) are others now. */
  readonly limits: boolean;
}

const nothing = { parameters: [], added: [], removed: [] };

/** The live way from the old properties to the new, or undefined where only a restart does it. */
export function livePlan(olds: JailValues, news: JailValues): LivePlan | undefined {
  const own = vnetPlan(olds, news);
  const hasOwn = olds.vnet !== undefined && news.vnet !== undefined;
  const addresses = hasOwn ? nothing : addressPlan(addressesOf(olds), addressesOf(news));
  if (!addresses || !own || lowersSecurelevel(olds, news)) return undefined;
  const parameters = [
    ...addresses.parameters,
    ...changed("host.hostname", olds.hostname ?? olds.name, news.hostname ?? news.name),
    ...changed("children.max", olds.childrenMax, news.childrenMax),
    ...changed("securelevel", olds.securelevel, news.securelevel),
    ...permissionChanges(allowed(olds), allowed(news)),
  ];
  return {
    parameters,
    added: addresses.added,
    removed: addresses.removed,
    ...(olds.cpuset === news.cpuset ? {} : { cpuset: news.cpuset ?? "all" }),
    own: hasOwn ? own : { added: [], removed: [] },
    limits: limitRules(olds).join() !== limitRules(news).join(),
  };
}

/** A thick jail has its tree; another base is for jails that are made from then on. */
export function withoutBase(olds: Bag & JailValues, news: Bag & JailValues, change: Change): Change {
  if (!olds.thick || !news.thick || olds["path"] !== news["path"]) return change;
  const { base: _, ...table } = jailChanges;
  return worst(table, changedProperties(table, olds, news));
}

function changed(parameter: string, from: unknown, to: unknown): string[] {
  return from === to ? [] : [`${parameter}=${String(to)}`];
}

/** The kernel takes a lower level from outside, but what runs in the jail has relied on the higher one. */
function lowersSecurelevel(olds: JailValues, news: JailValues): boolean {
  return olds.securelevel !== news.securelevel && (news.securelevel ?? -1) < (olds.securelevel ?? -1);
}

/** Addresses that come and go; undefined where a family comes or goes as a whole, or one changes its interface or prefix. */
function addressPlan(
  olds: readonly JailAddress[],
  news: readonly JailAddress[],
): Pick<LivePlan, "parameters" | "added" | "removed"> | undefined {
  const parameters: string[] = [];
  for (const [family, parameter] of [
    ["inet", "ip4.addr"],
    ["inet6", "ip6.addr"],
  ] as const) {
    const before = olds.filter((one) => one.family === family).map((one) => one.address);
    const after = news.filter((one) => one.family === family).map((one) => one.address);
    if ((before.length === 0) !== (after.length === 0)) return undefined;
    if (before.join() !== after.join()) parameters.push(`${parameter}=${after.join()}`);
  }
  const find = (list: readonly JailAddress[], address: string) => list.find((one) => one.address === address);
  const moved = news.some((one) => {
    const before = find(olds, one.address);
    return before && (before.interface !== one.interface || before.prefix !== one.prefix);
  });
  if (moved) return undefined;
  const own = (one: JailAddress) => one.interface !== undefined;
  return {
    parameters,
    added: news.filter((one) => !find(olds, one.address)).filter(own),
    removed: olds.filter((one) => !find(news, one.address)).filter(own),
  };
}
