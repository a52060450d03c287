import type { Row } from "../row";
import { disk } from "./disk";
import { files, large } from "./files";
import { jailLive } from "./jailLive";
import { jailRestart } from "./jailRestart";
import { network } from "./network";

/** The whole table, in the parts that are played at once. */
export const parts: readonly (readonly [title: string, rows: readonly Row[]])[] = [
  ["a jail changes live", jailLive],
  ["a jail is stopped or started", jailRestart],
  ["a jail's disk", disk],
  ["networks", network],
  ["files", files],
  ["archives and bases", large],
];

export const rows: readonly Row[] = parts.flatMap(([, all]) => all);
