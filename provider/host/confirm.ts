import type { Connection } from "./connection";
import type { Operation } from "./host";
import { RemoteHost } from "./remote-host";

/** An operation that is run by a connection of its own, opened for it. */
export interface Confirmation {
  /** Why it did not come through, as far as is known; undefined if it did, or may still. */
  readonly failure: Error | undefined;
  /** Ends it at once. */
  abandon(): void;
}

/**
 * Runs an operation by a new connection, tried again and again until it is abandoned: that one comes through says that others will. The
 * connection that stands says nothing, since pf lets go on what it knows.
 */
export function confirmByNewConnection(connection: Connection, operation: Operation): Confirmation {
  const perDialTimeout = Math.min(connection.perDialTimeout || 10, 10);
  const host = new RemoteHost({ ...connection, perDialTimeout, dialErrorLimit: -1, parallel: 1 });
  let failure: Error | undefined;
  host.run(operation).then(
    () => void host.close(),
    (error: Error) => {
      failure = error;
      host.abandon();
    },
  );
  return {
    get failure() {
      return failure;
    },
    abandon: () => void host.close().then(() => host.abandon()),
  };
}
