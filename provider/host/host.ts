import { type Connection, connectionKey } from "./connection";
import { pooled } from "./pool";
import { RemoteHost } from "./remote-host";

export type { Connection } from "./connection";
export { HostError } from "./error";

/** Values of one request. A list travels as its values joined by line breaks; undefined is left out; never NUL. */
export type Arguments = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** A file to be on the host before the operation starts. */
export type Upload = { readonly path: string } | { readonly data: Uint8Array };

/** One request to the host. */
export interface Operation {
  /** A function `op_<name>` in `provider/remote/<file>.sh`, written "file.name": "jail.create" is op_create in jail.sh. */
  readonly name: string;
  readonly args: Arguments;
  /** Names of host locks that it holds while it runs, taken in this order: "jail.web", "base.13.2-RELEASE", "pf". */
  readonly locks?: readonly string[];
  /** What users see: "Jail web". Used in progress lines, waiting lines and errors. */
  readonly label: string;
  /** Seconds. */
  readonly timeout?: number;
  /** True if it only reads: then it doesn't invalidate the shared snapshot. */
  readonly readOnly?: boolean;
  /** A local file or bytes, sent in chunks first; the operation finds it as the file named in $upload. */
  readonly upload?: Upload;
  /** kern.hostuuid that the resource was made on: on another machine nothing runs. */
  readonly hostUuid?: string;
  /** Values that must not be seen in a message, whatever the host's programs say. */
  readonly secrets?: readonly string[];
  /** Called for each fact as it comes, while the operation still runs. */
  readonly onFact?: (key: string, text: string) => void;
}

/** The machine at the other end. */
export interface HostInfo {
  readonly hostUuid: string;
  readonly osreldate: number;
  readonly release: string;
  readonly machine: string;
  readonly cpus: number;
  readonly hostname: string;
}

/** What the operation said: its facts, in order, per key. */
export interface Reply {
  readonly facts: Readonly<Record<string, readonly string[]>>;
  readonly host: HostInfo;
}

/** A host that operations run on. */
export interface Host {
  /** "root@10.0.0.1:22", for messages. */
  readonly address: string;
  run(operation: Operation): Promise<Reply>;
  /** One shared reading of everything on the host ("facts.read"); shared until an operation that isn't readOnly ran. */
  snapshot(): Promise<Reply>;
}

/** The host at the other end of a connection: the same one for the same connection, connected by its first operation. */
export function connect(connection: Connection): Host {
  return pooled(connectionKey(connection), () => new RemoteHost(connection));
}
