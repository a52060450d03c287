/** The kinds of resources that a row can be about. */
export type Kind = "Jail" | "ImageJail" | "LoopbackInterface" | "BaseInstall" | "Flavor" | "PfNatRule" | "JailArchive";

export type Properties = Readonly<Record<string, unknown>>;

/**
 * One change of one resource. In every text, `$name` is the resource's name (each row has one of its own), `$ip`, `$ip2`, `$ip3` and `$ip6` are
 * addresses of its own, `$port` a port of its own; `$base`, `$base2` and `$flavor` are resources that all rows share.
 */
export interface Row {
  /** What is changed, as a sentence. */
  readonly title: string;
  readonly kind: Kind;
  /** The property that the row is the example of, as the change table has it. */
  readonly of?: string;
  readonly before: Properties;
  readonly after: Properties;
  /** The line of the log, without the resource's name: "changes live, for: hostname"; none where a preview keeps quiet. */
  readonly says?: string;
  /** All lines of the resource's diff that begin with + or -, or ~, white space folded; none where nothing changes. */
  readonly shows?: readonly string[];
  /** What is done to jails and their addresses on the host, in order; none where only files or the state change. */
  readonly does?: readonly string[];
  /**
   * Whether a jail runs on ("kept": its jid, its processes and its data), was started anew with its data, has lost its data, runs although it
   * didn't before, or doesn't run.
   */
  readonly jail?: "kept" | "restarted" | "replaced" | "started" | "stopped";
  /** A command on the host, and what it then says. */
  readonly host?: readonly [command: string, output: string];
  /** What somebody does on the host afterwards, and the property of the diff in which a refresh shows it ("gone": it is made again). */
  readonly byHand: readonly [command: string, found: string];
}

/** What stands for a row's own names in its texts. */
export type Names = Readonly<Record<string, unknown>>;

/** A copy of a value in which each $WORD is what it stands for; a text that is nothing else may be a resource. */
export function fill<T>(value: T, names: Names): T {
  if (typeof value === "string") {
    const whole = value.startsWith("$") ? names[value.slice(1)] : undefined;
    if (whole !== undefined) return whole as T;
    return value.replace(/\$([a-z]+\d?)/g, (text, word: string) => (word in names ? String(names[word]) : text)) as T;
  }
  if (Array.isArray(value)) return value.map((item) => fill(item, names)) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [fill(key, names), fill(item, names)]),
  ) as unknown as T;
}
