import { HostError, type Reply } from "../host/host";
import type { Context } from "./resource";

/** The lines that an operation read back from the host are the text that was previewed, or it is an error. */
export function verifyText(context: Context, reply: Reply, fact: string, text: string): void {
  const found = `${(reply.facts[fact] ?? []).join("\n")}\n`;
  if (found === text) return;
  throw new HostError(
    "not_as_written",
    `${context.label} on ${context.host.address}: what was written is not what is there now (${fact}); somebody else changed it at the same moment. Run \`pulumi refresh\``,
  );
}
