import { InvalidValue, shown } from "./escape";

/** A jail that runs (or is dying), as jls(8) tells it. */
export interface RunningJail {
  readonly jid: number;
  readonly name: string;
  readonly path: string;
  readonly hostname: string;
  /** A dying jail has been removed, but something still holds on to it. */
  readonly dying: boolean;
  readonly ip4: readonly string[];
  readonly ip6: readonly string[];
  /** All parameters, under the names that jail.conf(5) has for them. */
  readonly parameters: Readonly<Record<string, boolean | string | readonly string[]>>;
}

type Parameters = Record<string, boolean | string | readonly string[]>;

/** Parameters that are lists, even with one value or none. */
const lists = new Set(["ip4.addr", "ip6.addr"]);

/** Reads what `jls -n` prints: with `--libxo json` (which alone is sure with spaces in values), or as lines. */
export function parseJls(text: string): RunningJail[] {
  if (text.trimStart().startsWith("{")) return fromJson(text).map(typed);
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.map((line) => typed(fromLine(line)));
}

function typed(parameters: Parameters): RunningJail {
  const text = (name: string): string => {
    const value = parameters[name];
    return typeof value === "string" ? value : "";
  };
  const list = (name: string): readonly string[] => {
    const value = parameters[name];
    return Array.isArray(value) ? value : [];
  };
  const jid = Number(text("jid"));
  if (!Number.isInteger(jid) || jid < 1 || text("name") === "") {
    throw new InvalidValue(`jls printed a jail without a jid or a name: ${shown(parameters)}.`);
  }
  return {
    jid,
    name: text("name"),
    path: text("path"),
    hostname: text("host.hostname"),
    dying: parameters.dying === true,
    ip4: list("ip4.addr"),
    ip6: list("ip6.addr"),
    parameters,
  };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a jail's root may give its host any name
const controls = /[\u0000-\u0009\u000b-\u001f]/g;

function fromJson(text: string): Parameters[] {
  let parsed: { "jail-information"?: { jail?: unknown } };
  try {
    // libxo escapes line breaks, and leaves other control characters as they are.
    parsed = JSON.parse(text.replace(controls, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`));
  } catch {
    throw new InvalidValue(`jls printed something that is not JSON: ${shown(text)}.`);
  }
  const jails = parsed["jail-information"]?.jail;
  if (!Array.isArray(jails)) throw new InvalidValue(`jls printed no list of jails: ${shown(text)}.`);
  return jails.map((jail: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(jail).map(([name, value]) => [name, plain(value)])),
  );
}

function plain(value: unknown): boolean | string | readonly string[] {
  if (typeof value === "boolean") return value;
  return Array.isArray(value) ? value.map(String) : String(value);
}

function fromLine(line: string): Parameters {
  const parameters: Parameters = {};
  for (const word of wordsOf(line)) {
    const at = word.indexOf("=");
    if (at > 0) {
      const [name, value] = [word.slice(0, at), word.slice(at + 1)];
      parameters[name] = lists.has(name) ? value.split(",").filter((one) => one !== "") : unquoted(value);
    } else {
      const name = word.replace(/(^|\.)no([^.]+)$/, "$1$2");
      parameters[name] = name === word;
    }
  }
  return parameters;
}

/** jls doesn't quote spaces here; a word that can't be a parameter belongs to the value in front of it. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  for (const word of line.split(" ")) {
    const last = words.length - 1;
    const isParameter = /^[a-z0-9_.]+=/.test(word) || /^[a-z0-9_]+(\.[a-z0-9_]+)+$|^(no)?(persist|dying)$/.test(word);
    if (isParameter || last < 0) words.push(word);
    else words[last] += ` ${word}`;
  }
  return words;
}

function unquoted(value: string): string {
  return value === '""' ? "" : value;
}
