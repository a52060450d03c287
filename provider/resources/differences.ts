import { report } from "../host/log";
import { type Change, causes, costLine, firstPart, worst } from "./changes";
import { hostName } from "./configuration";
import { only } from "./equal";
import type { Definition } from "./resource";
import { hasUnknown } from "./unknown";
import { type Bag, type Shape, type Values, validate } from "./validate";

/** Dynamic providers have no other place for it in a preview than a line of the log. */
export function sayCost<S extends Shape>(
  definition: Definition<S>,
  label: string,
  table: Readonly<Record<string, Change>>,
  { olds, news, changed }: { olds: Bag; news: Bag; changed: readonly string[] },
): void {
  const change = worst(table, changed);
  const cost = hasUnknown(news)
    ? change
    : (definition.cost?.(olds as Bag & Values<S>, news as Bag & Values<S>, change) ?? change);
  const moves = cost === "starts" || cost === "stops";
  const properties = givenOnes(definition, moves ? changed.filter(isLife) : causes(table, changed));
  if (cost !== "none") report(`${label} ${costLine(cost, properties)}`);
}

/** What says whether a jail runs. */
function isLife(property: string): boolean {
  return property === "running" || property === "state";
}

/** What is worked out of other properties, and the version before didn't know, needs no change for its own sake. */
export function completed<S extends Shape>(definition: Definition<S>, state: Bag, news: Bag): Bag {
  const derived = Object.keys(definition.derived).filter(
    (key) => state[key] === undefined && !(key in definition.shape),
  );
  return { ...state, ...only(news, derived) };
}

/** Of the properties that changed, those that users give; what is worked out of them follows. */
export function givenOnes<S extends Shape>(definition: Definition<S>, changed: readonly string[]): readonly string[] {
  const given = changed.filter((property) => {
    const name = firstPart(property);
    return name in definition.shape && !(name in definition.derived);
  });
  return given.length > 0 ? given : changed;
}

/** Values that mean what they meant before stay in the spelling that they had. */
export function keptSpelling<S extends Shape>(definition: Definition<S>, olds: Bag, values: Bag): Bag {
  const kept = Object.entries(definition.same ?? {}).filter(
    ([key, same]) => olds[key] !== undefined && !hasUnknown([olds[key], values[key]]) && same(olds[key], values[key]),
  );
  return Object.fromEntries(kept.map(([key]) => [key, olds[key]]));
}

/** What was dangerous already is not said again with each run. */
export function sayWarnings<S extends Shape>(definition: Definition<S>, label: string, olds: Bag, values: Bag): void {
  if (definition.warnings === undefined || hasUnknown(values)) return;
  const of = (bag: Bag) => definition.warnings?.(hostName(bag["connection"]), bag as Values<S>) ?? [];
  const before = validate(definition.shape, only(olds ?? {}, Object.keys(definition.shape)));
  const known = before.problems.length === 0 ? of(before.values) : [];
  for (const warning of of(values).filter((one) => !known.includes(one))) report(`${label} warning: ${warning}`);
}
