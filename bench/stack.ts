import * as pulumi from "@pulumi/pulumi";
import { type BaseInstall, Jail } from "pulumi-freebsd-jails";
import { Project } from "../test/engine/harness/project";
import type { Wanted } from "./effect";

/** A run of the engine: how long it took, and the most memory that a provider's process had. */
export interface Measured {
  readonly seconds: number;
  readonly megabytes: number;
}

/** A stack of so many resources: our jails, or resources that do nothing. */
export class BenchStack {
  private constructor(
    readonly project: Project,
    private readonly make: (jails: readonly Wanted[]) => void,
  ) {}

  static async jails(base: string, config: pulumi.automation.ConfigMap): Promise<BenchStack> {
    const make = (jails: readonly Wanted[]) => {
      for (const { name, address } of jails)
        new Jail(name, { base: base as unknown as BaseInstall, addresses: [address] });
    };
    return new BenchStack(await Project.create(async () => ({}), { config, name: "bench" }), make);
  }

  static async trivial(): Promise<BenchStack> {
    const make = (jails: readonly Wanted[]) => {
      for (const { name, address } of jails) new Trivial(name, { address });
    };
    return new BenchStack(await Project.create(async () => ({}), { name: "floor" }), make);
  }

  declare(jails: readonly Wanted[]): void {
    this.project.program = async () => {
      this.make(jails);
      return {};
    };
  }

  /** Measures one run of the engine. */
  async measure(run: (project: Project) => Promise<unknown>): Promise<Measured> {
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, this.project.providerMegabytes());
    }, 100);
    const started = performance.now();
    try {
      await run(this.project);
    } finally {
      clearInterval(timer);
    }
    return { seconds: (performance.now() - started) / 1000, megabytes: most };
  }

  /** Bytes of the state for each resource: all, and of `__provider` alone. */
  stateBytes(count: number): { all: number; provider: number } {
    const text = this.project.stateText();
    const provider = /"__provider":\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1]?.length ?? 0;
    return { all: Math.round(text.length / count), provider };
  }
}

/** The least that a dynamic resource can be: the engine's own floor. */
class Trivial extends pulumi.dynamic.Resource {
  constructor(name: string, props: { address: string }) {
    super(
      {
        check: async (_olds: unknown, news: object) => ({ inputs: news }),
        diff: async () => ({ changes: false }),
        create: async (inputs: object) => ({ id: "trivial", outs: inputs }),
        read: async (id: string, props: object) => ({ id, props }),
        update: async (_id: string, _olds: unknown, news: object) => ({ outs: news }),
        delete: async () => {},
      },
      name,
      props,
    );
  }
}
