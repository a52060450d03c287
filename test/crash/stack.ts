import { BaseInstall, Flavor, Jail, LoopbackInterface, PfNatRule } from "pulumi-freebsd-jails";
import { changed } from "../engine/harness/assertions";
import { difference } from "../engine/harness/picture";
import { Project } from "../engine/harness/project";
import type { Run } from "../engine/harness/run";
import { stackConfig, type Target } from "../engine/harness/target";
import type { Snapshot } from "../host/machine";
import type { Point } from "./explore";
import type { Rig } from "./rig";

/** What a whole program is brought from and to, through Pulumi's engine: `pulumi up`, `up` of a program that was edited, `destroy`. */
export const stages = ["a program is brought up", "a program is changed", "a program is destroyed"] as const;
export type StageName = (typeof stages)[number];
type Deployment = Awaited<ReturnType<Project["export"]>>;

/** A stage that nobody disturbs. */
export interface Stage {
  readonly name: StageName;
  readonly snapshot: Snapshot;
  readonly state: Deployment;
  /** How many programs the host runs for it. */
  readonly programs: number;
  readonly result: readonly string[];
}

/** The same resources in two editions; the second has one jail more. */
function program(edition: 1 | 2) {
  const first = edition === 1;
  return async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
    const base = new BaseInstall("base", { release: "13.2-RELEASE", source: "file:///usr/freebsd-dist/base.txz" });
    const flavor = new Flavor("ours", { files: { "/etc/motd": first ? "welcome\n" : "hello\n" } });
    const web = new Jail("web", {
      base,
      flavors: [flavor],
      addresses: [lo1.address(first ? 2 : 3)],
      files: { "/etc/shop.conf": first ? "a=1\n" : "a=2\n" },
      users: [{ name: first ? "alice" : "bob" }],
    });
    if (!first) new Jail("more", { base, addresses: [lo1.address(4)] });
    const port = first ? 80 : 8080;
    new PfNatRule("web", { kind: "rdr", interface: "egress", protocol: "tcp", port, jail: web, confirmTimeout: 10 });
  };
}

/** A Pulumi stack and the host that it is for, brought to a stage's beginning again and again. */
export class CrashStack {
  private blank: readonly string[] = [];

  private constructor(
    private readonly rig: Rig,
    private readonly project: Project,
  ) {}

  static async open(rig: Rig): Promise<CrashStack> {
    const config = stackConfig({ connection: rig.connection as unknown as Target["connection"] });
    return new CrashStack(rig, await Project.create(program(1), { config, name: "crash" }));
  }

  close(): void {
    this.project.dispose();
  }

  /** Goes through all stages, undisturbed. */
  async refer(): Promise<readonly Stage[]> {
    this.blank = await this.rig.picture();
    const seen: Stage[] = [];
    for (const name of stages) seen.push(await this.#undisturbed(name));
    const left = difference(this.blank, seen.at(-1)?.result ?? []);
    if (left.length > 0) throw new Error(`an undisturbed destroy leaves\n${left.join("\n")}`);
    return seen;
  }

  /** One disturbed run of a stage: what is wrong after the next. */
  async disturb(stage: Stage, point: Point): Promise<readonly string[]> {
    await this.rig.machine.restore(stage.snapshot);
    await this.project.import(stage.state);
    await this.#dying(stage, point);
    if (point.next === "destroy") return this.#destroyed();
    await this.#run(stage.name);
    const problems = [...difference(stage.result, await this.#picture())];
    if (stage.name !== "a program is destroyed")
      problems.push(...changed(await this.project.up()).map((step) => `a further up: ${step}`));
    return [...problems, ...(await this.#destroyed())];
  }

  async #undisturbed(name: StageName): Promise<Stage> {
    const [snapshot, state] = [await this.rig.machine.snapshot(), await this.project.export()];
    await this.rig.machine.commands(true);
    await this.#run(name);
    const programs = (await this.rig.machine.commands()).length;
    return { name, snapshot, state, programs, result: await this.#picture() };
  }

  #run(name: StageName): Promise<Run> {
    this.project.program = program(name === "a program is changed" ? 2 : 1);
    return name === "a program is destroyed" ? this.project.destroy() : this.project.up();
  }

  /** The stage once, with a death on the way; what Pulumi asks for afterwards. */
  async #dying(stage: Stage, { program: at, when, death }: Point): Promise<void> {
    const { machine } = this.rig;
    const { boots } = await machine.counters();
    if (death === "provider") return this.#killed(stage, at);
    await machine.failAt(at, when, death);
    await this.#run(stage.name).catch(() => {});
    // It may be that the failpoint came behind the last word of the run, or that the run has seen the host go down and come back.
    if (death === "power") await machine.up(boots + 1).catch(() => {});
    await machine.failAt(0, "before", "process");
  }

  /** CLI, provider and ssh are killed when the host has run so many programs; then `pulumi cancel`. */
  async #killed(stage: Stage, at: number): Promise<void> {
    await this.rig.machine.commands(true);
    let over = false;
    const run = this.#run(stage.name)
      .catch(() => {})
      .finally(() => {
        over = true;
      });
    while (!over && (await this.rig.machine.counters()).commands < at)
      await new Promise((later) => setTimeout(later, 5));
    if (!over) await this.project.kill();
    await run;
  }

  async #destroyed(): Promise<string[]> {
    await this.project.destroy();
    return difference(this.blank, await this.#picture()).map((line) => `destroy: ${line}`);
  }

  /** The host, when what was cut off has come to its end. */
  async #picture(): Promise<readonly string[]> {
    await this.rig.settled();
    const left = await this.rig.leavings();
    return [...(await this.rig.picture()), ...left.map((name) => `left behind: /var/run/${name}`)];
  }
}

/** So many failpoints of a stage, from its first program to its last, each with another kind of death. */
export function pointsOfStage({ name, programs }: Stage, wanted: number): Point[] {
  const kinds = ["process", "connections", "provider", "power", "group"] as const;
  return Array.from({ length: wanted }, (_, i) => ({
    program: 1 + Math.floor(((i + 0.5) * programs) / wanted),
    when: i % 2 === 0 ? "before" : "after",
    death: kinds[i % kinds.length] ?? "power",
    next: i % 4 === 3 && name !== "a program is destroyed" ? "destroy" : "up",
  }));
}
