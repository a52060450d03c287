import { parseSize } from "../freebsd/sizes";
import { type ImageValues, imageFile } from "./imageSchema";
import { jailPreflight } from "./jailPreflight";
import { type Asked, diskOf, type Findings, roomFor } from "./preflight";
import type { Bag } from "./validate";

/** What the host has against an image jail: a Jail's, and a disk that has no room. */
export function imagePreflight(asked: Asked, olds: Bag, values: Partial<ImageValues> & Bag): Findings {
  const found = jailPreflight(asked, olds, values);
  const { name, base, image } = values;
  if (name === undefined || base === undefined || image === undefined || olds["name"] !== undefined) return found;
  const file = imageFile({ name, base, image });
  const kilobytes = parseSize(image.size) / 1024;
  if (!image.sparse)
    return { ...found, problems: [...found.problems, ...roomFor(asked, file, kilobytes, `image.size: ${image.size}`)] };
  const free = diskOf(asked, file)?.available ?? kilobytes;
  const warning = `image.size: ${image.size} is more than the ${Math.floor(Math.max(0, free) / 1024)} MB that are left on ${asked.host}; the jail may find its disk full before it is`;
  return free >= kilobytes ? found : { ...found, warnings: [...found.warnings, warning] };
}
