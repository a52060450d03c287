import { z } from "zod";
import { absolutePath, flavorName, pathInJail, userName } from "../freebsd/names";
import { authorizedKey, passwordHash } from "../freebsd/passwd";
import type { Change } from "./changes";
import { text } from "./checked";
import { common } from "./common";
import { resolvConf } from "./resolvConf";
import type { Bag, Values } from "./validate";

const mode = z.union([
  z.int().min(0).max(0o7777),
  z
    .string()
    .regex(/^[0-7]{3,4}$/, 'has to be an octal mode, as "0644"')
    .transform((digits) => Number.parseInt(digits, 8)),
]);
const id = z.union([z.int().min(0), z.string().regex(/^[A-Za-z0-9_-]+$/)]);
const attributes = { mode: mode.optional(), owner: id.optional(), group: id.optional() };

/** A file of a flavor: its text, or a file of the workstation. */
export const fileSchema = z.union([
  z.string().transform((content) => ({ content })),
  z.strictObject({ content: z.string(), ...attributes }),
  z.strictObject({ source: z.string().min(1), ...attributes }),
]);

const sshKey = text(authorizedKey);
const hash = text(passwordHash);
const shell = z.string().regex(/^\/[^\s:]*$/, "has to be the path of a shell in the jail");

/** A user of the jail (pw(8)). */
export const userSchema = z.strictObject({
  name: text(userName),
  uid: z.int().min(1).max(4294967293).optional(),
  groups: z.array(text(userName)).default([]),
  shell: shell.default("/bin/sh"),
  home: text(pathInJail).optional(),
  gecos: z
    .string()
    .regex(/^[^:\n]*$/, "has no colon and no line break")
    .default(""),
  sshKeys: z.array(sshKey).default([]),
  passwordHash: hash.default("*"),
  mustChangePassword: z.boolean().default(false),
});

const sshUser = z.strictObject({
  name: text(userName),
  uid: z.int().min(1).max(4294967293).optional(),
  passwordHash: hash.default("*"),
  sshKeys: z.array(sshKey).default([]),
  shell: shell.default("/bin/sh"),
});

const pkgRepository = z.strictObject({
  name: z.string().default("FreeBSD"),
  url: z.string().optional(),
  enabled: z.boolean().optional(),
  mirrorType: z.enum(["srv", "http", "none"]).optional(),
  signatureType: z.enum(["fingerprints", "pubkey", "none"]).optional(),
  fingerprints: z.string().optional(),
  priority: z.int().optional(),
});

/** The name of a package or its origin (pkg-install(8)); no pattern, no option, no file. */
const packageName = z
  .string()
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9+._@-]*(\/[A-Za-z0-9][A-Za-z0-9+._@-]*)?$/,
    'has to be the name of a package, as "nginx" or "www/nginx"',
  );

/** The packages of pkg(8), each once, in the order of their names. */
export const packagesSchema = z.array(packageName).transform((names) => [...new Set(names)].sort());

/** A variable of rc.conf(5). */
export const rcVariable = z
  .string()
  .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "has to be the name of a variable of rc.conf(5)");

/** The properties of a Flavor. */
export const flavorShape = {
  ...common,
  name: text(flavorName),
  root: text(absolutePath).default("/usr/jails"),
  files: z.record(text(pathInJail), fileSchema).default({}),
  directory: z.string().min(1).optional(),
  pkgRepository: pkgRepository.optional(),
  packages: packagesSchema.default([]),
  rcConf: z.record(rcVariable, z.union([z.string(), z.number(), z.boolean()])).default({}),
  users: z.array(userSchema).default([]),
  sshUser: sshUser.optional(),
  timezone: z
    .string()
    .regex(/^[A-Za-z0-9_+-]+(\/[A-Za-z0-9_+-]+)*$/, 'has to be a zone of tzsetup(8), as "Europe/Vienna"')
    .optional(),
  resolvConf: resolvConf.optional(),
  firstBoot: z.string().min(1).optional(),
} as const;

export type FlavorShape = typeof flavorShape;
export type FlavorValues = Values<FlavorShape>;
export type FlavorUser = FlavorValues["users"][number];
export type FlavorInputs = Bag & FlavorValues & { readonly path: string; readonly listing: string };

/** A change is for the jails that are made from then on. */
export const flavorChanges: Readonly<
  Record<keyof Omit<FlavorShape, keyof typeof common> | "path" | "listing", Change>
> = {
  name: "replace",
  root: "replace",
  files: "live",
  directory: "live",
  pkgRepository: "live",
  packages: "live",
  rcConf: "live",
  users: "live",
  sshUser: "live",
  timezone: "live",
  resolvConf: "live",
  firstBoot: "live",
  path: "replace",
  listing: "live",
};
