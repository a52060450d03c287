import type { Run } from "./run";

/** What an operation of the engine would have changed, or did: empty where everything was as it should be. */
export function changed(run: Run): readonly string[] {
  return run.steps
    .filter((step) => step.op !== "same" && step.op !== "refresh")
    .map((step) => `${step.op} ${step.kind} ${step.name}`);
}
