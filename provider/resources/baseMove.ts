import type { Operation } from "../host/host";
import { report } from "../host/log";
import { zoneOf } from "./jailSchema";
import type { Context } from "./resource";
import type { Bag } from "./validate";

/** A jail on its way from one base to another. */
interface Move {
  readonly from: string;
  readonly to: string;
}

/** A jail's tree lies in its base's zone. */
export function otherZone(olds: Bag, { base }: { readonly base?: string | undefined }): string[] {
  const before = olds["base"];
  if (typeof before !== "string" || typeof base !== "string" || zoneOf(before).root === zoneOf(base).root) return [];
  return [
    `base: the jail lies in ${zoneOf(before).root}, and ${base} in another zone; a jail doesn't move there: archive it (JailArchive), and make one there with \`restore\``,
  ];
}

/** The operation, which says when it is done how long the jail was down. Its stop and its start are told as they happen. */
export async function timed<T>(
  context: Context,
  operation: Operation,
  { from, to }: Move,
  run: (operation: Operation) => Promise<T>,
): Promise<T> {
  let stopped: number | undefined;
  let down = 0;
  const onFact = (key: string, text: string) => {
    operation.onFact?.(key, text);
    if (key !== "life") return;
    if (text === "down") stopped ??= performance.now();
    else if (stopped !== undefined) {
      down += performance.now() - stopped;
      stopped = undefined;
    }
  };
  const result = await run({ ...operation, onFact });
  if (from !== to) report(`${context.label} on ${context.host.address}: ${moved(from, to, down)}`);
  return result;
}

function moved(from: string, to: string, down: number): string {
  const name = (path: string) => path.slice(path.lastIndexOf("/") + 1);
  const time = down === 0 ? "it does not run" : `it was down for ${(down / 1000).toFixed(1)} s`;
  return `moved from ${name(from)} to ${name(to)}; ${time}`;
}
