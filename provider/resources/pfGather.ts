import type { Host } from "../host/host";
import { doTogether, type PfRequest } from "./pfBatch";
import type { Result } from "./resource";

/**
 * The engine asks for one resource after another, some of them at the same moment. Requests for one host that come within this time (in
 * milliseconds) of each other are loaded together: the first one waits for the next until nothing has come for so long, or until the host
 * is done with those before it.
 */
const quiet = 150;

const gatherers = new WeakMap<Host, Gatherer>();

/** Hands in a change; those that arrive together are done together. */
export function gather(host: Host, request: Omit<PfRequest, "resolve" | "reject">): Promise<Result> {
  const gatherer = gatherers.get(host) ?? new Gatherer(host);
  gatherers.set(host, gatherer);
  return gatherer.add(request);
}

class Gatherer {
  #waiting: PfRequest[] = [];
  #timer: NodeJS.Timeout | undefined;
  #busy = false;

  constructor(private readonly host: Host) {}

  add(request: Omit<PfRequest, "resolve" | "reject">): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ...request, resolve, reject });
      this.#wait();
    });
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (!this.#busy) this.#timer = setTimeout(() => void this.#go(), quiet);
  }

  async #go(): Promise<void> {
    const requests = this.#waiting.splice(0);
    if (requests.length === 0) return;
    this.#busy = true;
    await doTogether(this.host, requests);
    this.#busy = false;
    if (this.#waiting.length > 0) this.#wait();
  }
}
