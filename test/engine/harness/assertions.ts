import type { Run } from "./run";

/** Which of our resources an operation of the engine changed, or would: empty where everything was as it should be. */
export function changed(run: Run): readonly string[] {
  return run.steps
    .filter((step) => step.metadata.type.startsWith("pulumi-nodejs:dynamic"))
    .filter((step) => step.op !== "same" && step.op !== "refresh")
    .map((step) => `${step.op} ${step.kind} ${step.name}`);
}
