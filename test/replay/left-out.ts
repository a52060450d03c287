import type { Block } from "./recording";

/** A block that is not compared, and why. It is played all the same, for what it does to the machine. */
interface LeftOut {
  readonly recording: string;
  /** How its command begins. */
  readonly begins: string;
  readonly reason: string;
}

const zfs = "ZFS is an issue of its own: the stand-in has no zfs(8) yet";

const table: readonly LeftOut[] = [{ recording: "09-zfs", begins: "", reason: zfs }];

/** Why a block is left out, if it is. */
export function leftOut(recording: string, block: Block): string | undefined {
  return table.find((entry) => entry.recording === recording && block.command.startsWith(entry.begins))?.reason;
}
