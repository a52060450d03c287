import { sameValue } from "./equal";
import type { Bag } from "./validate";

/**
 * What changing a property does to what is on the host:
 * - `none`: nothing at all, only the state changes;
 * - `live`: changed while it runs;
 * - `restart`: it is stopped and started once;
 * - `offline`: it is stopped for the time of the change;
 * - `replace`: a new one in the old one's place.
 */
export type Change = "none" | "live" | "restart" | "offline" | "replace";

const severity: readonly Change[] = ["none", "live", "restart", "offline", "replace"];

/** The properties whose values differ. A table may speak of a part of one: "image.size". */
export function changedProperties(table: Readonly<Record<string, Change>>, olds: Bag, news: Bag): string[] {
  return Object.keys(table).filter((property) => !sameValue(valueAt(olds, property), valueAt(news, property)));
}

/** The property that a part belongs to: "image" of "image.size". */
export function firstPart(property: string): string {
  return property.replace(/\..*$/, "");
}

function valueAt(bag: Bag, property: string): unknown {
  return property.split(".").reduce<unknown>((value, key) => (isBag(value) ? value[key] : value), bag);
}

/** What isn't known yet stands for all of its parts. */
function isBag(value: unknown): value is Bag {
  return typeof value === "object" && value !== null;
}

/** The most that any of the properties asks for. */
export function worst(table: Readonly<Record<string, Change>>, properties: readonly string[]): Change {
  const found = Math.max(0, ...properties.map((property) => severity.indexOf(table[property] ?? "none")));
  return severity[found] ?? "none";
}

/** What a change costs the one that it is made to: a Change, or what the table alone doesn't know. */
export type Cost = Change | "starts" | "stops" | "stopped";

const words: Readonly<Record<Cost, string>> = {
  none: "changes in the state alone",
  live: "changes live",
  restart: "restarts",
  offline: "is stopped for the time of the change",
  replace: "is replaced",
  starts: "starts",
  stops: "stops",
  stopped: "changes without a stop, as it doesn't run",
};

/** Those properties that ask for the most: what a user would leave alone to pay less. */
export function causes(table: Readonly<Record<string, Change>>, properties: readonly string[]): readonly string[] {
  const most = worst(table, properties);
  return properties.filter((property) => (table[property] ?? "none") === most);
}

/** What a change costs, in one line: "restarts, for: sysvipc". */
export function costLine(change: Cost, properties: readonly string[]): string {
  return `${words[change]}, for: ${properties.join(", ")}`;
}
