import { InvalidValue, isOneLine } from "./escape";

// What is checked here may be a secret by mistake, or on purpose: no message shows it.

const keyTypes = [
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
];

/** The field of options in front of a key, as sshd(8) reads it: `from="10.0.0.0/8",no-pty `. */
const options = /^[A-Za-z0-9-]+(?:="(?:[^"\\]|\\.)*")?(?:,[A-Za-z0-9-]+(?:="(?:[^"\\]|\\.)*")?)*[ \t]+/;

/** Checks the hash of a password: one of crypt(3)'s forms on FreeBSD, or `*` for none. */
export function passwordHash(value: string): string {
  if (value === "*" || /^\$(?:[156]|2[ab])\$[./0-9A-Za-z$=]+$/.test(value)) return value;
  if (value.startsWith("$2y$")) {
    throw new InvalidValue(
      "FreeBSD doesn't know password hashes that begin with $2y$: write $2b$ instead, it is the same.",
    );
  }
  throw new InvalidValue(
    "This is not the hash of a password: $6$…, $5$…, $2b$… or $1$… (`openssl passwd -6` makes one), or *.",
  );
}

/** Checks a line of authorized_keys (sshd(8)): options, if any, a type, the key and a comment. */
export function authorizedKey(line: string): string {
  if (line.includes("PRIVATE KEY")) {
    throw new InvalidValue("This is a private key: give the line of the file whose name ends with .pub.");
  }
  const words = (text: string) => text.split(/[ \t]+/);
  const [type, key] = keyTypes.includes(words(line)[0] ?? "") ? words(line) : words(line.replace(options, ""));
  if (!isOneLine(line.replaceAll("\t", " ")) || !isKey(type, key)) {
    throw new InvalidValue(
      `This is not a line of authorized_keys: a type (${keyTypes.join(", ")}), the key and a comment.`,
    );
  }
  return line;
}

/** True if the key is Base64, and begins with its own type. */
function isKey(type: string | undefined, key: string | undefined): boolean {
  if (type === undefined || key === undefined || !keyTypes.includes(type)) return false;
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(key)) return false;
  const bytes = Buffer.from(key, "base64");
  return (
    bytes.length > type.length + 4 &&
    bytes.readUInt32BE(0) === type.length &&
    bytes.toString("latin1", 4, 4 + type.length) === type
  );
}
