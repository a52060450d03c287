import { randomBytes } from "node:crypto";
import { Confirmation } from "../host/confirm";
import { type Connection, type Host, HostError, type Reply } from "../host/host";
import { type PfChange, type PfPlan, planChanges } from "./pfPlan";
import { viewOf } from "./pfView";
import type { Context, Result } from "./resource";

/** A change on its way, and who waits for it. */
export interface PfRequest extends PfChange {
  readonly context: Context;
  readonly connection: Connection;
  readonly confirmTimeout: number;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** How often the host may have changed between a look and the load. */
const patience = 20;

/** Does several changes of one host at once: one load, one confirmation. Each one's promise is settled. */
export async function doTogether(host: Host, requests: readonly PfRequest[]): Promise<void> {
  try {
    for (let i = 0; i < patience; i++) if (await attempt(host, requests)) return;
    throw new HostError("busy", `pf on ${host.address} is being changed by others all the time; try again`);
  } catch (error) {
    if (requests.length === 1 || isOfAll(error)) for (const one of requests) one.reject(own(error, one, requests));
    // One of them may be the reason: each gets an answer of its own.
    else for (const one of requests) await doTogether(host, [one]);
  }
}

/** False if the host has changed meanwhile. */
async function attempt(host: Host, requests: readonly PfRequest[]): Promise<boolean> {
  const label = labelOf(requests);
  const look = await host.run({ name: "pf.look", args: {}, label, readOnly: true, timeout: 120 });
  const uuid = look.host.hostUuid;
  const [first] = requests;
  const strangers = requests.filter(({ context }) => (context.hostUuid ?? uuid) !== uuid);
  for (const one of strangers) one.reject(strangerError(host, one, uuid));
  const here = requests.filter((one) => !strangers.includes(one));
  const plan = planChanges(viewOf(look, first?.connection.port ?? 22), here);
  for (const [one, reason] of plan.refused) one.reject(new HostError("refused", `${one.context.label}: ${reason}`));
  if (plan.accepted.length === 0) return true;
  try {
    const reply = await apply(host, plan, uuid);
    for (const one of plan.accepted) one.resolve(resultOf(one, plan, reply));
    return true;
  } catch (error) {
    if (error instanceof HostError && error.code === "changed") return false;
    throw error;
  }
}

/** Loads; what the host does next, it does only after a new connection has come through, which is opened as soon as it says so. */
async function apply(host: Host, plan: PfPlan<PfRequest>, hostUuid: string): Promise<Reply> {
  const label = labelOf(plan.accepted);
  const nonce = randomBytes(16).toString("hex");
  const confirmTimeout = Math.max(...plan.accepted.map((one) => one.confirmTimeout));
  const [first] = plan.accepted;
  let confirmation: Confirmation | undefined;
  try {
    return await host.run({
      name: "pf.apply",
      label,
      locks: ["pf"],
      timeout: 300 + 2 * confirmTimeout,
      hostUuid,
      args: { ...plan.args, nonce, confirmTimeout },
      onFact: (key) => {
        if (key !== "loaded" || !first) return;
        confirmation?.abandon();
        confirmation = new Confirmation(first.connection, { name: "pf.confirm", label, args: { nonce }, hostUuid });
      },
    });
  } catch (error) {
    const reason = confirmation?.failure?.message;
    if (!(error instanceof HostError) || error.code !== "undone" || reason === undefined) throw error;
    throw new HostError(error.code, `${error.message} (${reason})`);
  } finally {
    confirmation?.abandon();
  }
}

function resultOf(one: PfRequest, plan: PfPlan<PfRequest>, reply: Reply): Result {
  const start = `${one.name} `;
  const printed = (reply.facts["printed"] ?? []).filter((line) => line.startsWith(start));
  const outputs = { installed: plan.installed.get(one), loaded: printed.map((line) => line.slice(start.length)) };
  return { hostUuid: reply.host.hostUuid, outputs: one.values === undefined ? {} : outputs };
}

function labelOf(requests: readonly PfRequest[]): string {
  const [first, ...more] = requests.map((one) => one.context.label);
  return more.length === 0 ? `${first}` : `${first} and ${more.length} more`;
}

/** What would be no different for one alone. */
function isOfAll(error: unknown): boolean {
  const codes = ["undone", "timeout", "lost", "connection_lost", "busy", "broken_conf", "in_the_way", "pf_module"];
  return !(error instanceof HostError) || codes.includes(error.code);
}

/** Each has an error of its own, since what happens to it after is its own matter. */
function own(error: unknown, one: PfRequest, requests: readonly PfRequest[]): Error {
  if (!(error instanceof HostError)) return error instanceof Error ? error : new Error(String(error));
  const message = error.message.replace(labelOf(requests), one.context.label);
  const others = requests.filter((other) => other !== one).map((other) => other.name);
  const whole = others.length === 0 ? message : `${message} [together with ${others.join(", ")}]`;
  return new HostError(error.code, whole, error.details, error.mayHaveRun);
}

function strangerError(host: Host, { context }: PfRequest, uuid: string): HostError {
  return new HostError(
    "wrong_host",
    `${context.label} was made on the machine with kern.hostuuid ${context.hostUuid}, but ${host.address} is another one (${uuid}); nothing was touched. Correct the connection, or \`pulumi state delete\` it if that machine is gone`,
  );
}
