import { randomUUID } from "node:crypto";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import {
  type ConfigMap,
  type Deployment,
  LocalWorkspace,
  type PulumiFn,
  type Stack,
  type UpOptions,
} from "@pulumi/pulumi/automation";
import { usePulumi } from "../../../scripts/pulumi.js";
import { killAll, peakMegabytes } from "./processes";
import { type Callbacks, Recorder, type Run, RunFailed } from "./run";
import { type Resource, resourcesIn } from "./state";

/** What a project starts with. */
export interface ProjectOptions {
  /** The stack's configuration: `{ "freebsd:host": { value: "127.0.0.1" } }`. */
  readonly config?: ConfigMap;
  /** Sees what the CLI prints, as it comes. */
  readonly onOutput?: (text: string) => void;
  readonly name?: string;
  readonly stack?: string;
}

/** By this variable all processes of a project's runs are known. */
const marker = "PULUMI_FREEBSD_JAILS_RUN";

/**
 * One Pulumi project with one stack, on a backend of its own in a temporary folder. Its program is a function of the test's
 * own, which runs in the test's process; it may be exchanged between two runs, as a user edits a program.
 */
export class Project {
  private constructor(
    private readonly folder: string,
    private readonly id: string,
    private readonly stack: Stack,
    private readonly stateFile: string,
    private readonly onOutput: (text: string) => void,
  ) {}

  /** Makes a project. What its program uses of ours must come from the packed package: `import … from "pulumi-freebsd-jails"`. */
  static async create(program: PulumiFn, options: ProjectOptions = {}): Promise<Project> {
    await usePulumi();
    const folder = mkdtempSync(path.join(tmpdir(), "engine-"));
    const id = randomUUID();
    const { name = "engine", stack: stackName = "test" } = options;
    const envVars = {
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "correct horse battery staple",
      [marker]: id,
    };
    const stack = await LocalWorkspace.createStack(
      { stackName, projectName: name, program },
      { pulumiHome: path.join(folder, "home"), envVars },
    );
    if (options.config) await stack.setAllConfig(options.config);
    const stateFile = path.join(folder, ".pulumi", "stacks", name, `${stackName}.json`);
    withoutSummaries(stack);
    return new Project(folder, id, stack, stateFile, options.onOutput ?? (() => {}));
  }

  /** Gives the project another program. */
  set program(program: PulumiFn) {
    this.stack.workspace.program = program;
  }

  /** `pulumi config set`. */
  async configure(config: ConfigMap): Promise<void> {
    await this.stack.setAllConfig(config);
  }

  /** `pulumi preview`; with `diff`, its output shows each property. */
  preview(options: { diff?: boolean; refresh?: boolean } = {}): Promise<Run> {
    return this.record((callbacks) => this.stack.preview({ ...options, ...callbacks }));
  }

  /** `pulumi up`. */
  up(
    options: Pick<UpOptions, "refresh" | "continueOnError" | "logToStdErr" | "logVerbosity" | "onError"> = {},
  ): Promise<Run> {
    return this.record((callbacks) => this.stack.up({ ...options, ...callbacks }));
  }

  /** `pulumi refresh`. */
  refresh(): Promise<Run> {
    return this.record((callbacks) => this.stack.refresh(callbacks));
  }

  /** `pulumi destroy`. */
  destroy(): Promise<Run> {
    return this.record((callbacks) => this.stack.destroy(callbacks));
  }

  /**
   * Ends a run as a power cut at the workstation does: CLI, provider and ssh, all at once. The run's promise is rejected.
   * Then gives up the stack's lock, as a user does with `pulumi cancel`.
   */
  async kill(): Promise<void> {
    killAll(marker, this.id);
    this.mendState();
    await this.stack.cancel();
  }

  /** `pulumi up`, killed as soon as the CLI prints something like this. */
  async upKilledAt(moment: RegExp): Promise<void> {
    const recorder = new Recorder((text) => {
      this.onOutput(text);
      if (moment.test(recorder.output)) killAll(marker, this.id);
    });
    await this.stack.up(recorder.callbacks).catch(() => {});
    if (!moment.test(recorder.output)) throw new Error(`There was no ${moment} to kill at:\n${recorder.output}`);
    await this.kill();
  }

  /** The most memory that a provider's process of a run that goes on has had so far, in MB. */
  providerMegabytes(): number {
    return peakMegabytes(marker, this.id, /dynamic-provider/);
  }

  /** The whole state, as `pulumi stack export` gives it. */
  export(): Promise<Deployment> {
    return this.stack.exportStack();
  }

  /** `pulumi stack import`. */
  import(deployment: Deployment): Promise<void> {
    return this.stack.importStack(deployment);
  }

  /** The resources in the state, with their secrets decrypted. */
  async resources(): Promise<readonly Resource[]> {
    return resourcesIn(await this.stack.exportStack());
  }

  /** The state as it lies in the backend: here, secrets must not be readable. */
  stateText(): string {
    return readFileSync(this.stateFile, "utf8");
  }

  /** The outputs of the program. */
  async outputs(): Promise<Record<string, unknown>> {
    const outputs = await this.stack.workspace.stackOutputs(this.stack.name);
    return Object.fromEntries(Object.entries(outputs).map(([name, output]) => [name, output.value]));
  }

  /** Removes the project's folders, and nothing else: what it made on a host is the test's to destroy. */
  dispose(): void {
    killAll(marker, this.id);
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.stack.workspace.workDir, { recursive: true, force: true });
  }

  /** Pulumi's file backend doesn't write its state in one go: where it was killed just then, the state before is beside it. */
  private mendState(): void {
    const backup = `${this.stateFile}.bak`;
    if (!isJson(this.stateFile) && isJson(backup)) copyFileSync(backup, this.stateFile);
  }

  private async record(operation: (callbacks: Callbacks) => Promise<unknown>): Promise<Run> {
    const recorder = new Recorder(this.onOutput);
    try {
      await operation(recorder.callbacks);
    } catch (error) {
      throw new RunFailed(recorder, String(error));
    }
    return recorder;
  }
}

/**
 * After each operation the Automation API runs the CLI three more times, for a summary and for outputs that no test reads: that is two thirds
 * of a quick run's time.
 */
function withoutSummaries(stack: Stack): void {
  Object.assign(stack, { info: async () => undefined, outputs: async () => ({}) });
}

function isJson(file: string): boolean {
  try {
    JSON.parse(readFileSync(file, "utf8"));
    return true;
  } catch {
    return false;
  }
}
