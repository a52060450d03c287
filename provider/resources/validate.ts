import type { z } from "zod";
import { hasUnknown } from "./unknown";

/** The properties of a resource, each with its schema. */
export type Shape = Readonly<Record<string, z.ZodType>>;
/** The values of a shape, parsed. */
export type Values<S extends Shape> = { [K in keyof S]: z.output<S[K]> };
/** What a preview knows of them. */
export type Bag = Readonly<Record<string, unknown>>;

/** A bag parsed property by property: what is unknown yet is passed over, what is wrong is said with its path. */
export function validate(shape: Shape, bag: Bag): { values: Record<string, unknown>; problems: string[] } {
  const values: Record<string, unknown> = {};
  const problems = Object.keys(bag)
    .filter((key) => !(key in shape) && bag[key] !== undefined)
    .map((key) => `${key}: there is no such property; known are ${Object.keys(shape).join(", ")}`);
  for (const [key, schema] of Object.entries(shape)) {
    if (hasUnknown(bag[key])) {
      values[key] = bag[key];
      continue;
    }
    const result = schema.safeParse(bag[key]);
    if (result.success) values[key] = result.data;
    else problems.push(...result.error.issues.map((issue) => `${place(key, issue.path)}: ${message(issue, bag[key])}`));
  }
  return { values, problems };
}

function place(key: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, step) => (typeof step === "number" ? `${text}[${step}]` : `${text}.${String(step)}`),
    key,
  );
}

function message(issue: z.core.$ZodIssue, value: unknown): string {
  return issue.code === "invalid_type" && value === undefined ? "is required" : issue.message;
}
