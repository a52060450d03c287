import { BaseInstall, Jail, type JailArgs, LoopbackInterface } from "pulumi-freebsd-jails";
import { changed } from "./assertions";
import { difference, takePicture } from "./picture";
import { Project } from "./project";
import { openTarget, stackConfig, type Target } from "./target";

export type Properties = Partial<Omit<JailArgs, "base">>;

/** A host with one jail, "web" on lo1, whose properties a test changes. */
export class OneJail {
  private constructor(
    readonly target: Target,
    readonly project: Project,
    private readonly before: readonly string[],
  ) {}

  static async open(properties: Properties = {}): Promise<OneJail> {
    const target = await openTarget();
    const before = await takePicture(target);
    const project = await Project.create(program(target, properties), { config: stackConfig(target) });
    await project.up();
    return new OneJail(target, project, before);
  }

  /** What a command on the host prints, errors too. */
  async said(command: string): Promise<string> {
    return (await this.target.sh(`{ ${command}\n} 2>&1`)).stdout.trim();
  }

  /** The program with other properties of the jail, and not run yet. */
  declare(properties: Properties): void {
    this.project.program = program(this.target, properties);
  }

  /** Takes the jail to other properties; what the preview said of it, and whether its processes went on. A second run finds nothing to do. */
  async change(properties: Properties): Promise<{ preview: string; steps: readonly string[]; wentOn: boolean }> {
    const jid = await this.said("jls -j web jid");
    this.declare(properties);
    const preview = await this.project.preview();
    await this.project.up();
    expect(changed(await this.project.up({ refresh: true }))).toEqual([]);
    return {
      preview: [preview.output, ...preview.messages].join("\n"),
      steps: changed(preview),
      wentOn: /^\d+$/.test(jid) && (await this.said("jls -j web jid")) === jid,
    };
  }

  /** Properties that can't be; what the user was told. The jail and the host are as they were. */
  async refused(properties: Properties): Promise<string> {
    const look = async () => [
      ...(await takePicture(this.target)),
      await this.said("jls -j web jid; cat /etc/jail.conf.d/web.conf"),
    ];
    const picture = await look();
    this.declare(properties);
    const error = await this.project.up().catch((problem: unknown) => problem as Error);
    expect(error).toBeInstanceOf(Error);
    expect(difference(picture, await look())).toEqual([]);
    return (error as Error).message;
  }

  /** Destroys everything; the host is as before. */
  async close(): Promise<void> {
    await this.project.destroy();
    this.project.dispose();
    expect(difference(this.before, await takePicture(this.target))).toEqual([]);
    await this.target.close();
  }
}

function program(target: Target, properties: Properties) {
  return async () => {
    const lo1 = new LoopbackInterface("lo1", { network: "192.168.1.1/28" });
    const base = new BaseInstall("base", { release: "host", source: target.base });
    new Jail("web", { base, addresses: [lo1.address(2)], ...properties });
  };
}
