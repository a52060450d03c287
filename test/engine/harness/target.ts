import { readFileSync } from "node:fs";
import type { ConfigMap } from "@pulumi/pulumi/automation";
import type { ConnectionArgs } from "pulumi-freebsd-jails";
import { Machine } from "../../host/machine";
import { RealHost } from "./real-host";

/** What a command on the host gave. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number;
}

/** The FreeBSD host that a test's programs work on: a stand-in of its own, or the real one in FREEBSD_HOST. */
export interface Target {
  readonly connection: ConnectionArgs;
  /** Where a base.txz lies on the host, as a BaseInstall's source. */
  readonly base: string;
  /** "a stand-in" or the real one's address, for messages. */
  readonly label: string;
  /** The stand-in: what only that one can do (fail on purpose, lose power, count). */
  readonly machine: Machine | undefined;
  /** Runs shell there as root, apart from all sessions of the provider. */
  sh(command: string): Promise<Outcome>;
  close(): Promise<void>;
}

/** True where tests run on a real host: what needs a stand-in can't be tested there. */
export const onRealHost = Boolean(process.env.FREEBSD_HOST);

/** Gives the host to work on; says what takes a while. */
export function openTarget(progress: (text: string) => void = () => {}): Promise<Target> {
  const address = process.env.FREEBSD_HOST;
  return address ? RealHost.open(address) : openStandIn(progress);
}

/** The connection to a target as a user puts it into the stack's configuration. */
export function stackConfig(target: Pick<Target, "connection">): ConfigMap {
  const settings = Object.entries(target.connection).map(([key, value]) => {
    const secret = key === "privateKey";
    return [`freebsd:${key}`, { value: String(value), secret }];
  });
  return Object.fromEntries(settings);
}

/** A stand-in, also where there is a real host; its disk has so many bytes, 4 GB without a word. */
export async function openStandIn(progress: (text: string) => void, disk?: number): Promise<Target> {
  const machine = await Machine.start({ progress, ...(disk === undefined ? {} : { disk }) });
  return {
    connection: {
      host: "127.0.0.1",
      port: machine.port,
      user: "root",
      privateKey: readFileSync(machine.privateKeyFile, "utf8"),
      hostKey: machine.hostKey,
    },
    base: "file:///usr/freebsd-dist/base.txz",
    label: "a stand-in",
    machine,
    sh: (command) => machine.sh(command),
    close: () => machine.stop(),
  };
}
