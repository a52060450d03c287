import { randomBytes } from "node:crypto";
import { connect, type Host, HostError } from "../host/host";
import { askTheHost } from "./askTheHost";
import { type Change, type Cost, changedProperties, firstPart, worst } from "./changes";
import { take } from "./claims";
import type { common } from "./common";
import { type ConfigureRequest, configure, connectionOf, hostName } from "./configuration";
import { completed, givenOnes, keptSpelling, sayCost, sayWarnings } from "./differences";
import { clean, only } from "./equal";
import type { Asked, Findings } from "./preflight";
import { type Snapshot, snapshotOf } from "./snapshot";
import { hasUnknown, UNKNOWN } from "./unknown";
import { type Bag, type Shape, type Values, validate } from "./validate";

/** An input that is worked out of others, so that a preview shows it. */
export interface Derived<S extends Shape> {
  readonly from: readonly (keyof S & string)[];
  readonly value: (values: Values<S>) => unknown;
}

/** Who acts, on which host. */
export interface Context {
  readonly host: Host;
  readonly token: string;
  readonly label: string;
  /** The machine that the resource was made on; undefined while it is being made. */
  readonly hostUuid?: string;
}

/** What an operation found on the host afterwards. */
export interface Result {
  readonly hostUuid: string;
  readonly outputs: Bag;
}

/** What a refresh found: the inputs that would give what is on the host, and the outputs. */
export interface Found {
  readonly inputs: Bag;
  readonly outputs: Bag;
}

/** One kind of resource. */
export interface Definition<S extends Shape> {
  readonly kind: string;
  readonly shape: S & typeof common;
  readonly derived: Readonly<Record<string, Derived<S>>>;
  readonly changes: Readonly<Record<string, Change>>;
  /** Properties that the class in sdk/ gives, and users don't. */
  readonly internal?: readonly string[];
  /** What a change of a property costs beside what the table says, and when; for the documentation. */
  readonly exceptions?: Readonly<Record<string, string>>;
  /** True for what has one name on the host; false for what is made beside the old one. */
  readonly deleteBeforeReplace: boolean;
  /** What is wrong with properties that are each right by themselves; only called with known ones. */
  readonly problems?: (values: Values<S>) => string[];
  /** Properties that follow from others, and can be given as well: completed so that both say the same. */
  readonly complete?: (values: Bag) => Bag;
  /** What can't become of a resource that is there; properties that are unknown, or weren't there before, are left out. */
  readonly impossible?: (olds: Bag, values: Partial<Values<S>>) => string[];
  /** What doesn't fit with other resources of the program on the same host; unknown properties are left out. */
  readonly conflicts?: (host: string, values: Partial<Values<S>>) => string[];
  /** What is dangerous about it; said when it is new. Only called with known properties. */
  readonly warnings?: (host: string, values: Values<S>) => string[];
  /** What a change really costs, where the table alone doesn't say it: a jail that is stopped needs no restart. */
  readonly cost?: (olds: Bag & Values<S>, news: Bag & Values<S>, change: Change) => Cost;
  /** When two values of a property mean the same, although they differ: a list whose order doesn't count. */
  readonly same?: Readonly<Record<string, (a: unknown, b: unknown) => boolean>>;
  /** What the host has against it, asked in a preview with `freebsd:preflight`; `olds` are its inputs so far, none for a new one. */
  readonly preflight?: (asked: Asked, olds: Bag, values: Partial<Values<S>> & Bag) => Findings;
  /** What it takes for itself on its host, as users would say it: "the name web". Unknown properties are left out. */
  readonly takes?: (values: Partial<Values<S>>) => string[];
  create(context: Context, inputs: Bag & Values<S>): Promise<Result>;
  update(context: Context, olds: Bag & Values<S>, news: Bag & Values<S>, change: Change): Promise<Result>;
  read(snapshot: Snapshot, olds: Bag & Values<S>): Found | undefined;
  delete(context: Context, olds: Bag & Values<S>): Promise<void>;
}

/** The methods that Pulumi's dynamic provider calls. */
export interface Provider {
  configure(request: ConfigureRequest): Promise<void>;
  check(olds: Bag, news: Bag): Promise<{ inputs: Bag; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: Bag,
    news: Bag,
  ): Promise<{ changes?: boolean; replaces?: string[]; deleteBeforeReplace?: boolean }>;
  create(inputs: Bag): Promise<{ id: string; outs: Bag }>;
  read(id: string, props: Bag): Promise<{ id?: string; props?: Bag; inputs?: Bag }>;
  update(id: string, olds: Bag, news: Bag): Promise<{ outs: Bag }>;
  delete(id: string, props: Bag): Promise<void>;
}

/** A dynamic provider of a kind of resource. */
export function defineResource<S extends Shape>(definition: Definition<S>): Provider {
  type Inputs = Bag & Values<S>;
  const table: Record<string, Change> = { ...definition.changes, connection: "none", owner: "none" };
  const label = (inputs: Bag) => `${definition.kind} ${String(inputs["name"] ?? inputs["owner"])}`;
  const context = (inputs: Bag, token: unknown, hostUuid?: unknown): Context => ({
    host: connect(connectionOf(inputs["connection"])),
    token: String(token),
    label: label(inputs),
    ...(typeof hostUuid === "string" ? { hostUuid } : {}),
  });
  /** A state of an older package lacks properties that came since: they have their defaults. */
  const filled = (bag: Bag): Bag => {
    const missing = Object.keys(definition.shape).filter((key) => bag[key] === undefined);
    const defaults = missing.map((key) => [key, definition.shape[key]?.safeParse(undefined).data] as const);
    return { ...Object.fromEntries(defaults.filter(([, value]) => value !== undefined)), ...bag };
  };
  const outs = (inputs: Bag, token: unknown, result: Result): Bag =>
    clean({ ...inputs, ...result.outputs, token, hostUuid: result.hostUuid });

  return {
    configure: async (request) => configure(request),

    check: async (olds, news) => {
      const { values, problems } = validate(
        definition.shape,
        without(news, ["__provider", ...Object.keys(definition.derived).filter((key) => !(key in definition.shape))]),
      );
      if (problems.length === 0) {
        Object.assign(values, definition.complete?.(values), keptSpelling(definition, olds ?? {}, values));
        Object.assign(values, derive(definition.derived, values));
        problems.push(...crossProblems(definition, olds, values));
        if (problems.length === 0) problems.push(...(await askTheHost(definition, label(news), olds ?? {}, values)));
        if (problems.length === 0) sayWarnings(definition, label(news), olds, values);
      }
      // Named properties would have their values printed, secrets in clear: the path stands in the reason.
      const failures = problems.map((problem) => ({ property: "", reason: `${label(news)}: ${problem}` }));
      return { inputs: clean(values), failures };
    },

    diff: async (_id, before, after) => {
      const news = filled(after);
      const olds = completed(definition, filled(before), news);
      const changed = changedProperties(table, olds, news);
      if (changed.length === 0)
        return { changes: olds["unfinished"] === true, deleteBeforeReplace: definition.deleteBeforeReplace };
      const replaces = givenOnes(
        definition,
        changed.filter((property) => table[property] === "replace"),
      ).map(firstPart);
      sayCost(definition, label(news), table, { olds, news, changed });
      // Without `changes` the engine compares the inputs by itself, and shows the lines that differ.
      return { replaces, deleteBeforeReplace: definition.deleteBeforeReplace };
    },

    create: async (inputs) => {
      const token = randomBytes(16).toString("hex");
      const id = `${String(inputs["name"])}-${token.slice(0, 8)}`;
      const known = without(inputs, ["__provider"]);
      try {
        return { id, outs: outs(known, token, await definition.create(context(known, token), known as Inputs)) };
      } catch (error) {
        if (!(error instanceof HostError) || !leavesSomething(error)) throw plain(error);
        // It may be there by now: the state knows it, so that the next `up` goes on and a `destroy` takes it away.
        throw Object.assign(plain(error), {
          id,
          properties: clean({ ...inputs, token, unfinished: true }),
          reasons: [error.message],
        });
      }
    },

    read: async (id, props) => {
      try {
        if (props["unfinished"] === true) return { id, props };
        const { host } = context(props, props["token"]);
        const snapshot = snapshotOf(await host.snapshot());
        requireSameHost(label(props), host, props["hostUuid"], snapshot.hostUuid);
        const found = definition.read(snapshot, filled(without(props, ["__provider"])) as Inputs);
        if (!found) return {};
        const keys = [...Object.keys(definition.shape), ...Object.keys(definition.derived)];
        const inputs = { ...only(props, keys), ...found.inputs };
        return { id, props: clean({ ...props, ...found.inputs, ...found.outputs }), inputs: clean(inputs) };
      } catch (error) {
        throw plain(error);
      }
    },

    update: async (_id, before, news) => {
      const known = without(news, ["__provider"]);
      const olds = completed(definition, filled(before), known);
      const changed = changedProperties(table, olds, known);
      const token = olds["token"];
      try {
        if (olds["unfinished"] === true) {
          return { outs: outs(known, token, await definition.create(context(known, token), known as Inputs)) };
        }
        if (changed.length > 0 && changed.every((property) => property === "connection")) {
          return { outs: clean({ ...without(olds, ["__provider", "connection"]), ...known }) };
        }
        const result = await definition.update(
          context(known, token, olds["hostUuid"]),
          olds as Inputs,
          known as Inputs,
          worst(table, changed),
        );
        return { outs: outs(known, token, result) };
      } catch (error) {
        throw plain(error);
      }
    },

    delete: async (_id, props) => {
      try {
        await definition.delete(
          context(props, props["token"], props["hostUuid"]),
          filled(without(props, ["__provider"])) as Inputs,
        );
      } catch (error) {
        throw plain(error);
      }
    },
  };
}

function derive<S extends Shape>(derived: Definition<S>["derived"], values: Bag): Bag {
  return Object.fromEntries(
    Object.entries(derived).map(([key, { from, value }]) => [
      key,
      from.some((name) => hasUnknown(values[name])) ? UNKNOWN : value(values as Values<S>),
    ]),
  );
}

function crossProblems<S extends Shape>(definition: Definition<S>, olds: Bag, values: Bag): string[] {
  const known = Object.fromEntries(Object.entries(values).filter(([, value]) => !hasUnknown(value)));
  const problems = hasUnknown(values) ? [] : (definition.problems?.(values as Values<S>) ?? []);
  problems.push(...(definition.impossible?.(olds ?? {}, known as Partial<Values<S>>) ?? []));
  if (hasUnknown(values["connection"])) return problems;
  const host = hostName(values["connection"]);
  problems.push(...(definition.conflicts?.(host, known as Partial<Values<S>>) ?? []));
  for (const thing of definition.takes?.(known as Partial<Values<S>>) ?? []) {
    const other = take(host, thing, `${definition.kind} ${String(values["owner"])}`);
    if (other !== undefined) problems.push(`${thing} is taken by ${other} in this program already`);
  }
  return problems;
}

function requireSameHost(label: string, host: Host, expected: unknown, found: string): void {
  if (typeof expected !== "string" || expected === found) return;
  throw new HostError(
    "wrong_host",
    `${label} was made on the machine with kern.hostuuid ${expected}, but ${host.address} is another one (${found}); nothing was touched. Correct the connection, or \`pulumi state delete\` it if that machine is gone`,
  );
}

function without(bag: Bag, keys: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(bag).filter(([key]) => !keys.includes(key)));
}

/** Whether a create that ended so may have left something on the host: nobody heard its end, or it says so itself. */
function leavesSomething(error: HostError): boolean {
  return error.mayHaveRun || error.code === "unfinished";
}

/** An error without a stack: the engine prints it, and what users can do stands in the message. */
function plain(error: unknown): Error {
  const result = error instanceof Error ? error : new Error(String(error));
  if (result instanceof HostError) result.stack = "";
  return result;
}
