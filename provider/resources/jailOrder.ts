import { z } from "zod";
import { jailName } from "../freebsd/names";
import type { Change } from "./changes";
import { text } from "./checked";

/** Which jails start before a jail, and stop after it. */
export const orderShape = {
  after: z
    .array(text(jailName))
    .transform((names) => [...new Set(names)].sort())
    .default([]),
} as const;

/** What changing it does to a running jail. */
export const orderChanges: Readonly<Record<keyof typeof orderShape, Change>> = { after: "live" };

interface Place {
  readonly after: readonly string[];
  readonly level: number;
}

/** The jails of this run that say where they stand, by host and name. */
const places = new Map<string, Map<string, Place>>();

/** Jails that nothing is said of start first. */
const first = 50;
const last = 99;

/** The number of a jail in the order of its host's boot: behind all that it is after. */
export function bootNumber(host: string, name: string, after: readonly string[]): number {
  const known = places.get(host) ?? new Map<string, Place>();
  places.set(host, known);
  const before = after.map((other) => known.get(other)?.level ?? first);
  const level = Math.min(last, after.length === 0 ? first : 1 + Math.max(...before));
  known.set(name, { after, level });
  return level;
}

/** What is wrong with the order of the jails that are known by now. */
export function orderProblems(host: string, name: string, after: readonly string[]): string[] {
  const circle = circleFrom(host, name, after, [name]);
  if (circle !== undefined) return [`after: ${circle.join(" is after ")}, and none of them could start first`];
  const known = places.get(host);
  const level = known?.get(name)?.level ?? first;
  const early = [...(known ?? [])].find(([, place]) => place.after.includes(name) && place.level <= level);
  if (early === undefined) return [];
  return [
    `after: jail ${early[0]} is after this one, and stands before it in the program; give it the Jail itself instead of a name, or declare ${name} first`,
  ];
}

function circleFrom(
  host: string,
  name: string,
  after: readonly string[],
  path: readonly string[],
): string[] | undefined {
  for (const other of after) {
    if (other === name) return [...path, name];
    if (path.includes(other)) continue;
    const found = circleFrom(host, name, places.get(host)?.get(other)?.after ?? [], [...path, other]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * What a jail waits for before it starts, where the host starts its jails all at once (rc.conf(5): jail_parallel_start): that those before it
 * have started, if they are to start at boot. A jail's file has its number in it when its start has ended.
 */
export function waitHooks({
  after,
  startTimeout = 122,
}: {
  after: readonly string[];
  startTimeout?: number | undefined;
}): string[] {
  // jail(8) gives each command so long.
  const seconds = Math.max(1, Math.min(120, startTimeout - 2));
  return after.map(
    (other) =>
      `i=0; while [ $i -lt ${seconds} ] && ! grep -qs "^[0-9]" /var/run/jail_${other}.id && grep -qs "^jail_list" /etc/rc.conf.d/jail/[0-9][0-9]-${other}; do case $(sysrc -n jail_parallel_start 2>/dev/null) in [Yy][Ee][Ss] | [Tt][Rr][Uu][Ee] | [Oo][Nn] | 1) sleep 1; i=$((i + 1)) ;; *) break ;; esac; done`,
  );
}

/** Forgets all of it. */
export function forgetOrder(): void {
  places.clear();
}
