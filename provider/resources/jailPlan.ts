import type { JailAddress } from "../freebsd/addresses";
import { permissionChanges } from "./allow";
import { addressesOf, type JailValues } from "./jailSchema";
import { allowed } from "./jailText";

/** What a running jail is told so that it has its new properties without a restart. */
export interface LivePlan {
  /** Parameters of `jail -m`. */
  readonly parameters: readonly string[];
  readonly added: readonly JailAddress[];
  readonly removed: readonly JailAddress[];
}

/** The live way from the old properties to the new, or undefined where only a restart does it. */
export function livePlan(olds: JailValues, news: JailValues): LivePlan | undefined {
  const addresses = addressPlan(addressesOf(olds), addressesOf(news));
  if (!addresses || lowersSecurelevel(olds, news)) return undefined;
  const parameters = [
    ...addresses.parameters,
    ...changed("host.hostname", olds.hostname ?? olds.name, news.hostname ?? news.name),
    ...changed("children.max", olds.childrenMax, news.childrenMax),
    ...changed("securelevel", olds.securelevel, news.securelevel),
    ...permissionChanges(allowed(olds), allowed(news)),
  ];
  return { parameters, added: addresses.added, removed: addresses.removed };
}

function changed(parameter: string, from: unknown, to: unknown): string[] {
  return from === to ? [] : [`${parameter}=${String(to)}`];
}

/** The kernel takes a lower level from outside, but what runs in the jail has relied on the higher one. */
function lowersSecurelevel(olds: JailValues, news: JailValues): boolean {
  return olds.securelevel !== news.securelevel && (news.securelevel ?? -1) < (olds.securelevel ?? -1);
}

/** Addresses that come and go; undefined where a family comes or goes as a whole, or one changes its interface or prefix. */
function addressPlan(olds: readonly JailAddress[], news: readonly JailAddress[]): LivePlan | undefined {
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
