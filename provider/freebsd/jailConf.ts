import { InvalidValue, isPlainText, octalEscape, refuse, shown } from "./escape";
import { jailName } from "./names";

export { type JailBlock, parseJailConf } from "./jailConfParser";

/** A value in jail.conf(5): true is the bare word, false its "no" form, a list is one `=` and then a `+=` for each more. */
export type JailValue = boolean | number | string | readonly string[];

/** The parameters of a jail, in the order in which they are written; undefined and an empty list write nothing. */
export type JailParameters = readonly (readonly [name: string, value: JailValue | undefined])[];

/** The complete text of /etc/jail.conf.d/NAME.conf (jail.conf(5)). */
export function renderJailConf(name: string, parameters: JailParameters): string {
  const names = new Set<string>();
  const lines = parameters.flatMap(([parameter, value]) => {
    if (names.has(parameter)) throw new InvalidValue(`The parameter ${shown(parameter)} stands there twice.`);
    names.add(parameter);
    return renderParameter(parameter, value);
  });
  return `${jailName(name)} {\n${lines.map((line) => `\t${line};\n`).join("")}}\n`;
}

/** A string as jail.conf(5) takes it: a bare word where that is safe, otherwise in double quotes with all that means something escaped. */
export function quote(value: string): string {
  if (!isPlainText(value)) refuse(value, "a value of a jail's parameter", "any text without NUL characters");
  // Plain names, numbers and addresses with a prefix length; a slash elsewhere might begin a comment.
  if (/^-?[A-Za-z0-9][A-Za-z0-9._-]*(\/\d+)?$/.test(value)) return value;
  const escaped = value
    .replace(/[\\"$]/g, "\\$&")
    .replaceAll("\t", "\\t")
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they would be invisible in a preview
    .replace(/[\u0001-\u0008\u000b-\u001f\u007f]/g, octalEscape);
  return `"${escaped}"`;
}

/** Checks the name of a parameter: words of letters, digits and "_" with dots between them (jail(8)). */
export function parameterName(value: string): string {
  if (/^[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)*$/.test(value)) return value;
  return refuse(value, "the name of a jail's parameter", "words of letters, digits and “_” with dots between them");
}

function renderParameter(name: string, value: JailValue | undefined): string[] {
  parameterName(name);
  if (value === undefined) return [];
  if (typeof value === "boolean") return [renderBoolean(name, value)];
  if (typeof value === "number") return [`${name} = ${integer(name, value)}`];
  const values = typeof value === "string" ? [value] : value;
  return values.map((one, i) => `${name} ${i === 0 ? "=" : "+="} ${quote(one)}`);
}

/** `allow.raw_sockets`, or `allow.noraw_sockets`: the "no" stands before the last word. */
function renderBoolean(name: string, value: boolean): string {
  const [, stem = "", last = ""] = /^(.*\.)?([^.]*)$/.exec(name) ?? [];
  if (last.startsWith("no"))
    refuse(name, "the name of a jail's parameter", "leave the “no” out and give it the value false");
  return value ? name : `${stem}no${last}`;
}

function integer(name: string, value: number): number {
  return Number.isSafeInteger(value) ? value : refuse(value, `a value of ${name}`, "whole numbers only");
}
