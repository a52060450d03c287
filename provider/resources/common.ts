import { z } from "zod";
import { connectionSchema } from "../host/connection";

/** Every resource has these. */
export const common = {
  /** How to reach the host; left out, the stack's configuration says it. */
  connection: connectionSchema.optional(),
  /** PROJECT/STACK/RESOURCE, set by the class in sdk/: whose the thing on the host is. */
  owner: z.string().min(1),
} as const;
