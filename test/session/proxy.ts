import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** What a proxy has counted since it was reset. */
export interface ProxyCounters {
  connections: number;
  /** Bytes to the host. */
  up: number;
  /** Bytes from the host. */
  down: number;
  /** How often a connection's direction changed from up to down: each is an answer that somebody waited for. */
  roundTrips: number;
}

/** What a proxy does when its line has carried a number of bytes. */
export type Trouble = "cut" | "stall" | "half-close";

interface Fuse {
  left: number;
  readonly direction: "up" | "down";
  readonly trouble: Trouble;
}

/** A proxy on loopback that adds a round trip time, counts, and makes trouble. */
export class TroubleProxy {
  readonly counters: ProxyCounters = { connections: 0, up: 0, down: 0, roundTrips: 0 };
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #fuse: Fuse | undefined;
  #stalled = false;

  private constructor(
    private readonly target: number,
    private readonly delay: number,
  ) {
    this.#server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => this.#accept(socket));
  }

  /** ROUND_TRIP in milliseconds; half of it on each way. */
  static async start(target: number, roundTrip = 0): Promise<TroubleProxy> {
    const proxy = new TroubleProxy(target, roundTrip / 2);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  reset(): void {
    Object.assign(this.counters, { connections: 0, up: 0, down: 0, roundTrips: 0 });
  }

  /** Makes trouble when so many more bytes have gone in that direction. */
  after(bytes: number, direction: "up" | "down", trouble: Trouble): void {
    this.#fuse = { left: bytes, direction, trouble };
  }

  /** No trouble from now on; what stalled is cut. */
  mend(): void {
    this.#fuse = undefined;
    if (this.#stalled) this.cut();
    this.#stalled = false;
  }

  /** Drops all lines. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, "close");
  }

  #accept(near: Socket): void {
    this.counters.connections += 1;
    const far = connect({ port: this.target, host: "127.0.0.1", allowHalfOpen: true, noDelay: true });
    const turn = { last: "down" };
    this.#pass(near, far, "up", turn);
    this.#pass(far, near, "down", turn);
  }

  #pass(from: Socket, to: Socket, direction: "up" | "down", turn: { last: string }): void {
    this.#sockets.add(from);
    from.on("error", () => {});
    from.on("close", () => {
      this.#sockets.delete(from);
      this.#later(() => to.destroy());
    });
    from.on("end", () => this.#later(() => to.end()));
    from.on("data", (data) => {
      if (this.#stalled) return;
      this.#count(data.length, direction, turn);
      const allowed = this.#burn(data, direction);
      this.#later(() => to.writable && to.write(allowed.data));
      if (allowed.trouble) this.#later(() => this.#make(allowed.trouble, from, to));
    });
  }

  /** In order: timers of one length fire in the order in which they were set. */
  #later(action: () => void): void {
    if (this.delay === 0) action();
    else setTimeout(action, this.delay);
  }

  #count(bytes: number, direction: "up" | "down", turn: { last: string }): void {
    this.counters[direction] += bytes;
    if (direction === "down" && turn.last === "up") this.counters.roundTrips += 1;
    turn.last = direction;
  }

  #burn(data: Buffer, direction: "up" | "down"): { data: Buffer; trouble?: Trouble } {
    const fuse = this.#fuse;
    if (!fuse || fuse.direction !== direction) return { data };
    if (data.length < fuse.left) {
      fuse.left -= data.length;
      return { data };
    }
    this.#fuse = undefined;
    return { data: data.subarray(0, fuse.left), trouble: fuse.trouble };
  }

  #make(trouble: Trouble | undefined, from: Socket, to: Socket): void {
    if (trouble === "stall") this.#stalled = true;
    else if (trouble === "half-close") to.end();
    else for (const socket of [from, to]) socket.destroy();
  }
}
