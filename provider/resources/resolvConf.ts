import { z } from "zod";
import { checkResolvConf, renderResolvConf } from "../freebsd/resolvConf";

/** A resolv.conf(5): its text, its settings, or "host" for a copy of the host's at the time when it is written. */
export const resolvConf = z
  .union([
    z.string(),
    z.strictObject({
      nameservers: z.array(z.string()).optional(),
      search: z.array(z.string()).optional(),
      options: z.array(z.string()).optional(),
    }),
  ])
  .transform((value, context) => {
    try {
      if (value === "host") return value;
      return typeof value === "string" ? checkResolvConf(value) : renderResolvConf(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  });
