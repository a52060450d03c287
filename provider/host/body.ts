import { HostError } from "./error";
import { separator } from "./frame";
import type { Arguments, Operation } from "./host";

/** What travels beside the arguments. */
export interface BodyContext {
  /** Who asks, for others that wait: "alice@laptop, since 12:00". */
  readonly client: string;
  /** SHA-256 of the file that was sent first. */
  readonly digest?: string;
}

/** An operation as the host's operation.sh takes it apart. */
export function bodyOf(operation: Operation, context: BodyContext): string {
  const [file, name] = splitName(operation.name);
  const header = [file, name, operation.hostUuid ?? "-", context.client, context.digest ?? "-"];
  const fields = [...header, ...argumentsOf(operation.args)];
  for (const field of fields) check(field, operation);
  return fields.map((field) => field + separator).join("");
}

/** The file in provider/remote that the operation is in. */
export function fileOf({ name }: Operation): string {
  return `${splitName(name)[0]}.sh`;
}

function splitName(name: string): [file: string, name: string] {
  const match = /^([a-z][a-z0-9_-]*)\.([a-z][a-z0-9_]*)$/.exec(name);
  if (!match?.[1] || !match[2]) throw new HostError("bad_operation", `${name} is no name of an operation`);
  return [match[1], match[2]];
}

function argumentsOf(args: Arguments): string[] {
  return Object.entries(args)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${snakeCase(key)}=${Array.isArray(value) ? value.join("\n") : value}`);
}

/** "enforceStatfs" is $arg_enforce_statfs there. */
export function snakeCase(key: string): string {
  const snake = key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (!/^[a-z][a-z0-9_]*$/.test(snake)) throw new HostError("bad_operation", `${key} is no name of an argument`);
  return snake;
}

function check(field: string, operation: Operation): void {
  const bad = ["\0", separator].find((character) => field.includes(character));
  if (bad === undefined) return;
  const name = field.includes("=") ? field.slice(0, field.indexOf("=")) : operation.name;
  const code = bad.charCodeAt(0).toString(16).padStart(2, "0");
  throw new HostError("bad_operation", `${operation.label}: ${name} has the control character 0x${code}`);
}
