import { isOneLine, refuse } from "./escape";

/** PATH_MAX less the NUL (intro(2)), and the longest name of a file. */
const longestPath = 1023;
const longestName = 255;

/**
 * Checks an absolute path on the host that can stand in fstab(5), jail.conf(5) and a shell's command line without quotes.
 * A slash at its end is taken off.
 */
export function absolutePath(value: string): string {
  const path = value.replace(/([^/])\/$/, "$1");
  if (!isTidy(path)) refuse(value, "an absolute path", "begin with “/”, without “..”, “.” and “//”");
  if (!/^[A-Za-z0-9._/+@%,=:~-]+$/.test(path)) {
    refuse(
      value,
      "a path that all of FreeBSD's files can have",
      "letters, digits and . _ / + @ % , = : ~ - only, no white space",
    );
  }
  return path;
}

/** Checks the path of a file in a jail, from the jail's root on; spaces and other letters are fine here. */
export function pathInJail(value: string): string {
  if (!isTidy(value) || value === "/" || !isOneLine(value)) {
    refuse(
      value,
      "the path of a file in a jail",
      "begin with “/” and end with a name, without “..”, “.”, “//” and control characters",
    );
  }
  return value;
}

/** True if the path is absolute, has no empty, `.` or `..` part, and is no longer than the kernel takes. */
function isTidy(path: string): boolean {
  if (!path.startsWith("/") || Buffer.byteLength(path) > longestPath) return false;
  if (path === "/") return true;
  const parts = path.slice(1).split("/");
  return parts.every((part) => part !== "" && part !== "." && part !== ".." && Buffer.byteLength(part) <= longestName);
}
