import * as pulumi from "@pulumi/pulumi";
import { type ConnectionArgs, connectionInput } from "./connection";

/** What every resource takes. */
export interface CommonArgs {
  /** How to reach the host. Default: the stack's configuration (`freebsd:host` …). */
  connection?: pulumi.Input<ConnectionArgs> | undefined;
  /** Its name on the host. Default: the resource's own name. */
  name?: pulumi.Input<string> | undefined;
}

/** What a resource's class hands to the engine: its own properties, whose it is, and the names of its outputs. */
export function properties(name: string, args: CommonArgs, outputs: readonly string[]): Record<string, unknown> {
  return {
    ...Object.fromEntries(outputs.map((output) => [output, undefined])),
    ...args,
    name: args.name ?? name,
    connection: connectionInput(args.connection),
    owner: `${pulumi.getProject()}/${pulumi.getStack()}/${name}`,
  };
}
