import { refuse } from "./escape";

/** FreeBSD's CPU_MAXSIZE (cpuset(2)). */
const most = 1024;

/** A list of processors as cpuset(1) takes it, in its shortest form: "1,0,3-4" is "0-1,3-4". */
export function cpuList(value: string | number): string {
  const cpus = [
    ...new Set(
      String(value)
        .split(",")
        .flatMap((part) => range(value, part)),
    ),
  ].sort((a, b) => a - b);
  const starts = cpus.filter((cpu) => !cpus.includes(cpu - 1));
  return starts
    .map((from) => {
      let to = from;
      while (cpus.includes(to + 1)) to++;
      return from === to ? String(from) : `${from}-${to}`;
    })
    .join(",");
}

/** The highest processor of a list. */
export function lastCpu(list: string): number {
  return Number(/(\d+)$/.exec(list)?.[1]);
}

function range(value: unknown, part: string): number[] {
  const [, from, to = from] = /^\s*(\d{1,4})(?:-(\d{1,4}))?\s*$/.exec(part) ?? [];
  const [first, last] = [Number(from), Number(to)];
  if (!(first <= last && last < most))
    refuse(value, "a list of processors", 'write numbers and ranges with commas between them, as "0-1,3"');
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}
