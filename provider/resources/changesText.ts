import type { Described } from "./all";
import { type Change, firstPart } from "./changes";

const meanings: Readonly<Record<Change, string>> = {
  none: "only the state",
  live: "live",
  restart: "restart",
  offline: "offline",
  replace: "replace",
};

const head = `# What a change costs

Made from the change tables in the code by \`npm run docs\`; a test holds it to them, and [test/preview](../test/preview) changes each property once on a
host and looks at what became of it.

- **live**: it changes while everything runs: a jail keeps its number (\`jid\`), its processes and its data.
- **restart**: the jail is stopped and started, once, however many properties changed.
- **offline**: the jail is stopped for the time of the change, and started again.
- **replace**: a new one takes its place; what was in the old one is lost (\`onDelete\` of a jail says otherwise).
- **only the state**: nothing on the host.

A jail that doesn't run is changed without a stop or a start, whatever stands here. A preview says for each resource which of these a change means, and for
which properties: \`Jail web restarts, for: sysvipc, devfsRuleset\`. Other spellings of the same value are no change, nor is another order of an object's keys or of
a list whose order means nothing.
`;

/** The reference documentation of what changing each property does. */
export function changesText(definitions: readonly Described[]): string {
  return `${[head, ...definitions.map(section)].join("\n")}`;
}

function section({ kind, shape, changes, exceptions = {}, internal = [] }: Described): string {
  const rows = Object.entries(changes)
    .filter(([property]) => firstPart(property) in shape && !internal.includes(property))
    .map(
      ([property, change]) =>
        `| \`${property}\` | ${meanings[change]}${exceptions[property] === undefined ? "" : `; ${exceptions[property]}`} |`,
    );
  return [
    `## ${kind}`,
    "",
    "| Property | A change |",
    "|---|---|",
    ...rows,
    "| `connection` | only the state |",
    "",
  ].join("\n");
}
