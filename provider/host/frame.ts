import { createHash } from "node:crypto";
import { core, readLibrary } from "./library";

/** Where an operation runs on the host: its number, and the place (work folder, files) that it has there. */
export interface Slot {
  readonly id: number;
  readonly place: number;
}

/** What the worker needs besides the operation itself. */
export interface OperationFrame extends Slot {
  readonly timeout: number;
  readonly lockTimeout: number;
  readonly locks: readonly string[];
  readonly body: string;
}

/** An upload that an earlier session began. */
export interface Resumed {
  readonly nonce: string;
  readonly place: number;
}

/** The byte between the parts of a body; no text has it. */
export const separator = "\x1e";

/**
 * The frames of one session. Each stands in braces, so that a line that is cut inside of it runs nothing, and holds only
 * hex digits, integers, names of locks and base64; the exceptions are our own shell and the folder of an upload, behind
 * a here-document whose end nobody can guess.
 */
export class Frames {
  constructor(readonly nonce: string) {}

  /** The worker itself, and what every operation needs. SLOTS 0: as the host's CPUs say. */
  bootstrap(previous: string | undefined, slots: number): string {
    const { worker } = readLibrary();
    const start = `{ set -- ${this.nonce} ${previous ?? "none"} ${slots} "\${1:-}"\n${worker}}\n`;
    return start + this.library(core);
  }

  /** Files that operations are made of. */
  library(names: readonly string[]): string {
    const files = new Map(readLibrary().files);
    const text = names.map((name) => files.get(name)?.trimEnd()).join(separator);
    return this.#document(`library ${sha256(text)} ${names.join(" ")}`, `${text}\n`);
  }

  operation(frame: OperationFrame): string {
    const { id, place, timeout, lockTimeout, locks, body } = frame;
    const words = [id, place, Math.ceil(timeout), Math.ceil(lockTimeout), sha256(body), ...locks.map(lockFile)];
    return this.#document(`op ${words.join(" ")}`, base64(Buffer.from(body)));
  }

  upload(slot: Slot, folder: string, resumed?: Resumed): string {
    if (/[\n\0]/.test(folder) || !folder.startsWith("/")) throw new Error(`${folder} is no folder for an upload`);
    const from = resumed ? `${resumed.nonce} ${resumed.place}` : "none 0";
    return this.#document(`upload ${slot.id} ${slot.place} ${from}`, `${folder}\n`);
  }

  chunk(place: number, data: Uint8Array): string {
    return this.#document(`chunk ${place}`, base64(Buffer.from(data)));
  }

  cancel(slot: Slot): string {
    return `{ cancel ${slot.id} ${slot.place}\n}\n`;
  }

  bye(): string {
    return "{ bye\n}\n";
  }

  #document(command: string, text: string): string {
    const end = `E_${this.nonce}`;
    return `{ ${command} 4<<'${end}'\n${text}${end}\n}\n`;
  }
}

/** The name of a lock as a file's name: one word for the shell, no slash, not too long, equal for equal names only. */
export function lockFile(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9._-]/g, (c) => `%${Buffer.from(c).toString("hex")}`).replace(/^\./, "%2e");
  return plain.length <= 200 ? plain : `${plain.slice(0, 100)}%${sha256(name)}`;
}

/** As the host's `sha256 -q` says it. */
export function sha256(data: string | Uint8Array): string {
  return createHash("sha256").update(data).digest("hex");
}

/** In lines that b64decode(1) takes. */
function base64(data: Buffer): string {
  return data.toString("base64").replace(/.{1,76}/g, "$&\n");
}
