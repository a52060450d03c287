import { type Header, pack } from "tar-stream";
import type { Target } from "./target";

/** Writes a file of the host, to the byte. */
export async function write(target: Target, path: string, text: string): Promise<void> {
  const octal = [...Buffer.from(text)].map((byte) => `\\${byte.toString(8).padStart(3, "0")}`).join("");
  expect(await target.sh(`printf '${octal}' >${path}`)).toMatchObject({ status: 0, stderr: "" });
}

/** A member of an archive; a file has the word "evil" in it. */
export type Member = Partial<Header> & { readonly name: string };

/** An archive of such members, whatever tar itself thinks of them. */
export async function packed(members: readonly Member[]): Promise<Buffer> {
  const archive = pack();
  for (const member of members) archive.entry(member, member.type === "file" ? "evil" : "");
  archive.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of archive) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
