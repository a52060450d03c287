import { type ChildProcess, spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { BaseInstall } from "pulumi-freebsd-jails";
import { changed } from "./harness/assertions";
import { difference, takePicture } from "./harness/picture";
import { Project } from "./harness/project";
import { openTarget, stackConfig, type Target } from "./harness/target";

/** A mirror at the workstation, reached from the stand-in through a port that ssh forwards; it can break off behind so many bytes. */
class Mirror {
  archive = Buffer.alloc(0);
  breakAfter: number | undefined;
  /** What was asked for: "GET /base.txz from 0". */
  readonly asked: string[] = [];
  private server: Server | undefined;
  private tunnel: ChildProcess | undefined;

  async start(target: Target): Promise<void> {
    this.server = createServer((request, response) => {
      const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
      this.asked.push(`${request.method} ${request.url} from ${from}`);
      if (request.url !== "/amd64/13.2-RELEASE/base.txz") {
        response.writeHead(404).end();
        return;
      }
      const rest = this.archive.subarray(from);
      response.writeHead(from > 0 ? 206 : 200, {
        "content-length": rest.length,
        ...(from > 0
          ? { "content-range": `bytes ${from}-${this.archive.length - 1}/${this.archive.length}` }
          : undefined),
      });
      if (this.breakAfter === undefined) response.end(rest);
      else response.write(rest.subarray(0, this.breakAfter), () => setTimeout(() => response.destroy(), 300));
    });
    await new Promise<void>((resolve) => this.server?.listen(0, "127.0.0.1", resolve));
    const { port } = this.server.address() as AddressInfo;
    this.tunnel = spawn("ssh", [
      ...["-N", "-i", target.machine?.privateKeyFile ?? "", "-p", String(target.connection.port)],
      ...["-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR"],
      ...["-o", "ExitOnForwardFailure=yes", "-R", `127.0.0.1:8080:127.0.0.1:${port}`, "root@127.0.0.1"],
    ]);
    const deadline = Date.now() + 20_000;
    while ((await target.sh("fetch -q -o /dev/null http://127.0.0.1:8080/ping")).stderr.includes("refused")) {
      if (Date.now() > deadline) throw new Error("the mirror can't be reached from the stand-in");
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    this.asked.length = 0;
  }

  stop(): void {
    this.tunnel?.kill();
    this.server?.closeAllConnections();
    this.server?.close();
  }
}

let target: Target;
let before: readonly string[];
let sha256 = "";
const mirror = new Mirror();

beforeAll(async () => {
  target = await openTarget();
  if (!target.machine) return;
  const file = target.base.slice("file://".length);
  mirror.archive = Buffer.from((await target.sh(`b64encode -r x < ${file}`)).stdout, "base64");
  sha256 = (await target.sh(`sha256 -q ${file}`)).stdout.trim();
  await mirror.start(target);
  before = await takePicture(target);
});

afterAll(async () => {
  mirror.stop();
  await target.close();
});

const program = (digest: string) => async () => {
  new BaseInstall("base", {
    release: "13.2-RELEASE",
    source: "http://127.0.0.1:8080/amd64/13.2-RELEASE",
    sha256: digest,
  });
};

test("a download that breaks off goes on where it was cut, and what came is checked", async () => {
  if (!target.machine) return;
  const project = await Project.create(program(sha256), { config: stackConfig(target) });
  mirror.breakAfter = 100_000;
  await expect(project.up()).rejects.toThrow(/cannot fetch base\.txz/);
  mirror.breakAfter = undefined;
  const run = await project.up();
  expect(run.output).toMatch(/fetching base\.txz/);
  const [first, ...others] = mirror.asked.filter((line) => line.includes("base.txz"));
  expect(first).toBe("GET /amd64/13.2-RELEASE/base.txz from 0");
  expect(others.at(-1)).toMatch(/ from [1-9]\d+$/);
  expect((await target.sh("find /usr/jails -name '*download*'")).stdout).toBe("");
  expect(changed(await project.up({ refresh: true }))).toEqual([]);
  await project.destroy();
  project.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
});

test("what came of a download that broke off is taken away by a destroy", async () => {
  if (!target.machine) return;
  const project = await Project.create(program(sha256), { config: stackConfig(target) });
  mirror.breakAfter = 100_000;
  await expect(project.up()).rejects.toThrow(/what came of it is kept: `pulumi up` goes on with it/);
  mirror.breakAfter = undefined;
  await project.destroy();
  project.dispose();
  expect(difference(before, await takePicture(target))).toEqual([]);
});

test("an archive that is another than its digest says is not unpacked, and nothing of it stays", async () => {
  if (!target.machine) return;
  const project = await Project.create(program("0".repeat(64)), { config: stackConfig(target) });
  await expect(project.up()).rejects.toThrow(/the SHA-256 of .* is [0-9a-f]{64}, and has to be 0{64}/);
  expect(difference(before, await takePicture(target))).toEqual([]);
  project.dispose();
});

test("an archive that isn't there is an error with fetch's own words, and nothing stays", async () => {
  if (!target.machine) return;
  const gone = async () => {
    new BaseInstall("base", { release: "13.2-RELEASE", source: "http://127.0.0.1:8080/amd64/13.1-RELEASE", sha256 });
  };
  const project = await Project.create(gone, { config: stackConfig(target) });
  await expect(project.up()).rejects.toThrow(/cannot fetch base\.txz: .*Not Found/);
  expect(difference(before, await takePicture(target))).toEqual([]);
  project.dispose();
});
