/** What one of those who were compared did, and what it took. */
export interface Row {
  readonly roundTrip: number;
  readonly jails: number;
  readonly who: string;
  readonly what: string;
  readonly seconds: number;
  readonly connections: number;
  readonly roundTrips: number;
  readonly commands: number;
  readonly megabytes: number | undefined;
}

const columns = ["RTT ms", "jails", "", "", "seconds", "connections", "round trips", "commands on the host", "MB"];

/** Prints the rows as they come, as a table in Markdown. */
export class Report {
  readonly rows: Row[] = [];
  readonly states: string[] = [];

  constructor() {
    line(columns);
    line(columns.map((_, i) => (i === 2 || i === 3 ? "---" : "---:")));
  }

  add(row: Row): void {
    this.rows.push(row);
    const { roundTrip, jails, who, what, seconds, connections, roundTrips, commands, megabytes } = row;
    line([
      roundTrip,
      jails,
      who,
      what,
      seconds.toFixed(2),
      connections,
      roundTrips,
      commands,
      megabytes?.toFixed(0) ?? "",
    ]);
  }

  state(jails: number, { all, provider }: { all: number; provider: number }): void {
    this.states.push(`state of ${jails} jails: ${all} bytes a jail, of which __provider ${provider}`);
  }
}

function line(words: readonly (string | number)[]): void {
  console.log(`| ${words.join(" | ")} |`);
}
