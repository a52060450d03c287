import { refuse } from "./escape";

/** Letters of expand_number(3): powers of 1024. */
const units = ["", "k", "m", "g", "t", "p"];
const seconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86400 };

/** A size in bytes, from a number of bytes or a text such as "5m" or "1g" (expand_number(3), mdconfig(8)). */
export function parseSize(value: string | number): number {
  const [, digits, unit = ""] = /^(\d+)([kmgtp]?)$/i.exec(String(value)) ?? [];
  const bytes = Number(digits) * 1024 ** units.indexOf(unit.toLowerCase());
  if (Number.isSafeInteger(bytes) && bytes > 0) return bytes;
  return refuse(value, "a size", 'write a number of bytes, or one with k, m, g, t or p behind it, as "5m"');
}

/** The shortest text of a size that says it exactly: 5242880 is "5m". */
export function formatSize(bytes: number): string {
  let power = 0;
  while (power < units.length - 1 && bytes % 1024 ** (power + 1) === 0) power++;
  return `${bytes / 1024 ** power}${units[power]}`;
}

/** A length of time in seconds, from a number of seconds or a text such as "90s", "5m", "1h" or "2d". */
export function parseDuration(value: string | number): number {
  const [, digits, unit = "s"] = /^(\d+)([smhd]?)$/.exec(String(value)) ?? [];
  const length = Number(digits) * (seconds[unit === "" ? "s" : unit] ?? Number.NaN);
  if (Number.isSafeInteger(length) && length > 0) return length;
  return refuse(value, "a length of time", 'write a number of seconds, or one with s, m, h or d behind it, as "5m"');
}

/** The shortest text of a length of time that says it exactly: 300 is "5m". */
export function formatDuration(length: number): string {
  const unit = ["d", "h", "m"].find((one) => length % (seconds[one] ?? 1) === 0) ?? "s";
  return `${length / (seconds[unit] ?? 1)}${unit}`;
}
