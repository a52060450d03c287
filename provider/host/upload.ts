import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import type { Upload } from "./host";

/** Bytes in one chunk: a few milliseconds of the host, and short enough for other operations to get in between. */
export const chunkSize = 384 * 1024;

/** A file to send: its digest, and its parts from any offset on. */
export interface Source {
  readonly size: number;
  readonly sha256: string;
  chunks(offset: number): AsyncIterable<Uint8Array>;
}

/** Reads an upload's digest; the file itself is read again in parts when it is sent. */
export async function sourceOf(upload: Upload): Promise<Source> {
  if ("data" in upload) return ofData(upload.data);
  const file = await open(upload.path);
  try {
    const hash = createHash("sha256");
    let size = 0;
    for await (const chunk of read(file, 0)) {
      hash.update(chunk);
      size += chunk.length;
    }
    return { size, sha256: hash.digest("hex"), chunks: (offset) => readPath(upload.path, offset) };
  } finally {
    await file.close();
  }
}

function ofData(data: Uint8Array): Source {
  const sha256 = createHash("sha256").update(data).digest("hex");
  return { size: data.length, sha256, chunks: (offset) => slices(data, offset) };
}

async function* slices(data: Uint8Array, offset: number): AsyncGenerator<Uint8Array> {
  for (let at = offset; at < data.length; at += chunkSize) yield data.subarray(at, at + chunkSize);
}

async function* readPath(path: string, offset: number): AsyncGenerator<Uint8Array> {
  const file = await open(path);
  try {
    yield* read(file, offset);
  } finally {
    await file.close();
  }
}

async function* read(file: FileHandle, offset: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(chunkSize);
  for (let at = offset; ; ) {
    const { bytesRead } = await file.read(buffer, 0, chunkSize, at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}
