import { connectionOf, wantsPreflight } from "./configuration";
import { ask, warnOnce } from "./preflight";
import type { Definition } from "./resource";
import { hasUnknown } from "./unknown";
import type { Bag, Shape, Values } from "./validate";

/**
 * Only where the stack's configuration asks for it, or where something that is on the host is to be taken over: otherwise a preview opens no
 * connection.
 */
export async function askTheHost<S extends Shape>(
  definition: Definition<S>,
  label: string,
  olds: Bag,
  values: Bag,
): Promise<readonly string[]> {
  const adopts = values["adopt"] === true && olds["name"] === undefined;
  if (!(wantsPreflight() || adopts) || definition.preflight === undefined || hasUnknown(values["connection"]))
    return [];
  const asked = await ask(connectionOf(values["connection"]));
  if (asked === undefined) return [];
  const known = Object.fromEntries(Object.entries(values).filter(([, value]) => !hasUnknown(value)));
  const { problems, warnings } = definition.preflight(asked, olds, known as Partial<Values<S>> & Bag);
  for (const warning of warnings) warnOnce(`${label}: ${warning}`);
  return problems;
}
