import type { EngineEvent, OpMap, StepEventMetadata } from "@pulumi/pulumi/automation";

/** What one operation of the engine did, or in a preview would do. */
export interface Run {
  /** How many resources each operation concerns: `{ create: 3, same: 1 }`. The stack itself counts. */
  readonly changes: Readonly<OpMap>;
  /** Every step, in the order in which the engine began it; `same` steps too. */
  readonly steps: readonly Step[];
  /** What the engine and our provider said to the user, in order. */
  readonly messages: readonly string[];
  /** Those of them that are errors. */
  readonly errors: readonly string[];
  /** What the CLI printed. */
  readonly output: string;
}

/** One step: what happens to which resource. */
export interface Step {
  readonly op: string;
  /** "Jail", "LoopbackInterface" … */
  readonly kind: string;
  readonly name: string;
  readonly metadata: StepEventMetadata;
}

/** An operation of the engine that failed: its message is what the user was told. */
export class RunFailed extends Error {
  constructor(
    readonly run: Run,
    otherwise: string,
  ) {
    super(run.errors.join("\n") || otherwise);
  }
}

/** What the Automation API calls while an operation runs. */
export interface Callbacks {
  readonly color: "never";
  readonly onEvent: (event: EngineEvent) => void;
  readonly onOutput: (text: string) => void;
}

/** Collects what the engine says while it runs. */
export class Recorder implements Run {
  readonly steps: Step[] = [];
  readonly messages: string[] = [];
  readonly errors: string[] = [];
  output = "";
  changes: OpMap = {};

  constructor(private readonly onOutput: (text: string) => void) {}

  readonly callbacks: Callbacks = {
    color: "never",
    onEvent: (event) => this.take(event),
    onOutput: (text) => {
      this.output += text;
      this.onOutput(text);
    },
  };

  private take(event: EngineEvent): void {
    if (event.resourcePreEvent) this.steps.push(stepOf(event.resourcePreEvent.metadata));
    if (event.summaryEvent) this.changes = event.summaryEvent.resourceChanges as OpMap;
    const said = event.diagnosticEvent;
    // "debug" stands in the log too, whatever the SDK's types say.
    if (said === undefined || (said.severity as string) === "debug") return;
    this.messages.push(said.message.trimEnd());
    if (said.severity === "error") this.errors.push(said.message.trimEnd());
  }
}

/** Reads type and name out of a step's URN: `urn:pulumi:stack::project::pulumi-nodejs:dynamic/freebsd:Jail::web`. */
function stepOf(metadata: StepEventMetadata): Step {
  const [, , type = "", name = ""] = metadata.urn.split("::");
  return { op: metadata.op, kind: type.split(/[:$]/).at(-1) ?? "", name, metadata };
}
