import { renderRcConf } from "../freebsd/rcConf";
import { ustar } from "../freebsd/ustar";
import type { Arguments } from "../host/host";
import { canonical } from "./equal";
import { readLocal, sha256 } from "./flavorTree";
import { type FollowedFile, followedFiles, followedUsers } from "./insideFollowed";
import type { InsideValues } from "./insideSchema";

/** A file as it is to be in the jail. */
export interface InsideFile extends FollowedFile {
  readonly mode: number;
  readonly owner: string;
  /** Undefined for the owner's own. */
  readonly group: string | undefined;
}

/** A user of the jail. */
export type InsideUser = Omit<InsideValues["users"][number], "home"> & {
  readonly home: string;
  /** A flavor's: where the jail has that user already, the password stays. */
  readonly followed: boolean;
};

/** All that is to be inside of a jail, of its own properties and of the flavors that it follows. */
export interface Inside {
  readonly users: readonly InsideUser[];
  readonly packages: readonly string[];
  readonly files: readonly InsideFile[];
  readonly rcConf: ReadonlyMap<string, string>;
  readonly run: readonly string[];
  readonly services: InsideValues["services"];
}

/** Works it out; later ones win: the flavors that the jail follows, in their order, then its own. Throws where a local file can't be read. */
export function insideOf(values: InsideValues): Inside {
  const followed = values.followFlavor ? (values.followed ?? []) : [];
  const users = new Map(
    [
      ...followed.flatMap(followedUsers).map((user) => ({ ...user, followed: true })),
      ...values.users.map((user) => ({ ...user, followed: false })),
    ].map((user) => [user.name, { ...user, home: user.home ?? `/home/${user.name}` }]),
  );
  const files = [
    ...followed.flatMap(followedFiles),
    ...Object.entries(values.files).map(([path, file]) => ownFile(path, file)),
    ...[...users.values()].filter((user) => user.sshKeys.length > 0).map(keysOf),
  ];
  const settings = followed.flatMap(({ rcConf, sshUser }) => [
    ...(sshUser ? [["sshd_enable", true] as const] : []),
    ...Object.entries(rcConf),
  ]);
  return {
    users: [...users.values()],
    packages: [...new Set([...followed.flatMap(({ packages }) => packages), ...values.packages])].sort(),
    files: [...new Map(files.map((file) => [file.path, file])).values()].sort((a, b) => (a.path < b.path ? -1 : 1)),
    rcConf: new Map([...settings, ...Object.entries(values.rcConf)].map(([name, value]) => [name, rcValue(value)])),
    run: values.run,
    services: values.services,
  };
}

/** A line for each thing, as a preview shows it and as a refresh finds it. Digests stand for what may be secret. */
export function insideText({ users, packages, files, rcConf, run, services }: Inside): string {
  return [
    ...users.flatMap(userLines),
    ...packages.map((name) => `package ${name}`),
    ...files.map(({ path, mode, owner, group, content }) => {
      const who = group === undefined ? owner : `${owner}:${group}`;
      return `file ${octal(mode)} ${who} ${content.length} sha256:${sha256(content)} ${path}`;
    }),
    ...[...rcConf].map(([name, value]) => `rc.conf ${renderRcConf([{ name, value }])}`.trimEnd()),
    ...run.map((command) => `run sha256:${short(command)}`),
    ...services.map(
      ({ name, restart }) => `service ${name}${restart == null ? "" : ` sha256:${restartDigest(restart)}`}`,
    ),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

/** What an operation is told: the plan for the script inside, a line a thing with tabs between its fields, and an archive of the contents. */
export function insideArguments(values: InsideValues): Arguments {
  const inside = insideOf(values);
  const contents: Buffer[] = [];
  const place = (content: string | Buffer) => String(contents.push(Buffer.from(content)));
  const plan = [
    ...inside.users.map((user) => [
      ...["user", user.name, user.uid ?? "-", user.groups.join(",") || "-", user.shell, user.home],
      ...[
        user.passwordHash,
        short(user.passwordHash),
        (user.mustChangePassword ? 1 : 0) + (user.followed ? 2 : 0),
        user.gecos,
      ],
    ]),
    ...inside.packages.map((name) => ["package", name]),
    ...inside.files.map((file) => [
      ...["file", place(file.content), octal(file.mode), file.owner, file.group ?? "-", file.path],
    ]),
    ...[...inside.rcConf].map(([name, value]) => ["rc", name, renderRcConf([{ name, value }]).trimEnd()]),
    ...inside.run.map((command) => ["run", place(`${command}\n`), short(command)]),
    ...inside.services.map(({ name, restart }) => ["service", name, restart == null ? "-" : restartDigest(restart)]),
    ...(values.healthCheck === undefined
      ? []
      : [["health", place(`${values.healthCheck.command}\n`), values.healthCheck.timeout]]),
  ];
  const archive = ustar(contents.map((content, i) => ({ name: String(i + 1), content })));
  return {
    inside: [...plan.map((fields) => fields.join("\t")), "", ...base64Lines(archive)].join("\n"),
    insideAny: plan.length > 0,
    insideLimit: insideTime(values),
    // What the jail's own rc has to find at its start already.
    insideEarly: inside.users.length + inside.files.length + inside.rcConf.size + inside.services.length > 0,
  };
}

/** Seconds that it may take. */
export function insideTime({ packages, followed, run, healthCheck }: InsideValues): number {
  const long = packages.length > 0 || run.length > 0 || (followed ?? []).some((flavor) => flavor.packages.length > 0);
  return (long ? 3600 : 300) + (healthCheck?.timeout ?? 0);
}

/** What must not be seen in any message. */
export function insideSecrets({ users }: InsideValues): string[] {
  return users.map((user) => user.passwordHash).filter((hash) => hash !== "*");
}

function userLines(user: InsideUser): string[] {
  const groups = [...user.groups].sort().join(",") || "-";
  return [
    `user ${user.name} uid=${user.uid ?? "-"} groups=${groups} shell=${user.shell} home=${user.home} gecos=${user.gecos}`.trimEnd(),
    ...(user.passwordHash === "*" ? [] : [`password ${user.name} sha256:${short(user.passwordHash)}`]),
  ];
}

function ownFile(path: string, file: InsideValues["files"][string]): InsideFile {
  const { mode, owner, group } = file as { mode?: number; owner?: string | number; group?: string | number };
  return {
    path,
    mode: mode ?? 0o644,
    owner: String(owner ?? "root"),
    group: group === undefined ? groupOf(owner) : String(group),
    content: "source" in file ? readLocal(path, file.source) : Buffer.from(file.content),
  };
}

/** Of a number the same number; of a user the user's own, which only the jail knows. */
function groupOf(owner: string | number | undefined): string | undefined {
  if (owner === undefined || owner === "root" || owner === 0) return "wheel";
  return typeof owner === "number" ? String(owner) : undefined;
}

function keysOf(user: InsideUser): InsideFile {
  const content = Buffer.from(`${user.sshKeys.join("\n")}\n`);
  return { path: `${user.home}/.ssh/authorized_keys`, mode: 0o600, owner: user.name, group: undefined, content };
}

function rcValue(value: string | number | boolean): string {
  return typeof value === "boolean" ? (value ? "YES" : "NO") : String(value);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function short(text: string): string {
  return sha256(text).slice(0, 16);
}

function restartDigest(value: unknown): string {
  return short(canonical(value));
}

/** Lines as b64decode(1) takes them. */
function base64Lines(data: Buffer): string[] {
  return data.toString("base64").match(/.{1,76}/g) ?? [];
}
