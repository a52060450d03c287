import { formatSize, parseSize } from "../freebsd/sizes";
import type { ImageShape } from "./imageSchema";
import { readJail } from "./jailRead";
import type { Found } from "./resource";
import type { Snapshot } from "./snapshot";
import type { Bag, Values } from "./validate";

/** What a refresh finds of an image jail; undefined if it or its disk is gone, or not ours any more. */
export function readImageJail(snapshot: Snapshot, olds: Bag & Values<ImageShape>): Found | undefined {
  const bytes = snapshot.images.get(String(olds["imageFile"]));
  const found = bytes === undefined ? undefined : readJail(snapshot, olds, true);
  if (bytes === undefined || found === undefined) return undefined;
  const state = found.inputs["running"] === true ? "running" : attached(snapshot, olds) ? "attached" : "stopped";
  const image = bytes === parseSize(olds.image.size) ? olds.image : { ...olds.image, size: formatSize(bytes) };
  return {
    inputs: { ...found.inputs, state, image },
    outputs: { ...found.outputs, ...(state === "running" ? {} : { state }) },
  };
}

function attached(snapshot: Snapshot, olds: Bag): boolean {
  return snapshot.mounts.some((mount) => mount.node === olds["path"] && mount.special.startsWith("/dev/md"));
}
