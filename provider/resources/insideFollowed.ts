import { allUsers } from "./flavorMade";
import type { FlavorValues } from "./flavorSchema";
import { flavorEntries } from "./flavorTree";
import type { Followed, InsideValues } from "./insideSchema";

/** A file of a flavor for a jail that is there. */
export interface FollowedFile {
  readonly path: string;
  readonly mode: number;
  readonly owner: string;
  readonly group: string | undefined;
  readonly content: Buffer;
}

/** The flavor's files for a jail that follows it; what is merged, and what is for a new jail alone, is left out. */
export function followedFiles(flavor: Followed): FollowedFile[] {
  const users = followedUsers(flavor);
  const homes = new Set(users.map((user) => (user.home ?? `/home/${user.name}`).slice(1)));
  const ofUser = (path: string) =>
    [...homes].some((home) => path === `${home}/.ssh/authorized_keys` || path === `${home}/.profile`);
  return flavorEntries({ ...whole(flavor), rcConf: {}, sshUser: undefined, packages: [] })
    .filter(({ path, link }) => link === undefined && !path.startsWith(".flavor/") && !ofUser(path))
    .map(({ path, mode, uid, gid, content }) => ({
      path: `/${path}`,
      mode,
      owner: uid === 0 ? "root" : String(uid),
      group: gid === 0 ? "wheel" : String(gid),
      content,
    }));
}

/** The flavor's users, and that of its `sshUser`. In a jail that is there, numbers that nobody gave are those that are free. */
export function followedUsers(flavor: Followed): InsideValues["users"] {
  const given = new Map(
    [...flavor.users, ...(flavor.sshUser ? [flavor.sshUser] : [])].map(({ name, uid }) => [name, uid]),
  );
  return allUsers(whole(flavor)).map((user) => ({ ...user, uid: given.get(user.name) }));
}

/** A flavor's properties, without those that are for new jails alone. */
function whole({ directory, pkgRepository, sshUser, resolvConf, ...flavor }: Followed): FlavorValues {
  const newOnly = { root: "", timezone: undefined, firstBoot: undefined, connection: undefined, owner: "" };
  return { ...flavor, ...newOnly, directory, pkgRepository, sshUser, resolvConf };
}
