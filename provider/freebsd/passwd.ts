import { InvalidValue, isOneLine, refuse, shown } from "./escape";
import { userName } from "./names";
import { pathInJail } from "./paths";

export { authorizedKey, passwordHash } from "./credentials";

/** A line of master.passwd(5). */
export interface User {
  readonly name: string;
  /** A hash of crypt(3), or `*`: nobody can log in with a password. */
  readonly password?: string | undefined;
  readonly uid: number;
  readonly gid: number;
  /** The class of login.conf(5). */
  readonly class?: string | undefined;
  /** The password has to be changed at the next login. */
  readonly mustChangePassword?: boolean | undefined;
  /** When the account ends, in seconds since 1970; 0 is never. */
  readonly expire?: number | undefined;
  readonly gecos?: string | undefined;
  readonly home: string;
  readonly shell?: string | undefined;
}

/** A line of group(5). */
export interface Group {
  readonly name: string;
  readonly gid: number;
  readonly members: readonly string[];
}

/** The largest number of a user or a group; the two above it mean "nobody in particular" to the kernel. */
const largestId = 4294967293;

/** A line of master.passwd(5), without a line break. */
export function renderUser(user: User): string {
  const password = user.password ?? "*";
  // A hash that is wrong in itself is refused where it is given; here it is only kept from breaking the file.
  if (/[:\s]/.test(password) || !isOneLine(password)) {
    throw new InvalidValue(`The password of ${user.name} is not the hash of one: it has no colons and no white space.`);
  }
  return [
    userName(user.name),
    password,
    id(user.uid),
    id(user.gid),
    field("class", user.class ?? ""),
    user.mustChangePassword ? 1 : 0, // a time long ago
    id(user.expire ?? 0),
    field("full name", user.gecos ?? ""),
    field("home", pathInJail(user.home)),
    field("shell", pathInJail(user.shell ?? "/bin/sh")),
  ].join(":");
}

/** A line of group(5), without a line break. */
export function renderGroup({ name, gid, members }: Group): string {
  return `${userName(name)}:*:${id(gid)}:${members.map(userName).join(",")}`;
}

/** Reads the lines of a master.passwd(5); comments are passed over. */
export function parseUsers(text: string): User[] {
  return fieldsOf(text, 10).map(
    ([name = "", password, uid, gid, loginClass, change, expire, gecos, home = "", shell]) => ({
      name,
      password,
      uid: Number(uid),
      gid: Number(gid),
      class: loginClass,
      mustChangePassword: change !== "0" && change !== "",
      expire: Number(expire),
      gecos,
      home,
      shell,
    }),
  );
}

/** Reads the lines of a group(5); comments are passed over. */
export function parseGroups(text: string): Group[] {
  return fieldsOf(text, 4).map(([name = "", , gid, members = ""]) => ({
    name,
    gid: Number(gid),
    members: members.split(",").filter((member) => member !== ""),
  }));
}

function fieldsOf(text: string, count: number): string[][] {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return lines.map((line) => {
    const fields = line.split(":");
    if (fields.length !== count) {
      // Not the whole line: there is a hash in it.
      throw new InvalidValue(`The line of ${shown(fields[0])} has ${fields.length} fields instead of ${count}.`);
    }
    return fields;
  });
}

function id(value: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= largestId) return value;
  return refuse(value, "a number in master.passwd or group", `whole numbers from 0 to ${largestId}`);
}

function field(what: string, value: string): string {
  if (isOneLine(value) && !value.includes(":")) return value;
  throw new InvalidValue(`${shown(value)} is not the ${what} of a user: write it on one line, without colons.`);
}
