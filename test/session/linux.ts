import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** An SSH server of this Linux machine itself: a host that is no FreeBSD. */
export async function linuxServer(publicKey: string): Promise<{ port: number; hostKey: string; stop(): void }> {
  const folder = mkdtempSync(join(tmpdir(), "linux-sshd-"));
  const file = (name: string) => join(folder, name);
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", file("key")]);
  const port = await freePort();
  writeFileSync(file("authorized_keys"), publicKey);
  const options = {
    Port: port,
    ListenAddress: "127.0.0.1",
    HostKey: file("key"),
    AuthorizedKeysFile: file("authorized_keys"),
  };
  const rest = { PidFile: "none", StrictModes: "no", UsePAM: "no", PermitRootLogin: "yes" };
  const lines = Object.entries({ ...options, ...rest }).map(([name, value]) => `${name} ${value}\n`);
  writeFileSync(file("sshd_config"), lines.join(""));
  mkdirSync("/run/sshd", { recursive: true });
  const server = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", file("sshd_config")], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  await once(server.stderr, "data");
  const stop = (): void => {
    server.kill();
    rmSync(folder, { recursive: true });
  };
  return { port, hostKey: readFileSync(file("key.pub"), "utf8").trim(), stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address ? address.port : 0;
}
