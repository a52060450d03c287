import type { Block } from "./recording";

/** A block that is not compared, and why. It is played all the same, for what it does to the machine. */
interface LeftOut {
  readonly recording: string;
  /** How its command begins. */
  readonly begins: string;
  readonly reason: string;
}

const send = "the stand-in's zfs(8) sends nothing";
const shell = "the shell itself: the stand-in's /bin/sh is Debian's dash, which differs from FreeBSD's here";
const slow = "that machine was so slow that /etc/rc took more than the two seconds of exec.timeout";

/** Every block that is not compared. */
export const leftOutTable: readonly LeftOut[] = [
  {
    recording: "05-jails-more",
    begins: 'sed -i "" "s,exec.poststart = \\"/usr/bin/false\\";,exec.timeout = 2',
    reason: slow,
  },
  { recording: "05-jails-more", begins: "echo $0; set -o", reason: `${shell} (the list of its options)` },
  {
    recording: "05-jails-more",
    begins: 'printf "%s\\n" "a\\\\tb"; echo',
    reason: `${shell} (its echo takes backslashes)`,
  },
  { recording: "05-jails-more", begins: "set -o pipefail", reason: `${shell} (dash has no pipefail)` },
  { recording: "05-jails-more", begins: "kill -l", reason: `${shell} (the built-in kill lists Linux's signals)` },
  {
    recording: "05-jails-more",
    begins: "command -v test printf kill wait",
    reason: `${shell} (it takes several words)`,
  },
  { recording: "05-jails-more", begins: "ulimit -n", reason: "the limit of open files is that of the machine around" },
  { recording: "09-zfs", begins: "zfs send", reason: send },
];

/** Why a block is left out, if it is. */
export function leftOut(recording: string, block: Block): string | undefined {
  return leftOutTable.find((entry) => entry.recording === recording && block.command.startsWith(entry.begins))?.reason;
}
