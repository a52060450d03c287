import type { Row } from "./report";

/** What is to be reached, of what was measured: a line each, with the ratio. */
export function judge(rows: readonly Row[]): string[] {
  const seconds = (who: string, what: string, jails: number, roundTrip = 0) =>
    find(rows, who, what, jails, roundTrip)?.seconds;
  const lines: string[] = [];
  const say = (what: string, value: number | undefined, limit: number, unit = "") => {
    if (value === undefined || Number.isNaN(value)) return;
    lines.push(
      `${value <= limit ? "reached" : "MISSED "}  ${what}: ${value.toFixed(2)}${unit} (${limit}${unit} allowed)`,
    );
  };
  const ratio = (a: number | undefined, b: number | undefined) =>
    a === undefined || b === undefined ? undefined : a / b;
  const floor = (what: string, jails: number) => seconds("engine alone", what, jails);
  const shell = seconds("bare shell, 1 ssh", "up", 100);
  const engine = floor("up", 100);
  if (shell !== undefined && engine !== undefined)
    say(
      "up of 100, to 1.25 x the bare shell + the engine's floor",
      ratio(seconds("ours", "up", 100), 1.25 * shell + engine),
      1,
    );
  for (const jails of [100, 300]) {
    say(
      `second up of ${jails}, to the engine's floor`,
      ratio(seconds("ours", "second up", jails), floor("second up", jails)),
      1.3,
    );
    say(
      `preview of ${jails}, to the engine's floor`,
      ratio(seconds("ours", "preview", jails), floor("preview", jails)),
      1.3,
    );
    say(
      `preview of ${jails} that are there, to the engine's floor`,
      ratio(seconds("ours", "preview again", jails), floor("preview again", jails)),
      1.3,
    );
    for (const what of ["preview", "second up", "preview again"])
      say(`connections of a ${what} of ${jails}`, find(rows, "ours", what, jails, 0)?.connections, 0);
    say(`memory of the provider at ${jails}`, find(rows, "ours", "up", jails, 0)?.megabytes, 200, " MB");
  }
  for (const roundTrip of [0, 20, 100])
    say(`round trips of a refresh of 100 at ${roundTrip} ms, less the handshake's`, refreshTrips(rows, roundTrip), 3);
  const slower = ratio(seconds("Ansible", "up", 100, 100), seconds("ours", "up", 100, 100));
  if (slower !== undefined)
    lines.push(
      `${slower >= 10 ? "reached" : "MISSED "}  Ansible's time for 100 at 100 ms, to ours: ${slower.toFixed(1)} (10 wanted)`,
    );
  say("growth from 100 to 300, to 3", ratio(ratio(seconds("ours", "up", 300), seconds("ours", "up", 100)), 3), 1.15);
  return lines;
}

function find(rows: readonly Row[], who: string, what: string, jails: number, roundTrip: number): Row | undefined {
  return rows.find((row) => row.who === who && row.what === what && row.jails === jails && row.roundTrip === roundTrip);
}

/** A refresh of one jail is a handshake and one reading. */
function refreshTrips(rows: readonly Row[], roundTrip: number): number | undefined {
  const one = find(rows, "ours", "up --refresh", 1, roundTrip);
  const hundred = find(rows, "ours", "up --refresh", 100, roundTrip);
  return one === undefined || hundred === undefined ? undefined : hundred.roundTrips - one.roundTrips + 1;
}
