import { renderGroup, renderUser } from "../freebsd/passwd";
import { renderPkgRepo } from "../freebsd/pkgRepo";
import { renderRcConf } from "../freebsd/rcConf";
import type { FlavorUser, FlavorValues } from "./flavorSchema";
import { type Entry, made } from "./flavorTree";

/** The files that the other properties of a flavor stand for. */
export function madeFiles(values: FlavorValues): Entry[] {
  const users = allUsers(values);
  const settings = Object.entries({ ...(values.sshUser ? { sshd_enable: true } : {}), ...values.rcConf }).map(
    ([name, value]) => ({
      name,
      value: typeof value === "boolean" ? (value ? "YES" : "NO") : String(value),
    }),
  );
  return [
    ...(settings.length > 0 ? [made("etc/rc.conf", renderRcConf(settings))] : []),
    ...(values.pkgRepository
      ? [made(`usr/local/etc/pkg/repos/${values.pkgRepository.name}.conf`, renderPkgRepo(values.pkgRepository))]
      : []),
    ...(values.packages.length > 0 ? [made(".flavor/packages", `${values.packages.join("\n")}\n`, 0o600)] : []),
    ...(values.timezone === undefined ? [] : [made("var/db/zoneinfo", `${values.timezone}\n`)]),
    ...(values.resolvConf === undefined || values.resolvConf === "host"
      ? []
      : [made("etc/resolv.conf", values.resolvConf)]),
    ...(values.firstBoot === undefined ? [] : firstBoot(values.name, values.firstBoot)),
    ...(users.length > 0 ? userFiles(users) : []),
  ];
}

/** `users`, and the user of `sshUser`: a member of wheel who has to change the password that was given out. */
export function allUsers({
  users,
  sshUser,
}: Pick<FlavorValues, "users" | "sshUser">): (FlavorUser & { uid: number })[] {
  const more = sshUser
    ? [{ ...sshUser, groups: ["wheel"], gecos: "", home: undefined, mustChangePassword: sshUser.passwordHash !== "*" }]
    : [];
  return [...users, ...more].map((user, i) => ({ ...user, uid: user.uid ?? 1001 + i }));
}

/** What is merged into the jail's user database, and the users' keys. */
function userFiles(users: readonly (FlavorUser & { uid: number })[]): Entry[] {
  const lines = users.map((user) =>
    renderUser({
      name: user.name,
      password: user.passwordHash,
      uid: user.uid,
      gid: user.uid,
      mustChangePassword: user.mustChangePassword,
      gecos: user.gecos,
      home: homeOf(user),
      shell: user.shell,
    }),
  );
  const keys = users
    .filter((user) => user.sshKeys.length > 0)
    .map((user) =>
      made(`${homeOf(user).slice(1)}/.ssh/authorized_keys`, `${user.sshKeys.join("\n")}\n`, 0o600, user.uid, user.uid),
    );
  const homes = users
    .filter((user) => user.sshKeys.length === 0)
    .map((user) => made(`${homeOf(user).slice(1)}/.profile`, "", 0o644, user.uid, user.uid));
  return [
    made(".flavor/master.passwd", `${lines.join("\n")}\n`, 0o600),
    made(".flavor/group", `${groupLines(users).join("\n")}\n`, 0o600),
    ...keys,
    ...homes,
  ];
}

function homeOf(user: FlavorUser): string {
  return user.home ?? `/home/${user.name}`;
}

/** Every user's own group, and the groups that they are members of. */
function groupLines(users: readonly (FlavorUser & { uid: number })[]): string[] {
  const own = users.map((user) => renderGroup({ name: user.name, gid: user.uid, members: [] }));
  const named = [...new Set(users.flatMap((user) => user.groups))];
  const others = named.map((name, i) =>
    renderGroup({
      name,
      gid: standardGroups[name] ?? 2000 + i,
      members: users.filter((user) => user.groups.includes(name)).map((user) => user.name),
    }),
  );
  return [...own, ...others];
}

/** Groups that FreeBSD comes with; a group of another name is made. */
const standardGroups: Readonly<Record<string, number>> = {
  wheel: 0,
  daemon: 1,
  operator: 5,
  bin: 7,
  games: 13,
  staff: 20,
  guest: 31,
  video: 44,
  www: 80,
  network: 69,
  dialer: 68,
};

/** A script of rc(8) that runs once, at the first start: KEYWORD firstboot and the file /firstboot make it so. */
function firstBoot(flavor: string, script: string): Entry[] {
  const name = `flavor_${flavor.replace(/[^A-Za-z0-9]/g, "_")}`;
  const place = `/usr/local/libexec/firstboot/${flavor}`;
  const rc = `#!/bin/sh
# PROVIDE: ${name}
# REQUIRE: NETWORKING FILESYSTEMS
# KEYWORD: firstboot

. /etc/rc.subr

name="${name}"
start_cmd="/bin/sh ${place}"
stop_cmd=":"

load_rc_config $name
run_rc_command "$1"
`;
  return [
    made(place.slice(1), script.endsWith("\n") ? script : `${script}\n`, 0o755),
    made(`usr/local/etc/rc.d/${name}`, rc, 0o755),
    made("firstboot", ""),
  ];
}
