import { z } from "zod";
import { pathInJail } from "../freebsd/names";
import type { Change } from "./changes";
import { anything, text } from "./checked";
import { fileSchema, flavorShape, packagesSchema, rcVariable, userSchema } from "./flavorSchema";
import type { Values } from "./validate";

const serviceName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.+-]*$/, "has to be the name of a script of rc.d, as service(8) takes it");

/** A service, and a value whose change restarts it. */
const service = z.union([
  serviceName.transform((name) => ({ name, restart: undefined as unknown })),
  z.strictObject({ name: serviceName, restart: anything }),
]);

/** A command line, or a script, of sh(1). */
const command = z
  .string()
  .min(1, "is empty")
  .refine((value) => value.trim() !== "", "is empty")
  .refine((value) => !value.includes("\0"), "has a NUL in it, which no command line can");

const healthCheck = z.union([
  command.transform((line) => ({ command: line, timeout: 30 })),
  z.strictObject({
    command,
    timeout: z.int("has to be a whole number of seconds").min(1, "has to be at least 1 second").max(3600).default(30),
  }),
]);

/** What of a flavor follows it into jails that are there: as the Flavor's own outputs say it. */
const followed = z.preprocess(
  withoutNothing,
  z.strictObject({
    name: flavorShape.name,
    files: flavorShape.files,
    directory: flavorShape.directory,
    pkgRepository: flavorShape.pkgRepository,
    packages: flavorShape.packages,
    rcConf: flavorShape.rcConf,
    users: flavorShape.users,
    sshUser: flavorShape.sshUser,
    resolvConf: flavorShape.resolvConf,
  }),
);

/** Outputs that a Flavor doesn't have come as null. */
function withoutNothing(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null && part !== undefined));
}

/** What is inside of a Jail or an ImageJail. */
export const insideShape = {
  packages: packagesSchema.default([]),
  services: z.array(service).default([]),
  rcConf: z.record(rcVariable, z.union([z.string(), z.number(), z.boolean()])).default({}),
  files: z.record(text(pathInJail), fileSchema).default({}),
  users: z.array(userSchema).default([]),
  run: z.array(command).default([]),
  healthCheck: healthCheck.optional(),
  followFlavor: z.boolean().default(false),
  followed: z.array(followed).optional(),
} as const;

export type InsideShape = typeof insideShape;
export type InsideValues = Values<InsideShape>;
export type Followed = NonNullable<InsideValues["followed"]>[number];

/** What the text of a jail's inside is worked out of. */
export const insideParts = [
  "packages",
  "services",
  "rcConf",
  "files",
  "users",
  "run",
  "followFlavor",
  "followed",
] as const;

/** What changing each property does: all of it is done while the jail runs. */
export const insideChanges: Readonly<Record<keyof InsideShape | "inside", Change>> = {
  packages: "live",
  services: "live",
  rcConf: "live",
  files: "live",
  users: "live",
  run: "live",
  healthCheck: "live",
  followFlavor: "live",
  followed: "live",
  inside: "live",
};
