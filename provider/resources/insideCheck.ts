import { shared } from "./flavorTree";
import { type Inside, insideOf, insideText } from "./insidePlan";
import type { InsideValues } from "./insideSchema";

/** So much of a file, and of all of a jail's files, goes with a request; what is larger belongs into a Flavor or a mount. */
const largestFile = 1024 * 1024;
const largestSum = 4 * largestFile;

/** Files that other properties stand for. */
const made: readonly (readonly [RegExp, keyof InsideValues | "resolvConf"])[] = [
  [/^\/etc\/(master\.passwd|passwd|group|s?pwd\.db)$/, "users"],
];

/** What a preview shows of a jail's inside; what is wrong with it is said by `insideProblems`. */
export function insideShown(values: InsideValues): string {
  try {
    return insideText(insideOf(values));
  } catch {
    return "";
  }
}

/** What is wrong with properties that are each right by themselves. */
export function insideProblems(
  values: InsideValues & {
    readonly flavors: readonly string[];
    readonly resolvConf?: unknown;
    readonly running: boolean;
  },
): string[] {
  const problems = [...twice(values), ...followProblems(values)];
  if (problems.length > 0) return problems;
  try {
    const inside = insideOf(values);
    insideText(inside);
    return [...fileProblems(inside, values.resolvConf !== undefined), ...serviceProblems(inside)];
  } catch (error) {
    return [(error as Error).message];
  }
}

function twice({ users, services, run }: InsideValues): string[] {
  return [
    ...repeated(users.map((user) => user.name)).map((name) => `users: ${name} stands there twice`),
    ...repeated(users.map((user) => user.uid)).map((uid) => `users: two users have the user id ${uid}`),
    ...repeated(services.map((service) => service.name)).map((name) => `services: ${name} stands there twice`),
    ...repeated(run).map(() => "run: the same command stands there twice, and would run once"),
  ];
}

/** Values that come again, each once; what is undefined doesn't count. */
function repeated<T>(values: readonly T[]): T[] {
  return [...new Set(values.filter((value, i) => value !== undefined && values.indexOf(value) !== i))];
}

function followProblems({ followFlavor, flavors, followed }: InsideValues & { flavors: readonly string[] }): string[] {
  if (!followFlavor) return [];
  if (flavors.length === 0) return ["followFlavor: there is no flavor to follow; give flavors"];
  const known = (followed ?? []).map((flavor) => flavor.name);
  return flavors
    .filter((name) => !known.includes(name))
    .map(
      (name) => `followFlavor: give the Flavor ${name} itself in flavors, not its name: only so is its content known`,
    );
}

function fileProblems({ files, rcConf, services }: Inside, ownResolvConf: boolean): string[] {
  const problems: string[] = [];
  const paths = new Set(files.map((file) => file.path));
  let sum = 0;
  for (const { path, content } of files) {
    sum += content.length;
    if (shared.test(path.slice(1)))
      problems.push(
        `files: ${path} is the shared base's in a jail, and read-only there; /usr/local, /etc, /root, /home and /var are the jail's own`,
      );
    for (let up = path; up !== ""; up = up.slice(0, up.lastIndexOf("/")))
      if (up !== path && paths.has(up)) problems.push(`files: ${path} lies below ${up}, which is a file`);
    if (content.length > largestFile)
      problems.push(
        `files: ${path} has ${content.length} bytes, and at most 1 MB goes here; put it into a Flavor's directory`,
      );
    for (const [pattern, property] of made)
      if (pattern.test(path)) problems.push(`files: ${path} is made of ${property}; put it there`);
  }
  if (sum > largestSum) problems.push("files: more than 4 MB together; put them into a Flavor's directory");
  if (paths.has("/etc/rc.conf") && rcConf.size + services.length > 0)
    problems.push("files: /etc/rc.conf gets the lines of rcConf and services; put its lines into rcConf");
  if (paths.has("/etc/resolv.conf") && ownResolvConf)
    problems.push("files: /etc/resolv.conf is what resolvConf says; leave out one of them");
  return problems;
}

/** A service is enabled by its own variable, as a rule its name's. */
function serviceProblems({ services, rcConf }: Inside): string[] {
  const off = /^(no|false|off|0)$/i;
  return services
    .map(({ name }) => ({ name, variable: `${name.replace(/[^A-Za-z0-9_]/g, "_")}_enable` }))
    .filter(({ variable }) => off.test(rcConf.get(variable) ?? ""))
    .map(({ name, variable }) => `services: ${name} is to run, but rcConf says ${variable}="${rcConf.get(variable)}"`);
}
