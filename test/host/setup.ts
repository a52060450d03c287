import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Says what takes a while. */
export type Progress = (text: string) => void;

/** What the stand-in host is built from, and the Debian package that has it. */
const tools: readonly (readonly [file: string, packageName: string])[] = [
  ["/usr/sbin/sshd", "openssh-server"],
  ["/usr/lib/openssh/sftp-server", "openssh-sftp-server"],
  ["/usr/bin/ssh", "openssh-client"],
  ["/bin/tcsh", "tcsh"],
  ["/bin/dash", "dash"],
  ["/bin/busybox", "busybox-static"],
  ["/usr/bin/bsdtar", "libarchive-tools"],
  ["/usr/bin/original-awk", "original-awk"],
  ["/usr/bin/xz", "xz-utils"],
  ["/usr/bin/flock", "util-linux"],
  ["/sbin/mke2fs", "e2fsprogs"],
];

const sources = join(__dirname, "freebsd");
const baseTree = join(__dirname, "..", "recordings", "base-tree.txt");

/** Throws, with what to do, where the stand-in host can't run. */
export function checkPlace(): void {
  const instead = "or give a real host: FREEBSD_HOST=user@address[:port]";
  if (process.platform !== "linux") {
    throw new Error(`The stand-in FreeBSD host runs on Linux only. Run this in a Linux container, ${instead}.`);
  }
  if (process.getuid?.() !== 0) {
    throw new Error(`The stand-in FreeBSD host needs root for its name spaces and disks. Use sudo, ${instead}.`);
  }
}

/** Where everything that is built lies: outside of the clone, one folder for each state of the sources. */
export class Cache {
  private constructor(readonly folder: string) {}

  /** Installs and builds what is missing. Quick when nothing is. */
  static async prepare(progress: Progress = () => {}): Promise<Cache> {
    checkPlace();
    await installTools(progress);
    const all = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "pulumi-freebsd-jails", "host");
    const cache = new Cache(join(all, digest()));
    if (!existsSync(cache.binary)) {
      progress("building the stand-in FreeBSD host");
      mkdirSync(cache.folder, { recursive: true });
      forget(all, cache.folder);
      await cache.locked(["sh", "-c", buildScript, "sh", cache.binary, sources, goCommand() ?? "go"]);
    }
    return cache;
  }

  get binary(): string {
    return join(this.folder, "standin");
  }

  /** A disk with a host of a release installed on it. */
  async image(release: string, bytes: number, progress: Progress = () => {}): Promise<string> {
    const image = join(this.folder, `${release}.${bytes}.img`);
    if (!existsSync(image)) {
      progress("installing the stand-in FreeBSD host on its disk");
      await this.locked(this.build(release, bytes));
    }
    return image;
  }

  /** A release's base.txz, with its MANIFEST beside it. */
  async base(release: string): Promise<{ archive: string; manifest: string }> {
    const archive = join(this.folder, `${release}.base.txz`);
    if (!existsSync(archive)) await this.locked(this.build(release, 0));
    return { archive, manifest: join(this.folder, `${release}.MANIFEST`) };
  }

  private build(release: string, bytes: number): string[] {
    return [this.binary, "build", "-tree", baseTree, "-dir", this.folder, "-release", release, "-disk", String(bytes)];
  }

  /** One process at a time builds; who waited finds it done. */
  private locked(command: readonly string[]): Promise<void> {
    return run("flock", [join(this.folder, "lock"), ...command]);
  }
}

/** Builds the binary $1 of the sources $2 with the go command $3. Newer linkers want to be told that programs/ignored.go is meant. */
const buildScript = `[ -x "$1" ] && exit
cd "$2" || exit
flags="-s -w"
if "$3" tool link -h 2>&1 | grep -q checklinkname; then flags="$flags -checklinkname=0"; fi
CGO_ENABLED=0 "$3" build -trimpath -tags inherit -ldflags "$flags" -o "$1.new" . && mv "$1.new" "$1"`;

async function installTools(progress: Progress): Promise<void> {
  const missing = tools.filter(([file]) => !existsSync(file)).map(([, name]) => name);
  if (!goCommand()) missing.push("golang-go");
  if (missing.length === 0) return;
  progress(`installing ${missing.join(", ")}`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run("apt-get", ["update", "-qq"], env);
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing], env);
  } catch (error) {
    const packages = missing.join(" ");
    throw new Error(`The stand-in FreeBSD host needs these Debian packages: ${packages}. ${(error as Error).message}`);
  }
}

function goCommand(): string | undefined {
  const found = (process.env.PATH ?? "").split(":").map((folder) => join(folder, "go"));
  return [...found, "/usr/local/go/bin/go", "/usr/lib/go/bin/go"].find((file) => existsSync(file));
}

/** A digest of all that what we build depends on. */
function digest(): string {
  const hash = createHash("sha256");
  const add = (folder: string) => {
    for (const name of readdirSync(folder).sort()) {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) add(path);
      else if (!name.endsWith("_test.go")) hash.update(`${path.slice(sources.length)}\0`).update(readFileSync(path));
    }
  };
  add(sources);
  hash.update(readFileSync(baseTree));
  for (const [file] of tools) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file} ${size} ${mtimeMs}\n`);
  }
  return hash.digest("hex").slice(0, 16);
}

/** Removes what other states of the sources left, but for the youngest. */
function forget(all: string, current: string): void {
  const others = readdirSync(all)
    .map((name) => join(all, name))
    .filter((folder) => folder !== current)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const folder of others.slice(3)) {
    const unused = spawnSync("flock", ["-n", join(folder, "lock"), "true"]).status === 0;
    if (unused) rmSync(folder, { recursive: true, force: true });
  }
}

function run(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    child.stdout.on("data", (data) => (said += data));
    child.stderr.on("data", (data) => (said += data));
    child.on("error", reject);
    child.on("close", (status) => {
      if (status === 0) resolve();
      else reject(new Error(`${command} ${args.join(" ")} failed (${status}):\n${said.trim().slice(-4000)}`));
    });
  });
}
