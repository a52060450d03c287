import { InvalidValue, shown } from "./escape";

/** A mounted file system, as mount(8) lists it. */
export interface Mount {
  /** What is mounted: a device, a folder (nullfs), or a word. */
  readonly special: string;
  /** Where it is mounted. */
  readonly node: string;
  readonly type: string;
  readonly options: readonly string[];
  readonly readOnly: boolean;
}

/** Reads `mount -p` or `mount --libxo json` (mount(8)), in the order of mounting. */
export function parseMounts(text: string): Mount[] {
  if (text.trimStart().startsWith("{")) return fromJson(text);
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map(parseLine);
}

/** The mounts at a path and below it, the last one mounted first: the order in which they can be unmounted. */
export function mountsBelow(mounts: readonly Mount[], path: string): Mount[] {
  const inside = (node: string) => node === path || path === "/" || node.startsWith(`${path}/`);
  return mounts.filter(({ node }) => inside(node)).reverse();
}

function fromJson(text: string): Mount[] {
  let parsed: { mount?: { mounted?: unknown } };
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InvalidValue(`mount printed something that is not JSON: ${shown(text)}.`);
  }
  const mounted = parsed.mount?.mounted;
  if (!Array.isArray(mounted)) throw new InvalidValue(`mount printed no list of mounts: ${shown(text)}.`);
  return mounted.map(({ special, node, fstype, opts }: Record<string, unknown>) => {
    const options = Array.isArray(opts) ? opts.map(String) : [];
    return mount(String(special), String(node), String(fstype), options);
  });
}

function mount(special: string, node: string, type: string, options: readonly string[]): Mount {
  return { special, node, type, options, readOnly: options.includes("ro") || options.includes("read-only") };
}

/**
 * A line of `mount -p`. mount fills a name up to 24 columns with tabs; only behind a longer one stands a single space.
 * So a space in a name can be told from the end of it by where it stands.
 */
function parseLine(line: string): Mount {
  for (const [special, rest] of cuts(line)) {
    for (const [node, tail] of cuts(rest)) {
      const fields = /^(\S+)\t(\S+)[\t ]+\d+ +\d+$/.exec(tail);
      if (fields && node.startsWith("/")) return mount(special, node, fields[1] ?? "", (fields[2] ?? "").split(","));
    }
  }
  throw new InvalidValue(`mount printed a line that makes no sense: ${shown(line)}.`);
}

/** The ways to take a name off the line's beginning, the shortest name first. */
function cuts(line: string): [name: string, rest: string][] {
  return [...line.matchAll(/\t+| /g)].flatMap((gap): [string, string][] => {
    const name = line.slice(0, gap.index);
    if (gap[0] === " " && Buffer.byteLength(name) < 24) return [];
    return [[name, line.slice(gap.index + gap[0].length)]];
  });
}
