import { z } from "zod";
import { commandLine } from "../freebsd/commandLine";
import { cpuList, lastCpu } from "../freebsd/cpuList";
import type { JailParameters } from "../freebsd/jailConf";
import { isKernels, otherParameter } from "../freebsd/jailParameter";
import { limitRule } from "../freebsd/rctl";
import type { Arguments } from "../host/host";
import { permission } from "./allow";
import type { Change } from "./changes";
import { text } from "./checked";

const oneOrMore = z
  .union([text(commandLine).transform((line) => [line]), z.array(text(commandLine))], {
    error: (issue) => firstReason(issue.input),
  })
  .optional();

const value = z.union([z.boolean(), z.int(), z.string(), z.array(z.string())], {
  error: "has to be a text, a list of texts, a whole number, true or false",
});

const limits = z
  .record(z.string(), z.union([z.string(), z.number()], { error: 'has to be an amount, such as "512m" or 100' }))
  .superRefine((given, context) => {
    for (const [resource, amount] of Object.entries(given))
      complain(context, resource, () => limitRule(resource, amount));
  });

/** The rest of what jail(8) and rctl(8) can say of a jail, beside its tree and its network. */
export const extraShape = {
  parameters: z
    .record(z.string(), value)
    .superRefine((given, context) => {
      for (const name of Object.keys(given)) complain(context, name, () => otherParameter(name));
    })
    .default({}),
  osrelease: text(osrelease).optional(),
  execPrestart: oneOrMore,
  execCreated: oneOrMore,
  execStart: oneOrMore,
  execPoststart: oneOrMore,
  execPrestop: oneOrMore,
  execStop: oneOrMore,
  execPoststop: oneOrMore,
  cpuset: z.union([z.string(), z.int()]).transform(String).pipe(text(cpuList)).optional(),
  fib: z.int().min(0).max(65535).optional(),
  limits: limits.default({}),
} as const;

type Extras = { [K in keyof typeof extraShape]: z.output<(typeof extraShape)[K]> };
type Name = { readonly name: string };

/** What changing each of them does to a running jail. */
export const extraChanges: Readonly<Record<keyof Extras, Change>> = {
  parameters: "restart",
  osrelease: "restart",
  execPrestart: "restart",
  execCreated: "restart",
  execStart: "restart",
  execPoststart: "restart",
  execPrestop: "live",
  execStop: "live",
  execPoststop: "live",
  cpuset: "live",
  fib: "restart",
  limits: "live",
};

/** The lines of /etc/jail.conf.d/NAME.conf for jail(8)'s own parameters. */
export function extraParameters({ osrelease: release, parameters }: Extras): JailParameters {
  return [["osrelease", release], ...Object.entries(parameters).sort(([a], [b]) => (a < b ? -1 : 1))];
}

/** Command lines by the hook of jail(8) that runs them. */
export type Hooks = { readonly [hook: string]: readonly string[] };

/** What is run for a jail, and in it. `start` starts it if nothing else is asked for; `more` is what it needs besides, in this order. */
export function hooks(values: Extras & Name, start: string, more: readonly Hooks[]): JailParameters {
  const all = (hook: string, own: readonly string[] = []) => [...more.flatMap((one) => one[hook] ?? []), ...own];
  return [
    ["exec.prepare", all("exec.prepare")],
    ["exec.prestart", all("exec.prestart", values.execPrestart)],
    ["exec.created", [...limitHooks(values), ...all("exec.created", values.execCreated)]],
    ["exec.fib", values.fib],
    ["exec.start", all("exec.start", values.execStart ?? [start])],
    ["exec.poststart", values.execPoststart],
    ["exec.prestop", values.execPrestop],
    ["exec.stop", values.execStop ?? ["/bin/sh /etc/rc.shutdown jail"]],
    ["exec.poststop", all("exec.poststop", values.execPoststop)],
    ["exec.release", [...dropLimits(values), ...all("exec.release")]],
  ];
}

/** Rules of a jail are the kernel's until they are removed, whether the jail runs or not. */
function limitHooks({ name, cpuset, limits: given }: Extras & Name): string[] {
  const rules = limitRules({ name, limits: given });
  return [
    ...(cpuset === undefined ? [] : [`cpuset -l ${cpuset} -j ${name}`]),
    ...(rules.length === 0 ? [] : [`rctl -r jail:${name} 2>/dev/null || :`]),
    ...rules.map((rule) => `rctl -a ${rule}`),
  ];
}

function dropLimits({ name, limits: given }: Extras & Name): string[] {
  return Object.keys(given).length === 0 ? [] : [`rctl -r jail:${name} 2>/dev/null || :`];
}

/** The rules of rctl(8). */
export function limitRules({ name, limits: given }: Pick<Extras, "limits"> & Name): string[] {
  return Object.entries(given)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([resource, amount]) => `jail:${name}:${limitRule(resource, amount)}`);
}

/** What an operation is told of them, to look at before it changes anything. */
export function extraArguments(values: Extras & Name & { readonly allow: readonly string[] }): Arguments {
  return {
    kernelParameters: [
      ...values.allow.map((word) => `allow.${permission(word).name}`),
      ...Object.keys(values.parameters).filter(isKernels),
    ],
    cpuset: values.cpuset,
    lastCpu: values.cpuset === undefined ? undefined : lastCpu(values.cpuset),
    fib: values.fib,
    limits: limitRules(values),
  };
}

/** What is wrong with them beside the jail's other properties. */
export function extraProblems(
  values: Extras & { readonly allow: readonly string[]; readonly rawSockets: boolean },
): string[] {
  const said = new Set([
    ...values.allow.map((word) => permission(word).name),
    ...(values.rawSockets ? ["raw_sockets"] : []),
  ]);
  return Object.keys(values.parameters)
    .filter((name) => name.startsWith("allow.") && said.has(name.slice("allow.".length)))
    .map((name) => `parameters: ${name} is said by the properties \`allow\` or \`rawSockets\` already`);
}

/** uname -r in the jail; the kernel takes 31 characters. */
function osrelease(release: string): string {
  if (/^[0-9]+\.[0-9]+[A-Za-z0-9.-]*$/.test(release) && release.length < 32) return release;
  throw new Error(`"${release}" is no release, such as "13.2-RELEASE"`);
}

function complain(context: z.RefinementCtx, key: string, check: () => unknown): void {
  try {
    check();
  } catch (error) {
    context.addIssue({ code: "custom", path: [key], message: error instanceof Error ? error.message : String(error) });
  }
}

/** The reason of the first line that is none: a union would only say that nothing fits. */
function firstReason(input: unknown): string {
  for (const line of Array.isArray(input) ? input : [input]) {
    if (typeof line !== "string") return "has to be a command line, or a list of them";
    try {
      commandLine(line);
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
  return "has to be a command line, or a list of them";
}
