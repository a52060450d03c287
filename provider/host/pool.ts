/** What the pool closes when the process ends. */
interface Closeable {
  close(): Promise<void>;
  abandon(): void;
}

interface Pool {
  readonly hosts: Map<string, Closeable>;
}

const name = Symbol.for("pulumi-freebsd-jails.hosts");

/** The host of a key, made once a process: on globalThis, since a provider's module may be loaded more than once. */
export function pooled<T extends Closeable>(key: string, make: () => T): T {
  const { hosts } = pool();
  const known = hosts.get(key);
  if (known) return known as T;
  const host = make();
  hosts.set(key, host);
  return host;
}

/** Closes every connection, in order; for tests and programs that end on their own terms. */
export async function closeAll(): Promise<void> {
  const { hosts } = pool();
  const open = [...hosts.values()];
  hosts.clear();
  await Promise.allSettled(open.map((host) => host.close()));
}

function pool(): Pool {
  const global = globalThis as { [name]?: Pool };
  global[name] ??= watch({ hosts: new Map() });
  return global[name];
}

/** At the end, however it comes, no ssh stays behind. The engine sends SIGINT, and SIGKILL five seconds later. */
function watch(made: Pool): Pool {
  process.on("beforeExit", () => void closeAll());
  // An engine that was killed reads no more: what Pulumi says of that would fail in its turn, without end.
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(1);
    });
  process.on("exit", () => {
    for (const host of made.hosts.values()) host.abandon();
  });
  for (const [signal, number] of [
    ["SIGINT", 2],
    ["SIGTERM", 15],
  ] as const) {
    process.once(signal, () => {
      const others = process.listenerCount(signal) > 0;
      void closeAll().then(() => others || process.exit(128 + number));
    });
  }
  return made;
}
