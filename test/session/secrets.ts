import { readdirSync, readFileSync } from "node:fs";

/** Every form that a secret may be seen in: in clear, quoted, in base64 (at each of three offsets), hex, URL-encoded. */
export function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const base64 = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), bytes])
      .toString("base64")
      .replace(/=+$/, "");
    // The letters at both ends depend on what stands beside the secret.
    return text.slice(offset === 0 ? 0 : offset + 1, -1);
  });
  const quoted = [
    JSON.stringify(secret).slice(1, -1),
    secret.replaceAll("'", "'\\''"),
    secret.replace(/(\W)/g, "\\$1"),
  ];
  const hex = bytes.toString("hex");
  return [
    ...new Set([secret, ...quoted, ...base64, hex, hex.toUpperCase(), encodeURIComponent(secret), encodeURI(secret)]),
  ];
}

/** The names of secrets that stand in a text, in any form. */
export function found(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.keys(secrets).filter((name) => formsOf(secrets[name] ?? "").some((form) => text.includes(form)));
}

/** Arguments and environments of all processes of this machine; those inside the stand-in host are among them. */
export function processes(): string {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => ["cmdline", "environ"].map((what) => read(`/proc/${pid}/${what}`)))
    .join("\n");
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // It has ended, or is a kernel's.
    return "";
  }
}
