import type { Bag } from "./validate";

/** Structural equality of JSON values; the order of an object's keys and keys that are undefined don't count. */
export function sameValue(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

/** The same values, in whatever order. */
export function sameSet(a: unknown, b: unknown): boolean {
  const sorted = (value: unknown) => (Array.isArray(value) ? value.map(canonical).sort() : value);
  return sameValue(sorted(a), sorted(b));
}

/** One text for all spellings of a JSON value. */
export function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(
          Object.entries(inner)
            .filter(([, item]) => item !== undefined && item !== null)
            .sort(([x], [y]) => (x < y ? -1 : 1)),
        )
      : inner,
  );
}

/** A JSON value without undefined anywhere in it: the engine refuses such outputs only after the work is done. */
export function clean<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

/** A bag's values of some keys. */
export function only(bag: Bag, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bag).filter(([key]) => keys.includes(key)));
}
