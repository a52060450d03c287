import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ConnectionArgs } from "pulumi-freebsd-jails";
import type { Outcome, Target } from "./target";

/** user@address[:port], an IPv6 address in brackets. */
interface Address {
  readonly user: string;
  readonly host: string;
  readonly port: number;
}

/** The real FreeBSD host in FREEBSD_HOST, with FREEBSD_SSH_KEY, FREEBSD_BASE, FREEBSD_HOST_KEY and FREEBSD_BECOME. */
export class RealHost implements Target {
  readonly machine = undefined;
  readonly base = process.env.FREEBSD_BASE ?? "file:///usr/freebsd-dist/base.txz";
  readonly connection: ConnectionArgs;
  readonly label: string;
  private readonly folder = mkdtempSync(path.join(tmpdir(), "freebsd-host-"));

  private constructor(
    private readonly address: Address,
    hostKey: string,
  ) {
    const { user, host, port } = address;
    const keyFile = process.env.FREEBSD_SSH_KEY;
    this.label = `${user}@${host}:${port}`;
    this.connection = {
      host,
      port,
      user,
      hostKey,
      ...(keyFile ? { privateKey: readFileSync(keyFile, "utf8") } : {}),
      ...(become() === "none" ? {} : { become: become() }),
    };
    writeFileSync(path.join(this.folder, "known_hosts"), `${knownName(address)} ${hostKey}\n`);
  }

  /** Parses `user@address[:port]` and finds the host's key. */
  static async open(text: string): Promise<RealHost> {
    const address = parseAddress(text);
    return new RealHost(address, process.env.FREEBSD_HOST_KEY ?? knownKey(address) ?? scannedKey(address));
  }

  sh(command: string): Promise<Outcome> {
    const { user, host, port } = this.address;
    const key = process.env.FREEBSD_SSH_KEY;
    const options = [
      ...[
        "-o",
        "BatchMode=yes",
        "-o",
        `UserKnownHostsFile=${path.join(this.folder, "known_hosts")}`,
        "-p",
        String(port),
      ],
      ...(key ? ["-o", "IdentitiesOnly=yes", "-i", key] : []),
    ];
    const shell = become() === "none" ? "exec /bin/sh" : `exec ${become()} /bin/sh`;
    // The command is read whole before it runs, so that nothing in it can read the rest of it.
    return communicate("ssh", [...options, `${user}@${host}`, shell], `{ ${command}\n} </dev/null\n`);
  }

  async close(): Promise<void> {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function become(): "none" | "doas" | "sudo" {
  const value = process.env.FREEBSD_BECOME ?? "none";
  if (value === "none" || value === "doas" || value === "sudo") return value;
  throw new Error(`FREEBSD_BECOME=${value} has to be doas or sudo`);
}

function parseAddress(text: string): Address {
  const [, user, bracketed, plain, port] = text.match(/^(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined) throw new Error(`FREEBSD_HOST=${text} has to be user@address[:port]`);
  return { user: user ?? "root", host, port: Number(port ?? 22) };
}

/** How known_hosts calls a host. */
function knownName({ host, port }: Address): string {
  return port === 22 ? host : `[${host}]:${port}`;
}

/** The host's key as the user's known_hosts has it. */
function knownKey(address: Address): string | undefined {
  const found = spawnSync("ssh-keygen", ["-F", knownName(address)], { encoding: "utf8" }).stdout ?? "";
  return firstKey(found);
}

/** Asks the host itself for its key: not safe against somebody in between, and therefore said aloud. */
function scannedKey(address: Address): string {
  const scan = ["-p", String(address.port), "-T", "10", "-t", "ed25519,ecdsa,rsa", address.host];
  const key = firstKey(spawnSync("ssh-keyscan", scan, { encoding: "utf8" }).stdout ?? "");
  if (key === undefined) throw new Error(`${address.host} port ${address.port} doesn't answer as an SSH server`);
  console.error(`Taken as ${address.host}'s key, since known_hosts and FREEBSD_HOST_KEY don't have one: ${key}`);
  return key;
}

/** The best key in lines of known_hosts: "NAME TYPE KEY". */
function firstKey(lines: string): string | undefined {
  const keys = lines
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#") && !line.startsWith("@"))
    .map((line) => line.split(" ").slice(1, 3).join(" "));
  return keys.find((key) => key.startsWith("ssh-ed25519")) ?? keys[0];
}

function communicate(file: string, args: readonly string[], input: string): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { stdio: ["pipe", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.stdin.on("error", () => {});
    child.on("error", reject);
    child.on("close", (status) => resolve({ stdout, stderr, status: status ?? 255 }));
    child.stdin.end(input);
  });
}
