import { anchor, anchorLines } from "../freebsd/pfConf";
import { pfStatements } from "../freebsd/pfConfLexer";
import type { PfShape } from "./pfSchema";
import type { Found } from "./resource";
import { markOf, type Snapshot } from "./snapshot";
import type { Bag, Values } from "./validate";

/** What a refresh finds of a rule; undefined if its mark is gone, or another's. */
export function readRule(snapshot: Snapshot, olds: Bag & Values<PfShape>): Found | undefined {
  const mark = markOf(snapshot, `pf.${olds.name}`);
  if (mark?.["token"] !== olds["token"]) return undefined;
  const wrong = whatIsWrong(snapshot, olds);
  return { inputs: wrong === undefined ? {} : { rule: wrong }, outputs: {} };
}

/** What is in the rule's place, in words or in pf's; undefined if it is in force, and will be after a reboot. */
function whatIsWrong(snapshot: Snapshot, olds: Bag & Values<PfShape>): string | undefined {
  const lines = (key: string) => (snapshot.pf.get(key) ?? "").split("\n").filter(Boolean);
  const loaded = (olds["loaded"] ?? []) as readonly string[];
  if (lines("running")[0] === "Enabled") {
    const main = lines("main");
    if (["nat", "rdr", "binat"].some((kind) => !main.includes(`${kind}-anchor "${anchor.name}" all`)))
      return "(not in force: pf's rules do not lead to it)";
    const foreign = lines("anchor").filter((line) => !knownLines(snapshot).has(line));
    if (foreign.length > 0) return foreign.join("\n");
    if (loaded.some((line) => !lines("anchor").includes(line))) return "(not in force: pf's rules were flushed)";
  } else if (olds.enable) return "(not in force: pf is disabled)";
  if (olds.enable && lines("boot")[0] !== "true") return "(not at boot: pf_enable is not set)";
  if (!lines("file").includes(String(olds["installed"]))) return `(not at boot: ${anchor.file} lacks it)`;
  const conf = new Set(pfStatements(snapshot.pf.get("conf") ?? "").map((one) => one.text.replace(/\s+/g, " ")));
  if (anchorLines.some((line) => !conf.has(line))) return "(not at boot: pf.conf does not lead to it)";
  return undefined;
}

/** What pf shows of all rules of ours, whichever stack's they are. */
function knownLines(snapshot: Snapshot): Set<string> {
  const marks = [...snapshot.files].filter(([path]) => path.startsWith("/var/db/pulumi-freebsd-jails/pf."));
  const lines = marks.flatMap(([, text]) => text.split("\n"));
  return new Set(lines.flatMap((line) => (line.startsWith("printed=") ? [line.slice("printed=".length)] : [])));
}
