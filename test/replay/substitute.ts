/** Puts other names into a text of a recording. */
export type Substitution = (recording: string, text: string) => string;

/** A name on its own, behind a line break in printf's words too; of one letter, it must be no option, format or word. */
function name(from: string): RegExp {
  const part = from.length === 1 ? "\\w%" : "A-Za-z0-9";
  return new RegExp(`(?:(?<=\\\\n)|(?<![-$${part}]))${from}(?![${part}])`, "g");
}

/**
 * Others of the same length and in the same order, so that columns, sizes of files and lists stay as they are.
 * All are replaced at once: lo1 becomes lo7, and lo2 (the first free one) lo1.
 */
const everywhere: Readonly<Record<string, string>> = {
  "/usr/jails": "/srv/cells",
  "/usr/im": "/srv/di",
  "/mnt/im": "/mnt/di",
  "grep jails": "grep cells",
  "grep -c jails": "grep -c cells",
  "a1jail:": "b4jail:",
  "192.168.1.": "10.200.30.",
  "192.168.7.": "10.100.77.",
  "10.99.99.9": "10.88.77.6",
  "fd00:": "fdcc:",
  "10.7.7.": "10.8.9.",
  "10.9.9.": "10.6.5.",
};

const words: Readonly<Record<string, string>> = {
  lo1: "lo7",
  lo2: "lo1",
  t1: "u4",
  t2: "u5",
  t3: "u6",
  t4: "u7",
  t5: "u8",
  t6: "w1",
  t7: "w2",
  t9: "w4",
  a1: "b4",
  b1: "d4",
  c1: "e4",
  i1: "h4",
  v1: "z4",
  o1: "n4",
  o2: "n5",
  o3: "n6",
  f1: "g6",
  f2: "g7",
  bob: "tim",
  md901: "md803",
  901: "803",
  jailnet: "cellnet",
  jailbr: "cellbr",
  web_a: "sql_a",
  web_b: "sql_b",
  epair9: "epair6",
  epair9a: "epair6a",
  epair9b: "epair6b",
};

/** Names of one letter, in the recordings where they are jails' names. */
const letters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "07-jail-conf": { q: "y", z: "w", zz: "ww" },
  "10-vnet-limits-pf": { v: "k", m: "r", c: "s" },
};

/** Other jails, interfaces, addresses and roots. */
export const others: Substitution = (recording, text) => {
  const table = new Map(Object.entries({ ...everywhere }));
  const named = new Map(Object.entries({ ...words, ...letters[recording] }));
  const literally = (from: string): string => from.replace(/[.\\/]/g, "\\$&");
  const parts = [...[...table.keys()].map(literally), ...[...named.keys()].map((from) => name(from).source)];
  return text.replace(new RegExp(parts.join("|"), "g"), (found) => table.get(found) ?? named.get(found) ?? found);
};
