import { InvalidValue, shown } from "./escape";

/** How full a file system is, in blocks of 1024 bytes. */
export interface FileSystemUsage {
  readonly special: string;
  readonly node: string;
  readonly total: number;
  readonly used: number;
  /** Negative where root has used up what is kept free. */
  readonly available: number;
}

/** Reads what `df -k` prints (df(1)). */
export function parseDf(text: string): FileSystemUsage[] {
  const [header = "", ...lines] = text.split("\n").filter((line) => line !== "");
  if (!/^Filesystem +(1024|1K)-blocks +Used +Avail +Capacity +Mounted on$/.test(header)) {
    throw new InvalidValue(`df printed another header than that of df -k: ${shown(header)}.`);
  }
  return lines.map((line) => {
    const fields = /^(.+?) +(\d+) +(\d+) +(-?\d+) +(?:\d+%|-) +(\/.*)$/.exec(line);
    if (!fields) throw new InvalidValue(`df printed a line that makes no sense: ${shown(line)}.`);
    const [, special = "", total, used, available, node = ""] = fields;
    return { special, node, total: Number(total), used: Number(used), available: Number(available) };
  });
}
