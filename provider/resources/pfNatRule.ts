import { lockOut } from "../freebsd/pfLockOut";
import { renderPfRule } from "../freebsd/pfRule";
import { familyOfSide } from "../freebsd/pfSides";
import type { Connection } from "../host/host";
import { connectionOf, hostName } from "./configuration";
import { sameSet } from "./equal";
import { whatRuleTakes } from "./pfClaims";
import { gather } from "./pfGather";
import { readRule } from "./pfRead";
import { type PfShape, type PfValues, pfChanges, pfShape, ruleOf, ruleProperties } from "./pfSchema";
import { type Context, type Definition, defineResource, type Result } from "./resource";
import type { Bag } from "./validate";

type Inputs = Bag & PfValues;

/** The PfNatRule resource: one translation rule of pf(4), with those of all stacks in one anchor. */
export const definition: Definition<PfShape> = {
  kind: "PfNatRule",
  shape: pfShape,
  derived: {
    // What is wrong with it, `problems` says.
    rule: { from: ruleProperties, value: (values) => attempt(() => renderPfRule(ruleOf(values))) ?? "" },
  },
  changes: pfChanges,
  deleteBeforeReplace: true,
  same: { port: sameSet, protocol: sameSet },
  problems: (values) => {
    const problem = problemOf(values);
    return problem === undefined ? [] : [problem];
  },
  takes: (values) => [
    ...(values.name === undefined ? [] : [`the pf rule ${values.name}`]),
    ...(ruleProperties.every((property) => property in values) ? taken(values as PfValues) : []),
  ],
  preflight: ({ host, pfError }) => ({
    problems:
      pfError === undefined
        ? []
        : [`the pf.conf of ${host} doesn't load, and nothing of pf is touched until it does: ${pfError}`],
    warnings: [],
  }),
  create: (context, inputs) => change(context, inputs, {}),
  update: (context, olds, news) => change(context, news, { oldName: olds.name }),
  read: readRule,
  async delete(context, olds) {
    await change(context, olds, { removed: true });
  },
};

function change(
  context: Context,
  inputs: Inputs,
  { oldName, removed = false }: { oldName?: string; removed?: boolean },
): Promise<Result> {
  return gather(context.host, {
    context,
    connection: connectionOf(inputs["connection"]),
    confirmTimeout: inputs.confirmTimeout ?? 30,
    name: inputs.name,
    token: context.token,
    owner: String(inputs["owner"]),
    oldName,
    values: removed ? undefined : inputs,
  });
}

/** What can be told without the host. */
function problemOf(values: PfValues): string | undefined {
  try {
    const rule = ruleOf(values);
    renderPfRule(rule);
    const locked = lockOut(rule, sshOf(attempt(() => connectionOf(values.connection))));
    if (locked === undefined) return undefined;
    return `this rule would lock you out: ${locked}. Leave that port out; or, if another address of the host is meant, name it in \`to\``;
  } catch (error) {
    return (error as Error).message;
  }
}

/** The connection as it is asked for; behind a translated address or a name, only the host knows. */
function sshOf(connection: Connection | undefined): { server?: string; port: number } {
  const host = connection?.host ?? "";
  const isAddress = attempt(() => familyOfSide(host)) !== undefined;
  return { port: connection?.port ?? 22, ...(isAddress ? { server: host } : {}) };
}

function taken(values: PfValues): string[] {
  const rule = attempt(() => ruleOf(values));
  if (rule === undefined || attempt(() => renderPfRule(rule)) === undefined) return [];
  return [whatRuleTakes(hostName(values.connection), String(values["owner"]), rule)];
}

function attempt<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch {
    return undefined;
  }
}

const provider = defineResource(definition);
export const { configure, check, diff, create, read, update } = provider;
const { delete: remove } = provider;

export { remove as delete };
