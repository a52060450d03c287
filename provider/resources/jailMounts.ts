import { z } from "zod";
import { renderFstabEntry } from "../freebsd/fstab";
import type { JailParameters } from "../freebsd/jailConf";
import { absolutePath } from "../freebsd/names";
import { formatSize, parseSize } from "../freebsd/sizes";
import type { Arguments } from "../host/host";
import type { Change } from "./changes";
import { text } from "./checked";
import { claimShares, sharersOf } from "./shares";

const target = text(inJail);
const option = z.string().regex(/^[a-z_]+(=[A-Za-z0-9._:/-]+)?$/, "has to be an option of mount(8), such as noexec");
const options = z.array(option).default([]);

const nullfs = z.strictObject({
  type: z.literal("nullfs"),
  source: text(absolutePath),
  target,
  readOnly: z.boolean().default(false),
  options,
});
const tmpfs = z.strictObject({
  type: z.literal("tmpfs"),
  target,
  size: z
    .union([z.number(), z.string()])
    .transform(String)
    .pipe(text((size) => formatSize(parseSize(size))))
    .optional(),
  mode: z
    .string()
    .regex(/^[0-7]{3,4}$/, 'has to be octal, such as "1777"')
    .optional(),
  readOnly: z.boolean().default(false),
  options,
});

/** Where file systems without a source usually are. */
const places = { fdescfs: "/dev/fd", procfs: "/proc", linprocfs: "/compat/linux/proc" } as const;
type Special = keyof typeof places;
const special = <T extends Special>(type: T) =>
  z.strictObject({
    type: z.literal(type),
    target: target.default(places[type]),
    readOnly: z.boolean().default(false),
    options,
  });

const word = z
  .enum(["fdescfs", "procfs", "linprocfs"])
  .transform((type) => ({ type, target: places[type] as string, readOnly: false, options: [] as string[] }));

const mount = z.union([
  word,
  z.discriminatedUnion("type", [nullfs, tmpfs, special("fdescfs"), special("procfs"), special("linprocfs")], {
    error:
      'has to be "fdescfs", "procfs", "linprocfs", or an object with one of these, "nullfs" or "tmpfs" as its `type`',
  }),
]);

type Mount = z.output<typeof mount>;

/** File systems in a jail beside its tree, its base and its /dev. */
export const mountShape = {
  mounts: z
    .array(z.unknown())
    .transform((list, context): Mount[] =>
      list.flatMap((one, i) => {
        const schema = typeof one === "string" ? word : mount.options[1];
        const result = schema.safeParse(one);
        if (result.success) return [result.data as Mount];
        for (const issue of result.error.issues)
          context.addIssue({ code: "custom", path: [i, ...issue.path], message: issue.message });
        return [];
      }),
    )
    .default([]),
  ports: z.boolean().default(false),
  src: z.boolean().default(false),
} as const;

type Values = { [K in keyof typeof mountShape]: z.output<(typeof mountShape)[K]> };

/** What changing each of them does to a running jail. */
export const mountChanges: Readonly<Record<keyof Values, Change>> = { mounts: "restart", ports: "live", src: "live" };

/** The lines of `mount`, in the order in which they are mounted. */
export function mountLines({ mounts }: Values, path: string): string[] {
  return mounts.filter((one) => !isParameter(one)).map((one) => renderFstabEntry(entry(one, path)));
}

/** Those that have a parameter of their own: jail(8) mounts them behind /dev, in which one of them is. */
export function mountParameters({ mounts }: Values): JailParameters {
  return (["fdescfs", "procfs"] as const).map((type) => [
    `mount.${type}`,
    mounts.some((one) => one.type === type && isParameter(one)) ? true : undefined,
  ]);
}

function isParameter(one: Mount): boolean {
  return (
    (one.type === "fdescfs" || one.type === "procfs") &&
    one.target === places[one.type] &&
    !one.readOnly &&
    one.options.length === 0
  );
}

function entry(one: Mount, path: string) {
  const size = one.type === "tmpfs" && one.size !== undefined ? [`size=${parseSize(one.size)}`] : [];
  const mode = one.type === "tmpfs" && one.mode !== undefined ? [`mode=${one.mode}`] : [];
  return {
    special: one.type === "nullfs" ? one.source : one.type,
    node: `${path}${one.target}`,
    type: one.type,
    options: [one.readOnly ? "ro" : "rw", ...size, ...mode, ...one.options],
  };
}

/** What an operation is told of them: what it looks at on the host, and what it makes in the jail. */
export function mountArguments({ mounts, ports, src }: Values): Arguments {
  return {
    mountSources: mounts.flatMap((one) => (one.type === "nullfs" ? [one.source] : [])),
    // /dev/fd is the kernel's.
    mountPoints: mounts.filter((one) => !one.target.startsWith("/dev/")).map((one) => one.target),
    ports,
    src,
  };
}

/** What is wrong with them beside the jail's other properties. */
export function mountProblems({ mounts }: Values, root: string | undefined, path: string): string[] {
  const problems: string[] = [];
  for (const [i, one] of mounts.entries()) {
    const place = `mounts[${i}]`;
    if (one.target === "/dev" || (one.target.startsWith("/dev/") && one.type !== "fdescfs"))
      problems.push(`${place}.target: ${one.target} belongs to the jail's devfs`);
    if (one.target === "/sharedfs" || one.target.startsWith("/sharedfs/"))
      problems.push(`${place}.target: ${one.target} is where the base is`);
    const hidden = mounts
      .slice(0, i)
      .find((other) => other.target === one.target || other.target.startsWith(`${one.target}/`));
    if (hidden?.target === one.target) problems.push(`${place}.target: ${one.target} stands there twice`);
    else if (hidden !== undefined)
      problems.push(
        `${place}.target: ${one.target} would hide ${hidden.target}, which is mounted before it; give it first`,
      );
    if (one.type === "nullfs") problems.push(...sourceProblems(place, one.source, root, path));
  }
  return problems;
}

/** A jail's tree is hostile: a link planted in it would lead the host's mount anywhere. */
function sourceProblems(place: string, source: string, root: string | undefined, path: string): string[] {
  const within = (folder: string) => source === folder || source.startsWith(`${folder}/`);
  if (source === "/") return [`${place}.source: the host's whole file system in a jail is no jail; give a folder`];
  const inZone = root !== undefined && within(root) && !within(`${root}/sharedfs`) && !within(`${root}/archive`);
  if (!inZone && !within(path) && !path.startsWith(`${source}/`)) return [];
  return [
    `${place}.source: ${source} lies among the jails' own trees, where a jail's root could plant links; what a jail shares has to be a folder outside of ${root ?? path}`,
  ];
}

/** What is dangerous about them. */
export function mountWarnings(host: string, name: string, { mounts }: Values): string[] {
  claimShares(
    host,
    name,
    mounts.flatMap((one) => (one.type === "nullfs" ? [one.source] : [])),
  );
  return mounts.flatMap((one, i) => {
    if (one.type !== "nullfs") return [];
    const others = sharersOf(host, name, one.source);
    if (others.length === 0) return [];
    return [
      `mounts[${i}]: ${one.source} is shared with ${others.join(", ")}; root in jails that share a folder can get out of them on a host without the patch of FreeBSD-SA-26:04.jail (CVE-2025-15576): keep the host patched, or give each a folder of its own`,
    ];
  });
}

/** A mount point is a folder of the jail: it goes from the jail's root down. */
function inJail(value: string): string {
  const path = absolutePath(value);
  if (path === "/") throw new Error('"/" is the jail\'s own tree; give a folder in it');
  return path;
}
