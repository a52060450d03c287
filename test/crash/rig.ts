import { readFileSync } from "node:fs";
import { connectionSchema } from "../../provider/host/connection";
import { connect, type Host } from "../../provider/host/host";
import { forgetClaims } from "../../provider/resources/claims";
import type { Bag } from "../../provider/resources/validate";
import { Machine, type Snapshot } from "../host/machine";
import { Actor, closeHost, type Declared, type Known } from "./actor";
import type { Row } from "./operations";
import { wholePicture } from "./picture";

/** A host with everything that a row wants to be there, ready to be put back to that moment again and again. */
export interface Prepared {
  readonly snapshot: Snapshot;
  readonly known: Known | undefined;
  /** The host without the resource that the row is about. */
  readonly without: readonly string[];
}

/** One stand-in host, and the provider's connection to it. */
export class Rig {
  readonly connection: Bag;
  readonly #blank = new Map<string, Snapshot>();

  private constructor(readonly machine: Machine) {
    this.connection = {
      host: "127.0.0.1",
      port: machine.port,
      privateKey: readFileSync(machine.privateKeyFile, "utf8"),
      hostKey: machine.hostKey,
      sshConfig: "none",
    };
  }

  static async start(disk?: number): Promise<Rig> {
    return new Rig(await Machine.start(disk === undefined ? {} : { disk }));
  }

  async stop(): Promise<void> {
    await this.leave();
    await this.machine.stop();
  }

  /** Makes what a row wants to be there. */
  async prepare(row: Row): Promise<Prepared> {
    // Each row is a program of its own.
    forgetClaims();
    await this.lay(row.beside, row.first);
    for (const one of row.earlier ?? []) {
      const actor = this.actor(one);
      await actor.up(one);
      await actor.destroy();
    }
    if (row.host !== undefined) await this.machine.sh(row.host);
    const without = await this.picture();
    const actor = this.actor(row.before ?? row.after);
    if (row.before) await actor.up(row.before);
    if (row.meanwhile !== undefined) await this.machine.sh(row.meanwhile);
    await this.leave();
    return { snapshot: await this.machine.snapshot(), known: actor.known, without };
  }

  /** Puts the host back to that moment, and opens a session. */
  async back(row: Row, prepared: Prepared, connection: Bag = {}): Promise<Actor> {
    await this.leave();
    await this.machine.restore(prepared.snapshot);
    await connect(connectionSchema.parse({ ...this.connection, ...connection })).snapshot();
    await this.quiet();
    return this.actor(row.before ?? row.after, prepared.known);
  }

  actor(declared: Declared | undefined, known?: Known): Actor {
    if (!declared) throw new Error("a row needs a resource, before or after its operation");
    return new Actor(declared.kind, declared.name, this.connection, known);
  }

  picture(): Promise<readonly string[]> {
    return wholePicture(this.machine);
  }

  /** Ends the session; the host is to have cleaned up behind it and those that were cut off. */
  async leave(): Promise<void> {
    await closeHost(this.connection);
    await closeHost({ ...this.connection, dialErrorLimit: 0 });
  }

  /** Gives every operation so many seconds from now on; undefined, as many as it wants. */
  limit(seconds: number | undefined, connection: Bag = {}): void {
    const host = connect(connectionSchema.parse({ ...this.connection, ...connection }));
    const { run } = Object.getPrototypeOf(host) as Host;
    host.run = seconds === undefined ? run : (operation) => run.call(host, { ...operation, timeout: seconds });
  }

  /** Folders of sessions that are still there some seconds after the last one has ended. */
  async leavings(): Promise<readonly string[]> {
    const find = async () =>
      (await this.machine.sh("ls /var/run")).stdout.split("\n").filter((name) => /jails\.[0-9a-f]{32}/.test(name));
    for (let i = 0; i < 600; i++) {
      if ((await find()).length === 0) return [];
      await pause(50);
    }
    return find();
  }

  /** Sessions that keep a file which was on its way, for the ten minutes in which their client may come back. */
  async kept(): Promise<readonly string[]> {
    const { stdout } = await this.machine.sh(
      'for d in /var/run/pulumi-freebsd-jails.*; do [ -e "$d/gone" ] && kill -0 "$(cat "$d/janitor")" && cat "$d"/upload.* | grep -q . && echo "${d##*.}"; done 2>/dev/null',
    );
    return stdout.split("\n").filter(Boolean);
  }

  /** Until rules of pf that nobody confirms are put back, and nothing is started any more. */
  async settled(): Promise<void> {
    const armed = "[ ! -e /var/run/pulumi-freebsd-pf/armed ] || echo armed";
    while ((await this.machine.sh(armed)).stdout !== "") await pause(200);
    await this.quiet();
  }

  /** Until nothing is started any more: from here on, programs come in the order that was seen. */
  async quiet(): Promise<void> {
    for (let before = -1, now = 0; before !== now; ) {
      before = now;
      await pause(60);
      now = (await this.machine.counters()).commands;
    }
  }

  /** What is beside, from the disk where it was laid before. */
  async lay(beside: readonly Declared[], first = ""): Promise<void> {
    const key = JSON.stringify([first, beside]);
    await this.leave();
    const laid = this.#blank.get(key);
    if (laid) return this.machine.restore(laid);
    if (beside.length === 0 && first !== "") {
      await this.lay([]);
      await this.machine.sh(first);
    } else if (beside.length > 0) {
      await this.lay(beside.slice(0, -1), first);
      const last = beside.at(-1);
      if (last) await this.actor(last).up(last);
      await this.leave();
    }
    this.#blank.set(key, await this.machine.snapshot());
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
