import type { Command } from "../host/machine";

/** What a preview with `--diff` shows of one resource. */
export interface Shown {
  /** "update", "replace", "create" … */
  readonly op: string;
  /** Its lines that begin with +, - or ~, white space folded. */
  readonly lines: readonly string[];
}

/** The blocks of `pulumi preview --diff`, by the resources' names; with a refresh, or for a replacement, a resource has several. */
export function blocks(output: string): ReadonlyMap<string, readonly Shown[]> {
  const found = new Map<string, Shown[]>();
  let op = "";
  let current: string[] = [];
  for (const line of output.split("\n")) {
    const head = line.match(/pulumi-nodejs:dynamic\/freebsd:\w+: \(([\w-]+)\)/);
    const urn = line.match(/^\s*\[urn=.*::([^:\]]+)\]$/);
    if (head || /^(Resources|Diagnostics|Policies|Outputs|Duration):|^ {4}--outputs/.test(line)) {
      op = head?.[1] ?? "";
      current = [];
    } else if (urn?.[1] && op !== "") {
      found.set(urn[1], [...(found.get(urn[1]) ?? []), { op, lines: current }]);
    } else if (op !== "" && /^\s*[-+~]+ /.test(line)) current.push(folded(line));
  }
  return found;
}

function folded(line: string): string {
  return (
    line
      .trim()
      .replace(/\s+/g, " ")
      .replace(/[0-9a-f]{64}/g, "#")
      // A base's folder has a digest of where it comes from.
      .replace(/((?:sharedfs|template)\/[\w.-]*?)-[0-9a-f]{8}\b/g, "$1-#")
      .replace(/^(\S+ [\w".@:/-]+) :/, "$1:")
  );
}

/** What a machine's programs did to a jail and its addresses, in order, in short. */
export function deeds(
  commands: readonly Command[],
  jails: readonly string[],
  addresses: readonly string[],
): readonly string[] {
  const deedOfAny = (argv: readonly string[]) => [
    ...new Set(jails.flatMap((jail) => deed(argv, jail, addresses) ?? [])),
  ];
  return commands.filter((command) => command.jail === undefined).flatMap(({ argv }) => deedOfAny(argv));
}

function deed(argv: readonly string[], jail: string, addresses: readonly string[]): string | undefined {
  const [file = "", ...args] = argv;
  const program = file.replace(/^.*\//, "");
  if (program === "jail") return jailDeed(args, jail);
  if (program === "jexec" && args[0] === jail) return "jexec";
  if (program === "ifconfig" && args.includes(args.includes("-alias") ? "-alias" : "alias")) {
    const address = args[2]?.replace(/\/.*$/, "") ?? "";
    if (addresses.includes(address)) return `${args.includes("-alias") ? "takes off" : "adds"} ${address}`;
  }
  if (program === "mv" && args.some((arg) => arg === `/usr/jails/${jail}`)) return "moves its tree";
  return undefined;
}

function jailDeed(args: readonly string[], jail: string): string | undefined {
  const of = (text: string) => args.includes(text);
  if (of("-m") && of(`name=${jail}`))
    return ["jail -m", ...args.slice(args.indexOf("-m") + 1).filter((arg) => arg !== `name=${jail}`)].join(" ");
  if (of("-c") && args.some((arg) => arg === `path=/usr/jails/${jail}`)) return "one-shot";
  if (!of(jail)) return undefined;
  return of("-c") ? "starts" : of("-r") ? "stops" : of("-R") ? "is removed by force" : undefined;
}
