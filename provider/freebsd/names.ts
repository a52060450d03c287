import { refuse } from "./escape";

export { absolutePath, pathInJail } from "./paths";
export { isNewerThanKernel, releaseName, releaseOfKernel } from "./releases";

/** What lies beside the jails in their root, and what rc(8) calls all jails. */
const reserved = new Set(["sharedfs", "template", "flavors", "archive", "images", "_ALL"]);

/** Longest name of a jail: `jail_NAME_console.log` and the like have to be names of files, too. */
const longestJailName = 200;

/** Checks a jail's name as jail(8), jail.conf(5), the rc scripts and its files all take it. */
export function jailName(value: string): string {
  const allowed = `letters, digits, “-” and “_” (at most ${longestJailName}), not beginning with “-”, not only digits`;
  if (!/^[A-Za-z0-9_][A-Za-z0-9_-]*$/.test(value) || /^\d+$/.test(value) || value.length > longestJailName) {
    refuse(value, "the name of a jail", allowed);
  }
  if (reserved.has(value)) refuse(value, "the name of a jail", "this name stands for something else among the jails");
  return value;
}

/** Checks a host name as hostname(1) takes it: words of letters, digits, “-” and “_” with dots between them. */
export function hostName(value: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9_-]*(\.[A-Za-z0-9_][A-Za-z0-9_-]*)*$/.test(value) && value.length <= 255) return value;
  const allowed = "letters, digits, “-” and “_” with single dots between them, at most 255 characters";
  return refuse(value, "a host name", allowed);
}

/** Checks the name of a flavor, which is the name of a folder. */
export function flavorName(value: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(value) && value.length <= longestJailName) return value;
  const allowed = `letters, digits, “.”, “_” and “-” (at most ${longestJailName}), beginning with a letter, a digit or “_”`;
  return refuse(value, "the name of a flavor", allowed);
}

/** Checks the name of a user or a group as pw(8) takes it. */
export function userName(value: string): string {
  if (/^[A-Za-z0-9_][A-Za-z0-9._-]*$/.test(value) && !/^\d+$/.test(value) && value.length <= 32) return value;
  const allowed =
    "letters, digits, “.”, “_” and “-” (at most 32), beginning with a letter, a digit or “_”, not only digits";
  return refuse(value, "the name of a user or a group", allowed);
}
