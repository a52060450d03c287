import type { Circus } from "@jest/types";
import { TestEnvironment } from "jest-environment-node";

/** What Pulumi's SDK leaves behind when a run fails, or its engine is gone: promises of its own that nobody waits for. */
const ofPulumi = /failed to register|\d+ (UNAVAILABLE|CANCELLED):|^resource .* failed/;

/** Node's environment, in which such promises don't fail a test: what a run said is what counts. */
// biome-ignore lint/style/noDefaultExport: Jest takes no other
export default class EngineEnvironment extends TestEnvironment {
  handleTestEvent(event: Circus.Event, state: Circus.State): void {
    if (event.name !== "error" || !event.promise) return;
    const { error } = event;
    const text = error instanceof Error ? error.message : String(error);
    if (ofPulumi.test(text)) state.unhandledRejectionErrorByPromiseTarget.get(event.promise)?.delete(event.promise);
  }
}
