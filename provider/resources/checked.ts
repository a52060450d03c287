import { z } from "zod";

/** A string that a pure function of provider/freebsd takes, and brings into its canonical form, or refuses with a sentence. */
export function text(parse: (value: string) => string): z.ZodType<string, string> {
  return z.string().transform((value, context) => {
    try {
      return parse(value);
    } catch (error) {
      context.addIssue({ code: "custom", message: error instanceof Error ? error.message : String(error) });
      return z.NEVER;
    }
  }) as unknown as z.ZodType<string, string>;
}

/** Any JSON value, kept as it is. */
export const anything = z.unknown().optional();
