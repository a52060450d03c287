import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { addressOf, type Connection, type ProxyConnection } from "./connection";
import { HostError } from "./error";

/** "SHA256:…" of a public key's line, as ssh shows it. */
export function fingerprint(line: string): string {
  const key = /(?:^|\s)(?:ssh|ecdsa|sk)-\S+\s+(\S+)/.exec(line)?.[1] ?? line.split(" ")[1] ?? "";
  return `SHA256:${createHash("sha256").update(Buffer.from(key, "base64")).digest("base64").replace(/=+$/, "")}`;
}

/** The error for a host whose key is not known, or is another; undefined if the host's key is not what failed. */
export function hostKeyRefusal(hop: Connection | ProxyConnection, stderr: readonly string[]): HostError | undefined {
  const text = stderr.join("\n");
  const offered = offeredKey(text);
  if (/no matching host key type found/.test(text) && hop.hostKey !== undefined)
    return changed(hop, "a key of another type", fingerprint(hop.hostKey));
  if (!/Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/.test(text)) return undefined;
  if (hop.hostKey !== undefined) return changed(hop, offered, fingerprint(hop.hostKey));
  const offending = /Offending \S+ key in (.+):(\d+)/.exec(text);
  if (offending) return changed(hop, offered, knownKey(offending[1] ?? "", Number(offending[2])), offending[0]);
  if (/REMOTE HOST IDENTIFICATION HAS CHANGED/.test(text)) return changed(hop, offered, "another one");
  return unknown(hop, offered);
}

/** "ssh-ed25519 SHA256:…", from what ssh says while it connects: the last one, behind a proxy. */
function offeredKey(text: string): string {
  return [...text.matchAll(/Server host key: (\S+ \S+)/g)].at(-1)?.[1] ?? "a key";
}

function changed(hop: Connection | ProxyConnection, offered: string, expected: string, where = ""): HostError {
  const source = where ? `${where.replace("Offending", "known from the")}` : "`hostKey`";
  return new HostError(
    "host_key_changed",
    `${addressOf(hop)}: the host shows another key than it should. Expected: ${expected} (${source}); shown: ${offered}. ` +
      "If the host was installed anew, put its new key in place of the old one; if not, somebody stands in between.",
  );
}

function unknown(hop: Connection | ProxyConnection, offered: string): HostError {
  const port = hop.port === undefined || hop.port === 22 ? "" : `-p ${hop.port} `;
  return new HostError(
    "host_key_unknown",
    `${addressOf(hop)}: the host's key is not known: ${offered}. Compare it with what \`ssh-keygen -lf ` +
      "/etc/ssh/ssh_host_ed25519_key.pub` says on the host; then pin it: `hostKey` is the line that " +
      `\`ssh-keyscan -t ed25519 ${port}${hop.host}\` prints, without the name in front. ` +
      "(Or connect once with ssh, or set `trustOnFirstUse: true`.)",
  );
}

function knownKey(file: string, line: number): string {
  try {
    return fingerprint(readFileSync(file, "utf8").split("\n")[line - 1] ?? "");
  } catch {
    return "another one";
  }
}
