import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Front, type Ready } from "./front";
import { Cache, type Progress } from "./setup";

/** How a machine is made. */
export interface MachineOptions {
  /** What it says it has; 2. */
  readonly cpus?: number;
  /** Its disk's size in bytes; 4 GB. */
  readonly disk?: number;
  /** A disk to start from (a snapshot's file) instead of a fresh one. */
  readonly image?: string;
  /** The port on 127.0.0.1; any free one. */
  readonly port?: number;
  /** What it runs; 13.2-RELEASE. */
  readonly release?: string;
  readonly osreldate?: number;
  readonly progress?: Progress;
}

/** What a command gave. */
export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** A copy of a machine's disk. It lives as long as its machine. */
export interface Snapshot {
  readonly name: string;
  readonly file: string;
}

/** What a machine has counted. */
export interface Counters {
  readonly connections: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  readonly commands: number;
  readonly boots: number;
}

/** One start of a program. */
export interface Command {
  readonly argv: readonly string[];
  readonly jail?: string;
  readonly at: string;
}

/**
 * What a failure on purpose does: kill the program and the shell that ran it, its process group, drop all
 * connections, take the power away (the machine then boots again), let the program hang for ever, or fill the disk (with the file
 * /.full, until somebody removes it).
 */
export type FailureMode = "process" | "group" | "connections" | "power" | "stall" | "full";

/** A stand-in FreeBSD host, up and running. */
export class Machine {
  readonly port: number;
  /** "root@127.0.0.1:PORT" */
  readonly address: string;
  readonly privateKeyFile: string;
  /** The host's key, as a line of authorized_keys has it: "ssh-ed25519 AAAA…". */
  readonly hostKey: string;
  /** A file with what the machine wrote on its console. */
  readonly consoleFile: string;
  private snapshots = 0;
  private awaitedBoots = 0;

  private constructor(
    private readonly front: Front,
    private readonly cache: Cache,
    private readonly folder: string,
    ready: Ready,
  ) {
    this.port = ready.port;
    this.address = `root@127.0.0.1:${ready.port}`;
    this.privateKeyFile = ready.privateKeyFile;
    this.hostKey = ready.hostKey.split(" ").slice(0, 2).join(" ");
    this.consoleFile = ready.console;
  }

  /** Builds what isn't built, and boots. */
  static async start(options: MachineOptions = {}): Promise<Machine> {
    const { cpus = 2, disk = 4 * 2 ** 30, port = 0, release = "13.2-RELEASE", osreldate = 1302001 } = options;
    const cache = await Cache.prepare(options.progress);
    const image = options.image ?? (await cache.image(release, disk, options.progress));
    const folder = mkdtempSync(join(tmpdir(), "freebsd-"));
    const args = { image, dir: folder, port, cpus, release, osreldate };
    const front = new Front(
      cache.binary,
      Object.entries(args).flatMap(([key, value]) => [`-${key}`, String(value)]),
    );
    return new Machine(front, cache, folder, await front.ready);
  }

  /** Runs a command line by /bin/sh as root, beside SSH. */
  sh(command: string, input = ""): Promise<CommandResult> {
    return this.front.order("sh", { command, input });
  }

  /** Copies the disk as it is now. Only what lies on the disk is in it. */
  async snapshot(): Promise<Snapshot> {
    const name = `${++this.snapshots}`;
    await this.front.order("snapshot", { name });
    return { name, file: join(this.folder, `${name}.snapshot`) };
  }

  /** Puts the disk back and boots from it. */
  restore(snapshot: Snapshot): Promise<void> {
    return this.front.order("restore", { name: snapshot.name });
  }

  /** Shuts down in order, and boots. */
  reboot(): Promise<void> {
    return this.front.order("reboot");
  }

  /** Takes the power away: what was not synced is gone. Then boots. */
  powerLoss(): Promise<void> {
    return this.front.order("powerLoss");
  }

  /** Waits for the machine to be up again after a failure with "power", or until it has been started so many times. */
  up(boots = this.awaitedBoots): Promise<void> {
    return this.front.order("wait", { boots });
  }

  /** What was counted since the start (of the connections), and since the boot (of the commands). */
  counters(reset = false): Promise<Counters> {
    return this.front.order("counters", { reset });
  }

  /** All programs started since the boot, or since the last reset. */
  async commands(reset = false): Promise<Command[]> {
    return (await this.front.order<Command[] | null>("commands", { reset })) ?? [];
  }

  /** Fails at the n-th program from now, before it does anything or after it has ended. 0 takes it back. */
  async failAt(n: number, when: "before" | "after", mode: FailureMode): Promise<void> {
    if (mode === "power") this.awaitedBoots = (await this.counters()).boots + (n > 0 ? 1 : 0);
    await this.front.order("failAt", { at: n, after: when === "after", mode });
  }

  /** Drops all connections at once. */
  cut(): Promise<void> {
    return this.front.order("cut");
  }

  /** Drops the connection that carries the n-th byte from now, in either direction. */
  cutAfter(bytes: number): Promise<void> {
    return this.front.order("cutAfter", { bytes });
  }

  /** A base.txz of any release, on this side, for uploads. The host's own is /usr/freebsd-dist/base.txz. */
  base(release = "13.2-RELEASE"): Promise<{ archive: string; manifest: string }> {
    return this.cache.base(release);
  }

  /** Ends the machine. Nothing is left of it. */
  stop(): Promise<void> {
    return this.front.order("stop");
  }
}
